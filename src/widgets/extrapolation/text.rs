//! Every word of the widget, and its formulas.

use yansuan_tex::tex;

use crate::contract::control::Item;
use crate::contract::formula::Formula;
use crate::contract::panel::{Evidence, Panel, Size, Source, from};
use crate::contract::text::{Text, t};
use crate::contract::widget::{About, Check};

use Evidence::{Code, Ours, Post};

pub const ABOUT: About = About {
    slug: "extrapolation",
    title: t("免训练的长度外推", "Length extrapolation without training"),
    question: t(
        "模型只在短文本上训练过，不再训练，怎样读懂更长的文本？",
        "A model was trained on short texts. Without more training, how can it read long ones?",
    ),
    summary: t(
        "十几种方法，其实只有两种毛病：近处被改坏了，或远处从没见过。在圆上、在距离上、在一张象限图里把它们放到一起看。",
        "A dozen methods, and only two ways to fail: near tokens are changed, or far ones were never seen. See them side by side on circles, on distances, and in one quadrant.",
    ),
    version: 1,
    reading: &[
        (t("原文：“复盘”长度外推技术", "The post (in Chinese)"), "https://kexue.fm/archives/9948"),
        (t("原文：ReRoPE", "The post on ReRoPE (in Chinese)"), "https://kexue.fm/archives/9708"),
        (t("YaRN（2023）", "YaRN (2023)"), "https://arxiv.org/abs/2309.00071"),
        (t("位置内插（2023）", "Position interpolation (2023)"), "https://arxiv.org/abs/2306.15595"),
        (t("Self-Extend（2024）", "Self-Extend (2024)"), "https://arxiv.org/abs/2401.01325"),
        (t("StreamingLLM（2023）", "StreamingLLM (2023)"), "https://arxiv.org/abs/2309.17453"),
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
        "转圈视角、保近压远、Λ 形掩码、内插、NTK、YaRN、Leaky ReRoPE、log n 缩放、拒绝交税、诚实的评测，以及所引的准确率与损失",
        "Circles, keeping near and compressing far, the Λ mask, interpolation, NTK, YaRN, Leaky ReRoPE, the log n factor, refusing the tax, honest evaluation, and the accuracies and losses that are quoted",
    ),
    from(
        Code,
        "YaRN 与 transformers 5.23 的代码（斜坡对下标线性、动态 NTK、rope_scaling 的写法）、LongLM（Self-Extend）、LM-Infinite 与 StreamingLLM 的位置算法",
        "The code of YaRN and of transformers 5.23 (a ramp linear in the index, dynamic NTK, the spelling of rope_scaling), LongLM (Self-Extend), and how LM-Infinite and StreamingLLM count positions",
    ),
    from(
        Ours,
        "安全长度、近与远的象限、联合得分、旧键的误差、底数 b 的搜索：都是本站的推导，象限只是代理指标，不预测准确率",
        "The safe length, the quadrant of near and far, the joint score, the error of stale keys and the search for the base are our own; the quadrant is a proxy and predicts no accuracy",
    ),
];

pub const METHODS: &[Item] = &[
    Item { key: "none", name: t("原样", "as it is") },
    Item { key: "window", name: t("滑动窗口", "window") },
    Item { key: "lambda", name: t("Λ 形掩码", "Λ mask") },
    Item { key: "sinks", name: Text::same("StreamingLLM") },
    Item { key: "pi", name: t("内插 PI", "PI") },
    Item { key: "ntk-old", name: Text::same("NTK-old") },
    Item { key: "ntk", name: Text::same("NTK") },
    Item { key: "ntk-fixed", name: Text::same("NTK-fixed") },
    Item { key: "ntk-mixed", name: Text::same("NTK-mixed") },
    Item { key: "yarn", name: Text::same("YaRN") },
    Item { key: "llama3", name: Text::same("Llama 3") },
    Item { key: "dynamic", name: t("动态 NTK", "dynamic NTK") },
    Item { key: "rerope", name: Text::same("ReRoPE") },
    Item { key: "leaky", name: Text::same("Leaky ReRoPE") },
    Item { key: "self-extend", name: Text::same("Self-Extend") },
    Item { key: "longrope", name: t("因子表", "list of factors") },
];

