//! The bench: matrices as tiles, what rotation does to them, groups inside latent attention, rounding.

use std::sync::Arc;

use yansuan_math::matrix::Matrix;

use super::model::{Bench, SHOWN_LAGS, Work};
use super::state::{Order, Rotation, State};
use crate::contract::figure::{
    Along, Anchor, Axis, Bar, Caption, Dot, Figure, Grid, Mark, Point, Ramp, Role, Shape, Ticks, round_step,
};
use crate::contract::number::{short, whole};
use crate::contract::table::{Cell, Table, head};
use crate::contract::text::{Text, Words, t};

/// Between matrices, parts of a tile; between rows of them there is the name of the lower one too.
const GAP: f64 = 1.3;

/// Entries that a table lists.
const LISTED: usize = 4000;

/// A matrix that is to be drawn.
struct Piece {
    name: &'static str,
    rows: usize,
    columns: usize,
    entries: Vec<f64>,
    /// Entries that cannot be: keys later than their query.
    never: Vec<usize>,
    /// What stands before it: a sign of multiplication, or of what it equals.
    sign: &'static str,
    is_cached: bool,
    /// Columns at the right end that are rotated.
    turned: usize,
}

fn piece(sign: &'static str, name: &'static str, matrix: &Matrix) -> Piece {
    Piece {
        name,
        rows: matrix.rows(),
        columns: matrix.columns(),
        entries: matrix.entries().to_vec(),
        never: Vec::new(),
        sign,
        is_cached: false,
        turned: 0,
    }
}

impl Piece {
    /// The same, of which later keys are left out.
    fn causal(mut self) -> Self {
        let columns = self.columns;
        self.never = (0..self.entries.len()).filter(|at| at % columns > at / columns).collect();
        for at in &self.never {
            self.entries[*at] = 0.0;
        }
        self
    }

    fn cached(self) -> Self {
        Self { is_cached: true, ..self }
    }

    fn turned(self, turned: usize) -> Self {
        Self { turned, ..self }
    }

    fn magnitude(&self) -> f64 {
        self.entries.iter().fold(1e-12, |most, entry| f64::max(most, entry.abs()))
    }

    /// Its tiles with the upper left corner at a place.
    fn tiles(&self, (x, y): Point, limit: f64) -> Shape {
        let grid = Grid {
            columns: self.columns,
            rows: self.rows,
            values: self.entries.iter().map(|entry| Grid::value(*entry)).collect(),
            x: (x, x + self.columns as f64),
            y: (y, y + self.rows as f64),
            ramp: Ramp::Diverging(limit),
            name: self.name.into(),
        };
        Shape::Tiles(grid, self.never.clone())
    }
}

/// A line through the corners of a rectangle.
fn frame(marks: &mut Vec<Mark>, role: Role, bars: Vec<Bar>, words: Text) {
    for (at, bar) in bars.into_iter().enumerate() {
        let ((left, right), (top, bottom)) = (bar.x, bar.y);
        let line = vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        let mark = Mark::new(role, Shape::Line(line));
        marks.push(if at == 0 { mark.named(words) } else { mark });
    }
}

/// The two rows of matrices of a form.
fn rows(state: &State, bench: &Bench) -> [Vec<Piece>; 2] {
    let d_r = bench.sizes.d_r;
    let (trained, absorbed) = (&bench.trained, &bench.absorbed);
    let whole = |piece: Piece| {
        if state.rotation == Rotation::Whole {
            let all = piece.columns;
            piece.turned(all)
        } else {
            piece.turned(d_r)
        }
    };
    match state.order {
        Order::Train => [
            vec![
                piece("", "c", &bench.latent),
                piece("·", "W_k", &bench.w_kc),
                whole(piece("=", "k", &trained.keys).cached()),
                whole(piece("", "q", &trained.queries)),
                piece("→", "S", &trained.scores).causal(),
            ],
            vec![
                piece("", "c", &bench.latent),
                piece("·", "W_v", &bench.w_v),
                piece("=", "v", &trained.values).cached(),
                piece("", "A", &trained.weights).causal(),
                piece("→", "o", &trained.outputs),
            ],
        ],
        Order::Serial | Order::Merged => {
            let first = if state.order == Order::Serial {
                let made = Matrix::from_fn(bench.source.rows(), bench.sizes.d_k, |row, column| {
                    bench.source.row(row).iter().enumerate().map(|(at, x)| x * bench.w_qc.row(at)[column]).sum()
                });
                [piece("", "q", &made), piece("·", "W_kᵀ", &bench.w_kc.transpose())]
            } else {
                [piece("", "x", &bench.source), piece("·", "W_qW_kᵀ", &bench.merged)]
            };
            let [left, weights] = first;
            [
                vec![
                    left,
                    weights,
                    piece("=", "q̃", &absorbed.queries).turned(d_r),
                    piece("", "c", &absorbed.keys).cached().turned(d_r),
                    piece("→", "S", &absorbed.scores).causal(),
                ],
                vec![
                    piece("", "A", &absorbed.weights).causal(),
                    piece("·", "c", &absorbed.values),
                    piece("=", "õ", &absorbed.outputs),
                    piece("·", "W_v", &bench.w_v),
                    piece("=", "o", &bench.output),
                ],
            ]
        }
    }
}

