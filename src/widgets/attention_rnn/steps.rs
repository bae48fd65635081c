//! Named scenes and the way through.

use yansuan_math::attention_state::Form;
use yansuan_math::rounding::Format;

use super::state::State;
use crate::contract::step::{Ask, Preset, Step};
use crate::contract::text::{Text, t};

pub const PRESETS: &[Preset<State>] = &[
    Preset {
        key: "abcd",
        name: Text::same("a | ba | cba | dcba"),
        note: t("四个 token，十步：磁带最短的样子。", "Four tokens, ten steps: the tape at its shortest."),
        set: |s| {
            s.tokens = 4;
            s.step = 8;
        },
    },
    Preset {
        key: "needle",
        name: t("一根针", "One needle"),
        note: t(
            "十二个 token，第三个的键正对着最后的查询；看哪种有限的状态还留着它。",
            "Twelve tokens, the key of the third points at the last query; which bounded state still has it?",
        ),
        set: |s| {
            s.tokens = 12;
            s.step = 78;
            s.needle = 3;
            s.cap = 4;
        },
    },
    Preset {
        key: "overflow",
        name: t("溢出", "Overflow"),
        note: t("f16，照公式：分数超过 11.09 就成了 ∞。", "f16, as the formula stands: beyond a score of 11.09 there is ∞."),
        set: |s| {
            s.gain = 20.0;
            s.form = Form::Raw;
            s.format = Format::F16;
            s.step = 15;
        },
    },
    Preset {
        key: "two-layers",
        name: t("两层，六个 token", "Two layers, six tokens"),
        note: t("完全递归走到一半：两个格子，77 个分数。", "Full recursion halfway: two slots, 77 scores."),
        set: |s| s.call = 40,
    },
    Preset {
        key: "llama2-70b",
        name: t("LLaMA2-70B 的账", "The bill of LLaMA2-70B"),
        note: t("1000 个 token，什么都不存：10 的 123 次方个分数。", "1000 tokens with nothing kept: ten to the 123rd scores."),
        set: |s| {
            s.model = 3;
            s.kept = 40;
        },
    },
    Preset {
        key: "long",
        name: t("三十二个 token", "Thirty-two tokens"),
        note: t("528 步，按播放看三角形被填满。", "528 steps; press play and watch the triangle fill."),
        set: |s| {
            s.tokens = 32;
            s.d = 4;
            s.is_scaled = true;
            s.step = 300;
            s.cap = 8;
        },
    },
];

