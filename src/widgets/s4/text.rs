//! Every word of the widget, and its formulas.

use yansuan_tex::tex;

use crate::contract::control::Item;
use crate::contract::formula::Formula;
use crate::contract::panel::{Evidence, Panel, Size, Source, from};
use crate::contract::text::{Text, t};
use crate::contract::widget::{About, Check};

use Evidence::{Code, Ours, Post};

pub const ABOUT: About = About {
    slug: "s4",
    title: t("HiPPO 与 S4：看得见的记忆", "HiPPO and S4: a memory you can watch"),
    question: t(
        "怎样用固定的几个数，随时记住一整段历史，还能算得快？",
        "How can a fixed handful of numbers remember a whole history at any moment, and still be fast to compute?",
    ),
    summary: t(
        "画一个信号，看三种记忆怎样记住它；再用四条路算出同一个卷积核，看一眼单位圆上的洞，并亲手试试为什么不能直接对角化。",
        "Draw a signal and watch three memories keep it; reach one convolution kernel by four roads, look at the hole in the unit circle, and see why diagonalising goes wrong.",
    ),
    version: 1,
    reading: &[
        (t("原文：HiPPO 的高效计算（S4）", "The post (in Chinese)"), "https://kexue.fm/archives/10162"),
        (t("原文：HiPPO 的推导", "The post that derives HiPPO (in Chinese)"), "https://kexue.fm/archives/10114"),
        (t("原文：离散化与性质", "The post on discretisation (in Chinese)"), "https://kexue.fm/archives/10137"),
        (t("HiPPO（2020）", "HiPPO (2020)"), "https://arxiv.org/abs/2008.07669"),
        (t("S4（2021）", "S4 (2021)"), "https://arxiv.org/abs/2111.00396"),
        (t("The Annotated S4", "The Annotated S4"), "https://srush.github.io/annotated-s4/"),
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
        "LegT 与 LegS 的矩阵、离散化、指数衰减、卷积核、生成函数、对角加低秩与反对称那一步：原文 10114、10137、10162",
        "The matrices of LegT and LegS, discretisations, exponential decay, the kernel, generating functions, diagonal plus low rank and the skew step: posts 10114, 10137 and 10162",
    ),
    from(
        Post,
        "存档的文字里有几处小笔误，这里按改正后的算：y_L 一式里 u 的下标应是 L−1−k；y₃ 那一行的 x₁ 应是 x₂，B 应是 B̄；Woodbury 一行漏了星号和下标；|S| 在 d/3 处的量级是 1.93·d^1.5·2^(−4d/3)，不是 √d 那样；“每个因子都小于 1”对前向欧拉要 ε < 2/d，而且并不排除中途暴涨",
        "The stored text has a few small slips; what is computed here is the corrected form. In y_L the index of u should be L−1−k; in the line of y₃, x₁ should be x₂ and B should be B̄; the Woodbury line lacks stars and an index; |S| at d/3 is of the order 1.93·d^1.5·2^(−4d/3), not as √d; that each factor is below 1 needs ε < 2/d for forward Euler, and still does not rule out a transient explosion",
    ),
    from(
        Code,
        "弹簧、推力以及 d = 8、L = 16 的设置出自 The Annotated S4；它在 z = −1 处靠舍入误差绕过 0/0，这里直接用极限值",
        "The spring, its pushes, and d = 8 with L = 16 are those of The Annotated S4; at z = −1 it leans on a rounding error to avoid 0/0, here the limit is put in",
    ),
    from(
        Ours,
        "eᵗᴬB 与预解式的闭式、不用特征值的有理函数之路、z = −1 处的极限、范数安全的步长、浮点运算的计数，都是本站推导并逐一核对的",
        "Closed forms of eᵗᴬB and of the resolvent, the rational road without eigenvalues, the limit at z = −1, the step that is safe in norm, and the count of operations are our own, each checked numerically",
    ),
];

pub const SOURCES_OF_U: &[Item] = &[
    Item { key: "draw", name: t("自己画", "drawn") },
    Item { key: "impulse", name: t("脉冲", "impulse") },
    Item { key: "step", name: t("阶跃", "step") },
    Item { key: "constant", name: t("常数", "constant") },
    Item { key: "sine", name: t("正弦", "sine") },
    Item { key: "chirp", name: t("扫频", "chirp") },
    Item { key: "noise", name: t("噪声", "noise") },
    Item { key: "own", name: t("粘贴的数", "pasted numbers") },
];