/// V4: one head as products of matrices.
pub fn algebra(state: &State, work: &Work) -> Figure {
    let Some(bench) = work.bench() else { return blank() };
    let rows = rows(state, bench);
    let widths: Vec<f64> = (0..5).map(|at| rows[0][at].columns.max(rows[1][at].columns) as f64).collect();
    // Signs and names want room that does not shrink with the tiles.
    let unit = (widths.iter().sum::<f64>() / 22.0).max(1.0);
    let gap = GAP * unit;
    let heights = [0, 1].map(|row| rows[row].iter().map(|piece| piece.rows).max().unwrap_or(1) as f64);
    let mut marks = Vec::new();
    let mut names = Vec::new();
    let (mut cached, mut turned, mut latents): (Vec<Bar>, Vec<Bar>, Vec<Point>) = Default::default();
    let mut top = 1.4 * unit;
    for (row, height) in rows.iter().zip(heights) {
        let mut left = 0.0;
        for (piece, width) in row.iter().zip(&widths) {
            let (columns, lines) = (piece.columns as f64, piece.rows as f64);
            let (x, y) = (left + 0.5 * (width - columns), top + 0.5 * (height - lines));
            marks.push(Mark::new(Role::Truth, piece.tiles((x, y), piece.magnitude())));
            names.push(Mark::new(Role::Truth, Shape::Label((x + 0.5 * columns, y), piece.name.into(), Anchor::Middle)));
            if !piece.sign.is_empty() {
                // The middle of a sign is a little above its foot.
                let at = (x - 0.5 * gap - 0.5 * (width - columns), top + 0.5 * height + 0.55 * unit);
                names.push(Mark::new(Role::Guide, Shape::Label(at, piece.sign.into(), Anchor::Middle)));
            }
            let whole = Bar { x: (x, x + columns), y: (y, y + lines) };
            if piece.name == "c" {
                latents.push((x + 0.5 * columns, if row.as_ptr() == rows[0].as_ptr() { y + lines } else { y - 1.1 * unit }));
            }
            if piece.turned > 0 {
                turned.push(Bar { x: (x + columns - piece.turned as f64, x + columns), ..whole });
            }
            if piece.is_cached {
                cached.push(whole);
            }
            left += width + gap;
        }
        top += height + 2.4 * unit;
    }
    if let [above, below] = latents[..] {
        marks.push(Mark::new(Role::A, Shape::link(above, below)).named(t("同一个 c", "the same c")));
    }
    frame(&mut marks, Role::B, turned, t("随位置旋转", "rotated by position"));
    frame(&mut marks, Role::Estimate, cached, t("进缓存的", "cached"));
    marks.extend(names);
    let right = widths.iter().sum::<f64>() + 4.0 * gap;
    let spoken = algebra_spoken(state, bench);
    Figure {
        x: Axis::linear(-0.4 * unit, right + 0.4 * unit).ticks(Ticks::None),
        y: Axis::linear(0.0, top - 1.6 * unit).downwards().ticks(Ticks::None),
        equal: true,
        marks,
        spoken,
        data: listed("algebra", t("矩阵", "Matrices"), rows.iter().flatten()),
    }
}

fn algebra_spoken(state: &State, bench: &Bench) -> Words {
    let difference = short(bench.difference, 2);
    let kept = whole(cached(state, bench) as u64);
    let verdict = if bench.difference < 1e-9 {
        t("两种形式的输出相同", "both forms give the same output")
    } else {
        t("两种形式的输出不同", "the two forms give different outputs")
    };
    Words::new(
        format!("{}：最大差 {difference}。这种形式每个 token 存 {kept} 个数。", verdict.zh),
        format!("The largest difference is {difference}: {}. This form caches {kept} numbers per token.", verdict.en),
    )
}

