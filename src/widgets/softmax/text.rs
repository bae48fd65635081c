//! Every word of the widget, and its formulas.

use yansuan_tex::tex;

use crate::contract::control::Item;
use crate::contract::formula::Formula;
use crate::contract::panel::{Evidence, Panel, Size, Source, from};
use crate::contract::text::{Text, t};
use crate::contract::widget::{About, Check};

use Evidence::{Code, Ours, Post};

pub const ABOUT: About = About {
    slug: "softmax",
    title: t("Softmax 及其替代品", "Softmax and its alternatives"),
    question: t("几个分数要变成概率，水位线该落在哪里？", "A few scores must become probabilities. Where does the water stand?"),
    summary: t(
        "拖动分数，比较 softmax、sparsemax、entmax、Taylor softmax、Perturb-Max 等映射给出的概率、梯度与损失。",
        "Drag scores and compare the probabilities, gradients and losses of softmax, sparsemax, entmax, Taylor softmax, Perturb-Max and more.",
    ),
    version: 1,
    reading: &[
        (t("原文：通向概率分布之路", "The post: roads to a distribution (in Chinese)"), "https://kexue.fm/archives/10145"),
        (t("续篇：ThreTopK 与 GradTopK", "The sequel: relaxed top-k (in Chinese)"), "https://kexue.fm/archives/10373"),
        (
            t("Martins 与 Astudillo：sparsemax（2016）", "Martins and Astudillo: sparsemax (2016)"),
            "https://arxiv.org/abs/1602.02068",
        ),
        (
            t("Peters、Niculae、Martins：entmax（2019）", "Peters, Niculae and Martins: entmax (2019)"),
            "https://arxiv.org/abs/1905.05702",
        ),
        (t("deep-spin/entmax 的代码", "The code of deep-spin/entmax"), "https://github.com/deep-spin/entmax"),
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
    from(Post, "各映射的定义、温度、雅可比与交叉熵", "Definitions, temperature, Jacobian and cross entropy"),
    from(
        Code,
        "entmax 对 α 的导数与 Fenchel–Young 损失：deep-spin/entmax",
        "Derivative of entmax in α and Fenchel–Young losses: deep-spin/entmax",
    ),
    from(
        Ours,
        "恰成独热的条件 x₍₁₎ − x₍₂₎ ≥ 1/β；Taylor softmax 的反例；指数噪声的有限形式",
        "The one-hot condition x₍₁₎ − x₍₂₎ ≥ 1/β; the counter-examples for Taylor softmax; the finite form for exponential noise",
    ),
    from(
        Ours,
        "我们读到的版本里，1.5-entmax 的代码在 [2, 0] 这类边界输入上会报错；把 k 限制在判别式非负的范围内即可，已有证明",
        "In the version we read, the listing of 1.5-entmax fails on boundary inputs such as [2, 0]; keeping k to non-negative discriminants mends it, and we have a proof",
    ),
];

pub const SOFTMAX: Text = Text::same("softmax");
pub const SPARSEMAX: Text = Text::same("sparsemax");
pub const ENTMAX: Text = Text::same("entmax");
pub const TAYLOR: Text = Text::same("Taylor");
pub const SPARSE: Text = t("稀疏 softmax", "sparse softmax");
pub const PERTURB: Text = Text::same("Perturb-Max");

/// Under axes that show many scores.
pub const RANK: Text = t("名次", "rank");

/// The maps, in the order of the bits of the control.
pub const MAPS: &[Item] = &[
    Item { key: "softmax", name: SOFTMAX },
    Item { key: "sparsemax", name: SPARSEMAX },
    Item { key: "entmax", name: ENTMAX },
    Item { key: "taylor", name: TAYLOR },
    Item { key: "sparse", name: SPARSE },
    Item { key: "perturb", name: PERTURB },
];

/// The maps of the threshold family, which can be looked at closely.
pub const FAMILY: &[Item] =
    &[Item { key: "softmax", name: SOFTMAX }, Item { key: "sparsemax", name: SPARSEMAX }, Item { key: "entmax", name: ENTMAX }];

pub const NOISES: &[Item] = &[
    Item { key: "gumbel", name: Text::same("Gumbel") },
    Item { key: "normal", name: t("正态", "normal") },
    Item { key: "logistic", name: Text::same("logistic") },
    Item { key: "laplace", name: Text::same("Laplace") },
    Item { key: "uniform", name: t("均匀", "uniform") },
    Item { key: "exponential", name: t("指数", "exponential") },
];

pub const ORDERS: &[Item] = &[
    Item { key: "2", name: Text::same("2") },
    Item { key: "4", name: Text::same("4") },
    Item { key: "6", name: Text::same("6") },
    Item { key: "10", name: Text::same("10") },
];

/// Label and help of a control.
pub type Words = (Text, Text);

pub const MAPS_WORDS: Words = (t("映射", "Maps"), t("选择要比较的映射。", "Which maps to compare."));
pub const X_WORDS: Words =
    (t("分数 x", "Scores x"), t("要变成概率的数；-inf 表示遮蔽。", "The numbers that become probabilities; -inf masks."));
pub const TAU_WORDS: Words = (
    t("温度 τ", "Temperature τ"),
    t(
        "分数先除以 τ：越小越接近取最大者（Taylor 除外）。",
        "Scores are divided by τ first: the smaller, the nearer to picking the largest (not for Taylor).",
    ),
);
pub const FOCUS_WORDS: Words =
    (t("细看", "In focus"), t("水位、雅可比与分数平面属于哪个映射。", "Whose level, Jacobian and plane are shown."));
pub const ALPHA_WORDS: Words =
    (t("α（entmax）", "α (entmax)"), t("1 是 softmax，2 是 sparsemax。", "1 is softmax, 2 is sparsemax."));
pub const WIDE_WORDS: Words = (
    t("更宽的 α（0.3 到 20）", "Wider α (0.3 to 20)"),
    t("小于 1 时没有零，而且比 softmax 更平。", "Below 1 there are no zeros, and the result is flatter than softmax."),
);
pub const ORDER_WORDS: Words =
    (t("Taylor 阶数", "Taylor order"), t("偶数阶的部分和恒为正。", "Partial sums of even order are positive."));
pub const K_WORDS: Words = (
    Text::same("k"),
    t("稀疏 softmax 保留几个；续篇里总和是几。", "How many sparse softmax keeps; in the sequel, what the sum is."),
);
pub const NOISE_WORDS: Words =
    (t("噪声", "Noise"), t("给分数加上哪种噪声，再看谁最大。", "Which noise is added before the largest is picked."));
pub const LIFT_WORDS: Words = (
    t("抬高水位", "Lift the level"),
    t("把水位从正确位置移开，看总和离开 1。", "Moves the level off its place: the total leaves 1."),
);
pub const TARGET_WORDS: Words =
    (t("目标类 t", "Target class t"), t("损失以哪一个为正确答案。", "Which entry counts as right in the losses."));
pub const MARGIN_WORDS: Words =
    (t("间隔 m", "Margin m"), t("AM-softmax 要求目标多领先的余弦值。", "How much more cosine AM-softmax asks of the target."));
pub const DRAWS_WORDS: Words =
    (t("抽样次数 R", "Draws R"), t("加噪声、取最大者，重复多少次。", "How often noise is added and the largest picked."));
pub const SEED_WORDS: Words = (t("随机种子", "Seed"), t("同一个种子，同一串随机数。", "The same seed, the same chance."));

const fn panel(id: &'static str, title: Text, x: Text, y: Text, hint: Text, source: Source) -> Panel {
    Panel { id, title, x, y, hint, aspect: 1.5, size: Size::Half, legend: true, source }
}

pub const PANELS: &[Panel] = &[
    Panel {
        aspect: 2.3,
        size: Size::Full,
        legend: false,
        ..panel(
            "level",
            t("分数与水位", "Scores and levels"),
            Text::same(""),
            t("分数 x/τ", "score x/τ"),
            t("拖动圆点，改变分数或水位", "drag a circle: a score, or the level"),
            from(
                Post,
                "pᵢ = φ(xᵢ − λ)，λ 使总和为 1；三种映射同图，是本站的画法",
                "pᵢ = φ(xᵢ − λ) with λ such that the sum is 1; drawing the three maps as one picture is ours",
            ),
        )
    },
    Panel {
        aspect: 3.1,
        size: Size::Full,
        ..panel(
            "probabilities",
            t("概率", "Probabilities"),
            Text::same(""),
            t("概率 p", "probability p"),
            t("恰好为零的写作 0", "exact zeros are written 0"),
            from(Post, "各映射的定义；entmax 见 deep-spin", "Definitions of the maps; entmax as in deep-spin"),
        )
    },
    panel(
        "two-class",
        t("只有两类：p₁ 随分差变化", "Two classes: p₁ against the gap"),
        t("分差 x₁ − x₂", "gap x₁ − x₂"),
        t("概率 p₁", "probability p₁"),
        t("空心点：恰好到达 0 或 1 的地方", "hollow dots: where 0 or 1 is reached exactly"),
        from(Ours, "分差达到 1/β 时恰成独热", "one-hot exactly from a gap of 1/β on"),
    ),
    Panel {
        aspect: 1.25,
        ..panel(
            "simplex",
            t("温度从 10 降到 0.01", "Temperature from 10 to 0.01"),
            Text::same(""),
            t("前三个分数的概率", "probabilities of the first three scores"),
            t("圆点：现在的 τ", "dots: the present τ"),
            from(
                Post,
                "τ→0 时趋于取最大者（Taylor 除外）；单纯形上的路径是本站的画法",
                "τ→0 picks the largest (not for Taylor); the path on the simplex is our drawing",
            ),
        )
    },
    Panel {
        aspect: 1.25,
        legend: false,
        ..panel(
            "plane",
            t("三个分数，几个概率不为零", "Three scores: how many survive"),
            Text::same("(x₁ − x₃)/τ"),
            Text::same("(x₂ − x₃)/τ"),
            t("拖动圆点，同时改变 x₁ 与 x₂", "drag the circle to move x₁ and x₂ together"),
            from(Ours, "分数平面上支撑集的大小", "size of the support over the plane of scores"),
        )
    },
    Panel {
        aspect: 1.25,
        legend: false,
        ..panel(
            "jacobian",
            t("雅可比矩阵 ∂p/∂x", "Jacobian ∂p/∂x"),
            t("对 xⱼ 求导", "derivative in xⱼ"),
            t("pᵢ，自上而下", "pᵢ, from the top"),
            t("蓝色为负，红色为正", "blue is negative, red positive"),
            from(
                Post,
                "softmax 与 sparsemax 见原文；一般的 α 见 deep-spin",
                "softmax and sparsemax from the post; general α as in deep-spin",
            ),
        )
    },
    panel(
        "loss",
        t("损失随领先幅度变化", "Losses against the lead"),
        t("目标对其余最大者的领先，除以 τ", "lead of the target over the best other, over τ"),
        t("损失", "loss"),
        t(
            "有的损失会恰好为零，交叉熵永远不会；对手只计最大的 64 个",
            "some become exactly zero, cross entropy never does; the 64 best others only",
        ),
        from(
            Post,
            "交叉熵、AM-softmax、sparsemax 损失；entmax 的写法见 deep-spin",
            "cross entropy, AM-softmax, sparsemax loss; entmax as in deep-spin",
        ),
    ),
    panel(
        "race",
        t("噪声赛跑：谁最大", "Noise race: who comes first"),
        Text::same(""),
        t("获胜的频率与概率", "share of wins, and probability"),
        t("竖线：±2√(p(1−p)/R)", "bars: ±2√(p(1−p)/R)"),
        from(
            Post,
            "P(argmax(x + ε) = i)；Gumbel 噪声恰好给出 softmax",
            "P(argmax(x + ε) = i); Gumbel noise gives softmax exactly",
        ),
    ),
    Panel {
        legend: false,
        ..panel(
            "alpha",
            t("概率随 α 变化", "Probabilities against α"),
            Text::same("α"),
            t("概率 p", "probability p"),
            t(
                "斜线：此处的导数 ∂p/∂α；只计最大的 64 个分数",
                "short lines: the derivative ∂p/∂α here; the 64 largest scores only",
            ),
            from(Code, "导数公式：deep-spin/entmax", "derivative as in deep-spin/entmax"),
        )
    },
    panel(
        "sequel",
        t("续篇：总和为 k 的 top-k", "The sequel: a top-k that sums to k"),
        Text::same(""),
        t("入选的程度", "degree of being chosen"),
        t(
            "每一项不超过 1，总和恰为 k；多于 64 个分数时只计最大的 24 个",
            "no entry above 1, the sum exactly k; beyond 64 scores, only the 24 largest",
        ),
        from(Post, "出自续篇（archives/10373），不在本文之内", "from the sequel (archives/10373), not from this post"),
    ),
    Panel {
        size: Size::Full,
        ..panel(
            "properties",
            t("性质与反例", "Properties and counter-examples"),
            Text::same(""),
            Text::same(""),
            t("点 ✗，用现在的分数造一个反例", "press a ✗ for a counter-example made of the present scores"),
            from(
                Ours,
                "单调与平移不变性见原文；反例由本站构造",
                "monotonicity and shift invariance from the post; the counter-examples are ours",
            ),
        )
    },
];

pub const FORMULAS: &[Formula] = &[
    Formula {
        id: "level",
        mathml: tex!(
            r"p_i = \varphi\!\left(x_i - \term{level}{\lambda}\right),\quad \sum_i p_i = \value{mass},\quad \term{level}{\lambda} = \value{level}"
        ),
        spoken: t(
            "p i 等于 φ 作用于 x i 减 λ；λ 使 p 的总和为一。",
            "p i equals phi of x i minus lambda; lambda makes the p sum to one.",
        ),
        caption: t("同一种水位，三种 φ（x 已除以 τ）", "one kind of level, three shapes of φ (x already over τ)"),
        source: from(Ours, "", ""),
    },
    Formula {
        id: "phi",
        mathml: tex!(
            r"\varphi(t) = \begin{cases} e^{t} & \term{softmax}{\text{softmax}} \\ \max(t,0) & \term{sparsemax}{\text{sparsemax}} \\ \max(\beta t,0)^{1/\beta} & \term{entmax}{\text{entmax}},\ \beta=\alpha-1=\value{beta} \end{cases}"
        ),
        spoken: t(
            "φ 对 softmax 是指数函数，对 sparsemax 是 t 与零的较大者，对 entmax 是 β t 与零的较大者的 β 分之一次方。",
            "phi is the exponential for softmax, the positive part of t for sparsemax, and the positive part of beta t to the power one over beta for entmax.",
        ),
        caption: t("φ 的形状决定有没有零", "the shape of φ decides about zeros"),
        source: from(Post, "", ""),
    },
    Formula {
        id: "onehot",
        mathml: tex!(
            r"p_{(1)} = 1 \iff \term{gap}{x_{(1)} - x_{(2)}} \ge \frac{1}{\beta}\ (\beta>0),\quad \term{gap}{x_{(1)} - x_{(2)}} = \value{gap}"
        ),
        spoken: t(
            "β 大于零时，最大概率恰为一，当且仅当最大分数比第二名领先不少于 β 分之一。",
            "for positive beta, the largest probability is exactly one if and only if the largest score leads the second by at least one over beta.",
        ),
        caption: t("何时恰成独热", "when the result is one-hot"),
        source: from(Ours, "", ""),
    },
    Formula {
        id: "gradient",
        mathml: tex!(
            r"\frac{\partial p_i}{\partial x_j} = p_i\delta_{ij} - p_i p_j,\quad \tfrac12\lVert J\rVert_1 = 1 - \sum_i p_i^2 = \value{half-l1}"
        ),
        spoken: t(
            "p i 对 x j 的偏导数等于 p i 乘 δ i j 减 p i p j；雅可比绝对值之和的一半等于一减 p 的平方和。",
            "the derivative of p i in x j is p i delta i j minus p i p j; half the sum of absolute values is one minus the sum of squares of p.",
        ),
        caption: t("softmax 的梯度何时消失", "when the gradient of softmax vanishes"),
        source: from(Post, "", ""),
    },
    Formula {
        id: "perturb",
        mathml: tex!(
            r"P\left[\operatorname{argmax}(x+\varepsilon)=i\right] = \int p(\varepsilon)\prod_{j\neq i}\Phi(x_i - x_j + \varepsilon)\,d\varepsilon"
        ),
        spoken: t(
            "加噪声之后第 i 个最大的概率，等于噪声密度乘以其余各项累积分布之积的积分。",
            "the probability that entry i is largest after noise is the integral of the density of the noise times the product of the distribution functions of the others.",
        ),
        caption: t("Perturb-Max", "Perturb-Max"),
        source: from(Post, "", ""),
    },
];
