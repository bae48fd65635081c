//! Every word of the widget, and its formulas.

use yansuan_tex::tex;

use crate::contract::control::Item;
use crate::contract::formula::Formula;
use crate::contract::panel::{Evidence, Panel, Size, Source, from};
use crate::contract::text::{Text, t};
use crate::contract::widget::{About, Check};

use Evidence::{Code, Ours, Post};

pub const ABOUT: About = About {
    slug: "attention-rnn",
    title: t("注意力是平方复杂度的 RNN", "Attention as an RNN of quadratic length"),
    question: t(
        "不存任何键和值，只带几个数往前走，能算出同样的注意力吗？",
        "Keep no key and no value, carry just a few numbers along: can that still be attention?",
    ),
    summary: t(
        "一步一步地把因果注意力当作循环来走：状态只有几个数，结果分毫不差；再看完全不缓存要付出多少计算。",
        "Walk through causal attention as a recurrence: the state is a few numbers and the result is the same; then see what keeping nothing costs.",
    ),
    version: 1,
    reading: &[
        (t("原文：将 Attention 视为平方复杂度的 RNN", "The post (in Chinese)"), "https://kexue.fm/archives/10017"),
        (
            t("Rabe、Staats：不需要平方内存（2021）", "Rabe and Staats: no quadratic memory (2021)"),
            "https://arxiv.org/abs/2112.05682",
        ),
        (t("FlashAttention（2022）", "FlashAttention (2022)"), "https://arxiv.org/abs/2205.14135"),
        (t("线性注意力（2020）", "Linear attention (2020)"), "https://arxiv.org/abs/2006.16236"),
        (t("StreamingLLM：注意力汇点（2023）", "StreamingLLM: attention sinks (2023)"), "https://arxiv.org/abs/2309.17453"),
        (
            t("TOVA：Transformer 是多状态 RNN（2024）", "TOVA: transformers are multi-state RNNs (2024)"),
            "https://arxiv.org/abs/2401.06104",
        ),
        (t("H2O（2023）", "H2O (2023)"), "https://arxiv.org/abs/2306.14048"),
    ],
    checks: &[
        Check {
            what: t("与独立参考实现逐一核对的数值", "Numbers compared with an independent reference"),
            cases: super::CHECKED,
        },
        Check { what: t("随机性质检验，每条性质的次数", "Random trials of each property"), cases: 10_000 },
    ],
};

pub const SOURCES: &[Source] = &[
    from(
        Post,
        "注意力作为平方长度的 RNN、最新的键在前的递归、常数空间、工作记忆 hidden·layers·2、2ˣ 的例子",
        "Attention as an RNN of quadratic length, the recurrence with the newest key first, constant space, the working memory hidden·layers·2, the example of 2ˣ",
    ),
    from(
        Ours,
        "“什么都不记”的精确代价（二项式系数）、计数器占的 log L 位、检查点的折中、不剪断的箭头 λ",
        "The exact price of keeping nothing (binomials), the log L bits of the counters, the trade-off of a checkpoint, the uncut arrows λ",
    ),
    from(
        Code,
        "TOVA 按论文与公开代码；StreamingLLM 与 H2O 取最简单的形式",
        "TOVA by its paper and code; StreamingLLM and H2O in their simplest form",
    ),
];

pub const ORDERS: &[Item] = &[
    Item { key: "newest", name: t("最新的在前", "newest first") },
    Item { key: "oldest", name: t("最旧的在前", "oldest first") },
    Item { key: "random", name: t("随机", "shuffled") },
];

pub const FORMS: &[Item] = &[
    Item { key: "safe", name: t("稳妥：减去最大分数", "safe: minus the largest score") },
    Item { key: "raw", name: t("照公式", "as the formula stands") },
];

pub const FORMATS: &[Item] = &[
    Item { key: "f64", name: Text::same("f64") },
    Item { key: "f32", name: Text::same("f32") },
    Item { key: "f16", name: Text::same("f16") },
];