/// Numbers that the form caches for a token, of all heads.
pub fn cached(state: &State, bench: &Bench) -> usize {
    let sizes = bench.sizes;
    match state.order {
        Order::Train => sizes.heads * (sizes.d_k + sizes.d_v) + sizes.d_r,
        Order::Serial | Order::Merged => sizes.d_c + sizes.d_r,
    }
}

/// The entries in full, if they are few enough to be read.
fn listed<'a>(id: &str, title: Text, pieces: impl Iterator<Item = &'a Piece> + Clone) -> Option<Arc<Table>> {
    if pieces.clone().map(|piece| piece.entries.len()).sum::<usize>() > LISTED {
        return None;
    }
    let entry = |piece: &Piece, at: usize| {
        vec![
            Cell::from(piece.name.to_owned()),
            Cell::Number((at / piece.columns + 1) as f64),
            Cell::Number((at % piece.columns + 1) as f64),
            Cell::Number(piece.entries[at]),
        ]
    };
    let rows = pieces.flat_map(|piece| {
        let seen = (0..piece.entries.len()).filter(|at| !piece.never.contains(at));
        seen.map(|at| entry(piece, at)).collect::<Vec<_>>()
    });
    let rows = rows.collect();
    let head = head(&[t("矩阵", "matrix"), t("行", "row"), t("列", "column"), t("元素", "entry")]);
    Some(Arc::new(Table { id: id.into(), title: title.into(), head, rows }))
}

/// Matrices of equal height side by side, each with a name above.
fn side_by_side(id: &str, title: Text, pieces: &[Piece], names: Vec<Caption>, spoken: Words) -> Figure {
    let limit = pieces.iter().map(Piece::magnitude).fold(0.0, f64::max);
    let height = pieces.iter().map(|piece| piece.rows).max().unwrap_or(1) as f64;
    let wide: f64 = pieces.iter().map(|piece| piece.columns as f64).sum();
    let unit = (wide / 20.0).max(height / 10.0).max(0.5);
    let (mut marks, mut left) = (Vec::new(), 0.0);
    for (piece, name) in pieces.iter().zip(names) {
        let columns = piece.columns as f64;
        marks.push(Mark::new(Role::Truth, piece.tiles((left, 1.6 * unit), limit)));
        marks.push(Mark::new(Role::Truth, Shape::Label((left + 0.5 * columns, 1.6 * unit), name, Anchor::Middle)));
        left += columns + unit;
    }
    Figure {
        x: Axis::linear(-0.2, left - unit + 0.2).ticks(Ticks::None),
        y: Axis::linear(0.0, 1.6 * unit + height + 0.2).downwards().ticks(Ticks::None),
        equal: true,
        marks,
        spoken,
        data: listed(id, title, pieces.iter()),
    }
}

/// One merged matrix a lag.
pub fn merged(_state: &State, work: &Work) -> Figure {
    let Some(rotated) = work.rotated() else { return blank() };
    let pieces: Vec<Piece> = rotated.merged.iter().map(|matrix| piece("", "W_qRW_kᵀ", matrix)).collect();
    let names = SHOWN_LAGS.iter().map(|lag| format!("t − i = {lag}").into()).collect();
    let drift = short(rotated.drift.last().copied().unwrap_or_default(), 3);
    let spoken = Words::new(
        format!("距离每变一格，合并出的矩阵就换一个；距离 3 的与距离 0 的相对差 {drift}。"),
        format!("Each lag has a merged matrix of its own; that of lag 3 differs from that of lag 0 by {drift}, relative."),
    );
    side_by_side("merged", t("合并的矩阵", "Merged matrices"), &pieces, names, spoken)
}

/// Scores against the lag.
pub fn lag(state: &State, work: &Work) -> Figure {
    let Some(rotated) = work.rotated() else { return blank() };
    let of = |get: fn(&super::model::Lagged) -> f64| -> Vec<Point> {
        rotated.scores.iter().map(|score| (score.lag as f64, get(score))).collect()
    };
    let all = rotated.scores.iter().flat_map(|score| [score.exact, score.absorbed, score.trained]);
    let most = all.fold(0.1, |most: f64, score| most.max(score.abs()));
    let step = round_step(most / 3.0);
    let edge = (most / step).ceil() * step;
    let marks = vec![
        Mark::new(Role::Guide, Shape::Rule(Along::X, state.lag as f64)),
        Mark::new(Role::Truth, Shape::Line(of(|score| score.exact))).named(t("整个键都旋转", "whole key rotated")),
        Mark::new(Role::A, Shape::Line(of(|score| score.absorbed)))
            .named(t("只用一个合并矩阵", "one merged matrix"))
            .term("merged"),
        Mark::new(Role::Estimate, Shape::Line(of(|score| score.trained))).named(t("解耦，训练形式", "decoupled, as trained")),
        Mark::new(Role::Estimate, Shape::Dots(of(|score| score.restored), Dot::Small))
            .named(t("解耦，从缓存算", "decoupled, from the cache")),
    ];
    let (wrong, right) = errors(state, work);
    let (wrong, right) = (short(wrong, 2), short(right, 2));
    let spoken = Words::new(
        format!("距离 {}：一个矩阵差 {wrong}，解耦之后差 {right}。", state.lag),
        format!("At lag {} the one matrix is off by {wrong}, the decoupled key by {right}.", state.lag),
    );
    Figure { x: Axis::linear(0.0, 64.0), y: Axis::linear(-edge, edge), marks, spoken, ..Figure::default() }
}

