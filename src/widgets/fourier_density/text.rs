//! Every word of the widget, and its formulas.

use yansuan_tex::tex;

use crate::contract::control::Item;
use crate::contract::formula::Formula;
use crate::contract::panel::{Evidence, Panel, Size, Source, from};
use crate::contract::text::{Text, t};
use crate::contract::widget::{About, Check};

use Evidence::{Code, Ours, Post};

pub const ABOUT: About = About {
    slug: "fourier-density",
    title: t("用傅里叶级数拟合概率密度", "Densities from Fourier series"),
    question: t(
        "傅里叶级数会上下起伏，怎样保证它拟合出来的概率密度处处不小于零？",
        "A Fourier series swings up and down. How can a density fitted with one stay above zero everywhere?",
    ),
    summary: t(
        "用复平面上一条曲线到原点距离的平方作密度，看它一步步拟合数据，并给出离最优还差多少的证书。",
        "Take the squared distance of a complex curve from the origin as a density, watch it fit your data step by step, and see a certificate of how far it is from the best.",
    ),
    version: 1,
    reading: &[
        (t("原文：用傅里叶级数拟合一维概率密度函数", "The post (in Chinese)"), "https://kexue.fm/archives/10007"),
        (t("Fourier Basis Density Model（2024）", "Fourier Basis Density Model (2024)"), "https://arxiv.org/abs/2402.15345"),
        (t("Adam（2014）", "Adam (2014)"), "https://arxiv.org/abs/1412.6980"),
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
        "密度的级数形式、系数的自相关、归一化、tanh 变换与正则项",
        "The series, the autocorrelation of coefficients, normalisation, the tanh map and the penalty",
    ),
    from(
        Ours,
        "上限 (N+1)/2、最优性证书、不随尺度变化的正则项、更正后的分布函数（在我们读到的版本里，印出的式子取复数值，右端是 0 而不是 1）",
        "The ceiling (N+1)/2, the certificate of optimality, the penalty free of scale, the corrected distribution function (in the version we read, the printed one is complex and ends at 0, not 1)",
    ),
    from(
        Code,
        "论文所附笔记本的目标（十个高斯）；它的 cₙ 与原文互为共轭，即左右镜像",
        "The target of the paper's notebook (ten Gaussians); its cₙ is the conjugate of the post's, that is, the mirror image",
    ),
];

pub const ORIGINS: &[Item] = &[
    Item { key: "notebook", name: t("论文的十个高斯", "the paper's ten Gaussians") },
    Item { key: "bimodal", name: t("双峰", "two peaks") },
    Item { key: "trimodal", name: t("三峰", "three peaks") },
    Item { key: "uniform", name: t("均匀", "uniform") },
    Item { key: "claw", name: t("爪形", "claw") },
    Item { key: "point", name: t("同一个点", "one point repeated") },
    Item { key: "skewed", name: t("偏斜", "skewed") },
    Item { key: "own", name: t("自己的数据", "your own numbers") },
    Item { key: "drawn", name: t("自己画的", "drawn by you") },
];

pub const PLACES: &[Item] = &[
    Item { key: "interval", name: t("原样，−1 到 1", "as it is, −1 to 1") },
    Item { key: "wrap", name: t("绕回（周期 2）", "wrapped (period 2)") },
    Item { key: "rescale", name: t("缩放到区间内", "rescaled to fit") },
    Item { key: "line", name: t("整条实轴（tanh）", "the real line (tanh)") },
];

pub const PENALTIES: &[Item] = &[
    Item { key: "none", name: t("不惩罚", "none") },
    Item { key: "free", name: t("不随尺度变", "free of scale") },
    Item { key: "printed", name: t("照原文所印", "as printed") },
];

pub const METHODS: &[Item] = &[Item { key: "lbfgs", name: Text::same("L-BFGS") }, Item { key: "adam", name: Text::same("Adam") }];

pub const TRUTH: Text = t("真实密度", "the true density");
pub const NAIVE: Text = t("级数直接截断", "the series cut off");
pub const MIXTURE: Text = t("高斯混合（EM）", "Gaussian mixture (EM)");
pub const KERNEL: Text = t("核密度估计", "kernel density estimate");

