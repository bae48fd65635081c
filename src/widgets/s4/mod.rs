//! `HiPPO` and S4: <https://kexue.fm/archives/10162>.

mod film;
mod model;
mod proofs;
mod sheets;
mod state;
mod steps;
mod talk;
mod text;
mod views;

use yansuan_math::discretise::Discretisation;
use yansuan_math::spectral_norm::euler_spectral_limit;

use crate::contract::control::Control;
use crate::contract::formula::Formula;
use crate::contract::number::{short, whole};
use crate::contract::panel::{Panel, Source, View};
use crate::contract::problem::Problem;
use crate::contract::readout::{Place, Reading, Readout};
use crate::contract::step::{Preset, Step};
use crate::contract::text::{Text, Words, t};
use crate::contract::widget::{About, Budget, Progress, Widget};
use film::Memory;
use model::{TRIED, Work};
use sheets::at_most;
use state::{Reader, State};

/// Values compared with the independent reference; `crates/math/tests` holds the count to it.
pub const CHECKED: u32 = 309 + 384 + 504 + 252 + 7253;

/// The widget.
pub struct S4;

impl Widget for S4 {
    type State = State;
    type Work = Work;

    const ABOUT: About = text::ABOUT;
    const CONTROLS: &'static [Control<State>] = state::CONTROLS;
    const PANELS: &'static [Panel] = text::PANELS;
    const FORMULAS: &'static [Formula] = text::FORMULAS;
    const PRESETS: &'static [Preset<State>] = steps::PRESETS;
    const STEPS: &'static [Step<State>] = steps::STEPS;
    const SOURCES: &'static [Source] = text::SOURCES;
    const TALK: &'static [Text] = talk::TALK;

    fn settle(state: &mut State) -> Vec<Problem> {
        state.settle()
    }

    fn work(state: &State, work: &mut Work, budget: &Budget<'_>) -> Result<Progress, Problem> {
        work.go(state, budget)
    }

    fn views(state: &State, work: &Work) -> Vec<View> {
        views::views(state, work)
    }

    fn readouts(state: &State, work: &Work) -> Vec<Readout> {
        readouts(state, work)
    }

    fn notes(state: &State, work: &Work) -> Vec<Problem> {
        notes(state, work)
    }

    fn describe(state: &State, work: &Work) -> Words {
        let Some(film) = work.memories() else { return Words::new("还没有结果。", "No result yet.") };
        let (read, len) = (whole(film.read() as u64), whole(state.len() as u64));
        let d = state.d;
        Words::new(
            format!("信号有 {len} 个数，读了 {read} 个，记忆是 {d} 个数。"),
            format!("A signal of {len} numbers, {read} of them read, in a memory of {d} numbers."),
        )
    }
}

fn notes(state: &State, work: &Work) -> Vec<Problem> {
    let mut notes = Vec::new();
    let d = state.d;
    if state.scheme.legs_rings(d, state.eps) {
        let limit = short(if state.scheme == Discretisation::Bilinear { 2.0 } else { 1.0 } / d as f64, 3);
        notes.push(Problem::at(
            "eps",
            format!("ε 超过了 {limit}：Ā 有负的特征值，记住的东西每一步都变号（振铃）。"),
            format!(
                "ε is above {limit}: Ā has negative eigenvalues, and what is remembered flips its sign at every step (ringing)."
            ),
        ));
    }
    let diverged = work.memories().and_then(film::Film::diverged).map(|at| at.to_string());
    let diverged = diverged.or_else(|| {
        let run = work.of_schemes()?.of(state.scheme)?;
        run.diverged.map(|at| at.to_string())
    });
    if let Some(at) = &diverged {
        notes.push(Problem::at(
            "scheme",
            format!("发散了：走到第 {at} 步，数大得装不下；请减小 ε，或换一种离散化。"),
            format!("It diverged: at step {at} the numbers no longer fit. Take a smaller ε, or another scheme."),
        ));
    }
    if diverged.is_none() && is_burst(work) {
        notes.push(Problem::at(
            "scheme",
            "S4 的记忆里数已经大到画不下，影片里就不画它了。",
            "The memory of S4 holds numbers too large to draw, and the film leaves it out.",
        ));
    }
    if d > TRIED[TRIED.len() - 1] {
        notes.push(Problem::at(
            "d",
            "d > 32：对角化那张图只打斜线，算出来的不是数据；其余各图不受影响。",
            "Beyond d = 32 the picture of diagonalising is only hatched, for what comes out is no data; all others are unharmed.",
        ));
    }
    notes
}

/// Whether the memory of S4 is so wrong that the film leaves it out.
fn is_burst(work: &Work) -> bool {
    let (Some(input), Some(film)) = (work.input(), work.memories()) else { return false };
    let (low, high) = views::extremes(input.edited.iter());
    let past = &input.edited[..film.read().min(input.edited.len())];
    film.fading().error(past).is_some_and(|error| error > views::BURST * (high - low).max(1e-9))
}

