//! What a teacher may say and ask at each step: densities from Fourier series. Files carry it, no program does.

use crate::contract::text::Text;

/// A note a step.
pub const TALK: &[Text] = &[
    Text {
        zh: "请学生指出曲线在哪里低于零，再问：那里的对数是什么？",
        en: "Let the class point to where the curve is below zero, and ask for its logarithm there.",
    },
    Text {
        zh: "请一位同学拖动系数，打个赌：谁能让密度变成负的？没有人能。",
        en: "A bet: who can drag a coefficient so that the density goes negative? Nobody can.",
    },
    Text {
        zh: "先投票，再揭晓。再问：高斯混合遇到这二十个数会怎样？打开它的曲线看看。",
        en: "Vote first, then reveal. And what would a mixture do with these twenty numbers? Show its curve and see.",
    },
    Text {
        zh: "从很小的 N 慢慢加大，请大家喊停：什么时候刚好？真实的密度有三个峰。",
        en: "Start from a very small N, raise it slowly, and let the class call stop where it is just right. The true density has three peaks.",
    },
    Text {
        zh: "先只动 γ，再换成照原文所印的惩罚比一比。问：把 a 整体缩小，为什么能骗过它？",
        en: "Move γ alone first, then compare with the penalty as printed. Why can it be fooled by shrinking all of a?",
    },
    Text {
        zh: "换一个左右对称的目标再看一遍：尾巴不再是问题。",
        en: "Choose a symmetric target and look again: the tails are no longer a problem.",
    },
    Text {
        zh: "二十条线一起出发。等它们合成一条，再念证书上的读数：不是看起来像最优，而是离最优至多这么多。",
        en: "Twenty lines set out together. Once they are one, read out the certificate: not that it looks optimal, but that it is at most this far from it.",
    },
    Text {
        zh: "先只翻一个根，看曲线 A 和系数怎样变，再看密度那张图：纹丝不动。请大家数一数：八个根，一共有多少条不同的波？",
        en: "Turn a single root first: watch the curve A and its coefficients change, then look at the density, which does not move. Let the class count: eight roots, how many different waves?",
    },
];