pub const FORMS: &[Item] = &[
    Item { key: "paper", name: t("原文与论文", "post and paper") },
    Item { key: "code", name: t("代码", "code") },
    Item { key: "exact", name: t("代码，不取整", "code, not rounded") },
    Item { key: "port", name: t("某些移植", "some ports") },
];

pub const FACTORS: &[Item] = &[
    Item { key: "one", name: t("不缩放", "none") },
    Item { key: "yarn", name: Text::same("YaRN") },
    Item { key: "logn", name: Text::same("ln n / ln L") },
    Item { key: "log512", name: Text::same("ln n / ln 512") },
];

pub const TILES: &[Item] = &[
    Item { key: "64", name: Text::same("64") },
    Item { key: "128", name: Text::same("128") },
    Item { key: "256", name: Text::same("256") },
];

/// Label and help of a control.
pub type Words = (Text, Text);

pub const METHODS_WORDS: Words =
    (t("比较哪些方法", "Methods compared"), t("最多四种，各有一种颜色。", "At most four, a colour each."));
pub const RHO_WORDS: Words =
    (t("距离 ρ", "Distance ρ"), t("查询与键之间相隔多少个 token。", "How many tokens query and key are apart."));
pub const TRAIN_WORDS: Words =
    (t("训练长度 L", "Trained length L"), t("训练时最长的文本。", "The longest text of the training."));
pub const SCALE_WORDS: Words =
    (t("要外推的倍数 s", "Extended by s"), t("测试长度是训练长度的几倍。", "The tested length over the trained one."));
pub const D_WORDS: Words =
    (t("头的大小 d", "Head size d"), t("共 d/2 对分量，每对一个圆。", "d/2 pairs of components, a circle each."));
pub const BASE_WORDS: Words =
    (t("底数 b", "Base b"), t("第 i 对每个 token 转 b 的 −2i/d 次方弧度。", "Pair i turns by b to the −2i/d radians a token."));
pub const W_WORDS: Words = (t("窗口 w", "Window w"), t("近于 w 的距离保持原样。", "Distances below w stay as they are."));
pub const K_WORDS: Words =
    (t("压缩 k", "Compression k"), t("窗口之外每 k 个 token 算一步。", "Beyond the window k tokens count as one step."));
pub const NEAR_WORDS: Words =
    (t("近邻 W", "Neighbours W"), t("Self-Extend 的近邻窗口。", "The neighbour window of Self-Extend."));
pub const GROUP_WORDS: Words =
    (t("分组 G", "Group G"), t("窗口之外每 G 个 token 共用一个位置。", "Beyond the window G tokens share a position."));
pub const SINKS_WORDS: Words =
    (t("开头保留几个", "Sinks"), t("StreamingLLM 一直保留的前几个 token。", "The first tokens that StreamingLLM keeps."));
pub const RECENT_WORDS: Words = (t("最近保留几个", "Recent tokens"), t("StreamingLLM 的窗口。", "The window of StreamingLLM."));
pub const FIRST_WORDS: Words = (
    t("Λ 保留的开头", "First tokens of Λ"),
    t("LM-Infinite 一直看得见的前几个 token。", "The first tokens that LM-Infinite always sees."),
);
pub const CAP_WORDS: Words =
    (t("Λ 的最远距离", "Farthest of Λ"), t("开头的 token 至多算这么远。", "The first tokens count as no farther."));
