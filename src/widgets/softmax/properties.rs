//! V7: which map has which property, each failure with a counter-example made of the present scores.

use std::sync::Arc;

use yansuan_math::noise::Noise;
use yansuan_math::order::sort_descending;

use super::state::{FIELDS, Focus, Maps, State};
use super::text;
use crate::contract::setting::Patch;
use crate::contract::table::{Cell, Table};
use crate::contract::text::{Words, t};
use crate::contract::value::Value;

/// Where the Taylor polynomial of each even order turns: the real zero of the polynomial of one order less.
const TURNS: [(u32, f64); 4] = [(2, -1.0), (4, -1.596), (6, -2.181), (10, -3.333)];

/// The table of the present state.
pub fn table(state: &State) -> Table {
    let head = [
        t("映射", "map"),
        t("单调（不逆序）", "monotone (weakly)"),
        t("平移不变", "shift-invariant"),
        t("恰好为零", "exact zeros"),
        t("处处有梯度", "gradient everywhere"),
        t("可用 −∞ 遮蔽", "maskable by −∞"),
    ];
    let rows = vec![
        row(text::SOFTMAX.into(), [yes(), yes(), never_zero(state, Maps::SOFTMAX), yes(), yes()]),
        row(text::SPARSEMAX.into(), [yes(), yes(), yes(), flat(state, Focus::Sparsemax, 1.0), yes()]),
        row(
            Words::same("entmax"),
            if state.alpha > 1.0 {
                [yes(), yes(), yes(), flat(state, Focus::Entmax, 1.0 / (state.alpha - 1.0)), yes()]
            } else {
                [yes(), yes(), never_zero(state, Maps::ENTMAX), yes(), yes()]
            },
        ),
        row(
            Words::same(format!("Taylor-{}", state.order)),
            [turned(state), shifted(state), never_zero(state, Maps::TAYLOR), stalled(state), unmasked(state)],
        ),
        row(text::SPARSE.into(), [yes(), yes(), yes(), cut_off(state), yes()]),
        row(text::PERTURB.into(), noisy(state)),
    ];
    Table {
        id: "properties".into(),
        title: t("性质与反例", "Properties and counter-examples").into(),
        head: head.map(Words::from).to_vec(),
        rows,
    }
}

fn row(name: Words, cells: [Cell; 5]) -> Vec<Cell> {
    std::iter::once(Cell::Words(name)).chain(cells).collect()
}

fn yes() -> Cell {
    Cell::Verdict { holds: true, why: Words::default(), show: None }
}

fn no(zh: &str, en: &str, show: Patch) -> Cell {
    Cell::Verdict { holds: false, why: Words::new(zh, en), show: Some(show) }
}

/// The present scores where they can be drawn one by one, else three that show the point.
fn present(state: &State) -> Vec<f64> {
    let finite: Vec<f64> = state.x.iter().copied().filter(|x| x.is_finite() && x.abs() < 1e3).take(FIELDS).collect();
    let differ = finite.windows(2).any(|pair| pair[0] != pair[1]);
    if finite.len() >= 2 && differ { finite } else { vec![1.0, 0.0, -1.0] }
}

fn vector(x: Vec<f64>) -> Value {
    let rounded: Arc<[f64]> = x.into_iter().map(|x| (x * 1e4).round() / 1e4).collect();
    Value::Vector(rounded)
}

fn maps(bits: u32) -> (&'static str, Value) {
    ("maps", Value::Several(bits))
}

fn focus(focus: Focus) -> (&'static str, Value) {
    ("focus", Value::Choice(focus as usize))
}

fn never_zero(state: &State, map: u32) -> Cell {
    no(
        "这里的 φ 或多项式恒为正：再小的分数也得到一点概率。",
        "This φ or polynomial is always positive: the lowest score still gets something.",
        vec![maps(map | Maps::SPARSEMAX), ("x", vector(present(state))), ("tau", Value::Number(1.0))],
    )
}

