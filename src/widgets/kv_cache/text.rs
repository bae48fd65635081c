//! Every word of the widget, and its formulas.

use yansuan_tex::tex;

use crate::contract::control::Item;
use crate::contract::formula::Formula;
use crate::contract::panel::{Evidence, Panel, Size, Source, from};
use crate::contract::text::{Text, t};
use crate::contract::widget::{About, Check};

use Evidence::{Code, Ours, Post};

pub const ABOUT: About = About {
    slug: "kv-cache",
    title: t("从 MHA 到 MLA：缓存的代价", "From MHA to MLA: what the cache costs"),
    question: t(
        "生成文字时要记住所有旧的键和值。它们占多少显存，怎样才能少存一些，又不改变注意力？",
        "To go on writing, a model keeps every old key and value. How much memory is that, and how can it be less without changing the attention?",
    ),
    summary: t(
        "二十七个真实的模型、四种显卡、四种注意力：看缓存占多少显存、解码受什么限制，亲手把 W 从键搬到查询，再看旋转怎样搅乱它。",
        "Twenty-seven real models, four cards, four kinds of attention: see what the cache takes and what limits decoding, move W from the key to the query yourself, and watch rotation get in the way.",
    ),
    version: 1,
    reading: &[
        (t("原文：从 MHA、MQA、GQA 到 MLA", "The post (in Chinese)"), "https://kexue.fm/archives/10091"),
        (t("DeepSeek-V2 技术报告（2024）", "The report on DeepSeek-V2 (2024)"), "https://arxiv.org/abs/2405.04434"),
        (t("MQA（2019）", "MQA (2019)"), "https://arxiv.org/abs/1911.02150"),
        (t("GQA（2023）", "GQA (2023)"), "https://arxiv.org/abs/2305.13245"),
        (
            t("litgpt 的模型表", "The table of models of litgpt"),
            "https://github.com/Lightning-AI/litgpt/blob/main/litgpt/config.py",
        ),
        (
            t("DeepSeek 的配置", "The configurations of DeepSeek"),
            "https://github.com/deepseek-ai/DeepSeek-V3/tree/main/inference/configs",
        ),
    ],
    checks: &[
        Check {
            what: t("与独立参考实现逐一核对的数值", "Numbers compared with an independent reference"),
            cases: super::CHECKED,
        },
        Check { what: t("随机性质检验，每条性质的次数", "Random trials of each property"), cases: 5_000 },
    ],
};

pub const SOURCES: &[Source] = &[
    from(
        Post,
        "MHA、MQA、GQA、MLA 的定义，低秩投影的看法，恒等变换，旋转带来的麻烦与解耦的办法，训练与解码的两种形式",
        "The definitions of MHA, MQA, GQA and MLA, the view of a low-rank projection, the identity, what rotation spoils and decoupling mends, and the two forms of training and decoding",
    ),
    from(
        Code,
        "模型的大小取自 litgpt 的表、DeepSeek 的配置与各模型的 config.json；显卡的数据取自二手资料，H200 与 H800 未核实",
        "Sizes of models are those of litgpt’s table, of DeepSeek’s configurations and of the models’ own config.json; data of the cards come from secondary pages, those of H200 and H800 unverified",
    ),
    from(
        Ours,
        "屋顶线上的位置、每步的时间、放得下的长度、BF16 的实验，以及 93.3% 从何而来：都是本站的推导",
        "The places under the roofline, the times of a step, the lengths that fit, the experiment with BF16, and where 93.3 % comes from are our own",
    ),
];

/// The reader's own model.
pub const OWN: Text = t("自己的模型", "your own model");

pub const KINDS: &[Item] = &[
    Item { key: "released", name: t("发布时的", "as released") },
    Item { key: "mha", name: Text::same("MHA") },
    Item { key: "gqa", name: Text::same("GQA") },
    Item { key: "mqa", name: Text::same("MQA") },
    Item { key: "mla", name: Text::same("MLA") },
];

pub const BITS: &[Item] = &[
    Item { key: "4", name: Text::same("4") },
    Item { key: "6", name: Text::same("6") },
    Item { key: "8", name: Text::same("8") },
    Item { key: "16", name: Text::same("16") },
    Item { key: "32", name: Text::same("32") },
];

pub const WEIGHT_BITS: &[Item] = &[
    Item { key: "released", name: t("发布时的", "as released") },
    Item { key: "16", name: Text::same("16") },
    Item { key: "8", name: Text::same("8") },
    Item { key: "4", name: Text::same("4") },
];

