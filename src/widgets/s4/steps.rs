//! Presets and the way through.

use yansuan_math::discretise::Discretisation;
use yansuan_math::signal::{ANNOTATED_S4, BY_HAND, KernelSize, SPEECH};

use super::state::{LEGS, LEGT, Reader, S4, Shown, Source, State};
use crate::contract::step::{Ask, Preset, Step};
use crate::contract::text::{Text, t};

/// Sizes that are found in the wild.
fn sized(s: &mut State, size: KernelSize) {
    (s.d, s.length, s.eps) = (size.d, size.len, size.eps);
    s.now = size.len;
    s.window = (size.len / 4).max(1);
    s.at = size.len * 3 / 8;
    s.root = size.len / 6;
}

/// Forward Euler where its eigenvalues are all inside of the circle, and its norm is not.
const BOLD: f64 = 1.9 / 16.0;

/// The named scenes.
pub const PRESETS: &[Preset<State>] = &[
    Preset {
        key: "annotated",
        name: t("Annotated S4 的大小", "The sizes of Annotated S4"),
        note: t("d = 8，L = 16：小到每个根、每个数都看得清。", "d = 8, L = 16: small enough to see every root and every number."),
        set: |s| {
            sized(s, ANNOTATED_S4);
            s.reader = Reader::Random;
        },
    },
    Preset {
        key: "speech",
        name: t("一秒语音", "A second of speech"),
        note: t("L = 16000，d = 64：真正用得上快算法的长度。", "L = 16000, d = 64: the length for which fast roads are made."),
        set: |s| {
            sized(s, SPEECH);
            s.now = 12_000;
        },
    },
    Preset {
        key: "impulse",
        name: t("脉冲", "An impulse"),
        note: t("只有 u₀ = 1，y 就是卷积核。", "Only u₀ is 1: y is the kernel itself."),
        set: |s| {
            s.source = Source::Impulse;
            s.now = 128;
        },
    },
    Preset {
        key: "step",
        name: t("阶跃", "A step"),
        note: t("多项式拼不出断崖，两边都会起波纹。", "Polynomials make no cliff, and ripple on both sides."),
        set: |s| {
            s.source = Source::Step;
            s.now = 160;
        },
    },
    Preset {
        key: "chirp",
        name: t("扫频", "A chirp"),
        note: t("越来越快的波：看每种记忆从哪里开始跟不上。", "An ever faster wave: see where each memory can no longer follow."),
        set: |s| {
            s.source = Source::Chirp;
            s.now = 256;
            s.d = 32;
        },
    },
    Preset {
        key: "by-hand",
        name: t("手算的例子", "By hand"),
        note: t("d = 1，ε = 2：Ā = 0，卷积核是 C，然后全是 0。", "d = 1, ε = 2: Ā is 0, and the kernel is C and then nothing."),
        set: |s| {
            sized(s, BY_HAND);
            s.reader = Reader::Mean;
            s.root = 1;
        },
    },
    Preset {
        key: "euler",
        name: t("圆里的爆炸", "An explosion inside the circle"),
        note: t(
            "前向欧拉，ε = 1.9/d：特征值全在圆内，幂的范数却到一千万。",
            "Forward Euler at ε = 1.9/d: all eigenvalues inside, and powers of norm ten million.",
        ),
        set: |s| {
            s.scheme = Discretisation::ForwardEuler;
            s.eps = BOLD;
        },
    },
    Preset {
        key: "ringing",
        name: t("步子太大", "A step too large"),
        note: t("ε = 10：双线性的记忆每一步都变号。", "ε = 10: under the bilinear scheme the memory flips at every step."),
        set: |s| {
            s.eps = 10.0;
            s.length = 32;
            s.now = 24;
            s.window = 16;
        },
    },
];

