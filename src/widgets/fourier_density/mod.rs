//! Densities from Fourier series: <https://kexue.fm/archives/10007>.

mod model;
mod roads;
mod state;
mod steps;
mod talk;
mod text;
mod views;

use yansuan_math::fit::Stop;
use yansuan_math::fourier_density::FourierDensity;
use yansuan_math::mirrored_roots::mirrored_coefficients;

use crate::contract::control::Control;
use crate::contract::formula::Formula;
use crate::contract::number::{power_of, short, whole};
use crate::contract::panel::{Panel, Source, View};
use crate::contract::problem::Problem;
use crate::contract::readout::{Place, Reading, Readout};
use crate::contract::step::{Preset, Step};
use crate::contract::text::{Text, Words, t};
use crate::contract::widget::Road;
use crate::contract::widget::{About, Budget, Progress, Widget};
use model::{RACED, Work};
use state::{Fold, Origin, State};

/// Values compared with the independent reference; `crates/math/tests` holds the count to it.
pub const CHECKED: u32 = 41 + 734 + 110 + 139 + 65 + 75 + 37;

/// The widget.
pub struct Fourier;

impl Widget for Fourier {
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
    const ROADS: &'static [Road] = roads::ROADS;

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
        let Some(density) = &work.density else { return Words::new("还没有结果。", "No result yet.") };
        let degree = density.degree();
        if state.is_by_hand {
            return Words::new(
                format!("自己定的系数，{degree} 次傅里叶密度，有 {} 个峰。", density.series().modes().len()),
                format!(
                    "Coefficients by hand: a Fourier density of degree {degree} with {} peaks.",
                    density.series().modes().len()
                ),
            );
        }
        let Some(data) = &work.data else {
            return Words::new("没有数据，密度是均匀的。", "No data: the density is uniform.");
        };
        let (n, at) = (whole(data.y.len() as u64), work.stand.map_or(0, |stand| stand.iteration));
        let nll = views::nll(work, data, density);
        let nll = if nll.is_finite() { short(nll, 4) } else { "∞".to_owned() };
        Words::new(
            format!("{n} 个数据，{degree} 次傅里叶密度，第 {at} 次迭代，平均负对数似然 {nll}。"),
            format!("{n} data, a Fourier density of degree {degree}, iteration {at}, mean negative log-likelihood {nll}."),
        )
    }
}

fn notes(state: &State, work: &Work) -> Vec<Problem> {
    let mut notes = Vec::new();
    let Some(data) = &work.data else {
        if state.origin == Origin::Own {
            notes.push(Problem::at(
                "data",
                "还没有数据；粘贴一些数，或打开一个 CSV 文件。",
                "There are no data yet; paste some numbers, or open a CSV file.",
            ));
        }
        return notes;
    };
    if data.outside > 0 {
        let (out, all) = (whole(data.outside as u64), whole(data.y.len() as u64));
        notes.push(Problem::at(
            "domain",
            format!("{all} 个数里有 {out} 个在 −1 到 1 之外，没有参加拟合；可以缩放、绕回，或用整条实轴。"),
            format!("Of {all} numbers {out} lie outside −1 to 1 and take no part; rescale, wrap, or use the real line."),
        ));
    }
    if state.fold == Fold::Line && data.y.iter().all(|y| *y == data.y[0]) {
        notes.push(Problem::at(
            "spread",
            "所有的数都相同，看不出宽度；σ 就取滑块上的数，请自己定。",
            "All numbers are the same and suggest no width; σ is what the slider says: choose it.",
        ));
    }
    if data.sample.len() > RACED {
        let all = whole(data.sample.len() as u64);
        notes.push(Problem::at(
            "components",
            format!("赛跑、高斯混合和核密度估计只用 {all} 个数里均匀取出的 {RACED} 个。"),
            format!("The race, the mixture and the kernels use {RACED} of the {all} data, taken evenly."),
        ));
    }
    notes
}

