//! Named scenes and the way through.

use yansuan_math::target_density::Target;

use super::state::{Fold, KERNEL, MIXTURE, NAIVE, Origin, State, TRUTH};
use crate::contract::step::{Ask, Preset, Step};
use crate::contract::text::t;

pub const PRESETS: &[Preset<State>] = &[
    Preset {
        key: "notebook",
        name: t("论文的笔记本", "The paper's notebook"),
        note: t("十个高斯，N = 20；论文所附代码的目标。", "Ten Gaussians, N = 20: the target of the paper's code."),
        set: |s| {
            s.origin = Origin::Target(Target::Notebook);
            s.degree = 20;
            s.n = 2000;
            s.iteration = 150;
            s.components = 10;
        },
    },
    Preset {
        key: "two",
        name: t("双峰", "Two peaks"),
        note: t("最常见的例子。", "The usual example."),
        set: |s| s.curves = TRUTH | MIXTURE,
    },
    Preset {
        key: "three",
        name: t("三峰", "Three peaks"),
        note: t("宽窄不同的三个峰。", "Three peaks of different width."),
        set: |s| {
            s.origin = Origin::Target(Target::Trimodal);
            s.degree = 16;
        },
    },
    Preset {
        key: "flat",
        name: t("均匀", "Uniform"),
        note: t("最优解就是常数。", "The best is a constant."),
        set: |s| {
            s.origin = Origin::Target(Target::Uniform);
            s.curves = TRUTH | KERNEL;
        },
    },
    Preset {
        key: "claw",
        name: t("爪", "The claw"),
        note: t("五个细峰，需要更高的次数。", "Five narrow peaks, which want a higher degree."),
        set: |s| {
            s.origin = Origin::Target(Target::Claw);
            s.degree = 40;
            s.n = 4000;
            s.fold = Fold::Wrap;
            s.gamma = 1e-5;
            s.iteration = 120;
        },
    },
    Preset {
        key: "point",
        name: t("同一个点", "One point"),
        note: t("似然停在上限处：Fejér 核。", "The likelihood stops at the ceiling: the Fejér kernel."),
        set: |s| {
            s.origin = Origin::Target(Target::Repeated);
            s.n = 20;
            s.penalty = None;
        },
    },
    Preset {
        key: "tails",
        name: t("两边不同的尾", "Unequal tails"),
        note: t(
            "实轴上的模型两边尾巴必须一样，这里就拟合不好。",
            "On the real line both tails must be alike, and here the fit fails.",
        ),
        set: |s| {
            s.origin = Origin::Target(Target::Skewed);
            s.fold = Fold::Line;
            s.degree = 8;
        },
    },
    Preset {
        key: "draw",
        name: t("自己画", "Draw it yourself"),
        note: t("拖动十一个高度，拟合马上跟上。", "Drag eleven heights; the fit follows at once."),
        set: |s| {
            s.origin = Origin::Drawn;
            s.degree = 20;
            s.gamma = 1e-5;
        },
    },
];