pub const MODELS: &[Item] = &[
    Item { key: "toy", name: t("两层小模型", "two small layers") },
    Item { key: "gpt2", name: Text::same("GPT-2") },
    Item { key: "llama2-7b", name: Text::same("LLaMA2-7B") },
    Item { key: "llama2-70b", name: Text::same("LLaMA2-70B") },
];

pub const WINDOW: Text = t("窗口", "window");
pub const SINKS: Text = t("窗口 + 1 个汇点", "window + 1 sink");
pub const TOVA: Text = Text::same("TOVA");
pub const H2O: Text = t("H2O（简化）", "H2O (simplified)");
pub const LINEAR: Text = t("线性注意力", "linear attention");

/// The bounded states, in the order of [`super::state::POLICIES`], and linear attention.
pub const POLICIES: &[Item] = &[
    Item { key: "window", name: WINDOW },
    Item { key: "sinks", name: SINKS },
    Item { key: "tova", name: TOVA },
    Item { key: "h2o", name: H2O },
    Item { key: "linear", name: LINEAR },
];

pub const KV: Text = t("KV 缓存", "KV cache");
pub const REDO: Text = t("每步重算前缀", "prefix redone each step");
pub const RECURSION: Text = t("完全递归，什么都不存", "full recursion, nothing kept");
pub const CHECKPOINT: Text = t("存一层的输出", "one layer's outputs kept");

/// Label and help of a control.
pub type Words = (Text, Text);

pub const STEP_WORDS: Words =
    (t("第几步", "Step"), t("磁带读到第几格；0 是还没有读。", "How far the tape is read; 0 is before the first read."));
pub const TOKENS_WORDS: Words = (t("token 数 L", "Tokens L"), t("磁带长 L(L+1)/2。", "The tape is L(L+1)/2 long."));
pub const D_WORDS: Words = (
    t("维度 d", "Width d"),
    t(
        "q、k、v 的维度；前两维可以拖动，其余由种子生成。",
        "Of q, k and v; the first two coordinates can be dragged, the others are drawn from the seed.",
    ),
);
pub const ORDER_WORDS: Words = (t("读的顺序", "Reading order"), t("一行之内先读哪个键。", "Which key of a row is read first."));
pub const FORM_WORDS: Words = (
    t("状态的形式", "Form of the state"),
    t("照公式会溢出，减去最大分数不会。", "As the formula stands it overflows; with the largest score subtracted it does not."),
);
pub const FORMAT_WORDS: Words =
    (t("数型", "Number type"), t("每一步运算都舍入到这种浮点数。", "Every operation is rounded to it."));
pub const GAIN_WORDS: Words = (t("分数增益", "Gain of the scores"), t("所有 q·k 乘上它。", "Every q·k is multiplied by it."));
pub const ROOT_WORDS: Words = (t("除以 √d", "Divide by √d"), t("原文没有，多数模型有。", "Not in the post, but in most models."));
pub const CARRY_WORDS: Words = (
    t("不剪断的箭头 λ", "Uncut arrows λ"),
    t(
        "新的一行从上一行末状态的 λ 倍开始；0 才是注意力。",
        "A row begins from λ times the state at the end of the row before; 0 is attention.",
    ),
);
pub const SEED_WORDS: Words = (t("随机种子", "Seed"), t("同一个种子，同一组 q、k、v。", "The same seed, the same q, k and v."));
pub const Q_WORDS: Words =
    (t("查询 q", "Queries q"), t("每个 token 两个数，依次排列。", "Two numbers a token, one after the other."));
pub const K_WORDS: Words = (t("键 k", "Keys k"), t("每个 token 两个数，依次排列。", "Two numbers a token, one after the other."));
pub const V_WORDS: Words =
    (t("值 v", "Values v"), t("每个 token 两个数，依次排列。", "Two numbers a token, one after the other."));