pub const FORM_WORDS: Words = (
    t("哪一种 YaRN", "Which YaRN"),
    t(
        "原文与论文的斜坡对圈数线性，发布的代码对下标线性。",
        "In the post and the paper the ramp is linear in the turns, in the released code in the index.",
    ),
);
pub const TAU_WORDS: Words = (t("圈数 τ", "Turns τ"), t("转得比这多的，保持原样。", "Circles with more turns are kept."));
pub const ALPHA_WORDS: Words =
    (t("圈数 α", "Turns α"), t("转得比这少的，完全内插。", "Circles with fewer are interpolated in full."));
pub const MIXED_WORDS: Words = (
    t("混合指数", "Exponent of mixed"),
    t("0 就是内插，1 就是 NTK-fixed；原文用 0.625。", "0 is interpolation, 1 NTK-fixed; the post takes 0.625."),
);
pub const FACTOR_WORDS: Words = (t("动态 NTK 的因子", "Factor of dynamic NTK"), t("等于 1 时与 NTK 相同。", "At 1 it is NTK."));
pub const LIST_WORDS: Words = (
    t("各对的因子", "Factors of the pairs"),
    t("第 i 对的频率除以第 i 个因子。", "The frequency of pair i is divided by factor i."),
);
pub const FOCUS_WORDS: Words = (
    t("细看哪一种", "A closer look at"),
    t("距离矩阵、交税、分块与参数表说的是它。", "Distances, tax, tiles and the table of pairs are about this one."),
);
pub const EXPOSURE_WORDS: Words = (
    t("改看训练时见过多少次", "How often it was trained"),
    t("每条训练文本里，距离 ρ 出现 L − ρ 次。", "In each training text, distance ρ occurs L − ρ times."),
);
pub const LOGITS_WORDS: Words = (
    t("分数乘以 λ", "Scores times λ"),
    t("随长度增大，让注意力不至于散开。", "It grows with the length, so that attention does not disperse."),
);
pub const OWN_WORDS: Words = (
    t("自己写查询与键", "Your own query and keys"),
    t("每个向量八个数，比较各种方法的权重。", "Eight numbers a vector; weights by each method."),
);
pub const N_WORDS: Words = (t("键的个数 n", "Keys n"), t("一行注意力有多少个键。", "How many keys a row of attention has."));
pub const SIGMA_WORDS: Words =
    (t("分数的散布 σ", "Spread of scores σ"), t("分数是正态的，标准差为 σ。", "Scores are normal with standard deviation σ."));
pub const SINK_WORDS: Words = (
    t("第一个键的优势", "Lead of the first key"),
    t("大了，多余的注意力就都落到它上面。", "If it is large, spare attention falls into it."),
);
pub const CUT_WORDS: Words =
    (t("去掉第一个键", "Cut the first key"), t("滑动窗口滑过去之后就是这样。", "As a window does that has moved on."));
pub const SEED_WORDS: Words = (t("随机种子", "Seed"), t("分数由它决定。", "It decides the scores."));
pub const Q_WORDS: Words = (t("查询 q", "Query q"), t("八个数，两两一对。", "Eight numbers, in pairs."));
pub const KEYS_WORDS: Words = (
    t("键 K", "Keys K"),
    t(
        "每个键八个数，最多十六个键；查询在最后一个键的位置。",
        "Eight numbers a key, at most sixteen keys; the query stands at the last one.",
    ),
);
pub const TURN_WORDS: Words =
    (t("一轮对话的长度", "Length of a turn"), t("提示与回答一共至多多少个 token。", "Prompt and answer together, at most."));
pub const STALE_WORDS: Words = (
    t("先旋转再缓存", "Cache after rotation"),
    t("频率一变，缓存里旧键的角度就不对了。", "When frequencies change, keys in the cache stand at wrong angles."),
);
pub const LOCAL_WORDS: Words =
    (t("HWFA 的窗口 w", "Window w of HWFA"), t("除最后一层，每层只看这么多。", "All layers but the last see so much."));
pub const LAYERS_WORDS: Words =
    (t("层数", "Layers"), t("最后一层看全文，不带位置。", "The last one sees all, without positions."));