/// The eight steps.
pub const STEPS: &[Step<State>] = &[
    Step {
        title: t("直接截断会变负", "Cut off, it goes negative"),
        body: t(
            "任何函数都能展开成傅里叶级数。把密度的级数截到 N 次，归一化没有问题，但它会在零附近上下摆动。\n负的“概率密度”没有意义，取对数也无从谈起。",
            "Every function has a Fourier series. Cut that of a density off at degree N: the integral is still 1, but near zero it swings both ways.\nA negative density means nothing, and has no logarithm.",
        ),
        panel: "density",
        set: |s| {
            s.origin = Origin::Target(Target::Notebook);
            s.curves = TRUTH | NAIVE;
            s.degree = 8;
        },
        ask: None,
    },
    Step {
        title: t("改用长度的平方", "Take a squared length instead"),
        body: t(
            "换一组复系数 a，先画一条复平面上的曲线 A(x)，密度就是它到原点距离的平方。不论 a 取什么，都不会是负的。\n没有损失什么：每个非负的三角多项式都能写成这样（Fejér–Riesz）。拖动一个系数试试。",
            "Take complex coefficients a, draw the curve A(x) in the plane, and let the density be its squared distance from the origin. Whatever a is, nothing is negative.\nNor is anything lost: every non-negative trigonometric polynomial has this form (Fejér and Riesz). Drag a coefficient.",
        ),
        panel: "wave",
        set: |s| s.is_by_hand = true,
        ask: None,
    },
    Step {
        title: t("只有一个数据点", "A single data point"),
        body: t(
            "二十个数都落在同一个点上。高斯混合可以把一个高斯收得越来越窄，似然没有上界。\n傅里叶密度做不到：它的高度不超过 (N+1)/2。",
            "Twenty data on one and the same point. A mixture may make a Gaussian ever narrower, and its likelihood has no bound.\nA Fourier density cannot: its height is at most (N+1)/2.",
        ),
        panel: "density",
        set: |s| {
            s.origin = Origin::Target(Target::Repeated);
            s.n = 20;
            s.penalty = None;
            s.iteration = 0;
        },
        ask: Some(Ask {
            question: t("N = 12 的傅里叶密度，似然最大时峰有多高？", "With N = 12, how high is the peak of greatest likelihood?"),
            answers: &[t("6.5", "6.5"), t("13", "13"), t("没有上限", "There is no limit")],
            right: 0,
            after: t("恰好是 (N+1)/2 = 6.5，那就是 Fejér 核。", "Exactly (N+1)/2 = 6.5: that is the Fejér kernel."),
            reveal: |s| s.iteration = 100,
        }),
    },
    Step {
        title: t("提高次数", "Raise the degree"),
        body: t(
            "次数 N 决定能画多细的峰：上限升高，峰最多 N 个。\n数据不多时，N 太大就会去追每一个点。移动 N，看拟合与真实密度的差别。",
            "The degree N decides how fine a peak may be: the ceiling rises, and there are at most N peaks.\nWith few data, too large an N chases single points. Move N and compare with the true density.",
        ),
        panel: "density",
        set: |s| {
            s.origin = Origin::Target(Target::Trimodal);
            s.degree = 30;
            s.n = 200;
            s.penalty = None;
            s.iteration = 200;
        },
        ask: None,
    },
    Step {
        title: t("惩罚起伏", "Penalise roughness"),
        body: t(
            "加上 γ 乘以 ∫|p′|²，高频就被压下去。\n原文所印的惩罚用的是没有归一化的 f：把 a 整体缩小，p 不变，惩罚却消失了。换成“照原文所印”，看频谱几乎不受影响。",
            "Add γ times ∫|p′|², and high frequencies are held down.\nThe penalty as printed uses f before it is normalised: shrink all of a, p stays, and the penalty is gone. Choose “as printed” and see the spectrum hardly mind.",
        ),
        panel: "spectrum",
        set: |s| {
            s.origin = Origin::Target(Target::Trimodal);
            s.degree = 30;
            s.n = 200;
            s.gamma = 3e-3;
            s.iteration = 200;
        },
        ask: None,
    },
    Step {
        title: t("搬到整条实轴", "Out onto the real line"),
        body: t(
            "令 x = tanh((y − μ)/σ)，区间就成了整条实轴（图的横轴是 y）；零次的密度恰好是 logistic 分布。\n但 p(−1) = p(1)，所以两边的尾巴必须一样粗。数据两边不同，它就学不会。",
            "With x = tanh((y − μ)/σ) the interval becomes the whole line, and the figure's axis is y; degree 0 is the logistic density.\nBut p(−1) = p(1), so both tails are alike. Data with unequal tails are beyond it.",
        ),
        panel: "density",
        set: |s| {
            s.origin = Origin::Target(Target::Skewed);
            s.fold = Fold::Line;
            s.degree = 8;
            s.iteration = 150;
        },
        ask: None,
    },
    Step {
        title: t("它总能找到最好的", "It always finds the best"),
        body: t(
            "用 L-BFGS，从二十个随机起点出发，傅里叶密度每次都走到同一个似然。这不是运气：对每一次拟合都能算出一个证书，离最优最多还差多少。\n高斯混合没有这样的证书，不同的起点停在不同的地方。",
            "By L-BFGS, from twenty random beginnings, the Fourier density reaches the same likelihood each time. That is no luck: for every fit a certificate tells how far from the best it is at most.\nA mixture has none, and stops in different places.",
        ),
        panel: "race",
        set: |s| {
            s.origin = Origin::Target(Target::Notebook);
            s.degree = 16;
            s.n = 400;
            s.components = 6;
            s.penalty = None;
            s.iteration = 200;
            s.curves = TRUTH | MIXTURE;
        },
        ask: None,
    },
    Step {
        title: t("同一个密度，许多条波", "One density, many waves"),
        body: t(
            "A(x) 是 z = e^(−iπx) 的多项式，z 在单位圆上走。把它的一个根翻到圆的另一边，圆上每一点到根的距离只乘上同一个常数，于是 |A|² 不变。\n每个根都可以这样翻：N 个根就有 2^N 条不同的波，密度却是同一个。拟合找到的系数因此从不唯一，找到的密度却总是同一个。",
            "A(x) is a polynomial in z = e^(−iπx), and z runs round the unit circle. Turn one of its roots over to the other side of the circle: the distance from it to every point of the circle is multiplied by one and the same constant, so |A|² stays.\nEach root can be turned: N roots give 2^N different waves, and one density. So the coefficients that a fit finds are never the only ones, while the density it finds is.",
        ),
        panel: "roots",
        set: |s| {
            s.degree = 8;
            s.mirrored = 3;
        },
        ask: Some(Ask {
            question: t(
                "把八个根全部翻过去，密度会变成什么样？",
                "All eight roots are turned over. What happens to the density?",
            ),
            answers: &[
                t("一点不变", "It does not change"),
                t("左右颠倒", "It is mirrored, left to right"),
                t("变得不再光滑", "It is no longer smooth"),
            ],
            right: 0,
            after: t(
                "一点不变。全部翻过去的系数，正是原来的系数倒过来再取共轭（差一个公共的相位）：aₖ 换成 a_(N−k) 的共轭。",
                "It does not change. With all of them turned the coefficients are the old ones in reverse and conjugated, but for a common phase: aₖ becomes the conjugate of a_(N−k).",
            ),
            reveal: |s| s.mirrored = 8,
        }),
    },
];