pub const CURVES: &[Item] = &[
    Item { key: "truth", name: TRUTH },
    Item { key: "cut", name: NAIVE },
    Item { key: "mixture", name: MIXTURE },
    Item { key: "kernel", name: KERNEL },
];

pub const FLIPPED: Text = t("翻转根之后的 A", "A with roots mirrored");
pub const FLIPPED_COEFFICIENTS: Text = t("翻转根之后的 aₖ", "aₖ with roots mirrored");

/// The runners of the race.
pub const RUNNERS: [Text; 4] = [
    t("傅里叶，L-BFGS", "Fourier, L-BFGS"),
    t("傅里叶，Adam", "Fourier, Adam"),
    t("高斯混合，EM", "mixture, EM"),
    t("高斯混合，Adam", "mixture, Adam"),
];

/// Label and help of a control.
pub type Words = (Text, Text);

pub const ORIGIN_WORDS: Words =
    (t("数据", "Data"), t("从哪个密度抽样，或用自己的。", "Which density to draw from, or your own."));
pub const DATA_WORDS: Words = (
    t("自己的数", "Your numbers"),
    t("最多两万个；可以粘贴，也可以把 CSV 文件拖到这里。", "Up to twenty thousand; paste them, or drop a CSV file here."),
);
pub const HEIGHTS_WORDS: Words = (
    t("画出的高度", "Heights drawn"),
    t(
        "从 −1 到 1 等距的十一处，各有一个高度；拖动图中的圆点。",
        "Heights at eleven places from −1 to 1; drag the circles in the figure.",
    ),
);
pub const ITERATION_WORDS: Words = (t("第几次迭代", "Iteration"), t("拟合走到哪一步。", "How far the fit has come."));
pub const DEGREE_WORDS: Words = (
    t("次数 N", "Degree N"),
    t("N + 1 个复系数；密度不超过 (N+1)/2。", "N + 1 complex coefficients; the density is at most (N+1)/2."),
);
pub const N_WORDS: Words = (t("数据个数 n", "Number of data n"), t("抽多少个数。", "How many numbers are drawn."));
pub const SEED_WORDS: Words = (t("随机种子", "Seed"), t("数据与起点都由它决定。", "It decides the data and the beginning."));
pub const PENALTY_WORDS: Words = (
    t("惩罚起伏", "Penalise roughness"),
    t(
        "在平均负对数似然上再加 γ 乘以粗糙度。原文的没有归一化，缩小系数就能躲开它。",
        "Adds γ times the roughness to the mean negative log-likelihood. The printed one is not normalised: smaller coefficients evade it.",
    ),
);
pub const GAMMA_WORDS: Words = (t("惩罚 γ", "Penalty γ"), t("越大越平。", "The larger, the smoother."));
pub const METHOD_WORDS: Words = (t("优化方法", "Optimiser"), t("Adam 的学习率是 0.05。", "Adam has the learning rate 0.05."));
pub const FOLD_WORDS: Words =
    (t("数轴怎样放进区间", "How the axis meets the interval"), t("区间之外的数怎么办。", "What becomes of numbers outside."));
pub const SPREAD_WORDS: Words = (
    t("σ 的倍数", "Width σ"),
    t("x = tanh((y − μ)/σ)；1 倍时与数据同宽。", "x = tanh((y − μ)/σ), in multiples of what fits the data's width."),
);
pub const CURVES_WORDS: Words = (t("还画哪些", "Also draw"), t("与拟合的密度比较。", "Compared with the fitted density."));
pub const X0_WORDS: Words = (t("游标 x₀", "Cursor x₀"), t("各图里同一个位置。", "The same place in all figures."));
pub const BY_HAND_WORDS: Words =
    (t("自己转系数", "Turn them by hand"), t("不拟合，直接拖动系数 aₖ。", "No fit: drag the coefficients aₖ yourself."));