pub const CUT_WORDS: Words =
    (t("在第几个键后切开", "Cut after key"), t("前后两段各自去读，再合并。", "Both parts are read on their own, then merged."));
pub const MODEL_WORDS: Words =
    (t("模型", "Model"), t("价目、存储和记忆都按它来算。", "Price, memory and disk are reckoned for it."));
pub const CONTEXT_WORDS: Words = (t("文本长度 L", "Length of the text L"), t("价目表里的 L。", "The L of the prices."));
pub const KEPT_WORDS: Words = (t("存第几层的输出", "Layer whose outputs are kept"), t("0 是一层也不存。", "0 keeps none."));
pub const CALL_WORDS: Words = (
    t("算到第几个分数", "Scores evaluated"),
    t("递归走到哪里；一个 q·k 算一步。", "How far the recursion is; a step is one q·k."),
);
pub const LAYERS_WORDS: Words =
    (t("层数 N", "Layers N"), t("每一层都要从原始输入重新算起。", "Every layer is computed from the raw input anew."));
pub const POWER_WORDS: Words = (t("2ˣ 的 x", "x of 2ˣ"), t("写出 2ˣ 的十进制数字要多少位。", "How many decimal digits 2ˣ has."));
pub const CHAIN_WORDS: Words = (
    t("一步步写出来（CoT）", "Written step by step (CoT)"),
    t("中间结果写进文本，也就是写到磁盘上。", "What lies between is written into the text, that is, onto the disk."),
);
pub const CAP_WORDS: Words =
    (t("最多留几个状态", "States kept"), t("多出来的按策略丢掉一个。", "One too many, and the policy drops one."));
pub const NEEDLE_WORDS: Words = (
    t("针在第几个 token", "Needle at token"),
    t("它的键对准最后一个查询；0 是没有针。", "Its key points at the last query; 0 is none."),
);
pub const POLICIES_WORDS: Words = (t("比较哪些", "Which to compare"), t("与完整的注意力相比。", "Compared with full attention."));

const fn panel(id: &'static str, title: Text, axes: (Text, Text), hint: Text, aspect: f64, source: Source) -> Panel {
    Panel { id, title, x: axes.0, y: axes.1, hint, aspect, size: Size::Half, legend: false, source }
}

/// The same panel across the stage.
const fn full(panel: Panel) -> Panel {
    Panel { size: Size::Full, ..panel }
}

/// The same panel with its marks listed above the figure.
const fn listed(panel: Panel) -> Panel {
    Panel { legend: true, ..panel }
}

const NONE: Text = Text::same("");
const LENGTH: Text = t("文本长度 L", "length of the text L");

