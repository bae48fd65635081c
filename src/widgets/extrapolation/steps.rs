//! Presets and the way through.

use yansuan_math::logit_factor::LogitFactor;

use super::state::{Form, Method, State, bits};
use crate::contract::step::{Ask, Preset, Step};
use crate::contract::text::{Text, t};

/// A model and the length that it is to reach.
fn model(s: &mut State, train: usize, scale: f64, base: f64) {
    s.train = train;
    s.scale = scale;
    s.base = base;
    s.w = train / 4;
    s.near = train / 4;
    s.recent = train / 4 - 4;
    s.cap = train;
    s.rho = s.test() / 2 - 1;
}

/// The named scenes.
pub const PRESETS: &[Preset<State>] = &[
    Preset {
        key: "llama2",
        name: t("LLaMA-2，4K 到 16K", "LLaMA-2, 4K to 16K"),
        note: t(
            "d = 128，b = 10⁴：原文引用的 LLaMA2 试验的训练长度与底数。",
            "d = 128, b = 10⁴: trained length and base of the LLaMA2 trials that the post quotes.",
        ),
        set: |s| model(s, 4096, 4.0, 1e4),
    },
    Preset {
        key: "llama1",
        name: t("LLaMA-1，2K 到 16K", "LLaMA-1, 2K to 16K"),
        note: t("训练短一半，要走的倍数多一倍。", "Trained at half the length, extended twice as far."),
        set: |s| model(s, 2048, 8.0, 1e4),
    },
    Preset {
        key: "gau",
        name: t("GAU，512 到 4096", "GAU, 512 to 4096"),
        note: t(
            "原文公布了各方法准确率的小模型；象限图里标着它们。",
            "The small model whose accuracies the posts printed; they stand in the quadrant.",
        ),
        set: |s| {
            model(s, 512, 8.0, 1e4);
            s.methods = bits(&[Method::None, Method::Pi, Method::NtkMixed, Method::Rerope]);
        },
    },
    Preset {
        key: "llama3",
        name: t("Llama-3.1，8K 到 128K", "Llama-3.1, 8K to 128K"),
        note: t("b = 5×10⁵，斜坡从 1 圈到 4 圈。", "b = 5×10⁵, a ramp from 1 to 4 turns."),
        set: |s| {
            model(s, 8192, 16.0, 5e5);
            s.methods = bits(&[Method::None, Method::Pi, Method::Yarn, Method::Llama3]);
            s.focus = Method::Llama3;
        },
    },
    Preset {
        key: "toy",
        name: t("小例子，64 到 256", "A toy, 64 to 256"),
        note: t("只有八个圆，每一格都画得出来。", "Eight circles only, and every cell can be drawn."),
        set: |s| {
            model(s, 64, 4.0, 100.0);
            s.d = 16;
        },
    },
    Preset {
        key: "w512",
        name: t("ReRoPE 的失败", "ReRoPE failing"),
        note: t(
            "w 取成训练长度 512：距离 512 恰好从没训练过，准确率从 48 落到 8。",
            "w is the trained length, 512: distance 512 is the first that was never trained, and accuracy falls from 48 to 8.",
        ),
        set: |s| {
            model(s, 512, 8.0, 1e4);
            s.w = 512;
            s.methods = bits(&[Method::None, Method::Rerope]);
            s.focus = Method::Rerope;
        },
    },
];