pub const SCHEMES: &[Item] = &[
    Item { key: "forward", name: t("前向欧拉", "forward Euler") },
    Item { key: "backward", name: t("后向欧拉", "backward Euler") },
    Item { key: "bilinear", name: t("双线性", "bilinear") },
    Item { key: "zoh", name: t("精确（零阶保持）", "exact (zero-order hold)") },
];

pub const READERS: &[Item] = &[
    Item { key: "recall", name: t("从前某一刻的 u", "u as it was") },
    Item { key: "mean", name: t("加权平均", "weighted mean") },
    Item { key: "random", name: t("随机的 C", "random C") },
    Item { key: "own", name: t("自己写的 C", "your own C") },
];

pub const MEMORIES: &[Item] = &[
    Item { key: "legs", name: t("LegS，拉伸", "LegS, stretching") },
    Item { key: "legt", name: t("LegT，窗口", "LegT, a window") },
    Item { key: "s4", name: t("S4，渐忘", "S4, fading") },
];

pub const MATRICES: &[Item] = &[
    Item { key: "a", name: Text::same("A") },
    Item { key: "sum", name: Text::same("A + Aᵀ") },
    Item { key: "skew", name: t("S，反对称", "S, skew") },
    Item { key: "discrete", name: Text::same("Ā") },
];

/// Label and help of a control.
pub type Words = (Text, Text);

pub const NOW_WORDS: Words =
    (t("走到 t", "Time t"), t("已经读了多少个数；可以播放。", "How many numbers have been read; it can be played."));
pub const D_WORDS: Words = (
    t("记几个数 d", "Numbers kept d"),
    t("状态的大小，即多少个勒让德系数。", "The size of the state: how many Legendre coefficients."),
);
pub const EPS_WORDS: Words = (
    t("步长 ε", "Step ε"),
    t(
        "一个样本是记忆自己的多少时间；记忆长约 1/ε 个样本。",
        "How much of the memory's own time a sample takes; it remembers some 1/ε samples.",
    ),
);
pub const SIGNAL_WORDS: Words = (t("信号 u", "Signal u"), t("记忆要记住的东西。", "What is to be remembered."));
pub const HEIGHTS_WORDS: Words = (
    t("画的高度", "Heights drawn"),
    t(
        "十一个高度，中间连直线；也可以在图上拖。",
        "Eleven heights, joined by straight lines; they can be dragged in the picture too.",
    ),
);
pub const DATA_WORDS: Words =
    (t("自己的信号", "Your own signal"), t("粘贴或打开一列数，最多 16384 个。", "Paste or open a list of up to 16,384 numbers."));
pub const LENGTH_WORDS: Words =
    (t("长度 L", "Length L"), t("信号和卷积核各有多少个数。", "How many numbers signal and kernel have."));
pub const SCHEME_WORDS: Words = (
    t("离散化", "Discretisation"),
    t(
        "怎样从微分方程得到一步的矩阵 Ā；S4 用双线性。",
        "How the equation becomes the matrix Ā of a step; S4 takes the bilinear one.",
    ),
);
pub const WINDOW_WORDS: Words =
    (t("LegT 的窗口 w", "Window w of LegT"), t("LegT 只记最近 w 个样本。", "LegT remembers the last w samples only."));
pub const READER_WORDS: Words =
    (t("读出什么：C", "What is read: C"), t("y = C·x，由状态读出的那个数。", "y = C·x, the number that is read from the state."));
pub const AGE_WORDS: Words = (
    t("回忆多久以前", "Recall how far back"),
    t("以记忆自己的时间计；除以 ε 就是样本数。", "In the memory's own time; over ε it is in samples."),
);
pub const WEIGHTS_WORDS: Words =
    (t("自己的 C", "Your own C"), t("缺的算 0，比 d 多的不用。", "What is missing counts as 0, what is beyond d is not used."));
pub const SEED_WORDS: Words = (t("随机种子", "Seed"), t("噪声和随机的 C 由它决定。", "It decides the noise and the random C."));
pub const MEMORIES_WORDS: Words =
    (t("看哪些记忆", "Memories shown"), t("同样的 d 个数，三种记法。", "The same d numbers, used in three ways."));
