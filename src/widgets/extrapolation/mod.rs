//! Length extrapolation without training: <https://kexue.fm/archives/9948>.

mod fresh;
mod model;
mod scaling;
mod sheets;
mod state;
mod steps;
mod talk;
mod text;
mod views;

use yansuan_math::caution::Caution;

use crate::contract::control::Control;
use crate::contract::exchange::Exchange;
use crate::contract::formula::Formula;
use crate::contract::number::{short, whole};
use crate::contract::panel::{Panel, Source, View};
use crate::contract::problem::Problem;
use crate::contract::readout::{Place, Reading, Readout};
use crate::contract::step::{Preset, Step};
use crate::contract::text::{Text, Words, t};
use crate::contract::widget::{About, Budget, Progress, Widget};
use model::{Row, SEARCHED, Work};
use state::{Method, State};

/// Values compared with the independent reference; `crates/math/tests` holds the count to it.
pub const CHECKED: u32 = 8071;

/// The widget.
pub struct Extrapolation;

impl Widget for Extrapolation {
    type State = State;
    type Work = Work;

    const ABOUT: About = text::ABOUT;
    const CONTROLS: &'static [Control<State>] = state::CONTROLS;
    const PANELS: &'static [Panel] = text::PANELS;
    const FORMULAS: &'static [Formula] = text::FORMULAS;
    const PRESETS: &'static [Preset<State>] = steps::PRESETS;
    const STEPS: &'static [Step<State>] = steps::STEPS;
    const SOURCES: &'static [Source] = text::SOURCES;
    const EXCHANGES: &'static [Exchange<State>] = scaling::EXCHANGES;
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
        let Some(solved) = work.solved() else { return Words::new("还没有结果。", "No result yet.") };
        let (train, test, s) = (whole(state.train as u64), whole(state.test() as u64), short(state.scale, 3));
        let critical = solved.circles.critical_index();
        Words::new(
            format!(
                "训练 {train} 个 token，要走到 {test}，即 {s} 倍；{} 个圆里有 {critical} 个在训练时转满过一圈。",
                state.d / 2
            ),
            format!(
                "Trained at {train} tokens, to reach {test}, {s} times as many; {critical} of {} circles made a full turn in training.",
                state.d / 2
            ),
        )
    }
}

/// At which control a method's window is set.
const fn window_key(method: Method) -> &'static str {
    match method {
        Method::SelfExtend => "near",
        Method::Sinks => "recent",
        Method::Lambda => "cap",
        _ => "w",
    }
}

fn notes(state: &State, work: &Work) -> Vec<Problem> {
    let Some(solved) = work.solved() else { return Vec::new() };
    let mut notes = Vec::new();
    for (method, caution) in &solved.cautions {
        let name = views::name(*method);
        notes.push(match caution {
            Caution::TrainShorterThanOneTurn { length, needed } => Problem::at(
                "train",
                format!("{}：训练长度 {length} 不到 {}，没有一个圆转够 α 圈，斜坡退化了。", name.zh, short(*needed, 3)),
                format!(
                    "{}: the trained length {length} is below {}; no circle makes α turns, and the ramp degenerates.",
                    name.en,
                    short(*needed, 3)
                ),
            ),
            Caution::WindowNotTrained { distance, length } => Problem::at(
                window_key(*method),
                format!("{}：远处都算距离 {distance}，而训练长度 {length} 里从没有过它。", name.zh),
                format!("{}: far tokens stand at distance {distance}, which a training at {length} never had.", name.en),
            ),
            _ => continue,
        });
    }
    if state.train > SEARCHED {
        let searched = whole(SEARCHED as u64);
        notes.push(Problem::at(
            "base",
            format!("底数按 {searched} 个 token 搜索。"),
            format!("The base is searched for {searched} tokens."),
        ));
    }
    notes.dedup();
    notes
}