pub const PANELS: &[Panel] = &[
    full(panel(
        "triangle",
        t("三角形：每行一个查询", "The triangle: a row a query"),
        (t("键", "key"), t("查询 i，向下", "query i, downwards")),
        t(
            "框住的一格正在读。颜色是这一行读到现在的权重。点一格，跳到那一步。",
            "The framed cell is being read. Colour is the weight, as far as the row has been read. Click a cell to go there.",
        ),
        1.9,
        from(Post, "10017：把注意力展开成 RNN", "Post 10017: attention unrolled into an RNN"),
    )),
    full(listed(panel(
        "tape",
        t("磁带：同一个三角形拉直", "The tape: the same triangle, unrolled"),
        (t("第几步 s", "step s"), t("读到的键", "key that is read")),
        t(
            "竖线处状态清零（剪断的箭头）。L 个 token，要走 L(L+1)/2 步。",
            "At the vertical lines the state is reset (the cut arrows). L tokens take L(L+1)/2 steps.",
        ),
        3.4,
        from(Post, "10017 的图：a | ba | cba | …", "The figure of post 10017: a | ba | cba | …"),
    ))),
    panel(
        "card",
        t("状态只有这几个数", "The state is these few numbers"),
        (NONE, t("占最大者的比例", "share of the largest")),
        t(
            "分母 z 与分子 y；一共 d + 2 个数（加上 m），序列再长也不增加。",
            "Denominator z and numerator y: with m, d + 2 numbers, however long the sequence.",
        ),
        1.5,
        from(
            Post,
            "10017 的递归；减去 m 见 Rabe 与 Staats（2021）",
            "The recurrence of post 10017; m is subtracted as in Rabe and Staats (2021)",
        ),
    ),
    listed(panel(
        "running",
        t("o = y/z 走向真值", "o = y/z approaches the truth"),
        (t("这一行读了几个键", "keys of this row read so far"), Text::same("o")),
        t(
            "横线是直接算的注意力。读完最后一个键，两者重合。",
            "The horizontal lines are attention as computed at once. With the last key both meet.",
        ),
        1.5,
        from(Post, "oᵢ = yᵢ⁽ⁱ⁾ / zᵢ⁽ⁱ⁾", "oᵢ = yᵢ⁽ⁱ⁾ / zᵢ⁽ⁱ⁾"),
    )),
    listed(panel(
        "values",
        t("输出总在值的凸包里", "The output stays among the values"),
        (t("第一维", "first coordinate"), t("第二维", "second coordinate")),
        t(
            "拖动正在读的值；点另一个圆点，就去读它。折线是 o 走过的路。",
            "Drag the value being read; click another dot to read that one. The line is the way that o has gone.",
        ),
        1.2,
        from(Ours, "权重非负、总和为 1，所以是凸组合", "The weights are not negative and sum to 1: a convex combination"),
    )),
    listed(panel(
        "vectors",
        t("查询与键", "Query and keys"),
        (t("第一维", "first coordinate"), t("第二维", "second coordinate")),
        t(
            "拖动当前的查询与正在读的键：越同向，分数越高；点另一个圆点，就去读它。",
            "Drag the present query and the key being read: the more alike their direction, the higher the score. Click another dot to read that one.",
        ),
        1.2,
        from(Post, "分数 qᵢ·kⱼ", "The scores qᵢ·kⱼ"),
    )),
    full(listed(panel(
        "proof",
        t("是同一个函数吗？", "Is it the same function?"),
        (t("查询 i", "query i"), t("与带掩码的 softmax 的最大差", "largest difference from masked softmax")),
        t(
            "四种读法，随你拖动 q、k、v：差都在 10⁻¹² 以下，画在最底下的就是 0。",
            "Four ways to read, while you drag q, k and v: all differ by less than 10⁻¹²; what lies at the bottom is 0.",
        ),
        2.6,
        from(Ours, "同一组数用两种算法各算一遍", "The same numbers, computed in both ways"),
    ))),
    full(panel(
        "tiles",
        t("切成两段，再合并", "Cut in two, and merge"),
        (NONE, NONE),
        t(
            "两段各有自己的 m、z、y；合并之后与一次读完相同。FlashAttention 就是这样分块的。",
            "Each part has its own m, z and y; merged they are what one reading gives. FlashAttention works in such blocks.",
        ),
        1.0,
        from(Code, "Rabe 与 Staats（2021）；FlashAttention（2022）", "Rabe and Staats (2021); FlashAttention (2022)"),
    )),
    full(listed(panel(
        "overflow",
        t("把它弄坏", "Break it"),
        (t("分数增益", "gain of the scores"), Text::same("ln z")),
        t(
            "照公式，e 的分数次方在横线处超出数型。减去最大分数之后，z 总在 1 与 i 之间。",
            "As the formula stands, the exponential leaves the number type at the horizontal lines. With the largest score subtracted, z stays between 1 and i.",
        ),
        2.4,
        from(Ours, "溢出的分数：f64 709.78，f32 88.72，f16 11.09", "Scores of overflow: f64 709.78, f32 88.72, f16 11.09"),
    ))),
    full(listed(panel(
        "price",
        t("价目：要算多少个分数", "The price: how many scores"),
        (LENGTH, t("q·k 的次数", "number of q·k")),
        t(
            "两个轴都是对数。什么都不存也能算对，只是宇宙的年龄（按每秒 10⁹ 个算）不够用。",
            "Both axes are logarithmic. Keeping nothing works too; only the age of the universe, at 10⁹ a second, does not suffice.",
        ),
        2.1,
        from(
            Ours,
            "C(L+N+1, N+1) − 1 − L；原文只说“远超平方”",
            "C(L+N+1, N+1) − 1 − L; the post only says “far beyond quadratic”",
        ),
    ))),
    listed(panel(
        "memory",
        t("要记住多少个数", "How many numbers to remember"),
        (LENGTH, t("数的个数", "numbers")),
        t(
            "完全递归的线是平的：工作记忆真的可以是常数。",
            "The line of full recursion is flat: the working memory can indeed be constant.",
        ),
        1.4,
        from(Ours, "原文的常数空间，加上各策略的计数", "The constant space of the post, with our counts of the others"),
    )),
    listed(panel(
        "plane",
        t("时间换空间", "Time for space"),
        (t("数的个数", "numbers"), t("q·k 的次数", "number of q·k")),
        t(
            "每种策略是一个点。存下中间某一层的输出，就在两者之间。",
            "Each strategy is a point. With the outputs of one layer kept, there are points between.",
        ),
        1.4,
        from(Ours, "检查点：R(c) + R(N − c) 次", "A checkpoint: R(c) + R(N − c) scores"),
    )),
    full(panel(
        "exact",
        t("精确的整数", "The exact integers"),
        (NONE, NONE),
        t("任意精度；超过 130 位的只写 10 的多少次方。", "Of any length; beyond 130 digits only the power of ten is written."),
        1.0,
        from(Ours, "闭式与逐个计数核对过", "Closed forms, checked against counting one by one"),
    )),
    panel(
        "stack",
        t("递归剧场：只有 N 个格子", "The recursion: N slots and no more"),
        (t("位置", "position"), t("层，越高越靠近输出", "layer, the output on top")),
        t(
            "每一层要一个键，就让下一层从头算起。上色的是已经读过的；格子从不增加。",
            "For each key a layer asks the one below to start over. The coloured part has been read; no slot is ever added.",
        ),
        1.4,
        from(
            Post,
            "10017 的“常数空间复杂度”一节；这台机器是本站的",
            "The section on constant space of post 10017; the machine is ours",
        ),
    ),
    listed(panel(
        "counters",
        t("计数器与二项式系数", "Counters and binomials"),
        (t("第 i 个 token", "token i"), t("算它用了多少个分数", "scores it has cost")),
        t("圆圈是 C(i+N, N) − 1，柱子是真正数出来的。", "Rings are C(i+N, N) − 1, bars were really counted."),
        1.4,
        from(Ours, "逐个计数", "Counted one by one"),
    )),
    full(listed(panel(
        "disk",
        t("内存与磁盘", "Memory and disk"),
        (t("要处理的个数（token 或数字）", "things to deal with (tokens or digits)"), t("要放下的数", "numbers to hold")),
        t(
            "输入输出是磁盘，可以一直变长；工作记忆是常数。斜线高过某个模型的横线，它就记不住了，除非把中间结果写到磁盘上。",
            "Input and output are the disk and may grow; the working memory is constant. Where the slope passes a model's line, it cannot hold that much, unless it writes to the disk.",
        ),
        2.2,
        from(Post, "hidden·layers·2 与 2ˣ 的例子", "hidden·layers·2, and the example of 2ˣ"),
    ))),
    listed(panel(
        "compare",
        t("有限的状态差多少", "What a bounded state loses"),
        (NONE, t("与完整注意力的最大差", "largest difference from full attention")),
        t("当前这一行。把针移远，看谁先找不到它。", "The present row. Move the needle away and see who loses it first."),
        1.5,
        from(Code, "TOVA 等按论文；H2O 经过简化", "TOVA and others by their papers; H2O simplified"),
    )),
    listed(panel(
        "kept",
        t("谁留下了哪些", "Who keeps what"),
        (t("键", "key"), NONE),
        t(
            "最上面是完整注意力的权重，下面每行一种策略：实心的留着。",
            "On top the weights of full attention; below, a row a policy: the full ones are kept.",
        ),
        1.5,
        from(Code, "同上", "As above"),
    )),
    full(panel(
        "states",
        t("状态的大小与输出", "Size of the state, and output"),
        (NONE, NONE),
        t(
            "softmax 的 RNN 状态也很小，但每来一个 token 都要把过去重读一遍。",
            "The state of the softmax RNN is small too, but it reads the whole past again for every token.",
        ),
        1.0,
        from(Ours, "当前这一行的数值", "The numbers of the present row"),
    )),
];

