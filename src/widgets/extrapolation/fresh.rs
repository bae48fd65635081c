//! Models made otherwise from the start: windows with one full layer, and keys of length 1.

use yansuan_math::hwfa::{FIELD_SHARE, receptive_field, widest_window};
use yansuan_math::key_norm::{PolarScore, normalise_rows};
use yansuan_math::softmax::softmax;

use super::sheets::heaviest;
use super::state::State;
use crate::contract::figure::{Along, Axis, Bar, Dot, Figure, Mark, Point, Role, Shape};
use crate::contract::number::whole;
use crate::contract::text::{Text, Words, t};

/// Keys of the figure of norms.
const COUNT: usize = 10;

/// The place of the long one.
const LONG: usize = 2;

/// Points of a line.
const POINTS: usize = 64;

/// The field of the window layers, tokens.
pub fn field(state: &State, window: usize) -> f64 {
    receptive_field(window, state.layers).map_or(f64::INFINITY, |field| field as f64)
}

/// The widest window whose field is short enough.
pub fn widest(state: &State) -> usize {
    widest_window(state.layers, state.train, FIELD_SHARE).unwrap_or(1)
}

/// HWFA: how far the window layers see together.
pub fn hwfa(state: &State) -> Figure {
    let (train, own) = (state.train as f64, field(state, state.local));
    let last = (2 * widest(state)).max(state.local + state.local / 4).max(8);
    let line: Vec<Point> =
        (0..=POINTS).map(|at| 1 + (last - 1) * at / POINTS).map(|window| (window as f64, field(state, window))).collect();
    let top = own.max(1.35 * train);
    let marks = vec![
        Mark::new(Role::Truth, Shape::Rule(Along::Y, train)).named(t("训练长度 L", "trained length L")),
        Mark::new(Role::D, Shape::Rule(Along::Y, FIELD_SHARE * train)).named(t("四分之三 L", "three quarters of L")),
        Mark::new(Role::A, Shape::Line(line)).named(t("各层窗口合起来的感受野", "receptive field of all window layers")),
        Mark::new(Role::Estimate, Shape::Dots(vec![(state.local as f64, own)], Dot::Full)).named(t("现在", "now")),
    ];
    let (zh, en) = if own <= FIELD_SHARE * train { ("够小", "small enough") } else { ("太宽了", "too wide") };
    let spoken = Words::new(
        format!("{} 层窗口，每层 {} 个 token，合起来看 {} 个：{zh}。", state.layers - 1, state.local, whole(own as u64)),
        format!("{} window layers of {} tokens see {} together: {en}.", state.layers - 1, state.local, whole(own as u64)),
    );
    Figure { x: Axis::linear(1.0, last as f64), y: Axis::linear(0.0, 1.05 * top), marks, spoken, ..Figure::default() }
}

/// A query and some keys, the best aligned first: cosines, and the weights with keys as they are and of length 1.
pub struct Norms {
    pub cosines: Vec<f64>,
    pub plain: Vec<f64>,
    pub normed: Vec<f64>,
}

impl Norms {
    /// Keys of evenly spaced cosines, all of length 1 but the third. `None` if they have no softmax.
    pub fn of(state: &State) -> Option<Self> {
        let q = [state.query, 0.0];
        let mut keys = Vec::with_capacity(2 * COUNT);
        for at in 0..COUNT {
            let (cosine, length) = (0.95 - 0.17 * at as f64, if at == LONG { state.longer } else { 1.0 });
            keys.extend([length * cosine, length * (1.0 - cosine * cosine).sqrt()]);
        }
        let scores =
            |keys: &[f64]| -> Option<Vec<PolarScore>> { keys.chunks_exact(2).map(|key| PolarScore::new(&q, key).ok()).collect() };
        let weights = |scores: &[PolarScore]| {
            softmax(&scores.iter().map(|score| score.query * score.key * score.cosine).collect::<Vec<_>>(), 1.0).ok()
        };
        let (plain, normed) = (scores(&keys)?, scores(&normalise_rows(&keys, 2).ok()?)?);
        Some(Self {
            cosines: plain.iter().map(|score| score.cosine).collect(),
            plain: weights(&plain)?,
            normed: weights(&normed)?,
        })
    }
}

/// Key Norm: who gets the attention.
pub fn norms(norms: Option<&Norms>) -> Figure {
    let (x, y) = (Axis::linear(-0.7, 1.1), Axis::linear(0.0, 1.0));
    let Some(Norms { cosines, plain, normed }) = norms else { return Figure { x, y, ..Figure::default() } };
    let bars = |weights: &[f64], shift: f64| {
        let bar = |(cosine, weight): (&f64, &f64)| Bar { x: (cosine + shift - 0.03, cosine + shift + 0.03), y: (0.0, *weight) };
        Shape::Bars(cosines.iter().zip(weights).map(bar).collect())
    };
    let marks = vec![
        Mark::new(Role::A, bars(plain, -0.033)).named(t("键有长有短", "keys as they are")),
        Mark::new(Role::Estimate, bars(normed, 0.033)).named(Text::same("Key Norm")),
    ];
    let spoken = Words::new(
        format!("不归一化，最重的是按角度排第 {} 的键；归一化之后是最像的那个。", heaviest(plain) + 1),
        format!("As they are, the heaviest key is number {} by angle; normed, it is the best aligned.", heaviest(plain) + 1),
    );
    Figure { x, y, marks, spoken, ..Figure::default() }
}