/// How many roots of the wave lie off the unit circle, where their mirror images are others.
fn free(work: &Work) -> usize {
    work.roots.iter().filter(|root| (root.norm() - 1.0).abs() > 1e-9).count()
}

/// The largest difference of the density before and after roots are mirrored.
fn drift(state: &State, work: &Work, density: &FourierDensity) -> f64 {
    let flipped = work.flipped(state);
    if flipped.is_empty() {
        return 0.0;
    }
    let b = mirrored_coefficients(density.amplitudes(), flipped);
    let other = FourierDensity::new(&b).map(|other| other.density_grid(256));
    let own = density.density_grid(256);
    other.map_or(0.0, |other| own.iter().zip(&other).map(|(p, q)| (p - q).abs()).fold(0.0, f64::max))
}

fn readouts(state: &State, work: &Work) -> Vec<Readout> {
    let Some(density) = &work.density else { return Vec::new() };
    let read = |key, label, reading, place| Readout { key, label, reading, place };
    let words = |text: String| Reading::Words(Words::same(text));
    let none = || words("–".to_owned());
    let y = views::cursor(state, work);
    let here = views::domain(state, work).ln_density(density, y).exp();
    let likelihood = work.data.as_ref().map(|data| views::nll(work, data, density));
    let likelihood = match likelihood {
        Some(nll) if nll.is_finite() => Reading::Fixed(nll, 4),
        Some(_) => words("∞".to_owned()),
        None => Reading::Words(Words::new("没有数据", "no data")),
    };
    let entropy = work.data.as_ref().and_then(|data| data.entropy);
    let gap = work.stand.and_then(|stand| stand.gap).filter(|gap| gap.is_finite());
    let stop = match work.stand.and_then(|stand| stand.stop) {
        None => Words::new("还可以走", "may go on"),
        Some(Stop::Certified) => Words::new("证书说够好了", "good enough, says the certificate"),
        Some(Stop::Iterations) => Words::new("到了迭代次数上限", "at the limit of iterations"),
        Some(_) => Words::new("不再下降", "goes down no further"),
    };
    vec![
        read("nll", t("平均负对数似然", "mean negative log-likelihood"), likelihood, Place::Rail),
        read("gap", t("离最优至多", "from the best at most"), gap.map_or_else(none, |gap| words(short(gap, 2))), Place::Rail),
        read("stop", t("优化", "optimiser"), Reading::Words(stop), Place::Rail),
        read("here", t("p(x₀)", "p(x₀)"), Reading::Short(here, 4), Place::Panel("density")),
        read("cursor", t("x₀ 在", "x₀ is at"), Reading::Short(y, 4), Place::Panel("density")),
        read("ceiling", t("上限 (N+1)/2", "ceiling (N+1)/2"), Reading::Short(density.ceiling(), 4), Place::Panel("density")),
        read(
            "entropy",
            t("真实密度的熵（平均负对数似然期望的下界）", "entropy of the truth (the best to expect)"),
            entropy.map_or_else(none, |entropy| Reading::Fixed(entropy, 4)),
            Place::Panel("density"),
        ),
        read(
            "waves",
            t("同一个密度的波有", "waves of this density"),
            words(power_of(2, free(work) as i64)),
            Place::Panel("roots"),
        ),
        read(
            "drift",
            t("翻转后 |A|² 的最大偏差", "|A|² mirrored differs by at most"),
            words(short(drift(state, work, density), 2)),
            Place::Panel("roots"),
        ),
        read("least", t("最小特征值", "least eigenvalue"), words(short(work.least, 3)), Place::Panel("toeplitz")),
        read(
            "certified",
            t("比赛的证书", "certificate of the race"),
            work.floor.map_or_else(none, |(floor, nll)| words(short((nll - floor).max(0.0), 2))),
            Place::Panel("race"),
        ),
    ]
}