pub const ORDERS: &[Item] = &[
    Item { key: "train", name: t("训练形式", "as trained") },
    Item { key: "serial", name: t("吸收", "absorbed") },
    Item { key: "merged", name: t("合并成一个", "merged into one") },
];

pub const ROTATIONS: &[Item] = &[
    Item { key: "none", name: t("没有", "none") },
    Item { key: "whole", name: t("旋转整个键", "whole key") },
    Item { key: "decoupled", name: t("解耦", "decoupled") },
];

/// Label and help of a control.
pub type Words = (Text, Text);

pub const TOKENS_WORDS: Words = (t("文本长度 T", "Length T"), t("每条文本有多少个 token。", "Tokens of each text."));
pub const MODEL_WORDS: Words =
    (t("模型", "Model"), t("层数、头数与宽度都取自真实的配置。", "Its real layers, heads and widths."));
pub const KIND_WORDS: Words = (
    t("注意力", "Attention"),
    t("把模型改成另一种；权重的大小不变。", "Recasts the model as another kind; the size of its weights stays."),
);
pub const GROUPS_WORDS: Words =
    (t("组数 g", "Groups g"), t("同组的头共用一份键和值。", "Heads of a group share their keys and values."));
pub const DC_WORDS: Words =
    (t("隐向量宽度 d_c", "Latent width d_c"), t("键和值都由它算出。", "Keys and values are computed from it."));
pub const DR_WORDS: Words =
    (t("旋转键宽度 d_r", "Rotated width d_r"), t("所有头共用的、带位置的键。", "The key with positions that all heads share."));
pub const BATCH_WORDS: Words = (t("同时几条文本", "Texts at once"), t("每条有自己的缓存。", "Each has a cache of its own."));
pub const BITS_WORDS: Words = (t("缓存的比特数", "Bits of the cache"), t("每个数用几个比特存。", "Bits for each number."));
pub const CARD_WORDS: Words = (t("显卡", "Card"), t("显存按 1 GB = 10⁹ 字节计。", "Memory in GB of 10⁹ bytes."));
pub const DEVICES_WORDS: Words = (t("几张卡", "Cards"), t("显存与带宽加在一起。", "Their memory and bandwidth add up."));
pub const SPLIT_WORDS: Words = (
    t("按头分到各卡", "Heads dealt out"),
    t(
        "分不开的（MQA 的键值、MLA 的隐向量）每张卡都存一份。",
        "What cannot be dealt out, the one key of MQA or the latent vector of MLA, is kept on every card.",
    ),
);
pub const WEIGHTS_WORDS: Words =
    (t("权重的比特数", "Bits of the weights"), t("权重与缓存共用显存。", "Weights share the memory with the cache."));
pub const LAYERS_WORDS: Words = (t("层数", "Layers"), t("每层有自己的缓存。", "Each has a cache of its own."));
pub const HEADS_WORDS: Words = (t("头数 h", "Heads h"), t("每层的查询头。", "Query heads of a layer."));
pub const DK_WORDS: Words = (t("键宽 d_k", "Key width d_k"), t("MLA 的不算旋转的部分。", "Of MLA without the rotated part."));
pub const DV_WORDS: Words = (t("值宽 d_v", "Value width d_v"), t("每个头的值有多少个分量。", "Components of a head’s value."));
pub const DMODEL_WORDS: Words = (t("隐藏层宽度 d", "Hidden width d"), t("查询由它算出。", "Queries are computed from it."));
pub const DCQ_WORDS: Words = (t("查询的隐向量宽度", "Latent width of queries"), t("0 表示没有。", "0: there is none."));
pub const LOCAL_WORDS: Words =
    (t("有窗口的层", "Layers with a window"), t("它们只记住最近的 token。", "They keep the last tokens only."));
pub const WINDOW_WORDS: Words = (t("窗口 W", "Window W"), t("有窗口的层最多记住几个。", "Tokens that such a layer keeps."));
pub const CONTEXT_WORDS: Words = (
    t("训练过的长度", "Trained length"),
    t("更长也算得出，但模型没学过。", "Longer texts can be computed, but were not learnt."),
);
pub const PARAMETERS_WORDS: Words = (t("参数（十亿）", "Parameters (billions)"), t("全部权重的个数。", "All weights."));
pub const ACTIVE_WORDS: Words = (
    t("每步用到的（十亿）", "Used in a step (billions)"),
    t("混合专家（MoE）模型里少于全部参数。", "Fewer than all parameters in a mixture of experts."),
);
pub const FP8_WORDS: Words =
    (t("用 FP8 做乘法", "Multiply in FP8"), t("这张卡的 8 位算力是两倍。", "This card is twice as fast in 8 bits."));
