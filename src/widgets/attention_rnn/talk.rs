//! What a teacher may say and ask at each step: attention as an RNN. Files carry it, no program does.

use crate::contract::text::Text;

/// A note a step.
pub const TALK: &[Text] = &[
    Text {
        zh: "先问：读完一本书需要多大的脑子？把两件事分开：每一步能记多少，每一步能读多少。",
        en: "Begin with: how large a brain does it take to read a book? Then part two things: how much a step may keep, and how much it may read.",
    },
    Text {
        zh: "慢放两行，请学生数每一行读了几个键。指着被剪断的箭头：下一行从零开始。",
        en: "Play two rows slowly and count the keys of each. Point at the cut arrows: the next row starts from nothing.",
    },
    Text {
        zh: "请一位同学随意拖动 q、k、v，其余的人盯着差值：它始终在舍入误差之内。",
        en: "One student drags q, k and v at will while the rest watch the difference: it never leaves the rounding.",
    },
    Text {
        zh: "换成乱序再放一遍，请学生找出哪里不同。中间的状态不同，终点的状态相同。",
        en: "Play again in shuffled order and ask what differs. The states on the way do; the last one does not.",
    },
    Text {
        zh: "先估计 e¹² 有多大（十六万多），再看 f16 的上限 65504。为什么训练时很少撞上？因为框架早已换成了稳妥的形式。",
        en: "Estimate e¹² first (over 160,000), then look at the limit of f16, 65504. Why is this rarely met in practice? Because frameworks use the safe form.",
    },
    Text {
        zh: "请每个人先写下猜测，再揭晓。C(1003, 3) 怎样数出来，可以留作课后题。",
        en: "Everyone writes a guess before the answer. How C(1003, 3) comes about makes good homework.",
    },
    Text {
        zh: "数字是用来惊讶的。之后回到第一步：有限的脑子靠什么算出放不下的结果？靠纸和笔。",
        en: "The number is there to astonish. Then go back to step one: how does a bounded brain compute what it cannot hold? With pencil and paper.",
    },
];