fn readouts(state: &State, work: &Work) -> Vec<Readout> {
    let (Some(input), Some(film), Some(kernels), Some(roads)) =
        (work.input(), work.memories(), work.of_schemes(), work.walked_roads())
    else {
        return Vec::new();
    };
    let read = |key, label, reading, place| Readout { key, label, reading, place };
    let words = |text: String| Reading::Words(Words::same(text));
    let dash = || words("–".to_owned());
    let past = &input.edited[..film.read().min(input.edited.len())];
    let error = |memory: Memory| memory.error(past).map_or_else(dash, |error| words(short(error, 3)));
    let [powers, cauchy, rational, recurrence] = sheets::gaps(roads);
    let rounding = |gap: Option<f64>| gap.map_or_else(dash, |gap| words(at_most(gap)));
    let run = kernels.of(state.scheme).filter(|run| run.diverged.is_none());
    let total = run.map(|run| run.values.iter().sum::<f64>()).filter(|sum| sum.is_finite());
    let hole = roads.spectrum.last().filter(|_| state.len().is_multiple_of(2)).map(|value| value.re);
    let here = roads.spectrum.get(state.root.min(state.len() - state.root));
    // Beyond half of the circle values are conjugate.
    let khat = here.map(|value| if 2 * state.root > state.len() { value.conj() } else { *value });
    let complex = |re: f64, im: f64| {
        let sign = if im < 0.0 { '−' } else { '+' };
        format!("{} {sign} {}i", short(re, 3), short(im.abs(), 3))
    };
    let (z, tau) = sheets::root(state);
    let lag = if state.reader == Reader::Recall { Reading::Short(state.age / state.eps, 3) } else { dash() };
    let place = Place::Panel;
    let mut all = vec![
        read("samples", t("记忆约长（样本）", "remembers (samples)"), Reading::Short(1.0 / state.eps, 3), Place::Rail),
        read("lag", t("回忆的是多少样本以前", "recalled from (samples ago)"), lag, Place::Rail),
        read("err-legs", t("LegS 的误差", "error of LegS"), error(film.stretched()), place("film")),
        read("err-legt", t("LegT 的误差（窗内）", "of LegT, in its window"), error(film.window()), place("film")),
        read("err-s4", t("S4 的误差（按权重）", "of S4, by its weight"), error(film.fading()), place("film")),
        read("sum", t("ΣKₖ", "ΣKₖ"), total.map_or_else(dash, |sum| words(short(sum, 4))), place("schemes")),
        read(
            "c0",
            t("L 无穷大时应到 C₀", "which tends to C₀"),
            Reading::Short(kernels.c.first().copied().unwrap_or_default(), 4),
            place("schemes"),
        ),
        read("gap-powers", t("连乘", "powers"), rounding(powers), place("roads")),
        read("gap-cauchy", t("柯西和", "Cauchy"), rounding(cauchy), place("roads")),
        read("gap-rational", t("有理函数", "rational"), rounding(rational), place("roads")),
        read("gap-single", t("单精度的递推", "recurrence, single"), rounding(recurrence), place("roads")),
        read("z", t("z", "z"), words(complex(z.0, z.1)), place("circle")),
        read("s", t("s", "s"), words(tau.map_or_else(|| "∞".to_owned(), |tau| format!("{}i", short(tau, 4)))), place("circle")),
        read("khat", t("K̂(z)", "K̂(z)"), khat.map_or_else(dash, |value| words(complex(value.re, value.im))), place("spectrum")),
        read(
            "hole",
            t("洞里：K̂(−1)", "in the hole: K̂(−1)"),
            hole.map_or_else(dash, |value| words(short(value, 4))),
            place("spectrum"),
        ),
        read(
            "digits",
            t("要丢的数字（位）", "digits lost"),
            proofs::condition_of(work, state.d).map_or_else(dash, |lost| words(short(lost.max(0.0), 3))),
            place("condition"),
        ),
        read("defect", t("U 离正交", "U from unitary"), words(at_most(roads.defect)), place("condition")),
        read(
            "eig-error",
            t("对角化的相对误差", "error of diagonalising"),
            work.diagonalised().map_or_else(dash, |eigen| words(proofs::magnitude(eigen.error))),
            place("eig"),
        ),
        read("gap-same", t("两种算法的相对差", "difference of the two"), rounding(proofs::difference(work)), place("same")),
    ];
    if let Some(growth) = work.grown() {
        let (at, peak) = growth.own.peak();
        let peak = if growth.own.diverged().is_some() {
            Reading::Words(Words::new("发散", "diverges"))
        } else {
            words(format!("{} (k = {at})", short(peak, 2)))
        };
        all.extend([
            read("radius", t("最大的 |λ|", "largest |λ|"), Reading::Short(growth.radius(), 4), place("stability")),
            read("norm", t("‖Ā‖₂", "‖Ā‖₂"), Reading::Short(growth.norm.min(1e300), 4), place("stability")),
            read("peak", t("‖Āᵏ‖₂ 的最大值", "largest ‖Āᵏ‖₂"), peak, place("growth")),
            read(
                "by-spectrum",
                t("前向欧拉：谱要求 ε ≤", "forward Euler, by its spectrum: ε ≤"),
                Reading::Short(euler_spectral_limit(state.d), 3),
                place("growth"),
            ),
            read("by-norm", t("范数要求 ε ≤", "by its norm: ε ≤"), Reading::Short(growth.limit, 2), place("growth")),
        ]);
    }
    all
}