pub const ORDER_WORDS: Words =
    (t("怎样相乘", "How to multiply"), t("吸收：W_k 从键搬到查询。", "Absorbed: W_k moves from the key to the query."));
pub const ROTATION_WORDS: Words =
    (t("旋转位置编码", "Rotary positions"), t("插在查询与键之间的旋转。", "The rotation between query and key."));
pub const TOY_TOKENS_WORDS: Words = (t("token 数", "Tokens"), t("矩阵 q、k、c 的行数。", "Rows of q, k and c."));
pub const TOY_DK_WORDS: Words = (t("键宽", "Key width"), t("值也一样宽。", "Values are as wide."));
pub const TOY_DC_WORDS: Words = (t("隐向量宽度", "Latent width"), t("c 有多少列。", "Columns of c."));
pub const TOY_DR_WORDS: Words =
    (t("旋转部分的宽度", "Rotated width"), t("q 与 k 右端的列。", "Columns at the right end of q and k."));
pub const HEAD_WORDS: Words = (t("看第几个头", "Head shown"), t("所有头共用 c。", "All heads share c."));
pub const SEED_WORDS: Words = (t("随机种子", "Seed"), t("同一个种子，同样的矩阵。", "The same seed gives the same matrices."));
pub const LAG_WORDS: Words = (t("距离 t − i", "Lag t − i"), t("键在查询之前几个 token。", "How many tokens the key is behind."));
pub const TOY_D_WORDS: Words = (t("输入宽度", "Input width"), t("x 有多少列。", "Columns of x."));
pub const TOY_HEADS_WORDS: Words = (t("头数", "Heads"), t("每个头有自己的 W_k、W_v。", "Each has its own W_k and W_v."));
pub const TOY_GROUPS_WORDS: Words = (t("组数", "Groups"), t("必须整除头数。", "It divides the heads."));
pub const DENSE_WORDS: Words = (
    t("改成一般的矩阵", "Towards general matrices"),
    t("0 是只会挑选的矩阵，往右掺进随机数。", "0 only selects; to the right random numbers are mixed in."),
);
pub const COMMON_WORDS: Words = (
    t("各行的共同部分", "What rows have in common"),
    t("W_q 的行里掺进同一个向量，输入使它恰好抵消。", "One vector is added to all rows of W_q; the inputs cancel it exactly."),
);
pub const LARGE_WORDS: Words =
    (t("用模型的大小", "At the model’s size"), t("1024、128、512，64 个 token。", "1024, 128, 512, and 64 tokens."));

const NONE: Text = t("", "");

const fn panel(id: &'static str, title: Text, (x, y): (Text, Text), hint: Text, aspect: f64, source: Source) -> Panel {
    Panel { id, title, x, y, hint, aspect, size: Size::Half, legend: true, source }
}

const fn full(panel: Panel) -> Panel {
    Panel { size: Size::Full, ..panel }
}

const fn bare(panel: Panel) -> Panel {
    Panel { legend: false, ..panel }
}