pub const STIFFNESS_WORDS: Words = (t("弹簧的硬度", "Stiffness"), t("硬度 k，质量是 1。", "Stiffness k, for a mass of 1."));
pub const FRICTION_WORDS: Words =
    (t("摩擦", "Friction"), t("摩擦 b：越大停得越快。", "Friction b: the more, the sooner it rests."));
pub const MATRIX_WORDS: Words = (
    t("看哪个矩阵", "Matrix shown"),
    t("A、它的对称部分、反对称的 S，或一步的 Ā。", "A, its symmetric part, the skew S, or Ā of a step."),
);
pub const SINGLE_WORDS: Words = (
    t("用单精度算", "In single precision"),
    t("前三条路改用 32 位浮点数，和双精度的比。", "The first three roads in 32-bit numbers, held against double precision."),
);
pub const ROOT_WORDS: Words = (
    t("看第 l 个根", "Look at root l"),
    t("z = exp(−2πil/L)；也可以在图上点。", "z = exp(−2πil/L); click one in the picture, too."),
);
pub const AT_WORDS: Words = (t("改哪一刻", "Change which moment"), t("只改这一个 u。", "Only this one u is changed."));
pub const POKE_WORDS: Words =
    (t("加上多少", "Add how much"), t("也可以拖图上的圆点。", "The dot in the picture can be dragged, too."));

const fn panel(id: &'static str, title: Text, axes: (Text, Text), hint: Text, aspect: f64, source: Source) -> Panel {
    Panel { id, title, x: axes.0, y: axes.1, hint, aspect, size: Size::Half, legend: false, source }
}

const fn full(panel: Panel) -> Panel {
    Panel { size: Size::Full, ..panel }
}

const fn listed(panel: Panel) -> Panel {
    Panel { legend: true, ..panel }
}

const TIME: Text = t("时刻（样本）", "time (samples)");
const STEPS_AGO: Text = t("多少步以前 k", "steps ago k");