pub const PHASOR_WORDS: Words = (t("拖动第几个", "Which one"), t("k 从 0 到 8。", "k from 0 to 8."));
pub const HAND_WORDS: Words = (t("系数 a", "Coefficients a"), t("实部与虚部依次排列。", "Real and imaginary parts in turn."));
pub const MIRRORED_WORDS: Words = (
    t("翻转几个根", "Roots mirrored"),
    t("沿着圆，按角度从 −π 数起；也可以点按一个根。", "Round the circle, by their angles from −π on; or press a root."),
);
pub const U_WORDS: Words = (
    t("均匀随机数 u", "Uniform number u"),
    t("水平射出，碰到曲线后落到横轴，就是一个样本。", "Shot horizontally, it meets the curve and falls: a sample."),
);
pub const PRINTED_WORDS: Words = (
    t("也画原文所印的", "Also as printed"),
    t("它取复数值，实部还会为负。", "Its values are complex, with a real part that may be negative."),
);
pub const COMPONENTS_WORDS: Words = (t("高斯个数 K", "Gaussians K"), t("混合里有几个高斯。", "How many the mixture has."));
pub const EQUAL_WORDS: Words = (t("权重都是 1/K", "All weights 1/K"), t("原文的写法。", "As the post writes it."));

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
        "density",
        t("密度", "The density"),
        (Text::same("x"), Text::same("p")),
        t(
            "按播放，看拟合一步步靠近。N 次的密度不会超过上限 (N+1)/2。",
            "Press play and watch the fit draw near. A density of degree N never passes the ceiling (N+1)/2.",
        ),
        2.1,
        from(Post, "10007；上限是本站的推导", "Post 10007; the ceiling is our own derivation"),
    ))),
    listed(panel(
        "wave",
        t("复平面上的曲线 A(x)", "The complex curve A(x)"),
        (t("实部", "real part"), t("虚部", "imaginary part")),
        t(
            "密度是它到原点距离的平方（的一半）：长度的平方不会是负的。",
            "The density is (half) the square of its distance from the origin: a squared length is never negative.",
        ),
        1.2,
        from(Post, "f = |A|²", "f = |A|²"),
    )),
    listed(panel(
        "phasors",
        t("系数 aₖ", "The coefficients aₖ"),
        (t("实部", "real part"), t("虚部", "imaginary part")),
        t(
            "每个系数是一根指针。勾选“自己转系数”，拖动其中一个。",
            "Each coefficient is a hand. Tick “Turn them by hand” and drag one.",
        ),
        1.2,
        from(Post, "cₙ 是 a 的自相关", "cₙ is the autocorrelation of a"),
    )),
    listed(panel(
        "roots",
        t("A 的根，与它们的镜像", "The roots of A, and their mirror images"),
        (t("实部", "real part"), t("虚部", "imaginary part")),
        t(
            "把一个根翻到单位圆的另一边：曲线 A 变了，密度一位数字也不变。圆外的距离 r 画成 2 − 1/r，所以镜像到圆的距离相等。",
            "Turn a root over to the other side of the unit circle: the curve A is another, the density does not change by a digit. Beyond the circle a distance r is drawn as 2 − 1/r, so that both images are as far from it.",
        ),
        1.2,
        from(
            Ours,
            "Fejér–Riesz 定理留下的自由：每个不在圆上的根都有两种取法",
            "The freedom that the theorem of Fejér and Riesz leaves: two choices for each root off the circle",
        ),
    )),
    panel(
        "spectrum",
        t("频谱 |cₙ/c₀|", "The spectrum |cₙ/c₀|"),
        (t("频率 n", "frequency n"), Text::same("|cₙ/c₀|")),
        t("惩罚越重，高频越小。", "The heavier the penalty, the smaller the high frequencies."),
        1.5,
        from(Post, "系数", "The coefficients"),
    ),
    listed(panel(
        "cdf",
        t("分布函数与抽样", "Distribution function, and sampling"),
        (Text::same("x"), Text::same("Φ")),
        t(
            "把 u 水平射向曲线，落点就是一个样本。原文所印的式子有虚部，而且终点是 0，不是 1。",
            "Shoot u horizontally at the curve; where it falls is a sample. The formula as printed has an imaginary part, and ends at 0 instead of 1.",
        ),
        1.5,
        from(Ours, "更正后的 Φ", "Φ as corrected"),
    )),
    panel(
        "toeplitz",
        t("矩阵 cₙ₋ₘ（实部）", "The matrix cₙ₋ₘ (real part)"),
        (Text::same("m"), t("n，向下", "n, downwards")),
        t(
            "密度不为负，这个矩阵就是半正定的：最小特征值不小于 0。",
            "Where the density is not negative this matrix is positive semidefinite: its least eigenvalue is at least 0.",
        ),
        1.2,
        from(Post, "Herglotz 定理；红正蓝负", "Herglotz' theorem; red is positive, blue negative"),
    ),
    full(listed(panel(
        "race",
        t("二十个起点的赛跑", "A race from twenty beginnings"),
        (t("迭代次数 + 1", "iterations + 1"), t("平均负对数似然", "mean negative log-likelihood")),
        t(
            "同一批数据、同样的种子。L-BFGS 的每一条都走到同一高度，停在带子的上沿；Adam 慢，一百步还在路上。带子是证书：这个次数的傅里叶密度都进不去。高斯混合不归它管，停在各自的地方。",
            "The same data, the same seeds. Every run of L-BFGS comes to rest on the band; Adam is slow, and still under way after a hundred steps. The band is the certificate: no Fourier density of this degree gets into it. Mixtures are not bound by it, and stop where they happen to.",
        ),
        2.2,
        from(
            Ours,
            "证书：L − L* ≤ ln λmax(R)；每组至多取 400 个数",
            "The certificate L − L* ≤ ln λmax(R); the race uses at most 400 data",
        ),
    ))),
    panel(
        "numbers",
        t("这一刻的数", "The numbers of the moment"),
        (NONE, NONE),
        t("似然、矩与粗糙度。", "Likelihoods, moments and roughness."),
        1.0,
        from(Ours, "闭式", "Closed forms"),
    ),
];