pub const FORMULAS: &[Formula] = &[
    Formula {
        id: "attention",
        mathml: tex!(r"o_i = \frac{\sum_{j\le i} e^{q_i\cdot k_j}\, v_j}{\sum_{j\le i} e^{q_i\cdot k_j}}"),
        spoken: t(
            "o i 等于对 j 不大于 i 的 e 的 q i 点 k j 次方乘 v j 求和，除以同样的和而不乘 v。",
            "o i is the sum over j up to i of e to the q i dot k j times v j, over the same sum without v.",
        ),
        caption: t("因果注意力", "Causal attention"),
        source: from(Post, "", ""),
    },
    Formula {
        id: "recurrence",
        mathml: tex!(
            r"y_i^{(t)} = y_i^{(t-1)} + e^{q_i\cdot k_{i-t+1}}\, v_{i-t+1},\quad z_i^{(t)} = z_i^{(t-1)} + e^{q_i\cdot k_{i-t+1}},\quad \term{output}{o_i = y_i^{(i)} / z_i^{(i)}}"
        ),
        spoken: t(
            "y 与 z 每一步各加一项：e 的 q i 点 k i 减 t 加一次方，y 的那项再乘值；读完 i 步，o i 等于 y 除以 z。",
            "At each step y and z gain a term: e to the q i dot k of i minus t plus one, times the value for y; after i steps o i is y over z.",
        ),
        caption: t("同一个和，逐项相加：一个 RNN", "The same sums, term by term: an RNN"),
        source: from(Post, "", ""),
    },
    Formula {
        id: "safe",
        mathml: tex!(
            r"m' = \max(m, \sigma),\quad z' = z\, e^{m-m'} + e^{\sigma-m'},\quad y' = y\, e^{m-m'} + e^{\sigma-m'} v,\quad m = \value{m},\ z = \value{z}"
        ),
        spoken: t(
            "m 撇是 m 与 σ 的较大者；z 与 y 先乘 e 的 m 减 m 撇次方，再加新的一项。",
            "m prime is the larger of m and sigma; z and y are scaled by e to the m minus m prime, then gain the new term.",
        ),
        caption: t("稳妥的形式：不会溢出", "The safe form, which cannot overflow"),
        source: from(Code, "", ""),
    },
    Formula {
        id: "price",
        mathml: tex!(
            r"\term{price}{\binom{L+N+1}{N+1} - 1 - L} \sim \frac{L^{N+1}}{(N+1)!},\quad N = \value{depth},\ L = \value{length}"
        ),
        spoken: t(
            "L 加 N 加一中取 N 加一的组合数，减一，减 L；约为 L 的 N 加一次方除以 N 加一的阶乘。",
            "The binomial of L plus N plus one over N plus one, minus one, minus L; about L to the N plus one over N plus one factorial.",
        ),
        caption: t("N 层、什么都不存，L 个 token 的分数总数", "Scores for L tokens and N layers with nothing kept"),
        source: from(Ours, "", ""),
    },
];