pub const PANELS: &[Panel] = &[
    full(listed(panel(
        "film",
        t("记忆的影片", "The film of memory"),
        (TIME, t("u 与还原的 u", "u, and u rebuilt")),
        t(
            "拖动 t，看 d 个数还原出的历史。下面一条是各记忆的权重，面积都是 1。LegS 与 S4 同用一个矩阵，只是钟不同：一个随历史拉长，一个按指数渐忘；LegT 另有矩阵，只看窗口。",
            "Drag t and see the history rebuilt from d numbers. The strip below has each memory's weight, of area 1. LegS and S4 share a matrix and differ in their clock: one stretches with the history, one fades by exp(−age). LegT has a matrix of its own and sees a window.",
        ),
        1.8,
        from(Post, "10114 与 10162；权重与还原由闭式算出", "10114 and 10162; weights and rebuilding from closed forms"),
    ))),
    listed(panel(
        "spring",
        t("弹簧上的质量块", "A mass on a spring"),
        (t("时间（秒）", "time (s)"), t("推力；位置 × 40", "force; place × 40")),
        t(
            "最简单的状态空间。状态是两个数：位置和速度。x′ = Ax + Bu，y = C·x，和后面的写法完全一样。",
            "The simplest state space. Its state is two numbers, place and speed; x′ = Ax + Bu and y = C·x, written as all that follows.",
        ),
        1.5,
        from(Code, "The Annotated S4 的例子", "The example of The Annotated S4"),
    )),
    panel(
        "matrix",
        t("矩阵：下三角与反对称", "The matrix: triangular, and skew"),
        (t("列 k", "column k"), t("行 n，向下", "row n, downwards")),
        t(
            "A 与 S 只差 ½vvᵀ 和 ½I。A + Aᵀ = −I − vvᵀ 是负定的，所以没有输入时状态只会变短。",
            "A and S differ by ½vvᵀ and ½I only. A + Aᵀ = −I − vvᵀ is negative definite: without input a state can only shrink.",
        ),
        1.1,
        from(Post, "10162 的关键一步；变短的推论是本站的", "The key step of 10162; that states shrink is our remark"),
    ),
    listed(panel(
        "decay",
        t("各个系数记得什么", "What each coefficient remembers"),
        (t("年龄（记忆自己的时间）", "age (own time)"), t("权重 (eᵗᴬB)ₙ", "weight (eᵗᴬB)ₙ")),
        t(
            "把年龄取负、再取指数，就是这些勒让德多项式的变量，也是它们共同的因子。不管看哪一个，最后都按指数淡出。竖线是“回忆多久以前”。",
            "Legendre polynomials in exp(−age), times exp(−age): every one of them fades exponentially. The vertical line is “Recall how far back”.",
        ),
        1.5,
        from(Ours, "本站的闭式；衰减是原文的结论", "A closed form of ours; that it decays is the post's"),
    )),
    listed(panel(
        "schemes",
        t("四种离散化，四个卷积核", "Four discretisations, four kernels"),
        (STEPS_AGO, t("卷积核 Kₖ", "kernel Kₖ")),
        t(
            "粗线是选中的。把 ε 拖大：双线性开始每步变号，前向欧拉飞走，精确的那条始终对。",
            "The full line is the chosen one. Drag ε up: the bilinear one flips its sign at every step, forward Euler flies off, the exact one stays right.",
        ),
        1.5,
        from(Post, "10137 的四种格式", "The four schemes of 10137"),
    )),
    full(listed(panel(
        "roads",
        t("四条路，一个卷积核", "Four roads to one kernel"),
        (STEPS_AGO, t("卷积核 Kₖ", "kernel Kₖ")),
        t(
            "连乘 Ā、逐步递推、Woodbury 加柯西和、有理函数：点落在同一条线上。上面的数是与递推的最大相对差。都是双线性的。",
            "Powers of Ā, recurrence, Woodbury with Cauchy sums, a rational function: their dots lie on one line. The numbers above are the largest relative distances from the recurrence. All are bilinear.",
        ),
        2.2,
        from(Post, "前三条路出自原文；有理函数那条是本站的", "Three roads of the post; the rational one is ours"),
    ))),
    full(listed(panel(
        "price",
        t("每条路要多少次运算", "What each road costs"),
        (t("长度 L", "length L"), t("浮点运算次数", "operations")),
        t(
            "竖线是现在的 L。老实说：单核上，O(d) 的递推比柯西和还省；S4 换来的是并行，以及可以训练的 B 与 C。",
            "The vertical line is the present L. Honestly: on one core the O(d) recurrence is cheaper than Cauchy sums; what S4 buys is parallel work, and trainable B and C.",
        ),
        2.2,
        from(Ours, "按真实的浮点运算数，表里有内存", "Counted in real operations; the table has memory too"),
    ))),
    listed(panel(
        "circle",
        t("单位圆上的根，和一个洞", "Roots of unity, and a hole"),
        (t("实部", "real part"), t("虚部", "imaginary part")),
        t(
            "从 z = −1 看过去，每个根都投到竖轴上的一点：这就是 s = (2/ε)(1−z)/(1+z)，按 2/ε 缩小，上下颠倒。−1 自己投到无穷远。",
            "Seen from z = −1 every root falls on a point of the vertical axis: that is s = (2/ε)(1−z)/(1+z), scaled by 2/ε and upside down. −1 itself falls at infinity.",
        ),
        1.1,
        from(Ours, "原文的公式；投影的画法是本站的", "The post's formula; the projection is ours"),
    )),
    listed(panel(
        "spectrum",
        t("每个根上的 K̂", "K̂ at every root"),
        (t("频率 l/L（圈/样本）", "frequency l/L (turns a sample)"), Text::same("|K̂|")),
        t(
            "信号是实数，算一半的根就够。长度为偶数时，右端的空心点就是那个洞：公式成了 0·∞，填进去的是极限 (ε/2)C̃ᵀB。",
            "Everything is real, so half of the roots will do. For an even length the hollow dot at the right is the hole: the formula says 0·∞, and the limit (ε/2)C̃ᵀB is put in.",
        ),
        1.5,
        from(Ours, "可去奇点：本站代入极限，不靠舍入", "A removable singularity: the limit, not luck with rounding"),
    )),
    listed(panel(
        "condition",
        t("为什么不直接对角化", "Why not diagonalise"),
        (t("维数 d", "dimension d"), t("条件数；误差", "condition; error")),
        t(
            "A 的特征向量几乎挤在一起：每多一维，大约再丢 0.76 位数字；越过横线，一位也不剩。S 的特征向量两两正交，条件数恒为 1。",
            "The eigenvectors of A all but coincide: each dimension more costs some 0.76 of a digit, and above the line none is left. Those of S are orthogonal, of condition 1.",
        ),
        1.5,
        from(Post, "10162；条件数与误差是本站算的", "10162; conditions and errors are our numbers"),
    )),
    listed(panel(
        "eig",
        t("对角化算出的卷积核", "A kernel by diagonalising"),
        (STEPS_AGO, t("卷积核 Kₖ", "kernel Kₖ")),
        t(
            "d = 16 时还剩五六位，看不出差别；24 时误差已和核一样大。d > 32 算出来的不再是数据，只打上斜线。",
            "At d = 16 five or six digits are left, and nothing shows; at 24 the error is as large as the kernel. Beyond d = 32 what comes out is no data, and is hatched.",
        ),
        1.5,
        from(Ours, "故意失败的实验，用 LAPACK 那样的回代", "A deliberate failure, with substitution as LAPACK does it"),
    )),
    listed(panel(
        "stability",
        t("Ā 的特征值", "The eigenvalues of Ā"),
        (t("实部", "real part"), t("虚部", "imaginary part")),
        t("都在圆内，就安全了吗？看下一张图。", "All inside: is that safe? See the next picture."),
        1.1,
        from(Post, "10162 的稳定性论证", "The stability argument of 10162"),
    )),
    listed(panel(
        "growth",
        t("Ā 的幂长多大", "How large powers of Ā become"),
        (t("步数 k", "steps k"), Text::same("‖Āᵏ‖₂")),
        t(
            "前向欧拉在 ε = 1.9/d 时，特征值全在圆内，幂却先涨到天上再回来。双线性的一次也不超过 1。",
            "Forward Euler at ε = 1.9/d has all its eigenvalues inside, and its powers soar before they come back. Those of the bilinear scheme never pass 1.",
        ),
        1.5,
        from(Ours, "非正规矩阵的瞬态；原文没有提到", "The transient of a non-normal matrix; the post does not mention it"),
    )),
    full(listed(panel(
        "same",
        t("训练时是卷积，推理时是递推", "Convolution in training, recurrence in use"),
        (TIME, t("u 与 y", "u and y")),
        t(
            "线是一次算完的卷积，点是一步一步的递推，走到 t。拖动圆点改一个 u：此前的 y 不动，此后的变化正好是卷积核。",
            "The line is one convolution, the dots a recurrence that has come to t. Drag the dot to change one u: no earlier y moves, and what changes later is the kernel itself.",
        ),
        2.0,
        from(Post, "RNN 与 CNN 的两种算法", "The two ways, RNN and CNN"),
    ))),
];