pub const LONGER_WORDS: Words =
    (t("第三个键的长度", "Length of the third key"), t("其余的键长度都是 1。", "All other keys have length 1."));
pub const QUERY_WORDS: Words = (t("查询的长度", "Length of the query"), t("越长，注意力越集中。", "The longer, the sharper."));
pub const TILE_WORDS: Words =
    (t("分块的边长", "Side of a tile"), t("flash attention 一次算这么大的一块。", "Flash attention computes so much at a time."));

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

pub const PANELS: &[Panel] = &[
    full(listed(panel(
        "clocks",
        t("圆：哪些指针转到了没见过的地方", "Circles: which hands are where none was"),
        (NONE, NONE),
        t(
            "每个圆是一对分量，从左上到右下由快到慢；下面的数是训练时转过的圈数。浅色的一段是训练见过的，空心的圆点落在外面。",
            "A circle is a pair of components, fast to slow from the top left; the number is its turns in training. The tinted part was seen in training; hollow dots are outside.",
        ),
        1.25,
        from(Post, "转圈视角；一圈未满的圆只见过一段弧", "The circles of the post; one that made no full turn has seen an arc"),
    ))),
    listed(panel(
        "ratio",
        t("频率改了多少 θ′/θ", "How frequencies were changed, θ′/θ"),
        (t("第几对 i", "pair i"), Text::same("θ′/θ")),
        t(
            "竖线标出圈数：右边的不满一圈，必须内插到 1/s；左边的转过很多圈，最好不动。",
            "The vertical lines tell turns: on the right they made less than one and must go to 1/s, on the left many and are best left alone.",
        ),
        1.5,
        from(
            Code,
            "各方法的公式；YaRN 的两种斜坡见“哪一种 YaRN”",
            "The formulas of the methods; for the two ramps of YaRN see “Which YaRN”",
        ),
    )),
    listed(panel(
        "curve",
        t("距离变成了多少", "What becomes of a distance"),
        (t("实际距离 δ", "distance δ"), t("模型看到的", "as the model sees it")),
        t(
            "高过横线的距离训练时从没有过；断开的地方看不见。",
            "Above the line no distance was ever trained; where a curve breaks off nothing is seen.",
        ),
        1.5,
        from(Post, "保近压远", "Keep near, compress far"),
    )),
    panel(
        "matrix",
        t("距离矩阵", "The matrix of distances"),
        (t("键 j", "key j"), t("查询 i，向下", "query i, downwards")),
        t(
            "颜色是“细看”的那种方法给出的距离；斜线是看不见的，框住的是训练时没有过的。",
            "Colour is the distance under the method of the closer look; hatched is unseen, framed was never trained.",
        ),
        1.1,
        from(Post, "至多 64×64 格，长文本均匀取样", "At most 64×64 cells, an even sample of a long text"),
    ),
    listed(panel(
        "tiles",
        t("代价：哪些块要算两遍", "The price: which tiles are computed twice"),
        (t("键", "keys"), t("查询，向下", "queries, downwards")),
        t(
            "ReRoPE 的两种距离各要一遍；只有跨过窗口边缘的块才真要两遍。",
            "ReRoPE has two kinds of distance, a pass each; only tiles across the window's edge need both.",
        ),
        1.2,
        from(Ours, "按原文的说法数块", "Tiles counted as the post says"),
    )),
    full(listed(panel(
        "quadrant",
        t("两种毛病：近与远", "Two failures: near and far"),
        (t("近处保真", "near: still as trained"), t("远处见过", "far: seen before")),
        t(
            "右上角最好。灰点是其余的方法。小的训练设置“GAU”下，标出了原文公布的准确率。",
            "Top right is best. Grey dots are the other methods. In the setting “GAU” the accuracies of the posts stand beside.",
        ),
        1.9,
        from(Ours, "代理指标；准确率出自 9706、9708、9859", "A proxy; accuracies from the posts 9706, 9708, 9859"),
    ))),
    listed(panel(
        "row",
        t("一行注意力会不会散开", "Does a row of attention disperse?"),
        (t("第几大的权重", "rank of the weight"), t("权重", "weight")),
        t(
            "分数的散布不变，键越多，熵就越大。乘上随长度增大的 λ，才拉得回来。",
            "With the same spread of scores, more keys mean more entropy. A λ that grows with the length pulls it back.",
        ),
        1.5,
        from(Post, "8823 与 9948；分数取正态是本站的选择", "8823 and 9948; normal scores are our choice"),
    )),
    listed(panel(
        "tax",
        t("外推的税：短文本变坏了吗", "The tax: are short texts worse?"),
        (t("位置", "position"), t("近处保真", "near: still as trained")),
        t(
            "训练长度之内本来不用改。固定的 s 处处交税，按位置的 s 不交，按轮次的居中。",
            "Within the trained length nothing needs a change. A fixed s pays everywhere, one by position pays nothing, one by turn lies between.",
        ),
        1.5,
        from(Post, "拒绝交税；保真度是本站的量", "Refusing the tax; fidelity is our measure"),
    )),
    panel(
        "base",
        t("底数：还要不要小一点", "The base: should it be smaller?"),
        (t("距离 m", "distance m"), Text::same("f(m)")),
        t(
            "f 是各对余弦之和。要让相近的向量总比任意的得分高，f 在训练长度之内不能为负。",
            "f is the sum of all cosines. For similar vectors to score above random ones, f must not be negative within the trained length.",
        ),
        1.5,
        from(Post, "10122；搜索是本站的", "10122; the search is ours"),
    ),
    listed(panel(
        "joint",
        t("联合得分：一组角度见过没有", "Joint score: was this set of angles seen?"),
        (t("距离 ρ", "distance ρ"), t("与最像的训练距离的相似度", "likeness to the closest trained distance")),
        t(
            "PI 几乎处处是 1 却不行，YaRN 只有三分之二左右却可以：每个圆都见过就够了，近处不能坏。",
            "PI is 1 almost everywhere and fails, YaRN is about two thirds and works: it is enough that each circle was seen, and that near stays near.",
        ),
        1.5,
        from(Ours, "本站的反例", "A counter-example of ours"),
    )),
    listed(panel(
        "hwfa",
        t("另起炉灶：窗口叠成的感受野", "Starting afresh: a receptive field of windows"),
        (t("窗口 w", "window w"), t("感受野，token", "receptive field, tokens")),
        t(
            "HWFA 只有最后一层看全文，而且不带位置；其余各层是窗口，合起来的感受野不该超过训练长度的四分之三。",
            "In HWFA only the last layer sees everything, and has no positions; the rest are windows, whose receptive field together should stay within three quarters of the trained length.",
        ),
        1.5,
        from(Post, "(w − 1)(N − 1) + 1，N 为层数；9603", "(w − 1)(N − 1) + 1 with N layers; post 9603"),
    )),
    listed(panel(
        "norms",
        t("另起炉灶：键都一样长", "Starting afresh: keys of one length"),
        (t("键与查询的余弦", "cosine of key and query"), t("权重", "weight")),
        t(
            "分数是 ‖q‖‖k‖cos：键长一些就能多得注意力，不必更像，角度就练得少了。Key Norm 把键归一化，只剩角度说了算。",
            "The score is ‖q‖‖k‖cos: a longer key gets more attention without being more alike, and angles are trained less. Key Norm gives all keys one length, and only the angle counts.",
        ),
        1.5,
        from(Post, "9859；键的角度与长度是本站取的", "9859; angles and lengths of the keys are ours"),
    )),
    full(panel(
        "eval",
        t("诚实的评测", "An honest test"),
        (t("位置", "position"), NONE),
        t(
            "喂进去的越来越长，打分的始终是最后同样的一段。上下文更长，分数应该更好。",
            "More and more is fed, and always the same last tokens are scored. More context should score better.",
        ),
        2.6,
        from(Post, "打分最后 4K；LLaMA2-13B 的损失出自 9708", "The last 4K are scored; losses of LLaMA2-13B from 9708"),
    )),
    full(panel(
        "pairs",
        t("每一对", "Pair by pair"),
        (NONE, NONE),
        t("“细看”的那种方法在距离 ρ 处。可另存为 CSV。", "The method of the closer look at distance ρ. It can be saved as CSV."),
        1.0,
        from(Ours, "由上面的公式", "From the formulas above"),
    )),
];