/// The seven steps.
pub const STEPS: &[Step<State>] = &[
    Step {
        title: t("大脑是 RNN 吗？", "Is a brain an RNN?"),
        body: t(
            "人的脑容量固定，读书却可以反复翻回去看。所以限制住的是每一步的记忆，不是每一步的时间。\n那就允许 RNN 每来一个新 token，把过去重读一遍：空间仍是常数，总时间变成平方。",
            "A brain has a fixed size, yet a reader may turn back the pages. What is bounded is the memory of a step, not its time.\nSo let an RNN read the whole past again for each new token: space stays constant, and the time becomes quadratic.",
        ),
        panel: "tape",
        set: |s| {
            s.tokens = 4;
            s.step = 0;
        },
        ask: None,
    },
    Step {
        title: t("注意力就是这样读的", "Attention reads like that"),
        body: t(
            "第 i 行是第 i 个查询：从最新的键读起，一直读到最旧的。每读一个键，分子 y 与分母 z 各加一项。\n下一行开始时状态清零：那是被剪断的箭头。按播放，或点一格跳过去。",
            "Row i is query i: it reads from the newest key to the oldest. With every key the numerator y and the denominator z gain a term.\nAt the next row the state is reset: those are the cut arrows. Press play, or click a cell.",
        ),
        panel: "triangle",
        set: |s| {
            s.tokens = 6;
            s.step = 17;
        },
        ask: Some(Ask {
            question: t(
                "序列从 6 个 token 变成 32 个，状态要多带几个数？",
                "From 6 tokens to 32, how many more numbers must the state carry?",
            ),
            answers: &[t("26 个", "26"), t("一个也不用", "None"), t("平方倍", "Quadratically many")],
            right: 1,
            after: t(
                "始终是 d + 2 个：m、z 和 d 个 y。变长的是磁带，不是状态。",
                "It is d + 2 throughout: m, z and d numbers y. The tape grows, not the state.",
            ),
            reveal: |s| {
                s.tokens = 32;
                s.step = 500;
            },
        }),
    },
    Step {
        title: t("结果分毫不差", "The same numbers"),
        body: t(
            "一边是带掩码的 softmax 一次算完，一边是 RNN 一步步走完。拖动 q、k、v，两者的差始终在舍入误差之内。\n输出是值的凸组合，所以总落在读过的值围成的凸包里。",
            "On one side masked softmax at once, on the other the RNN step by step. Drag q, k and v: the difference stays within rounding.\nThe output is a convex combination of the values, so it never leaves the hull of those that were read.",
        ),
        panel: "values",
        set: |s| {
            s.tokens = 6;
            s.step = 21;
        },
        ask: None,
    },
    Step {
        title: t("顺序无所谓，分段也无所谓", "Any order, any split"),
        body: t(
            "和是可以交换、可以结合的：倒着读、乱序读、切成几段各读各的再合并，都得到同一个状态。\nFlashAttention 的分块，用的就是这个合并。但“最新的在前”另有好处：后面会看到。",
            "Sums commute and associate: backwards, shuffled, or cut into parts that are merged later, the state is the same.\nThe blocks of FlashAttention rest on this merge. Yet to read the newest first has a merit of its own, as we shall see.",
        ),
        panel: "proof",
        set: |s| {
            s.order = 2;
            s.step = 18;
        },
        ask: None,
    },
    Step {
        title: t("照公式写会溢出", "The bare formula overflows"),
        body: t(
            "e 的 12 次方就超过了 f16 能表示的最大数；f32 到 88.7，f64 到 709.8。\n多带一个数 m（目前为止的最大分数），所有指数都不大于 0，z 就总在 1 与 i 之间。",
            "e to the 12th is beyond the largest f16; f32 holds out to 88.7, f64 to 709.8.\nCarry one number more, m, the largest score so far: then no exponent is above 0, and z stays between 1 and i.",
        ),
        panel: "overflow",
        set: |s| {
            s.gain = 20.0;
            s.form = Form::Raw;
            s.format = Format::F16;
            s.step = 15;
        },
        ask: Some(Ask {
            question: t("换成稳妥的形式，f16 还会溢出吗？", "In the safe form, does f16 still overflow?"),
            answers: &[t("会", "It does"), t("不会", "It does not")],
            right: 1,
            after: t(
                "指数都不大于 0，所以不会；只剩下 f16 本身的舍入误差。",
                "No exponent is above 0; only the rounding of f16 remains.",
            ),
            reveal: |s| s.form = Form::Safe,
        }),
    },
    Step {
        title: t("两层：谁来存？", "Two layers: who keeps what?"),
        body: t(
            "第二层的键要由第一层算出来。不存的话，每要一个键，就让第一层从原始输入重新算起。\n最新的键在前，查询、键和值就能共用同一次重算。格子始终只有 N 个，代价全在时间里。",
            "The keys of layer two come out of layer one. If nothing is kept, every key makes layer one start over from the raw input.\nWith the newest key first, query, key and value share one recomputation. There are N slots throughout; the price is all time.",
        ),
        panel: "stack",
        set: |s| {
            s.layers = 2;
            s.call = 30;
        },
        ask: Some(Ask {
            question: t(
                "1000 个 token、两层，什么都不存，要算多少个 q·k？",
                "1000 tokens, two layers, nothing kept: how many q·k?",
            ),
            answers: &[
                t("约一百万", "About a million"),
                t("约一亿七千万", "About 170 million"),
                t("约一万亿", "About a trillion"),
            ],
            right: 1,
            after: t(
                "C(1003, 3) − 1001 = 167 667 500，约为 L³/6；有缓存时是一百万零一千。",
                "C(1003, 3) − 1001 = 167 667 500, about L³/6; with a cache it is 1 001 000.",
            ),
            reveal: |s| s.call = 77,
        }),
    },
    Step {
        title: t("能平到底，也贵到底", "Flat memory, at a price"),
        body: t(
            "工作记忆真的可以是常数。代价全在时间里：什么都不存，就要把旧的键一层层重算。\n有限的记忆还意味着：不借助思维链，2ˣ 的十进制展开总会在某个 x 之后放不下。写在纸上，就是写到磁盘上。",
            "The working memory can indeed be constant. The price is all in time: with nothing kept, old keys are made again, layer upon layer.\nA bounded memory also means: without a chain of thought the decimal digits of 2ˣ no longer fit beyond some x. To write them down is to use the disk.",
        ),
        panel: "price",
        set: |s| {
            s.model = 2;
            s.power = 1_000_000;
        },
        ask: Some(Ask {
            question: t(
                "LLaMA2-70B（80 层），1000 个 token，什么都不存，要算多少个 q·k？",
                "LLaMA2-70B (80 layers), 1000 tokens, nothing kept: how many q·k?",
            ),
            answers: &[t("约 10⁹", "About 10⁹"), t("约 10³⁰", "About 10³⁰"), t("约 10¹²³", "About 10¹²³")],
            right: 2,
            after: t(
                "比可观测宇宙里的原子（10⁸⁰）还多 43 个数量级。",
                "That is 43 orders of magnitude more than there are atoms in the observable universe (10⁸⁰).",
            ),
            reveal: |s| s.model = 3,
        }),
    },
];