fn readouts(state: &State, work: &Work) -> Vec<Readout> {
    let (Some(solved), Some((lambda, row)), Some(tax)) = (work.solved(), work.row(), work.tax()) else { return Vec::new() };
    let read = |key, label, reading, place| Readout { key, label, reading, place };
    let words = |text: String| Reading::Words(Words::same(text));
    let dash = || words("–".to_owned());
    let tokens = |length: f64| match length {
        _ if length == f64::INFINITY => words("∞".to_owned()),
        _ if length < 1e12 => words(whole(length.floor() as u64)),
        _ => Reading::Short(length, 3),
    };
    let focus = &solved.focus;
    let usable = state.distance(focus.method).usable_length(focus.safe);
    let outside = views::unseen(state, solved, focus).map_or_else(dash, |count| words(format!("{count} / {}", state.d / 2)));
    let seen = views::effective(state, focus.method).map_or_else(dash, |rho| Reading::Short(rho, 5));
    let last = solved.circles.theta().last().copied().unwrap_or_default() / std::f64::consts::TAU;
    let slowest = format!("{} / {}", short(state.rho as f64 * last, 3), short(state.train as f64 * last, 3));
    let [from, to] = views::ramp(state, solved);
    let first = sheets::first_negative(work.f());
    let mut all = vec![
        read("test", t("测试长度", "tested length"), words(whole(state.test() as u64)), Place::Rail),
        read(
            "critical",
            t("转满一圈的圆", "circles with a full turn"),
            words(solved.circles.critical_index().to_string()),
            Place::Rail,
        ),
        read("safe", t("频率的安全长度", "safe length of the frequencies"), tokens(focus.safe), Place::Panel("ratio")),
        read("usable", t("可用长度", "usable length"), tokens(usable), Place::Rail),
        read("outside", t("细看的：在弧外的圆", "closer look: circles outside"), outside, Place::Panel("clocks")),
        read(
            "slowest",
            t("最慢的圆：现在 / 训练过（圈）", "slowest circle: now / trained (turns)"),
            words(slowest),
            Place::Panel("clocks"),
        ),
        read("seen", t("ρ 变成了", "ρ becomes"), seen, Place::Panel("curve")),
        read(
            "ramp",
            t("代码的斜坡", "ramp of the code"),
            words(format!("{} … {}", short(from, 3), short(to, 3))),
            Place::Panel("ratio"),
        ),
        read("near", t("细看的：近", "closer look: near"), Reading::Fixed(focus.near_far.near, 3), Place::Panel("quadrant")),
        read("far", t("远", "far"), Reading::Fixed(focus.near_far.far, 3), Place::Panel("quadrant")),
        read("reach", t("看得见的比例", "share seen"), Reading::Fixed(focus.near_far.reach, 3), Place::Panel("quadrant")),
        read("lambda", t("λ", "λ"), Reading::Fixed(*lambda, 3), Place::Panel("row")),
        read(
            "taxed",
            t("固定的 s，保真", "fixed s, fidelity"),
            Reading::Fixed(tax.fixed.first().map_or(1.0, |point| point.1), 3),
            Place::Panel("tax"),
        ),
        read(
            "stale",
            t("旧键里偏过直角的有几对", "pairs of the stale key beyond a right angle"),
            tax.key.as_ref().map_or_else(dash, |(_, key)| words(format!("{} / {}", key.beyond_right_angle, key.errors.len()))),
            Place::Panel("tax"),
        ),
        read(
            "mixed",
            t("要算两遍的块", "tiles computed twice"),
            words(format!("{} / {}", whole(solved.tiles.mixed), whole(solved.tiles.total()))),
            Place::Panel("tiles"),
        ),
        read("passes", t("平均遍数", "passes on average"), Reading::Fixed(solved.tiles.passes(), 3), Place::Panel("tiles")),
        read(
            "negative",
            t("第一次为负", "first negative at"),
            first.map_or_else(|| Reading::Words(Words::new("没有", "nowhere")), |at| words(whole(at as u64))),
            Place::Panel("base"),
        ),
    ];
    all.extend(fresh_readouts(state));
    if let Row::Random { plain, scaled, sink, .. } = row {
        all.extend([
            read("entropy", t("熵（奈特）", "entropy (nats)"), Reading::Fixed(plain.entropy, 3), Place::Panel("row")),
            read("tamed", t("乘以 λ 之后", "with λ"), Reading::Fixed(scaled.entropy, 3), Place::Panel("row")),
            read(
                "effective",
                t("相当于读了几个键", "keys effectively read"),
                Reading::Short(scaled.effective, 4),
                Place::Panel("row"),
            ),
            read(
                "inflation",
                t("去掉第一个键，别的放大", "cut the first key: others grow by"),
                sink.as_ref()
                    .filter(|sink| sink.inflation.is_finite())
                    .map_or_else(dash, |sink| Reading::Short(sink.inflation, 4)),
                Place::Panel("row"),
            ),
        ]);
    }
    if let Some(search) = work.search() {
        let smallest =
            search.smallest().map_or_else(|| Reading::Words(Words::new("还没有", "none yet")), |base| Reading::Short(base, 3));
        let runs = search.runs().len();
        all.push(read("smallest", t("够用的最小底数", "smallest base that does"), smallest, Place::Panel("base")));
        all.push(read("runs", t("够用的底数有几段", "ranges of bases that do"), words(runs.to_string()), Place::Panel("base")));
    }
    all
}

/// What the figures of other designs say in numbers.
fn fresh_readouts(state: &State) -> Vec<Readout> {
    let read = |key, label, words: String, panel| Readout {
        key,
        label,
        reading: Reading::Words(Words::same(words)),
        place: Place::Panel(panel),
    };
    let own = fresh::field(state, state.local);
    let mut all = vec![
        read("field", t("感受野", "receptive field"), whole(own as u64), "hwfa"),
        read("share", t("占训练长度", "share of the trained length"), short(own / state.train as f64, 3), "hwfa"),
        read("widest", t("最宽的窗口", "widest window"), whole(fresh::widest(state) as u64), "hwfa"),
    ];
    if let Some(norms) = fresh::Norms::of(state) {
        let [plain, normed] = [&norms.plain, &norms.normed].map(|weights| short(weights[0], 3));
        all.push(read("aligned", t("最像的键得到", "the best aligned key gets"), plain, "norms"));
        all.push(read("normed", t("归一化之后", "with Key Norm"), normed, "norms"));
        let heaviest = (sheets::heaviest(&norms.plain) + 1).to_string();
        all.push(read("heaviest", t("最重的键，按角度排第", "heaviest key, its rank by angle"), heaviest, "norms"));
    }
    all
}
