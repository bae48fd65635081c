//! Where the mathematics of this post goes on: RoPE. Files carry it, no program does.

use crate::contract::text::Text;
use crate::contract::widget::Road;

/// Roads to other posts, each told by one of its ends.
pub const ROADS: &[Road] = &[
    Road {
        to: "extrapolation",
        words: Text {
            zh: "同一组指针，角频率 θ 从快到慢成等比数列。一篇问位置该放在哪里，一篇问转到没见过的角度怎么办。",
            en: "The same hands, their frequencies θ a geometric ladder from fast to slow. One post asks where positions should stand, the other what to do at angles never seen.",
        },
    },
    Road {
        to: "kv-cache",
        words: Text {
            zh: "旋转只看位置之差：q 与 k 之间夹着一个随距离而变的 R。MLA 因此不能预先合并矩阵，只好另配一小段带旋转的键。",
            en: "Rotation sees differences of positions only: between q and k stands an R that depends on the distance. So MLA cannot merge its matrices beforehand, and gives rotation a small key of its own.",
        },
    },
];
