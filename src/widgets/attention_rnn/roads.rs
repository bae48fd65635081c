//! Where the mathematics of this post goes on: attention as an RNN. Files carry it, no program does.

use crate::contract::text::Text;
use crate::contract::widget::Road;

/// Roads to other posts, each told by one of its ends.
pub const ROADS: &[Road] = &[
    Road {
        to: "kv-cache",
        words: Text {
            zh: "同一个注意力的两端：什么也不存，就得一再重算；存下旧的键和值，省了时间，占了显存。",
            en: "Two ends of one attention: keep nothing, and compute it all again and again; keep the old keys and values, and pay with memory.",
        },
    },
    Road {
        to: "s4",
        words: Text {
            zh: "都是递归，差别在状态。S4 把历史压进固定的几个数；注意力每一步都把历史重读一遍，所以是平方的。",
            en: "Both are recurrences, and differ in what they do with the past: S4 presses it into a fixed handful of numbers, attention reads it again at every step, and so is quadratic.",
        },
    },
];