pub const FORMULAS: &[Formula] = &[
    Formula {
        id: "density",
        mathml: tex!(
            r"p(x) = \frac{\left|\term{wave}{A(x)}\right|^2}{2c_0},\quad A(x) = \sum_{k=0}^{N} a_k e^{-i\pi k x},\quad c_n = \sum_k a_k \bar{a}_{k+n},\quad p(x_0) = \value{here}"
        ),
        spoken: t(
            "p x 等于 A x 的模的平方除以二 c 零；A 是系数 a k 乘 e 的负 i 派 k x 次方之和；c n 是 a 的自相关。",
            "p of x is the squared modulus of A of x over two c zero; A is the sum of a k times e to the minus i pi k x; c n is the autocorrelation of a.",
        ),
        caption: t("密度是长度的平方", "The density is a squared length"),
        source: from(Post, "", ""),
    },
    Formula {
        id: "ceiling",
        mathml: tex!(r"\term{ceiling}{p(x) \le \frac{N+1}{2}} = \value{ceiling},\quad L \ge -\ln\frac{N+1}{2}"),
        spoken: t(
            "p 不超过二分之 N 加一，所以平均负对数似然不低于负的它的对数。",
            "p is at most N plus one over two, so the mean negative log-likelihood is at least minus its logarithm.",
        ),
        caption: t("似然有界，高斯混合的没有", "The likelihood is bounded; that of a mixture is not"),
        source: from(Ours, "", ""),
    },
    Formula {
        id: "certificate",
        mathml: tex!(
            r"L(a) - L^{*} \le \ln \lambda_{\max}(R),\quad R = \frac1n \sum_j \varphi(x_j)\varphi(x_j)^{*}\frac{c_0}{|A(x_j)|^2},\quad L(a) - L^{*} \le \value{gap}"
        ),
        spoken: t(
            "L 减最优值不超过 R 的最大特征值的对数。",
            "L minus the optimum is at most the logarithm of the largest eigenvalue of R.",
        ),
        caption: t(
            "证书：离最优最多还差多少。有惩罚时换成 λmax(M) − aᴴMa，M = R − γT，T 是粗糙度的矩阵",
            "The certificate: how far from the best at most. With a penalty it is λmax(M) − aᴴMa with M = R − γT, T the matrix of roughness",
        ),
        source: from(Ours, "", ""),
    },
];