/// The largest score raised until it leads by just more than the gap at which the map becomes one-hot.
fn flat(state: &State, at: Focus, gap: f64) -> Cell {
    let mut x = present(state);
    let best = (0..x.len()).max_by(|a, b| x[*a].total_cmp(&x[*b])).unwrap_or(0);
    let second = x.iter().enumerate().filter(|(i, _)| *i != best).map(|(_, x)| *x).fold(f64::NEG_INFINITY, f64::max);
    x[best] = second + gap + 0.25;
    let bit = if at == Focus::Sparsemax { Maps::SPARSEMAX } else { Maps::ENTMAX };
    no(
        "领先达到 1/β 之后恰成独热，雅可比全为零。",
        "Once the lead reaches 1/β the result is one-hot and the Jacobian is all zero.",
        vec![("x", vector(x)), ("tau", Value::Number(1.0)), focus(at), maps(Maps::SOFTMAX | bit)],
    )
}

/// Scores moved so that the best stands where the polynomial turns.
fn at_the_turn(state: &State) -> Patch {
    let turn = TURNS.iter().find(|(order, _)| *order == state.order).map_or(-1.0, |(_, turn)| *turn);
    let x = present(state);
    let best = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let moved = vector(x.iter().map(|x| x - best + turn).collect());
    vec![("x", moved), ("tau", Value::Number(1.0)), maps(Maps::SOFTMAX | Maps::TAYLOR)]
}

/// Where the polynomial falls, the smallest score wins.
fn turned(state: &State) -> Cell {
    no(
        "偶数阶 Taylor 多项式在某点左边递减：把分数都移到那里，最小的分数反而概率最大。",
        "Left of a point the Taylor polynomial of even order falls: move all scores there, and the smallest wins.",
        at_the_turn(state),
    )
}

/// Where the polynomial turns, its slope is zero.
fn stalled(state: &State) -> Cell {
    no(
        "转折点处导数为零：在那里的分数没有梯度。",
        "The slope is zero at the turning point: a score there gets no gradient.",
        at_the_turn(state),
    )
}

fn shifted(state: &State) -> Cell {
    no(
        "多项式不满足 f(x + c) = C·f(x)：所有分数加 2，概率就变了。",
        "A polynomial does not satisfy f(x + c) = C·f(x): adding 2 to every score changes the result.",
        vec![
            ("x", vector(present(state).iter().map(|x| x + 2.0).collect())),
            ("tau", Value::Number(1.0)),
            maps(Maps::SOFTMAX | Maps::TAYLOR),
        ],
    )
}

fn unmasked(state: &State) -> Cell {
    let mut x = present(state);
    if let Some(last) = x.last_mut() {
        *last = f64::NEG_INFINITY;
    }
    no(
        "x → −∞ 时多项式趋于 +∞，无法用来遮蔽。",
        "The polynomial is +∞ at −∞: masking has no meaning.",
        vec![("x", Value::Vector(x.into())), ("tau", Value::Number(1.0)), maps(Maps::SOFTMAX | Maps::TAYLOR)],
    )
}

fn cut_off(state: &State) -> Cell {
    no(
        "落在前 k 名之外的分数没有梯度。",
        "Scores outside the top k get no gradient.",
        vec![
            ("x", vector(present(state))),
            ("k", Value::Number(if present(state).len() > 2 { 2.0 } else { 1.0 })),
            ("tau", Value::Number(1.0)),
            maps(Maps::SOFTMAX | Maps::SPARSE),
        ],
    )
}

/// Perturb-Max, whose last properties depend on the noise.
fn noisy(state: &State) -> [Cell; 5] {
    if state.noise != Noise::Uniform {
        let positive = no(
            "这种噪声没有上界：落后再多也有机会。",
            "This noise has no upper bound: any score has a chance.",
            vec![("x", vector(present(state))), maps(Maps::SPARSEMAX | Maps::PERTURB)],
        );
        return [yes(), yes(), positive, yes(), yes()];
    }
    let mut x = present(state);
    sort_descending(&mut x);
    x[0] = x[1] + 1.25;
    let stuck = no(
        "噪声有界：落后超过 1 就再无机会，也没有梯度。",
        "The noise is bounded: more than 1 behind there is no chance, and no gradient.",
        vec![("x", vector(x)), ("tau", Value::Number(1.0)), maps(Maps::SOFTMAX | Maps::PERTURB)],
    );
    [yes(), yes(), yes(), stuck, yes()]
}