pub const FORMULAS: &[Formula] = &[
    Formula {
        id: "ode",
        mathml: tex!(r"x' = Ax + Bu,\quad y = C^{*}x,\quad x \in \mathbb{R}^{d}"),
        spoken: t("x 的导数等于 A x 加 B u；y 等于 C 星乘 x。", "The derivative of x is A x plus B u; y is C star x."),
        caption: t("线性的状态空间", "A linear state space"),
        source: from(Post, "", ""),
    },
    Formula {
        id: "legs",
        mathml: tex!(
            r"A_{nk} = \begin{cases} -\sqrt{(2n+1)(2k+1)} & k < n \\ -(n+1) & k = n \\ 0 & k > n \end{cases},\quad B_n = \sqrt{2n+1}"
        ),
        spoken: t(
            "A 在对角线下是负的根号二 n 加一乘二 k 加一，对角线上是负 n 加一，上面是零；B 是根号二 n 加一。",
            "Below its diagonal A is minus the root of two n plus one times two k plus one, on it minus n plus one, above zero; B is the root of two n plus one.",
        ),
        caption: t("LegS 的矩阵，下标从 0 数", "The matrix of LegS, counted from 0"),
        source: from(Post, "", ""),
    },
    Formula {
        id: "memory",
        mathml: tex!(r"\term{memory}{(e^{tA}B)_n} = \sqrt{2n+1}\,e^{-t}P_n(2e^{-t}-1)"),
        spoken: t(
            "e 的 t A 次方乘 B 的第 n 个分量，等于根号二 n 加一乘 e 的负 t 次方，乘 P n 在二 e 的负 t 次方减一处的值。",
            "Entry n of e to the t A times B is the root of two n plus one, times e to the minus t, times P n at two e to the minus t minus one.",
        ),
        caption: t("记忆的闭式", "The memory in closed form"),
        source: from(Ours, "", ""),
    },
    Formula {
        id: "bilinear",
        mathml: tex!(
            r"\bar{A} = \left(I - \tfrac{\epsilon}{2}A\right)^{-1}\left(I + \tfrac{\epsilon}{2}A\right),\quad \bar{B} = \epsilon\left(I - \tfrac{\epsilon}{2}A\right)^{-1}B,\quad \max|\lambda| = \value{radius}"
        ),
        spoken: t(
            "A 杠是 I 减半 epsilon A 的逆，乘 I 加半 epsilon A；B 杠是 epsilon 乘同一个逆再乘 B。",
            "A bar is the inverse of I minus half epsilon A, times I plus half epsilon A; B bar is epsilon times the same inverse times B.",
        ),
        caption: t("双线性离散化", "The bilinear scheme"),
        source: from(Post, "", ""),
    },
    Formula {
        id: "kernel",
        mathml: tex!(
            r"y_t = \sum_{k=0}^{t} \term{kernel}{K_k}\,u_{t-k},\quad K_k = C^{*}\bar{A}^{k}\bar{B},\quad \sum_k K_k = \value{sum}"
        ),
        spoken: t(
            "y t 是 K k 乘 u t 减 k 对 k 求和；K k 是 C 星乘 A 杠的 k 次方乘 B 杠。",
            "y t is the sum over k of K k times u at t minus k; K k is C star times A bar to the k times B bar.",
        ),
        caption: t("卷积核", "The kernel"),
        source: from(Post, "", ""),
    },
    Formula {
        id: "skew",
        mathml: tex!(
            r"S = A + \tfrac{1}{2}vv^{\top} + \tfrac{1}{2}I = -S^{\top},\quad v = B,\quad A = U\left(\Lambda - uu^{*}\right)U^{*}"
        ),
        spoken: t(
            "S 等于 A 加半个 v v 转置加半个 I，等于负的 S 转置；所以 A 等于 U 乘对角减低秩，再乘 U 星。",
            "S is A plus half of v v transposed plus half of I, and minus its own transpose; hence A is U times diagonal minus low rank times U star.",
        ),
        caption: t("关键一步：反对称", "The key step: skew-symmetric"),
        source: from(Post, "", ""),
    },
    Formula {
        id: "generating",
        mathml: tex!(
            r"\term{spectrum}{\hat{K}(z)} = \frac{2}{1+z}\left[\langle \tilde{C},B\rangle_s - \frac{\langle \tilde{C},u\rangle_s\langle u,B\rangle_s}{1+\langle u,u\rangle_s}\right],\quad s = \frac{2}{\epsilon}\frac{1-z}{1+z},\quad \hat{K}(-1) = \tfrac{\epsilon}{2}\tilde{C}^{\top}B = \value{hole}"
        ),
        spoken: t(
            "K 帽在 z 处等于一加 z 分之二，乘四个柯西和组成的式子；z 等于负一处取极限，半个 epsilon 乘 C 波浪转置 B。",
            "K hat at z is two over one plus z, times an expression of four Cauchy sums; at minus one it is the limit, half epsilon times C tilde transposed B.",
        ),
        caption: t("最后的公式，以及洞里的值", "The final formula, and what is in the hole"),
        source: from(Post, "", ""),
    },
    Formula {
        id: "resolvent",
        mathml: tex!(r"\left[(sI-A)^{-1}B\right]_n = \sqrt{2n+1}\,\frac{\prod_{j<n}(s-j)}{\prod_{j\le n}(s+1+j)}"),
        spoken: t(
            "s I 减 A 的逆乘 B，第 n 个分量是根号二 n 加一，乘 s 减 j 的连乘，除以 s 加一加 j 的连乘。",
            "Entry n of the inverse of s I minus A, times B, is the root of two n plus one, times the product of s minus j, over that of s plus one plus j.",
        ),
        caption: t("不用特征值的第四条路", "The fourth road, without eigenvalues"),
        source: from(Ours, "", ""),
    },
];