pub const PANELS: &[Panel] = &[
    full(panel(
        "memory",
        t("显存够不够", "Does it fit"),
        (Text::same("GB"), NONE),
        t(
            "浅色是权重，有色的是缓存；右边的数是每条文本放得下多少个 token。",
            "Pale: weights. Coloured: the cache. The numbers at the right are tokens per text that fit.",
        ),
        2.4,
        from(
            Ours,
            "用到显存的九成，其余给激活与碎片",
            "nine tenths of the memory are used; the rest is for activations and gaps",
        ),
    )),
    panel(
        "sharing",
        t("谁和谁共用", "Who shares what"),
        (NONE, NONE),
        t(
            "上面是查询头，下面是每个 token 要缓存的；涂色的宽度就是它相对 MHA 的大小。",
            "Query heads above, what a token leaves in the cache below; the coloured width is its size beside MHA.",
        ),
        1.5,
        from(Post, "MHA、GQA、MQA、MLA 的定义", "the definitions of MHA, GQA, MQA and MLA"),
    ),
    panel(
        "growth",
        t("越长，存得越多", "The longer, the more"),
        (t("文本长度 T", "length T"), Text::same("GB")),
        t(
            "拖动圆点。有窗口的模型会在窗口处拐弯；竖线是训练过的长度。",
            "Drag the dot. Models with windows bend where the window is full; the vertical line is the trained length.",
        ),
        1.5,
        from(Ours, "字节 = 元素 × 层 × T × 条数 × 比特 / 8", "bytes = numbers × layers × T × texts × bits / 8"),
    ),
    panel(
        "roofline",
        t("屋顶线：带宽还是算力", "Roofline: bandwidth or arithmetic"),
        (t("每读一个字节做几次运算", "operations a byte read"), Text::same("TFLOP/s")),
        t(
            "斜坡上受带宽限制，平顶上受算力限制。MLA 用闲着的算力换带宽。",
            "On the slope bandwidth is the limit, on the flat arithmetic. MLA pays with idle arithmetic.",
        ),
        1.5,
        from(
            Ours,
            "屋顶线模型；注意力核心的次数，不算投影",
            "the roofline model; operations of attention itself, projections left out",
        ),
    ),
    panel(
        "time",
        t("下一个 token 的注意力要多久", "Attention for the next token: how long"),
        (t("毫秒", "milliseconds"), NONE),
        t(
            "两条里长的那条决定时间。MLA 展开成 k、v 与直接读 c，结果一样，时间不同。",
            "The longer bar of two is the time. MLA with k and v made or with c read gives the same, in different times.",
        ),
        1.5,
        from(
            Ours,
            "时间 = 较大的（字节 / 带宽，运算 / 算力），全部层",
            "time = the larger of bytes / bandwidth and operations / peak, all layers",
        ),
    ),
    full(panel(
        "algebra",
        t("把矩阵搬过去", "Moving a matrix"),
        (NONE, NONE),
        t(
            "选“吸收”：W_k 离开键，来到查询那边，分数 S 与输出 o 一个数也没变，要缓存的却只剩 c。",
            "Choose “absorbed”: W_k leaves the key and joins the query. S and o do not change by a digit, and only c is left to cache.",
        ),
        1.7,
        from(Post, "恒等变换；矩阵是随机的", "the identity; the matrices are random"),
    )),
    bare(panel(
        "merged",
        t("旋转之后，每个距离一个矩阵", "With rotation, a matrix for each lag"),
        (NONE, NONE),
        t(
            "查询与键之间隔着旋转，合并出的矩阵随距离而变，于是不能事先合并。",
            "A rotation stands between query and key, so the merged matrix depends on the lag and cannot be made beforehand.",
        ),
        1.9,
        from(Post, "W_q R W_kᵀ，R 只与距离有关", "W_q R W_kᵀ, where R depends on the lag alone"),
    )),
    panel(
        "lag",
        t("解耦之后又对了", "Decoupled, it is right again"),
        (t("距离 t − i", "lag t − i"), t("分数", "score")),
        t(
            "一个合并矩阵只在距离 0 说对；另配一小段旋转的键，从缓存算出的点又落在线上。",
            "One merged matrix is right at lag 0 only; with a small rotated key of its own, the dots from the cache lie on the line again.",
        ),
        1.9,
        from(Post, "解耦的旋转键", "the decoupled rotated key"),
    ),
    bare(panel(
        "selector",
        t("GQA 早就是低秩投影", "GQA was a low-rank projection all along"),
        (NONE, NONE),
        t(
            "每个头的 W_k 与 W_v 只挑出自己那一组；把它们换成一般的矩阵，就是 MLA。",
            "W_k and W_v of each head only pick their group; let them be general matrices, and it is MLA.",
        ),
        1.8,
        from(
            Post,
            "GQA 是先投影、再切分与复制；这里最多 8 个 token、8 列宽",
            "GQA projects, then splits and copies; at most 8 tokens and 8 columns here",
        ),
    )),
    panel(
        "rounding",
        t("BF16：三种乘法差多少", "BF16: three ways to multiply"),
        (NONE, t("相对误差（‰）", "relative error (‰)")),
        t(
            "一般的矩阵，三种一样准；哪种最差要看种子。各行有共同部分时，先合并才真的吃亏。",
            "With ordinary matrices all three are as good, and which is worst is up to the seed. Merging loses where rows have much in common.",
        ),
        1.8,
        from(
            Ours,
            "原文提醒合并会损失精度；这里是我们的实验",
            "the post warns that merging loses precision; the experiment is ours",
        ),
    ),
    full(panel(
        "waterfall",
        t("93.3% 从哪里来", "Where 93.3 % comes from"),
        (NONE, t("每个 token（KB）", "per token (KB)")),
        t(
            "DeepSeek-V2 选 6 比特：只算元素少 82.2%，加上比特数才是 93.3%。",
            "DeepSeek-V2 with 6 bits: 82.2 % by the numbers alone, 93.3 % with the bits.",
        ),
        2.4,
        from(
            Ours,
            "6 比特是报告说的，两者的联系是我们的推断；KB = 1000 字节",
            "that it is 6 bits is in the report, the connection is our inference; KB = 1000 bytes",
        ),
    )),
    full(bare(panel(
        "models",
        t("所有的模型", "All models"),
        (NONE, NONE),
        t(
            "用现在的卡、条数与比特数。KB 是 1000 字节，KiB 是 1024 字节。",
            "With the cards, texts and bits of now. KB is 1000 bytes, KiB 1024.",
        ),
        2.0,
        from(
            Code,
            "litgpt 的表、DeepSeek 的配置、各模型的 config.json",
            "litgpt’s table, DeepSeek’s configurations, the models’ config.json",
        ),
    ))),
];