/// The way through.
pub const STEPS: &[Step<State>] = &[
    Step {
        title: t("先看一根弹簧", "First, a spring"),
        body: t(
            "推一个挂在弹簧上的质量块。想知道它接下来怎么动，不必记住推过的每一下，只要记住此刻的状态。\n写成式子就是 x′ = Ax + Bu，y = C·x。后面的一切，只是换了 A 与 B。",
            "Push a mass on a spring. To know how it will move, there is no need to remember every push: its state of this moment is enough.\nAs equations, x′ = Ax + Bu and y = C·x. All that follows has another A and B, and nothing else.",
        ),
        panel: "spring",
        set: |_| {},
        ask: Some(Ask {
            question: t("这个状态里最少要有几个数？", "How many numbers must the state have?"),
            answers: &[
                t("一个：位置", "One: place"),
                t("两个：位置与速度", "Two: place and speed"),
                t("推过几下就几个", "As many as there were pushes"),
            ],
            right: 1,
            after: t(
                "两个。把摩擦减小，它晃得久一些：两个数就够它“记得”很久以前的推力。",
                "Two. With less friction it swings on: two numbers suffice to “remember” pushes of long ago.",
            ),
            reveal: |s| s.friction = 1.0,
        }),
    },
    Step {
        title: t("用 d 个数记住一段历史", "A history in d numbers"),
        body: t(
            "把到此刻为止的 u 用 d 个勒让德多项式来近似，系数就是状态。时间往前走，系数满足一个线性微分方程。\n历史怎么放上 [−1, 1]，决定了它记得什么：LegS 把全部历史拉伸上去，LegT 只放最近一个窗口，S4 按年龄的指数压缩。",
            "Approximate u so far by d Legendre polynomials: their coefficients are the state, and as time goes on they follow a linear equation.\nHow the history is laid on [−1, 1] decides what is remembered: LegS stretches all of it, LegT takes a last window, S4 squeezes it by exp(−age).",
        ),
        panel: "film",
        set: |s| s.memories = LEGS | LEGT | S4,
        ask: Some(Ask {
            question: t(
                "现在 t = 200，窗口是 64。把时刻 26 附近的 u 抬高，哪种记忆几乎不变？",
                "At t = 200 with a window of 64: raise u around time 26. Which memory hardly changes?",
            ),
            answers: &[t("LegS", "LegS"), t("LegT", "LegT"), t("S4", "S4")],
            right: 1,
            after: t(
                "LegT：那一段早已出了窗口，只剩近似留下的残影。LegS 和 S4 还要用同样的几个系数兼顾它，所以都变了。",
                "LegT: that part left its window long ago, and only an echo of the approximation remains. LegS and S4 still serve it with the same few coefficients, and change.",
            ),
            reveal: |s| s.heights = [0.1, 1.9, -0.7, 0.9, -1.0, 0.3, 1.1, -0.6, 0.8, -0.9, 0.4].into(),
        }),
    },
    Step {
        title: t("LegS 的矩阵", "The matrix of LegS"),
        body: t(
            "A 是下三角的：第 n 个系数只被比它低的系数推动，对角线上是 −1、−2、…、−d，这就是全部特征值。\n第一列正好是 −B，所以输入一直是 u 时，状态停在 u·e₀：一个常数，用一个系数就记住了。",
            "A is lower triangular: coefficient n is driven by lower ones only, and on the diagonal stand −1, −2, …, −d, all its eigenvalues.\nIts first column is −B, so that with a steady input u the state rests at u·e₀: a constant is remembered by one coefficient.",
        ),
        panel: "matrix",
        set: |s| s.matrix = Shown::Generator,
        ask: None,
    },
    Step {
        title: t("S4 的记忆按指数淡出", "The memory of S4 fades exponentially"),
        body: t(
            "LegS 原本的方程里 A 要除以 t，忘得很慢，是多项式的。S4 拿了同一个 A，却不除以 t：换了一只钟。\n于是 eᵗᴬB 就是变量为 e⁻ᵗ 的勒让德多项式，再乘 e⁻ᵗ。谁也逃不过最后那个因子。",
            "In the equation of LegS A is divided by t, and forgetting is slow, polynomial. S4 takes the same A without that division: another clock.\nSo eᵗᴬB is Legendre polynomials in exp(−age), times exp(−age). None escapes the last factor.",
        ),
        panel: "decay",
        set: |_| {},
        ask: Some(Ask {
            question: t(
                "年龄从 1 增到 4，S4 的权重变成原来的几分之一？",
                "From age 1 to age 4, what share is left of the weight of S4?",
            ),
            answers: &[t("约 1/4", "About 1/4"), t("约 1/20", "About 1/20"), t("约 1/400", "About 1/400")],
            right: 1,
            after: t("e⁻³ ≈ 1/20。竖线已移到年龄 1。", "e⁻³ ≈ 1/20. The vertical line has moved to age 1."),
            reveal: |s| s.age = 1.0,
        }),
    },
    Step {
        title: t("离散化：圆里也会爆炸", "Discretise, and mind explosions inside the circle"),
        body: t(
            "一步怎么走，有四种走法。常听到的判据是：Ā 的特征值都在单位圆里就稳定。这里 ε = 1.9/16，双线性的幂一直往下。\n换成前向欧拉，最大的 |λ| 是 0.9，也在圆里。",
            "There are four ways to take a step. The usual test is that all eigenvalues of Ā are inside the unit circle. Here ε = 1.9/16, and under the bilinear scheme powers only shrink.\nWith forward Euler the largest |λ| is 0.9: inside, too.",
        ),
        panel: "growth",
        set: |s| s.eps = BOLD,
        ask: Some(Ask {
            question: t("那么前向欧拉的 ‖Āᵏ‖ 最大会到多少？", "And how large does ‖Āᵏ‖ become under forward Euler?"),
            answers: &[t("一直不到 1", "It stays below 1"), t("大约 10", "About 10"), t("大约一千万", "About ten million")],
            right: 2,
            after: t(
                "约 10⁷，后来才落下去：A 的特征向量几乎平行，特征值说不清中途的事。要范数也不超过 1，ε 只能到 1.5×10⁻⁴。",
                "Some 10⁷, and only then do they fall: eigenvectors of A are nearly parallel, and eigenvalues do not tell what happens on the way. To keep the norm within 1, ε must not exceed 1.5×10⁻⁴.",
            ),
            reveal: |s| s.scheme = Discretisation::ForwardEuler,
        }),
    },
    Step {
        title: t("四条路，一个卷积核", "One kernel, four roads"),
        body: t(
            "x 一开始是 0，把递推展开，y 就是 u 和一个卷积核的卷积，Kₖ = C*ĀᵏB̄。难处全在于算 K。\n连乘要 2d²L 次运算；S4 用生成函数绕过了幂。四条路的结果，差别只在舍入。",
            "From x = 0, unroll the recurrence and y is u convolved with a kernel, Kₖ = C*ĀᵏB̄. All the trouble is in computing K.\nPowers take 2d²L operations; S4 goes round them by a generating function. All four roads agree up to rounding.",
        ),
        panel: "roads",
        set: |_| {},
        ask: Some(Ask {
            question: t(
                "单核上，d = 16、L = 256，哪条路的运算最少？",
                "On one core, at d = 16 and L = 256, which road takes the fewest operations?",
            ),
            answers: &[
                t("连乘 Ā", "Powers of Ā"),
                t("O(d) 的递推", "The O(d) recurrence"),
                t("S4 的柯西和", "The Cauchy sums of S4"),
            ],
            right: 1,
            after: t(
                "是递推，约 4 万次；柯西和约 19 万次。S4 赢在每个根各算各的，可以并行，而且 B、C 可以训练。",
                "The recurrence, some 41,000; Cauchy sums take some 186,000. S4 wins because every root can be done at the same time, and B and C can be trained.",
            ),
            reveal: |_| {},
        }),
    },
    Step {
        title: t("在单位根上算，再变回来", "At the roots of unity, and back"),
        body: t(
            "K 的生成函数 K̂(z) 把幂变成了逆：C̃*(I − zĀ)⁻¹B̄，其中 C̃ 吸收了 (I − Ā^L)。\n只要知道 L 个单位根上的值，一次逆 FFT 就得到 K。点圆上的根，看它落到虚轴的哪里。",
            "The generating function K̂(z) turns powers into an inverse, C̃*(I − zĀ)⁻¹B̄, where C̃ takes in (I − Ā^L).\nKnow its values at the L roots of unity, and one inverse FFT gives K. Click roots of the circle, and see where on the axis they fall.",
        ),
        panel: "circle",
        set: |s| {
            s.length = 32;
            s.now = 32;
            s.window = 8;
            s.eps = 1.0 / 32.0;
            s.root = 5;
            s.at = 12;
        },
        ask: Some(Ask {
            question: t("L = 32，真正要算几个根？", "With L = 32, at how many roots must K̂ be computed?"),
            answers: &[Text::same("16"), Text::same("17"), Text::same("32")],
            right: 1,
            after: t(
                "17 个：u、A、B、C 都是实数，另一半只是共轭；z = 1 与 z = −1 各自落单。",
                "At 17: all is real, and the other half are conjugates; z = 1 and z = −1 stand alone.",
            ),
            reveal: |s| s.root = 27,
        }),
    },
    Step {
        title: t("z = −1 处的洞", "The hole at z = −1"),
        body: t(
            "L 是偶数时，−1 也是单位根。那里 2/(1+z) 是无穷大，s 也是无穷大，公式成了无穷乘零。\n把圆上的根一步步移近 −1，看 K̂ 往哪里去。",
            "For an even L, −1 is one of the roots. There 2/(1+z) is infinite, and so is s: the formula says infinity times nothing.\nMove the root towards −1 step by step, and see where K̂ goes.",
        ),
        panel: "spectrum",
        set: |s| {
            s.length = 32;
            s.now = 32;
            s.window = 8;
            s.eps = 1.0 / 32.0;
            s.root = 14;
            s.at = 12;
        },
        ask: Some(Ask {
            question: t("K̂(−1) 是多少？", "What is K̂(−1)?"),
            answers: &[t("无穷大", "Infinite"), t("0", "0"), t("有限的 (ε/2)C̃ᵀB", "Finite: (ε/2)C̃ᵀB")],
            right: 2,
            after: t(
                "洞是可去的：极限是 (ε/2)C̃ᵀB。有些代码在这里得到对的数，只是因为 −1 的舍入误差恰好让分母不是 0。",
                "The hole can be filled: the limit is (ε/2)C̃ᵀB. Some code gets it right only because rounding makes the denominator not quite 0.",
            ),
            reveal: |s| s.root = 16,
        }),
    },
    Step {
        title: t("反对称的一步", "The skew-symmetric step"),
        body: t(
            "为什么不直接把 A 对角化？理论上可以，可它的特征向量几乎平行，一来一回数字就丢光了。\n救命的一步：给 A 加上 ½vvᵀ + ½I，剩下的 S 是反对称的，特征向量两两正交，一位也不丢。低秩的那部分交给 Woodbury。",
            "Why not diagonalise A? In theory one may, but its eigenvectors are nearly parallel, and on the way there and back all digits are lost.\nWhat saves it: add ½vvᵀ + ½I to A, and S is skew, with orthogonal eigenvectors that cost no digit. Woodbury takes care of the rank one.",
        ),
        panel: "condition",
        set: |s| {
            s.matrix = Shown::Skew;
        },
        ask: Some(Ask {
            question: t(
                "d = 16 要丢 10.9 位，卷积核还剩五六位是对的。d 加到 24 呢？",
                "At d = 16, 10.9 digits go, and the kernel still has five or six right. And at d = 24?",
            ),
            answers: &[
                t("再少一两位", "One or two fewer"),
                t("误差和核本身一样大", "The error is as large as the kernel"),
                t("反而更准", "It gets better"),
            ],
            right: 1,
            after: t(
                "要丢 17.0 位，比 64 位浮点数有的还多。看对角化那张图：线已经对不上了。",
                "17.0 digits go, more than a 64-bit number has. Look at the kernel by diagonalising: the lines have parted.",
            ),
            reveal: |s| s.d = 24,
        }),
    },
    Step {
        title: t("RNN 就是 CNN", "The RNN is the CNN"),
        body: t(
            "训练时整个 u 都在手边，一次 FFT 卷积算出所有的 y；生成时一个一个来，用递推，只带着 d 个数。\n两者是同一个 y。改动一个 u，看变化从哪里开始、是什么形状。",
            "In training all of u is at hand, and one convolution by FFT gives every y. In use numbers come one by one, and a recurrence carries d numbers along.\nIt is the same y. Change one u, and see where the change begins and what shape it has.",
        ),
        panel: "same",
        set: |s| {
            s.now = 256;
            s.at = 96;
        },
        ask: Some(Ask {
            question: t("把 u₉₆ 加 2，y 的哪些值会变？", "Add 2 to u₉₆: which values of y change?"),
            answers: &[t("只有 y₉₆", "Only y₉₆"), t("y₉₆ 和以后的", "y₉₆ and later ones"), t("全部", "All")],
            right: 1,
            after: t(
                "之前的一个也不动，之后的变化正好是两倍的卷积核，从 96 起。",
                "No earlier one moves, and from 96 on the change is twice the kernel.",
            ),
            reveal: |s| s.poke = 2.0,
        }),
    },
];
