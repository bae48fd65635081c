//! The tables: which scheme meets which demand, what models made of M-RoPE, and the experts' numbers of query and key.

use yansuan_math::axis::Axis;
use yansuan_math::rational::Rational;
use yansuan_math::rng::SplitMix64;
use yansuan_math::rope::{relative_score, score};
use yansuan_math::rounding::Format;

use super::model::{Fares, Laid, Solved};
use super::state::State;
use super::text;
use super::views::{name, plain, spell};
use crate::contract::number::short;
use crate::contract::table::{Cell, Table, head};
use crate::contract::text::{Text, Words, t};
use crate::contract::value::Value;

/// The tables, in the order of their panels.
pub fn tables(state: &State, solved: Option<&Solved>) -> [Table; 3] {
    let roster = solved.map_or(&[][..], |solved| &solved.roster);
    [lamps(state, roster), relatives(), numbers(state, solved.map(|solved| &solved.a))]
}

/// What the models that took up M-RoPE changed.
fn relatives() -> Table {
    Table {
        id: "relatives".to_owned(),
        title: t("M-RoPE 的亲属", "The relatives of M-RoPE").into(),
        head: head(&[
            t("模型", "model"),
            t("时间坐标", "time coordinate"),
            t("文本从哪里接", "text goes on at"),
            t("频率", "frequencies"),
        ]),
        rows: text::RELATIVES.iter().map(|row| row.iter().map(|words| Cell::from(*words)).collect()).collect(),
    }
}

/// Several numbers as one: all the same, or listed.
fn listed(values: &[Rational]) -> String {
    match values {
        [] => "–".to_owned(),
        [first, rest @ ..] if rest.iter().all(|other| other == first) => plain(*first),
        _ => format!("({})", values.iter().map(|value| plain(*value)).collect::<Vec<_>>().join(", ")),
    }
}

/// V2: the demands, each with the number behind it, for the last picture of the sequence.
fn lamps(state: &State, roster: &[Fares]) -> Table {
    Table {
        id: "lamps".to_owned(),
        title: t("谁满足哪个要求", "Who meets which demand").into(),
        head: head(&[
            t("方案", "scheme"),
            t("兼容", "compatible"),
            t("对称", "symmetric"),
            t("等价", "equivalent"),
            t("时间开放", "open in time"),
            t("左间隔", "left gap"),
            t("右间隔", "right gap"),
            t("K−L−1 / N", "K−L−1 / N"),
            t("每位置块数", "patches a position"),
        ]),
        rows: roster.iter().map(|fares| row(state, fares)).collect(),
    }
}

fn row(state: &State, fares: &Fares) -> Vec<Cell> {
    let Fares { layout, lamps, last } = fares;
    let own = match *layout {
        layout if layout == state.a => format!("{} (A)", name(layout).zh),
        layout if layout == state.b => format!("{} (B)", name(layout).zh),
        layout => name(layout).zh.to_owned(),
    };
    let own_en = match *layout {
        layout if layout == state.a => format!("{} (A)", name(layout).en),
        layout if layout == state.b => format!("{} (B)", name(layout).en),
        layout => name(layout).en.to_owned(),
    };
    let verdict = |holds: bool, why: Words| {
        let show = (!holds).then(|| vec![("a", Value::Choice(*layout as usize))]);
        Cell::Verdict { holds, why, show }
    };
    let off = |defect: Rational| {
        let defect = plain(defect);
        Words::new(format!("相差 {defect}"), format!("off by {defect}"))
    };
    let equivalence = lamps.equivalence_defect.map_or_else(|| Words::new("没有标量位置", "no scalar positions"), off);
    let open = lamps.frame_shift.map_or_else(
        || Words::new("没有时间轴", "no time axis"),
        |shift| {
            let shift = plain(shift);
            Words::new(format!("加一帧移动 {shift}"), format!("a new frame moves it by {shift}"))
        },
    );
    let gap = |values: Option<&Vec<Rational>>| Cell::from(values.map_or_else(|| "–".to_owned(), |values| listed(values)));
    let hole = last.as_ref().and_then(|last| Some(format!("{}\u{a0}/\u{a0}{}", plain(last.hole?), last.tokens)));
    let density = last.as_ref().and_then(|last| last.density).map(|density| short(density.to_f64(), 4));
    vec![
        Cell::Words(Words::new(own, own_en)),
        verdict(lamps.is_compatible(), off(lamps.text_defect)),
        verdict(lamps.is_symmetric(), off(lamps.symmetry_defect)),
        verdict(lamps.is_equivalent(), equivalence),
        verdict(lamps.is_open_ended(), open),
        gap(last.as_ref().map(|last| &last.gap_left)),
        gap(last.as_ref().map(|last| &last.gap_right)),
        Cell::from(hole.unwrap_or_else(|| "–".to_owned())),
        Cell::from(density.unwrap_or_else(|| "–".to_owned())),
    ]
}

/// V8: query and key: positions, what number types make of them, and their score.
fn numbers(state: &State, laid: Option<&Laid>) -> Table {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    if let Some(laid) = laid {
        let (q, k) = (laid.point(state.query), laid.point(state.key));
        let line = |label: Text, query: String, key: String| vec![Cell::Words(label.into()), Cell::from(query), Cell::from(key)];
        rows.push(line(t("位置", "position"), spell(laid, state.query), spell(laid, state.key)));
        for format in [Format::F32, Format::Bf16, Format::F16] {
            let at = Format::ALL.iter().position(|other| *other == format).unwrap_or(0);
            let label = text::FORMATS[at].name;
            let rounded = |point: [f64; 3]| {
                let of = |axis: &Axis| {
                    let given = point[axis.index()];
                    let kept = format.round(given);
                    let sign = if kept == given { "" } else { "≈ " };
                    format!("{sign}{}", short(kept, 7))
                };
                let parts: Vec<String> = laid.layout.axes().names().iter().map(of).collect();
                parts.join(", ")
            };
            rows.push(line(label, rounded(q), rounded(k)));
            let limit = short(format.half_integer_limit(), 8);
            let words =
                Words::new(format!("{} 半整数的精确上限", label.zh), format!("half-integers exact in {} up to", label.en));
            rows.push(vec![Cell::Words(words), Cell::from(limit), Cell::from(String::new())]);
        }
        let d = 2 * laid.pairs.len();
        let draw = |seed: u64| {
            let mut random = SplitMix64::new(seed);
            (0..d).map(|_| random.normal()).collect::<Vec<f64>>()
        };
        let (query, key) = (draw(1), draw(2));
        let absolute = score((&query, q), (&key, k), &laid.pairs, state.pairing);
        let relative = relative_score((&query, q), (&key, k), &laid.pairs, state.pairing);
        if let (Ok(absolute), Ok(relative)) = (absolute, relative) {
            rows.push(vec![
                Cell::Words(Words::same("(R_m q)·(R_n k)".to_owned())),
                Cell::Number(absolute),
                Cell::from(String::new()),
            ]);
            rows.push(vec![
                Cell::Words(Words::same("q·(R_{n−m} k)".to_owned())),
                Cell::Number(relative),
                Cell::from(String::new()),
            ]);
        }
    }
    Table {
        id: "numbers".to_owned(),
        title: t("查询与键", "Query and key").into(),
        head: head(&[t("量", "quantity"), t("查询", "query"), t("键", "key")]),
        rows,
    }
}