pub const FORMULAS: &[Formula] = &[
    Formula {
        id: "bytes",
        mathml: tex!(r"\term{cache}{\value{element}} \times \value{layer} \times T \times B \times b = \value{gb}\ \text{GB}"),
        spoken: t(
            "每层每个 token 的元素数，乘层数、文本长度、条数，再乘每个数的字节数。",
            "Numbers per token per layer, times layers, length, texts, and bytes of a number.",
        ),
        caption: t(
            "缓存有多大：每层每个 token 的元素 × 层数 × 长度 × 条数 × 每个数的字节",
            "How large the cache is: numbers per token per layer × layers × length × texts × bytes of a number",
        ),
        source: from(Ours, "", ""),
    },
    Formula {
        id: "kinds",
        mathml: tex!(r"\text{MHA}: h(d_k+d_v),\quad \text{GQA}: g(d_k+d_v),\quad \text{MQA}: d_k+d_v,\quad \text{MLA}: d_c+d_r"),
        spoken: t(
            "MHA 每层每个 token 存 h 份键和值，GQA 存 g 份，MQA 存一份，MLA 存 d c 加 d r 个数。",
            "MHA keeps h keys and values per token, GQA g, MQA one, and MLA d c plus d r numbers.",
        ),
        caption: t("每层每个 token 存多少个数", "Numbers kept for a token in a layer"),
        source: from(Post, "", ""),
    },
    Formula {
        id: "identity",
        mathml: tex!(r"q_t k_i^{\top} = (x_t W_q)(c_i W_k)^{\top} = x_t \term{merged}{(W_q W_k^{\top})} c_i^{\top}"),
        spoken: t(
            "查询乘键，等于 x 乘 W q W k 转置，再乘 c 转置：键不必做出来。",
            "A query times a key is x times W q W k transposed times c transposed; the key need not be made.",
        ),
        caption: t("恒等变换：只缓存 c", "The identity: only c is cached"),
        source: from(Post, "", ""),
    },
    Formula {
        id: "rotation",
        mathml: tex!(r"(x_t W_q R_t)(c_i W_k R_i)^{\top} = x_t W_q\, R_{t-i}\, W_k^{\top} c_i^{\top}"),
        spoken: t(
            "有了旋转，中间多出只与距离有关的 R，合并的矩阵每个距离一个。",
            "With rotation an R of the lag stands in between, and there is a merged matrix for each lag.",
        ),
        caption: t("旋转挡在中间", "Rotation stands in between"),
        source: from(Post, "", ""),
    },
    Formula {
        id: "intensity",
        mathml: tex!(
            r"\term{roof}{I_{\text{MHA}}} = \frac{2h(d_k+d_v)}{g(d_k+d_v)\,b},\quad I_{\text{MLA}} = \frac{2h(2d_c+d_r)}{(d_c+d_r)\,b};\quad I = \value{intensity}"
        ),
        spoken: t(
            "每读一个字节做几次运算：MHA 一类是二 h 比 g b，MLA 是二 h 乘二 d c 加 d r，比 d c 加 d r 乘 b。",
            "Operations a byte: two h over g b for the MHA family; for MLA two h times two d c plus d r, over d c plus d r times b.",
        ),
        caption: t("运算与字节之比，b 是每个数的字节数", "Operations over bytes; b is the bytes of a number"),
        source: from(Ours, "", ""),
    },
];