/// The way through.
pub const STEPS: &[Step<State>] = &[
    Step {
        title: t("没见过的不是数，是角度", "It is the angle that is new, not the number"),
        body: t(
            "一个头有 d/2 个圆，距离 ρ 把第 i 根指针转到 ρθᵢ。快的圆在训练里转了几百圈，哪儿都到过；慢的只走过一小段弧。\n把 ρ 拖过训练长度 L：走出弧的，只有慢的那些圆。",
            "A head has d/2 circles, and distance ρ turns hand i to ρθᵢ. The fast ones made hundreds of turns in training and have been everywhere; slow ones saw a short arc.\nDrag ρ past the trained length L: only the slow circles leave their arcs.",
        ),
        panel: "clocks",
        set: |s| {
            s.methods = bits(&[Method::None]);
            s.focus = Method::None;
            s.rho = 3000;
        },
        ask: Some(Ask {
            question: t(
                "L = 4096，b = 10⁴，d = 128。64 个圆里有几个在训练时没转满一圈？",
                "L = 4096, b = 10⁴, d = 128. How many of the 64 circles made less than a full turn in training?",
            ),
            answers: &[Text::same("6"), Text::same("18"), Text::same("46")],
            right: 1,
            after: t(
                "前 46 个转满了，后 18 个没有：临界维度是 92。",
                "The first 46 did, the last 18 did not: the critical dimension is 92.",
            ),
            reveal: |s| s.rho = 9000,
        }),
    },
    Step {
        title: t("切掉远处，还得留住开头", "Cut off the far, but keep the beginning"),
        body: t(
            "既然远的没见过，那就只看近的：滑动窗口。它一用就坏，除非永远留着最前面几个 token，这就是 Λ 形掩码和 StreamingLLM。\n它们近处、远处都没毛病，只是看得见的很少。",
            "If far distances are new, look at near ones only: a sliding window. It breaks at once, unless the first few tokens always stay, as in the Λ mask and StreamingLLM.\nNothing is wrong with them near or far; they just see little.",
        ),
        panel: "matrix",
        set: |s| {
            s.methods = bits(&[Method::None, Method::Window, Method::Lambda, Method::Sinks]);
            s.focus = Method::Sinks;
            s.train = 64;
            s.w = 24;
            s.sinks = 4;
            s.recent = 20;
            s.first = 4;
            s.cap = 64;
            s.rho = 100;
        },
        ask: None,
    },
    Step {
        title: t("内插：远处好了，近处坏了", "Interpolation mends the far and breaks the near"),
        body: t(
            "把位置都除以 s，最远的距离就回到了 L 之内：每一根指针都在弧上。\n可是近处的距离也除以了 s，相邻的两个 token 只隔 1/s。模型最常用的就是近处，所以不微调就不能用。",
            "Divide all positions by s and the farthest distance is back within L: every hand is on its arc.\nBut near distances are divided too, and neighbours are 1/s apart. Near is what a model uses most, and so without tuning it fails.",
        ),
        panel: "quadrant",
        set: |s| {
            s.methods = bits(&[Method::None, Method::Pi]);
            s.focus = Method::Pi;
            s.rho = 12_000;
        },
        ask: Some(Ask {
            question: t("s 从 4 变成 16，PI 的近处保真会怎样？", "From s = 4 to 16, what becomes of PI's near fidelity?"),
            answers: &[t("差不多", "About the same"), t("明显变差", "It gets clearly worse"), t("变好", "It gets better")],
            right: 1,
            after: t("压得越紧，近处变得越多。", "The tighter it is squeezed, the more the near changes."),
            reveal: |s| s.scale = 16.0,
        }),
    },
    Step {
        title: t("保近压远", "Keep near, compress far"),
        body: t(
            "窗口 w 之内一步算一步，窗口之外每 k 个 token 才算一步；k 无穷大就是 ReRoPE，远处一律算 w。\n近处没动，远处也没超出训练：在下面的象限图里，右上角就是它。Self-Extend 是取了整的同一个想法。",
            "Within the window w a step is a step, beyond it k tokens count as one; with k infinite it is ReRoPE, and all far tokens stand at w.\nNear is untouched and far was trained: in the quadrant below it sits in the top right corner. Self-Extend is the same idea, rounded.",
        ),
        panel: "curve",
        set: |s| {
            s.methods = bits(&[Method::None, Method::Rerope, Method::Leaky, Method::SelfExtend]);
            s.focus = Method::Leaky;
            s.rho = 9000;
        },
        ask: None,
    },
    Step {
        title: t("为什么要算两遍", "Why it costs two passes"),
        body: t(
            "窗口内外的距离规律不同，没有一种旋转能同时给出两种，注意力分数得算两遍再挑。\n好在 flash attention 是分块算的：整块都在窗口里，或整块都在外面，一遍就够；只有骑在边缘上的才要两遍。",
            "Inside and outside of the window distances follow different rules, and no single rotation gives both: scores are computed twice and chosen from.\nFlash attention works in tiles, though: a tile wholly inside or wholly outside needs one pass; only those astride the edge need two.",
        ),
        panel: "tiles",
        set: |s| {
            s.scale = 1.0;
            s.methods = bits(&[Method::None, Method::Rerope]);
            s.rho = 2000;
        },
        ask: Some(Ask {
            question: t(
                "L = 4096，w = 1024，块边长 128：528 块里有多少要算两遍？",
                "L = 4096, w = 1024, tiles of 128: how many of the 528 are computed twice?",
            ),
            answers: &[Text::same("24"), Text::same("132"), Text::same("264")],
            right: 0,
            after: t("24 块，4.5%：代价其实很小。", "24 tiles, 4.5%: the price is small."),
            reveal: |_| {},
        }),
    },
    Step {
        title: t("NTK 只撑到一半", "NTK holds for about half"),
        body: t(
            "NTK 换一个更大的底数，让最慢的圆恰好内插到 1/s，最快的不动。\n可中间那些没转满一圈的圆内插得不够。哪一个最先走出弧，哪里就是安全长度：大约是目标的一半。这与原文的经验一致，推导是本站的。",
            "NTK takes a larger base, so that the slowest circle is interpolated by exactly 1/s and the fastest stays.\nBut circles between that made no full turn are interpolated too little. Where the first of them leaves its arc is the safe length: about half of what was asked for. The post found that by trial; the derivation is ours.",
        ),
        panel: "ratio",
        set: |s| {
            s.scale = 8.0;
            s.methods = bits(&[Method::Pi, Method::Ntk, Method::NtkMixed]);
            s.focus = Method::Ntk;
            s.rho = 20_000;
        },
        ask: Some(Ask {
            question: t("要走 8 倍，NTK 实际安全的是多少？", "Asked for 8 times the length, how far is NTK safe?"),
            answers: &[t("8 倍", "8 times"), t("约 4.6 倍", "About 4.6 times"), t("约 2 倍", "About twice")],
            right: 1,
            after: t("s 的 2i*/(d−2) 次方，约为目标的 57%。", "s to the 2i*/(d−2), some 57% of what was asked for."),
            reveal: |_| {},
        }),
    },
    Step {
        title: t("YaRN：原文与代码不一样", "YaRN: the post and the code differ"),
        body: t(
            "转了 32 圈以上的不动，不满一圈的除以 s，中间用斜坡接起来。原文与论文的斜坡对圈数线性，发布的代码却对下标线性。\n圈数随下标按指数变化，所以两条斜坡差得不少：中间的频率最多差到 2.3 倍。",
            "Circles with more than 32 turns stay, those with less than one are divided by s, and a ramp joins them. In the post and the paper it is linear in the turns, in the released code in the index.\nTurns fall exponentially with the index, so the ramps are far apart: in the middle frequencies differ by up to 2.3 times.",
        ),
        panel: "ratio",
        set: |s| {
            s.scale = 8.0;
            s.methods = bits(&[Method::Ntk, Method::Yarn]);
            s.focus = Method::Yarn;
            s.form = Form::Paper;
            s.rho = 20_000;
        },
        ask: None,
    },
    Step {
        title: t("键多了，注意力会散开", "More keys, attention disperses"),
        body: t(
            "分数的散布不变，键从 512 个加到 4096 个，熵随 ln n 变大，最大的权重变小。\n让分数乘上 λ = ln n / ln L，熵就大致不变。YaRN 的 (1 + 0.1 ln s)² 是试出来的，起的是同样的作用。",
            "With the same spread of scores, from 512 keys to 4096, entropy grows like ln n and the largest weight shrinks.\nTimes λ = ln n / ln L, and entropy stays about where it was. YaRN's (1 + 0.1 ln s)² was found by trial and does the same.",
        ),
        panel: "row",
        set: |s| {
            s.train = 512;
            s.scale = 8.0;
            s.w = 128;
            s.near = 128;
            s.recent = 124;
            s.cap = 512;
            s.rho = 2000;
            s.n = 4096;
        },
        ask: Some(Ask {
            question: t(
                "分数的标准差是 2。从 512 个键到 4096 个，熵约增加多少？",
                "Scores have a standard deviation of 2. From 512 keys to 4096, how much does entropy grow?",
            ),
            answers: &[t("几乎不变", "Hardly at all"), t("约 2 奈特", "About 2 nats"), t("约 8 奈特", "About 8 nats")],
            right: 1,
            after: t("ln 8 ≈ 2.08：散布不变时，熵跟着 ln n 走。", "ln 8 ≈ 2.08: with the same spread, entropy follows ln n."),
            reveal: |s| s.logits = LogitFactor::LogN,
        }),
    },
    Step {
        title: t("税，和缓存里的旧键", "The tax, and stale keys in the cache"),
        body: t(
            "改了频率，短文本也跟着变：这就是外推的税。让 s 随位置变化就不用交，可那样每个位置都有自己的 θ。\n若键是旋转之后才缓存的，频率一变，旧键的角度就全错了。要么缓存旋转之前的键，要么一轮对话只用一个 s。",
            "Change the frequencies and short texts change too: that is the tax. An s that follows the position pays none, but then each position has its own θ.\nIf keys are cached after rotation, old ones stand at wrong angles as soon as frequencies change. Cache them before rotation, or keep one s for a whole turn.",
        ),
        panel: "tax",
        set: |s| {
            s.methods = bits(&[Method::None, Method::Ntk, Method::Dynamic]);
            s.focus = Method::Ntk;
            s.is_stale = true;
            s.rho = 8000;
        },
        ask: None,
    },
    Step {
        title: t("事情没这么简单", "It is not that simple"),
        body: t(
            "w 取到 512，准确率就从 48 掉到 8：差一步没训练过都不行。YaRN 的联合得分只有三分之二左右，却好用；PI 几乎处处是 1，却不行。\n原文还提醒：从头就用 ReRoPE 训练，外推反而没了；键的模长、归一化也都有影响。圆的图景解释了很多，但不是全部。",
            "With w at 512 accuracy falls from 48 to 8: even one untrained step is too much. YaRN's joint score is only about two thirds, and it works; PI's is 1 almost everywhere, and it does not.\nThe post adds that training with ReRoPE from the start loses extrapolation, and that norms of keys matter too. Circles explain a lot, but not everything.",
        ),
        panel: "joint",
        set: |s| {
            model(s, 512, 8.0, 1e4);
            s.methods = bits(&[Method::None, Method::Pi, Method::Yarn, Method::Rerope]);
        },
        ask: None,
    },
];
