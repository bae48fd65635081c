//! What a teacher may say and ask at each step: length extrapolation. Files carry it, no program does.

use crate::contract::text::{Text, t};

/// A note a step.
pub const TALK: &[Text] = &[
    t(
        "慢慢拖动 ρ，请大家盯住右下角的几个圆。追问：把 ρ 再拖远，它们会不会又转回弧里？",
        "Drag ρ slowly and have everybody watch the circles at the bottom right. Then: dragged farther still, may a hand come back onto its arc?",
    ),
    t(
        "先只留滑动窗口，问：第 200 个 token 看得见开头吗？再加上 Λ 形掩码，对比多出来的那一竖条。",
        "Begin with the window alone: does token 200 see the beginning? Then add the Λ mask and compare the strip that appears.",
    ),
    t(
        "先投票，再揭晓。一句话记住：PI 不是看不远，是看不清近处。",
        "Vote, then reveal. One sentence to keep: PI does not fail to see far, it fails to see near.",
    ),
    t(
        "请学生画出 Leaky ReRoPE 的折线，再说出 k = 1 和 k 无穷大时各是什么。",
        "Students draw the broken line of Leaky ReRoPE, and say what k = 1 and k infinite are.",
    ),
    t(
        "先让大家估计要算两遍的比例，多数人会猜一半。再看图：只有一条斜带。",
        "Ask for the share that is computed twice; most will say a half. Then look: it is one slanting band.",
    ),
    t(
        "把 s 从 2 拖到 32，记下安全长度与目标之比：.83、.69、.57、.47、.39。越贪心，差得越多。",
        "Drag s from 2 to 32 and write down the safe length over the aim: .83, .69, .57, .47, .39. The greedier, the worse.",
    ),
    t(
        "请学生说出两条曲线在哪里差得最远，再问：论文写的和代码跑的，哪一个才叫 YaRN？",
        "Ask where the two curves are farthest apart. Then: what the paper says or what the code runs, which of them is YaRN?",
    ),
    t(
        "先猜再揭晓。可以请学生推一推：为什么正态分数的熵约等于 ln n − σ²/2。",
        "Guess, then reveal. A derivation for the board: why normal scores have an entropy of about ln n − σ²/2.",
    ),
    t(
        "把“先旋转再缓存”勾掉再勾上，看那条线怎样塌下去。这是真实的代码里出现过的错误。",
        "Untick and tick “Cache after rotation” and watch the line collapse. Real code has had this bug.",
    ),
    t(
        "适合讨论：一个代理指标把大多数方法分得开，它就是原因吗？",
        "Good for a debate: if a proxy tells most methods apart, is it the reason?",
    ),
];
