//! Where the mathematics of this post goes on: densities from Fourier series. Files carry it, no program does.

use crate::contract::text::Text;
use crate::contract::widget::Road;

/// Roads to other posts, each told by one of its ends.
pub const ROADS: &[Road] = &[Road {
    to: "s4",
    words: Text {
        zh: "都在单位圆上取等距的点：一处要曲线在这些角度的值，一处要生成函数在单位根上的值。来去都是一次 FFT。",
        en: "Both take points evenly round the unit circle: one wants a curve at those angles, the other a generating function at the roots of unity. One FFT leads there, one back.",
    },
}];
