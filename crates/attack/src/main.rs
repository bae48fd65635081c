//! Attacks every widget of the shelf with random events and addresses, natively: nothing panics, no number is without a value, every
//! setting stays within its bounds and comes back from its address. `cargo xtask test attack` runs it.

use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use yansuan::contract::number;
use yansuan::contract::shelf::DynWidget;
use yansuan::widgets::SHELF;
use yansuan_attack::event::Event;
use yansuan_attack::field::Field;
use yansuan_attack::{query, shrink};
use yansuan_math::rng::SplitMix64;

/// Events from one opening of the widget to the next.
const RUN: u64 = 2000;

const USAGE: &str = "yansuan-attack [--events N] [--queries N] [--seed N] [--widget SLUG]";

/// What is asked for.
struct Order {
    events: u64,
    queries: u64,
    seed: u64,
    widget: Option<String>,
}

impl Order {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut order = Self { events: 1_000_000, queries: 100_000, seed: 0, widget: None };
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(|| format!("{word} wants a value: {USAGE}"))?;
            let number = || value.parse().map_err(|_| format!("{word} {value}: a whole number is wanted: {USAGE}"));
            match word.as_str() {
                "--events" => order.events = number()?,
                "--queries" => order.queries = number()?,
                "--seed" => order.seed = number()?,
                "--widget" => order.widget = Some(value),
                _ => return Err(format!("There is no option {word}: {USAGE}")),
            }
        }
        Ok(order)
    }
}

fn main() -> ExitCode {
    let order = match Order::read(std::env::args().skip(1)) {
        Ok(order) => order,
        Err(sentence) => {
            eprintln!("{sentence}");
            return ExitCode::from(2);
        }
    };
    let widgets: Vec<_> =
        SHELF.iter().copied().filter(|widget| order.widget.as_ref().is_none_or(|slug| widget.about().slug == slug)).collect();
    if widgets.is_empty() {
        eprintln!("There is no widget {}.", order.widget.unwrap_or_default());
        return ExitCode::from(2);
    }
    // What a panic says is caught and told with the events that led there.
    panic::set_hook(Box::new(|_| {}));
    let mut failed = false;
    for widget in widgets {
        match attack(widget, &order) {
            Ok(line) => println!("gate · fuzz (native) · {line}"),
            Err(report) => {
                failed = true;
                println!("{report}");
            }
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// All runs of one widget, shared out over the cores; the first failure ends it.
fn attack(widget: &'static dyn DynWidget, order: &Order) -> Result<String, String> {
    let runs = order.events.div_ceil(RUN);
    let per_run = order.queries.div_ceil(runs.max(1));
    let next = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    let pictures = AtomicU64::new(0);
    let failure: Mutex<Option<(u64, String)>> = Mutex::new(None);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let run = next.fetch_add(1, Ordering::Relaxed);
                    if run >= runs {
                        return;
                    }
                    let count = RUN.min(order.events - run * RUN);
                    let outcome = skirmish(widget, seed_of(order.seed, run), count).and_then(|drawn| {
                        pictures.fetch_add(drawn, Ordering::Relaxed);
                        guarded(|| query::attack(widget, seed_of(order.seed ^ 0x51, run), per_run))
                    });
                    if let Err(report) = outcome {
                        stop.store(true, Ordering::Relaxed);
                        let mut first = failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                        if first.as_ref().is_none_or(|(at, _)| run < *at) {
                            *first = Some((run, report));
                        }
                    }
                }
            });
        }
    });
    let slug = widget.about().slug;
    match failure.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        Some((run, report)) => Err(format!("{slug} fell in run {run} of seed {}.\n{report}", order.seed)),
        None => Ok(format!(
            "{slug}: {} events, {} pictures, {} addresses, seed {}",
            number::whole(order.events),
            number::whole(pictures.into_inner()),
            number::whole(per_run * runs),
            order.seed
        )),
    }
}

/// One run; a failure is told with the shortest list of events that still fails.
fn skirmish(widget: &'static dyn DynWidget, seed: u64, count: u64) -> Result<u64, String> {
    let mut random = SplitMix64::new(seed);
    let events: Vec<Event> = (0..count).map(|_| Event::draw(&mut random)).collect();
    let play = |events: &[Event]| guarded(|| Field::play(widget, events));
    play(&events).map_err(|first| {
        let shortest = shrink::shrink(&events, |events| play(events).is_err());
        let last = play(&shortest).err().unwrap_or(first);
        let listed: Vec<String> = shortest.iter().map(|event| format!("  {event:?}")).collect();
        format!("{last}\nThe shortest list of events that does it, from the opening scene:\n{}", listed.join("\n"))
    })
}

/// A panic as an error.
fn guarded<T>(deed: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(deed)).unwrap_or_else(|thrown| {
        let text =
            thrown.downcast_ref::<String>().cloned().or_else(|| thrown.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(format!("It panicked: {}", text.unwrap_or_default()))
    })
}

/// Runs of one seed have nothing in common.
fn seed_of(seed: u64, run: u64) -> u64 {
    SplitMix64::at(seed, run).next_u64()
}
