//! Where the mathematics of this post goes on: softmax and its alternatives. Files carry it, no program does.

use crate::contract::text::Text;
use crate::contract::widget::Road;

/// Roads to other posts, each told by one of its ends.
pub const ROADS: &[Road] = &[
    Road {
        to: "attention-rnn",
        words: Text {
            zh: "注意力的权重就是一个 softmax。分子与分母是两个和，可以边读边加；随时减去当前的最大者，边读边加也不会溢出。",
            en: "The weights of attention are a softmax. Its two sums can be added up while reading, and subtracting the largest score so far keeps even that from overflowing.",
        },
    },
    Road {
        to: "extrapolation",
        words: Text {
            zh: "键越多，softmax 的熵越大，像 ln n 那样增长；先给分数乘上 λ，就是把温度降到 1/λ。",
            en: "With more keys the entropy of a softmax grows like ln n. Multiplying the scores by λ first is a temperature of 1/λ.",
        },
    },
    Road {
        to: "fourier-density",
        words: Text {
            zh: "两处都要把任意的数变成概率：一处取指数，一处取长度的平方，再除以总和。这样得到的永远不会是负数。",
            en: "Both turn arbitrary numbers into probabilities, one by exponentials, the other by a squared length, and divide by the total. Nothing made like that is ever negative.",
        },
    },
    Road {
        to: "cool-papers",
        words: Text {
            zh: "给每一项一只按自己的速率走的指数钟，谁先响？概率是它的速率占总速率的比例，也就是对数速率的 softmax，与加 Gumbel 噪声取最大是一回事。等人撞上的 bug，每个都是这样一只钟。",
            en: "Give each item an exponential clock with a rate of its own. Which rings first? Its chance is its share of the rates: the softmax of their logarithms, or the largest after adding Gumbel noise. A bug that waits to be met is such a clock.",
        },
    },
];
