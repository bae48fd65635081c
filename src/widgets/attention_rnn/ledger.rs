//! The tables: merged tiles, exact counts, sizes of states.

use yansuan_math::attention_cost::checkpoint_scores;
use yansuan_math::attention_state::State as Sums;
use yansuan_math::decimal::read_decimal;
use yansuan_math::flash_tiles::tiles as cut_tiles;
use yansuan_math::reading::Step;

use super::cost::lines;
use super::model::Solved;
use super::state::{LINEAR, MODELS, POLICIES, State};
use super::text;
use super::views::{loss, parts};
use crate::contract::number::{grouped, of_log10, short, subscript};
use crate::contract::panel::Panel;
use crate::contract::table::{Cell, Table, head};
use crate::contract::text::{Words, t};

/// Up to this many digits a count is written out.
const DIGITS: usize = 130;

/// The table of a panel before anything was computed.
pub fn empty(panel: &Panel) -> Table {
    Table { id: panel.id.into(), title: panel.title.into(), head: vec![panel.title.into()], rows: Vec::new() }
}

/// A coordinate list as `(0.2, −1)`.
fn listed(vector: &[f64]) -> String {
    format!("({})", vector.iter().map(|x| short(*x, 4)).collect::<Vec<_>>().join(", "))
}

/// Every step of the tape with the state after it.
pub fn steps(trace: &[Step], d: usize) -> Table {
    let name = |symbol: &str| (1..=d).map(move |at| Words::same(format!("{symbol}{}", subscript(at)))).collect::<Vec<_>>();
    let mut columns: Vec<Words> = ["s", "i", "t", "j"].map(|symbol| Words::same(symbol.to_owned())).into();
    columns.extend([t("分数", "score").into(), Words::same("m".to_owned()), Words::same("z".to_owned())]);
    columns.extend(name("y"));
    columns.extend(name("o"));
    let row = |(at, step): (usize, &Step)| {
        let mut row: Vec<Cell> =
            [at as f64 + 1.0, step.read.i as f64, step.read.t as f64, step.key as f64 + 1.0].map(Cell::Number).into();
        row.extend([step.score, step.state.m(), step.state.z()].map(number));
        row.extend(step.state.y().iter().map(|y| number(*y)));
        let output = step.state.output().unwrap_or_default();
        row.extend((0..d).map(|at| number(output.get(at).copied().unwrap_or(f64::NAN))));
        row
    };
    Table {
        id: "steps".to_owned(),
        title: t("每一步", "Every step").into(),
        head: columns,
        rows: trace.iter().enumerate().map(row).collect(),
    }
}

/// A number; what overflow has destroyed is a dash.
fn number(value: f64) -> Cell {
    if value.is_nan() { Cell::from("–".to_owned()) } else { Cell::Number(value) }
}

/// V3: two tiles of the present row, merged, and the row at once.
pub fn tiles(state: &State, solved: &Solved) -> Table {
    let row = solved.row();
    let cut = state.cut.min(row + 1);
    let mut rows = Vec::new();
    let parted = cut_tiles(&solved.attention, row, &[cut]).ok();
    let whole = cut_tiles(&solved.attention, row, &[]).ok().and_then(|mut all| all.pop());
    if let (Some([first, second]), Some(whole)) = (parted.as_deref(), whole)
        && let Ok(merged) = first.state.merge(&second.state)
    {
        let states = [&first.state, &second.state, &merged, &whole.state];
        let line = |name: &str, of: &dyn Fn(&Sums) -> String| {
            std::iter::once(Cell::from(name.to_owned()))
                .chain(states.iter().map(|state| Cell::from(of(state))))
                .collect::<Vec<_>>()
        };
        rows.push(line("m", &|sums| short(sums.m(), 6)));
        for at in 0..=solved.attention.width() {
            let name = parts(&merged)[at].0.clone();
            rows.push(line(&name, &|sums| short(parts(sums)[at].1, 6)));
        }
        rows.push(line("o = y/z", &|sums| sums.output().map_or_else(|| "–".to_owned(), |o| listed(&o))));
    }
    Table {
        id: "tiles".to_owned(),
        title: t("切成两段，再合并", "Cut in two, and merge").into(),
        head: head(&[
            t("量", "quantity"),
            t("前一段", "first part"),
            t("后一段", "second part"),
            t("合并", "merged"),
            t("一次读完", "read at once"),
        ]),
        rows,
    }
}

/// An integer of any length, in groups of three digits; where it is too long, its power of ten.
fn counted(digits: &str) -> String {
    if digits.len() > DIGITS {
        let lead = read_decimal(&digits[..15]).unwrap_or(1.0);
        return of_log10(lead.log10() + (digits.len() - 15) as f64, 8);
    }
    grouped(digits)
}

/// V5: the integers behind the curves.
pub fn exact(state: &State) -> Table {
    let layers = MODELS[state.model].layers;
    let l = state.context;
    let row = |line: super::cost::Line| {
        let (token, text) = match line.strategy {
            Some(strategy) => (counted(&strategy.scores_of_token(layers, l).to_string()), strategy.scores(layers, l)),
            None => ("–".to_owned(), checkpoint_scores(layers, state.kept, l).unwrap_or_default()),
        };
        let memory = line.memory(l);
        vec![
            Cell::Words(line.name.into()),
            Cell::from(token),
            Cell::from(counted(&text.to_string())),
            Cell::Number(line.scores(l).max(0.0)),
            Cell::from(counted(&memory.numbers.to_string())),
            Cell::from(memory.counter_bits.to_string()),
        ]
    };
    Table {
        id: "exact".to_owned(),
        title: t("精确的整数", "The exact integers").into(),
        head: head(&[
            t("策略", "strategy"),
            t("最后一个 token 的分数", "scores of the last token"),
            t("全文的分数", "scores of the whole text"),
            t("log₁₀", "log₁₀"),
            t("要记住的数", "numbers to remember"),
            t("计数器的位", "bits of counters"),
        ]),
        rows: lines(state).into_iter().map(row).collect(),
    }
}

/// V8: what each state is, and what it gives.
pub fn states(state: &State, solved: &Solved) -> Table {
    let d = solved.attention.width();
    let row = solved.row();
    let mut rows = vec![vec![
        Cell::Words(t("softmax 的 RNN，重读过去", "softmax RNN, reads the past again").into()),
        Cell::from("d + 2".to_owned()),
        Cell::Number((d + 2) as f64),
        Cell::from(listed(solved.output(row))),
        Cell::Number(0.0),
    ]];
    for (policy, item) in text::POLICIES.iter().enumerate().filter(|(at, _)| state.policies >> at & 1 == 1) {
        let Some((output, error)) = loss(solved, policy) else { continue };
        let (formula, size) = if 1 << policy == LINEAR { ("d² + d", d * d + d) } else { ("2·d·c", 2 * d * state.cap) };
        rows.push(vec![
            Cell::Words(item.name.into()),
            Cell::from(formula.to_owned()),
            Cell::Number(size as f64),
            Cell::from(listed(&output)),
            Cell::Number(error),
        ]);
    }
    debug_assert_eq!(POLICIES.len() + 1, text::POLICIES.len());
    Table {
        id: "states".to_owned(),
        title: t("状态的大小与输出", "Size of the state, and output").into(),
        head: head(&[
            t("状态", "state"),
            t("几个数", "numbers"),
            t("现在", "now"),
            t("当前行的输出", "output of the row"),
            t("误差", "error"),
        ]),
        rows,
    }
}
