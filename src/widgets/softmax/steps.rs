//! Named scenes and the way through.

use std::sync::Arc;

use yansuan_math::noise::Noise;
use yansuan_math::rng::SplitMix64;

use super::state::{Focus, Maps, State};
use crate::contract::step::{Ask, Preset, Step};
use crate::contract::text::{Text, t};

fn scores(x: &[f64]) -> Arc<[f64]> {
    x.into()
}

pub const PRESETS: &[Preset<State>] = &[
    Preset {
        key: "attention",
        name: t("注意力的一行", "Attention row"),
        note: t("16 个分数，像一行注意力。", "Sixteen scores, as in one row of attention."),
        set: |s| {
            let row = [3.1, 0.4, 1.9, -0.6, 0.2, 2.4, -1.2, 0.9, -0.3, 1.1, 0.5, -2.0, 0.1, 2.9, -0.8, 0.7];
            s.x = scores(&row);
            s.focus = Focus::Entmax;
        },
    },
    Preset {
        key: "zipf",
        name: t("长尾", "Long tail"),
        note: t("分数是 −ln r：词频的齐夫定律。", "The scores are −ln r, as in Zipf's law of words."),
        set: |s| s.x = (1..=64).map(|r| -f64::from(r).ln()).collect(),
    },
    Preset {
        key: "ties",
        name: t("并列", "Ties"),
        note: t(
            "并列的分数得到相同的概率；稀疏 softmax 只能按下标取舍。",
            "Equal scores get equal probabilities; sparse softmax must choose by index.",
        ),
        set: |s| {
            s.x = scores(&[1.5, 1.5, 1.5, 0.0, -0.5]);
            s.maps = Maps(Maps::SOFTMAX | Maps::SPARSEMAX | Maps::SPARSE);
        },
    },
    Preset {
        key: "dominant",
        name: t("一家独大", "One dominates"),
        note: t("第一个分数远远领先。", "The first score is far ahead."),
        set: |s| s.x = scores(&[5.0, 1.0, 0.5, 0.0, -1.0]),
    },
    Preset {
        key: "margin",
        name: t("余弦与间隔", "Cosines with a margin"),
        note: t("人脸识别一类的检索：余弦相似度，1/τ = 30。", "Retrieval, as for faces: cosine similarities with 1/τ = 30."),
        set: |s| {
            s.x = scores(&[0.62, 0.48, 0.31, 0.05, -0.2]);
            s.tau = 1.0 / 30.0;
        },
    },
    Preset {
        key: "vocabulary",
        name: t("十万词表", "100,000 words"),
        note: t("十万个分数：语言模型最后一层的大小。", "A hundred thousand scores, the size of a language model's last layer."),
        set: |s| {
            let mut rng = SplitMix64::new(2024);
            s.x = (1..=100_000).map(|r| 6.0 - 0.9 * f64::from(r).ln() + 0.7 * rng.normal()).collect();
        },
    },
];

