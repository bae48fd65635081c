//! Where the mathematics of this post goes on: the KV cache. Files carry it, no program does.

use crate::contract::text::Text;
use crate::contract::widget::Road;

/// Roads to other posts, each told by one of its ends.
pub const ROADS: &[Road] = &[Road {
    to: "extrapolation",
    words: Text {
        zh: "缓存的若是旋转之后的键，外推中途一改频率，旧键的角度就全错了。",
        en: "Where the cache holds keys after rotation, an extrapolation that changes frequencies halfway leaves the old ones at wrong angles.",
    },
}];