/// Errors of the scores at the reader's lag, or the nearest one that is computed: by one matrix, and decoupled.
pub fn errors(state: &State, work: &Work) -> (f64, f64) {
    let scores = work.rotated().map(|rotated| rotated.scores.as_slice()).unwrap_or_default();
    let near = scores.iter().min_by_key(|score| score.lag.abs_diff(state.lag));
    near.map_or((0.0, 0.0), |score| ((score.absorbed - score.exact).abs(), (score.restored - score.trained).abs()))
}

/// V5: groups as matrices that select.
pub fn selector(_state: &State, work: &Work) -> Figure {
    let Some(selected) = work.selected() else { return blank() };
    let mut pieces = Vec::new();
    let mut names: Vec<Caption> = Vec::new();
    for (at, (keys, values)) in selected.heads.iter().enumerate() {
        let both = keys.beside(values).unwrap_or_else(|_| keys.clone());
        pieces.push(piece("", "W_k, W_v", &both));
        names.push((at + 1).to_string().into());
    }
    let difference = short(selected.difference, 2);
    let spoken = Words::new(
        format!("每个头的 W_k 与 W_v；输出与 GQA 相差 {difference}（相对）。"),
        format!("W_k and W_v of each head; the output differs from that of GQA by {difference}, relative."),
    );
    side_by_side("selector", t("选择矩阵", "Selectors"), &pieces, names, spoken)
}

/// V6: what bfloat16 does to the three forms.
pub fn rounding(work: &Work) -> Figure {
    let x = Axis::linear(-0.5, 2.5).ticks(Ticks::None);
    let Some(errors) = work.rounding() else {
        let spoken = Words::new("还在算。", "Still computing.");
        let mark = Mark::new(Role::Guide, Shape::Rule(Along::Y, 1.0));
        return Figure { x, y: Axis::log(0.1, 100.0), marks: vec![mark], spoken, ..Figure::default() };
    };
    let forms = [
        (Role::A, errors.train, t("训练形式：先做出 k", "as trained: k is made")),
        (Role::B, errors.serial, t("依次乘两个矩阵", "two products, one after the other")),
        (Role::Estimate, errors.merged, t("先合并成一个矩阵", "one merged matrix")),
    ];
    let mut marks = Vec::new();
    let top = forms.iter().fold(10.0, |top, form| f64::max(top, 1e3 * form.1));
    for (at, (role, error, words)) in forms.into_iter().enumerate() {
        let (x, y) = (at as f64, (1e3 * error).max(0.11));
        marks.push(Mark::new(role, Shape::Bars(vec![Bar { x: (x - 0.32, x + 0.32), y: (0.1, y) }])).named(words));
        marks.push(Mark::new(role, Shape::Label((x, y), short(1e3 * error, 3).into(), Anchor::Middle)));
    }
    let [one, two, three] = [errors.train, errors.serial, errors.merged].map(|error| short(1e3 * error, 3));
    let spoken = Words::new(
        format!("分数的相对误差：训练形式 {one}‰，依次乘 {two}‰，合并 {three}‰。"),
        format!("Relative errors of the scores in thousandths: as trained {one}, two products {two}, merged {three}."),
    );
    let edge = 10_f64.powf((1.6 * top).log10().ceil());
    Figure { x, y: Axis::log(0.1, edge), marks, spoken, ..Figure::default() }
}

/// A figure of nothing, before the first result.
fn blank() -> Figure {
    Figure {
        x: Axis::linear(0.0, 1.0),
        y: Axis::linear(0.0, 1.0),
        spoken: Words::new("还没有结果。", "No result yet."),
        ..Figure::default()
    }
}