pub const STEPS: &[Step<State>] = &[
    Step {
        title: t("先减去最大者", "Subtract the largest first"),
        body: t(
            "这里的分数在一千左右。照定义先算 e¹⁰⁰⁰，计算机只会得到“溢出”。\n把所有分数减去同一个数，概率不变；减去最大者，指数就不会溢出。概率图下面的两个读数，就是这两种算法。",
            "The scores here are near a thousand. Computing e¹⁰⁰⁰ as the definition says only overflows.\nSubtracting one number from all scores leaves the probabilities as they are; subtracting the largest keeps every exponential small. The two readouts below the probabilities show the two ways.",
        ),
        panel: "probabilities",
        set: |s| s.x = scores(&[1000.0, 999.2, 998.4, 997.7, 996.9]),
        ask: Some(Ask {
            question: t("把五个分数都加上 1000，softmax 会怎样？", "Add 1000 to all five scores. What does softmax do?"),
            answers: &[t("更尖", "It gets sharper"), t("不变", "Nothing"), t("更平", "It gets flatter")],
            right: 1,
            after: t(
                "分子分母同乘 e^c，约去了。这叫平移不变性。",
                "Numerator and denominator both gain the factor e^c. This is shift invariance.",
            ),
            reveal: |s| s.x = scores(&[2000.0, 1999.2, 1998.4, 1997.7, 1996.9]),
        }),
    },
    Step {
        title: t("温度", "Temperature"),
        body: t(
            "先除以 τ 再做映射。τ 小，分差被放大，概率流向最大者；τ 大，趋于均匀。\n三角形里每条曲线是 τ 从 10 到 0.01 走过的路：softmax 只会逼近顶点，sparsemax 会走到边上，再沿着边到达顶点。",
            "Scores are divided by τ first. A small τ widens the gaps and sends the probability to the largest; a large one tends to the uniform.\nIn the triangle each curve is the path of τ from 10 to 0.01: softmax only nears the corner, sparsemax meets the edge and follows it into the corner.",
        ),
        panel: "simplex",
        set: |s| {
            s.x = scores(&[1.0, 0.4, -0.2]);
            s.tau = 0.5;
        },
        ask: None,
    },
    Step {
        title: t("越自信，越学不动", "Sure of itself, hard to teach"),
        body: t(
            "softmax 的雅可比是 pᵢδᵢⱼ − pᵢpⱼ。一个概率接近 1 时，每一项都接近 0：½‖J‖₁ = 1 − Σp² 趋于零。\n这就是中间层的 softmax 容易梯度消失的原因。",
            "The Jacobian of softmax is pᵢδᵢⱼ − pᵢpⱼ. Once a probability nears 1 every entry nears 0: ½‖J‖₁ = 1 − Σp² tends to zero.\nThat is why a softmax inside a network may stop passing gradients.",
        ),
        panel: "jacobian",
        set: |s| {
            s.x = scores(&[6.0, 1.2, 0.4, -0.3, -1.1]);
            s.focus = Focus::Softmax;
        },
        ask: None,
    },
    Step {
        title: t("为什么会有零？", "Why zeros?"),
        body: t(
            "每种映射都在找一条水位线 λ，使各项的 φ(xᵢ − λ) 合计为 1。不同的只是 φ 的形状：指数、直线，或介于两者之间。\n指数在水位以下仍大于零（softmax 的水位高过所有分数）；直线在水位以下就是零。",
            "Every map here looks for a level λ at which the φ(xᵢ − λ) add to one. Only the shape of φ differs: exponential, straight, or in between.\nThe exponential is positive even below the level (softmax’s level lies above every score); the straight one is zero there.",
        ),
        panel: "level",
        set: |_| {},
        ask: Some(Ask {
            question: t("把第一个分数调高，哪一个先恰好等于 1？", "Raise the first score. Which map reaches exactly 1 first?"),
            answers: &[super::text::SOFTMAX, super::text::SPARSEMAX, Text::same("entmax-1.5")],
            right: 1,
            after: t(
                "领先 1/β 就到 1：sparsemax 要领先 1，entmax-1.5 要领先 2，softmax 永远到不了。",
                "A lead of 1/β is enough: 1 for sparsemax, 2 for entmax-1.5, and softmax never gets there.",
            ),
            reveal: |s| s.x = scores(&[2.2, 1.2, 0.4, -0.3, -1.1]),
        }),
    },
    Step {
        title: t("亲手找水位", "Find the level by hand"),
        body: t(
            "水位被抬高了，线上的总量不再是 1。拖动右端的圆点，让“线上合计”回到 1：只有一个位置可以。\n这个位置就是 sparsemax 的 λ，排序之后一次求和便能算出。",
            "The level has been lifted, and the mass above it is no longer 1. Drag the circle at its right end until the mass is 1 again: there is just one such place.\nThat place is the λ of sparsemax; after sorting, one running sum finds it.",
        ),
        panel: "level",
        set: |s| {
            s.focus = Focus::Sparsemax;
            s.maps = Maps(Maps::SPARSEMAX);
            s.lift = 0.4;
        },
        ask: None,
    },
    Step {
        title: t("从 1 到 2 的一条路", "One road from 1 to 2"),
        body: t(
            "entmax 用一个 α 把它们连起来：α = 1 是 softmax，α = 2 是 sparsemax。\n移动 α，看概率一个接一个落到零。1.5 是常用的折中，也有闭式解。",
            "Entmax joins them by one number: α = 1 is softmax, α = 2 is sparsemax.\nMove α and watch the probabilities reach zero one after another. 1.5 is the usual compromise, and has a closed form.",
        ),
        panel: "alpha",
        set: |s| {
            s.focus = Focus::Entmax;
            s.maps = Maps(Maps::SOFTMAX | Maps::SPARSEMAX | Maps::ENTMAX);
            s.alpha = 1.25;
        },
        ask: None,
    },
    Step {
        title: t("正好在边界上", "Right on the boundary"),
        body: t(
            "x = [2, 0] 时，分差恰好是 1.5-entmax 的 1/β = 2。在我们读到的版本里，原文的代码遇到这个输入会报错。\n把 k 限制在判别式非负的范围，再取满足 z₍ₖ₎ ≥ λₖ 的最大 k（z = x/2，降序排列），就总是对的（本站证明）。",
            "With x = [2, 0] the gap is exactly 1/β = 2 of 1.5-entmax. In the version we read, the listing of the post fails on this input.\nKeeping k to non-negative discriminants and taking the largest k with z₍ₖ₎ ≥ λₖ (z = x/2, sorted downwards) is always right; the proof is ours.",
        ),
        panel: "two-class",
        set: |s| {
            s.x = scores(&[2.0, 0.0]);
            s.focus = Focus::Entmax;
        },
        ask: None,
    },
    Step {
        title: t("让噪声来选", "Let noise choose"),
        body: t(
            "给每个分数加上独立的噪声，看谁最大。Gumbel 噪声给出的恰好是 softmax；正态、均匀、指数噪声给出的各不相同。\n按播放，看获胜的频率怎样走近积分算出的概率。",
            "Add independent noise to every score and see which comes first. Gumbel noise gives exactly softmax; normal, uniform and exponential noise each give something else.\nPress play, and watch the shares of wins approach the probabilities of the integral.",
        ),
        panel: "race",
        set: |s| {
            s.maps = Maps(Maps::SOFTMAX | Maps::PERTURB);
            s.noise = Noise::Normal;
            s.draws = 20;
        },
        ask: Some(Ask {
            question: t(
                "均匀噪声 U(0,1) 能给出恰好为零的概率吗？",
                "Can uniform noise U(0,1) give a probability of exactly zero?",
            ),
            answers: &[t("能", "Yes"), t("不能", "No")],
            right: 0,
            after: t(
                "噪声有界：落后超过 1 的分数，无论怎样也追不上。",
                "The noise is bounded: a score more than 1 behind can never catch up.",
            ),
            reveal: |s| s.noise = Noise::Uniform,
        }),
    },
    Step {
        title: t("续篇：选出 k 个", "The sequel: choose k"),
        body: t(
            "这一步出自续篇。把“总和为 1”换成“总和为 k”，并要求每一项不超过 1，同样的水位办法就给出几乎处处可导的 top-k。\nf = min(1, eˣ) 有闭式解，sigmoid 用二分法；k = 1 时前者正是 softmax。",
            "This step is from the sequel. Ask for a sum of k instead of 1, and no entry above 1: the same level then gives a top-k that is differentiable almost everywhere.\nf = min(1, eˣ) has a closed form, the sigmoid needs bisection; with k = 1 the former is softmax itself.",
        ),
        panel: "sequel",
        set: |s| s.k = 2,
        ask: None,
    },
];