pub const FORMULAS: &[Formula] = &[
    Formula {
        id: "turns",
        mathml: tex!(
            r"r_i = \frac{\theta_i L}{2\pi},\quad \theta_i = b^{-2i/d},\quad i^{*} = \min\{i : r_i < 1\} = \value{critical}"
        ),
        spoken: t(
            "r i 等于 theta i 乘 L 除以二派；i 星是第一个不满一圈的圆。",
            "r i is theta i times L over two pi; i star is the first circle that made less than one turn.",
        ),
        caption: t("每个圆转过几圈", "How many turns each circle made"),
        source: from(Post, "", ""),
    },
    Formula {
        id: "yarn",
        mathml: tex!(
            r"\theta'_i = \left[\gamma_i + (1-\gamma_i)\frac{1}{s}\right]\theta_i,\quad \gamma_i = \begin{cases} 1 & r_i > \tau \\ 0 & r_i < \alpha \\ \frac{r_i-\alpha}{\tau-\alpha} & \alpha \le r_i \le \tau \end{cases}"
        ),
        spoken: t(
            "转得多的圆不动，不满一圈的除以 s，中间按圈数线性过渡。",
            "Circles with many turns are kept, those with less than one are divided by s, and between them the change is linear in the turns.",
        ),
        caption: t("YaRN：按圈数决定", "YaRN: the turns decide"),
        source: from(Post, "", ""),
    },
    Formula {
        id: "leaky",
        mathml: tex!(
            r"\term{distance}{\rho(\delta)} = \begin{cases} \delta & \delta < w \\ w + (\delta - w)/k & \delta \ge w \end{cases}"
        ),
        spoken: t(
            "距离小于 w 不变，否则是 w 加上多出的部分除以 k；k 趋于无穷就是 ReRoPE。",
            "Below w a distance stays; else it is w plus the rest over k. With k infinite it is ReRoPE.",
        ),
        caption: t("保近压远", "Keep near, compress far"),
        source: from(Post, "", ""),
    },
    Formula {
        id: "safe",
        mathml: tex!(r"N_{\text{safe}} = \min_{r_i < 1} L\,\frac{\theta_i}{\theta'_i} = \value{safe}"),
        spoken: t(
            "安全长度是不满一圈的圆里 L 乘 theta 除以新 theta 的最小值。",
            "The safe length is the least of L times theta over the new theta, over circles that made less than one turn.",
        ),
        caption: t("走多远才会有圆离开它的弧", "How far until a circle leaves its arc"),
        source: from(Ours, "", ""),
    },
    Formula {
        id: "logn",
        mathml: tex!(
            r"\lambda = \value{lambda},\quad \lambda_n = \max\left(1, \frac{\ln n}{\ln L}\right),\quad \lambda_{\text{YaRN}} = (1 + 0.1 \ln s)^2"
        ),
        spoken: t(
            "lambda n 是一与 ln n 比 ln L 之中较大的；YaRN 的是一加零点一 ln s 的平方。",
            "Lambda n is the larger of one and ln n over ln L; that of YaRN is one plus a tenth of ln s, squared.",
        ),
        caption: t("不让注意力散开", "Against dispersion"),
        source: from(Post, "", ""),
    },
];
