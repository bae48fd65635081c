//! The tests, fastest first.

use crate::run::{Result, at, command, names, on_every_core, output, root, run, run_reading, seconds, step};
use crate::site;
use crate::toolchain::{Toolchain, WEB};
use crate::tools;
use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

/// How many tests of a suite did what.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Count {
    passed: u32,
    failed: u32,
}

impl Count {
    fn plus(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

/// One run of the tests: what its suites share, and what its gates have measured.
struct Trial {
    toolchain: Toolchain,
    /// Which random states this commit looks at: other ones than the commit before, the same ones each time.
    seed: u32,
    /// Whether all random states are looked at instead of an eighth.
    is_full: bool,
    /// The lines that begin with [`GATE`].
    gates: RefCell<Vec<String>>,
}

/// How a test says what a gate has measured.
const GATE: &str = "gate · ";

/// The name, what it needs beforehand (not counted as its time), and the suite itself.
struct Suite {
    name: &'static str,
    prepare: Option<fn(&Toolchain) -> Result>,
    run: fn(&Trial) -> Result<Count>,
}

const SUITES: &[Suite] = &[
    Suite { name: "fmt", prepare: None, run: fmt },
    Suite { name: "clippy", prepare: None, run: clippy },
    Suite { name: "unit", prepare: None, run: unit },
    Suite { name: "doc", prepare: None, run: doc },
    Suite { name: "attack", prepare: None, run: attack },
    Suite { name: "parsers", prepare: None, run: parsers },
    Suite { name: "clippy-web", prepare: None, run: clippy_web },
    Suite { name: "wasm", prepare: Some(tools::wasm_bindgen), run: wasm },
    Suite { name: "site", prepare: Some(tools::for_site), run: build_site },
    Suite { name: "e2e", prepare: Some(packages), run: e2e },
];

struct Outcome {
    name: &'static str,
    count: Count,
    took: Duration,
}

/// `cargo xtask test`: runs the suites of these names, or all of them.
pub fn test(names: &[&str], is_full: bool) -> Result {
    if let Some(unknown) = names.iter().find(|name| SUITES.iter().all(|suite| suite.name != **name)) {
        let known: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
        return Err(format!("There is no suite `{unknown}`: choose from {}.", known.join(", ")));
    }
    let trial = Trial { toolchain: Toolchain::ready()?, seed: seed(), is_full, gates: RefCell::default() };
    let mut outcomes: Vec<Outcome> = Vec::new();
    for suite in SUITES.iter().filter(|suite| names.is_empty() || names.contains(&suite.name)) {
        let no_site = suite.name == "e2e" && outcomes.iter().any(|before| before.name == "site" && before.count.failed > 0);
        outcomes.push(if no_site { without_site(suite) } else { outcome(suite, &trial) });
    }

    println!();
    trial.gates.borrow().iter().for_each(|gate| println!("{gate}"));
    println!();
    for Outcome { name, count, took } in &outcomes {
        let word = if count.failed == 0 { "ok" } else { "FAILED" };
        let tests = count.passed + count.failed;
        println!("{name:<10}  {word:<6}  {tests:>5} {:<5}  {:>8}", if tests == 1 { "test" } else { "tests" }, seconds(*took));
    }
    let total = outcomes.iter().fold(Count::default(), |sum, outcome| sum.plus(outcome.count));
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 { Ok(()) } else { std::process::exit(1) }
}

/// Drawn from the commit.
fn seed() -> u32 {
    let commit = output(command("git").args(["rev-parse", "HEAD"]).current_dir(root())).unwrap_or_default();
    commit.get(..7).and_then(|start| u32::from_str_radix(start, 16).ok()).unwrap_or(0)
}

fn outcome(suite: &Suite, trial: &Trial) -> Outcome {
    let prepared = suite.prepare.map_or(Ok(()), |prepare| prepare(&trial.toolchain));
    println!("\n══ {}", suite.name);
    let start = Instant::now();
    let result = prepared.and_then(|()| (suite.run)(trial));
    let count = result.unwrap_or_else(|sentence| {
        println!("{sentence}");
        Count { passed: 0, failed: 1 }
    });
    Outcome { name: suite.name, count, took: start.elapsed() }
}

/// What is in dist/ is older than what is tested.
fn without_site(suite: &Suite) -> Outcome {
    println!("\n══ {}\nThe site was not built, so it cannot be tested.", suite.name);
    Outcome { name: suite.name, count: Count { passed: 0, failed: 1 }, took: Duration::ZERO }
}

/// A command that is one test: it succeeds or not.
fn single(command: &mut Command) -> Result<Count> {
    run(command).map(|()| Count { passed: 1, failed: 0 })
}

/// A command that counts its tests itself.
fn counted(trial: &Trial, command: &mut Command, count_of: fn(&str) -> Option<Count>) -> Result<Count> {
    let mut count = Count::default();
    let succeeded = run_reading(command, |line| {
        count = count.plus(count_of(line).unwrap_or_default());
        if line.starts_with(GATE) {
            trial.gates.borrow_mut().push(line.to_owned());
        }
    })?;
    // One that fails before its first test, for instance because it does not compile, is one failure.
    let silent = u32::from(!succeeded && count.failed == 0);
    if succeeded && count == Count::default() {
        Err("No test ran.".to_owned())
    } else {
        Ok(count.plus(Count { passed: 0, failed: silent }))
    }
}

fn fmt(trial: &Trial) -> Result<Count> {
    single(trial.toolchain.command("cargo-fmt").args(["fmt", "--all", "--check"]))
}

fn clippy(trial: &Trial) -> Result<Count> {
    single(trial.toolchain.command("cargo-clippy").args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn unit(trial: &Trial) -> Result<Count> {
    counted(
        trial,
        trial.toolchain.command("cargo").args(["test", "--workspace", "--no-fail-fast", "--", "--show-output"]),
        count_of_cargo,
    )
}

fn doc(trial: &Trial) -> Result<Count> {
    single(trial.toolchain.command("cargo").args(["doc", "--no-deps", "--workspace"]).env("RUSTDOCFLAGS", "-Dwarnings"))
}

fn clippy_web(trial: &Trial) -> Result<Count> {
    let lint = |what: &[&str]| {
        let mut clippy = trial.toolchain.command("cargo-clippy");
        clippy.args(["clippy", "--target", WEB]).args(what).args(["--", "-D", "warnings"]);
        single(&mut clippy)
    };
    Ok(lint(&["-p", "yansuan", "--all-targets"])?.plus(lint(&["-p", "yansuan-bench", "--lib"])?))
}

/// Random events and addresses against every widget, natively, in code as fast as what is shipped.
fn attack(trial: &Trial) -> Result<Count> {
    let arguments =
        ["run", "--quiet", "--profile", "attack", "--package", "yansuan-attack", "--", "--seed", &trial.seed.to_string()];
    counted(trial, trial.toolchain.command("cargo").args(arguments), count_of_gates)
}

/// What cargo-fuzz tells the compiler, in words that a stable one knows: count which branches were taken.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table --cfg fuzzing";

/// Inputs that a coverage-guided search tries on each parser.
const TRIES: u32 = 200_000;

/// The targets of fuzz/, from their corpus on, a fixed number of times each; what they find new is not kept.
fn parsers(trial: &Trial) -> Result<Count> {
    let host = output(trial.toolchain.command("rustc").arg("-vV")).unwrap_or_default();
    let host = host
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .ok_or("`rustc -vV` does not say for which host it compiles.")?;
    let target = root().join("target/fuzz");
    // With a target named, the flags are for the targets alone and not for what builds them.
    let build =
        ["build", "--quiet", "--release", "--locked", "--manifest-path", "fuzz/Cargo.toml", "--target", host, "--target-dir"];
    run(trial.toolchain.command("cargo").args(build).arg(&target).env("RUSTFLAGS", COVERAGE).current_dir(root()))?;
    let found = target.join("found");
    let corpora = root().join("fuzz/corpus");
    let targets = names(&corpora)?;
    let seed = trial.seed;
    let attacked = on_every_core(&targets, |name| {
        let fresh = found.join(name);
        if fresh.exists() {
            at(&fresh, fs::remove_dir_all(&fresh))?;
        }
        at(&fresh, fs::create_dir_all(&fresh))?;
        let mut attack = command(target.join(host).join("release").join(name));
        attack.arg(format!("-runs={TRIES}")).arg(format!("-seed={seed}")).args(["-verbosity=0", "-timeout=10"]);
        attack.arg(format!("-artifact_prefix={}/{name}-", found.display())).arg(fresh).arg(corpora.join(name));
        run(&mut attack).map_err(|sentence| {
            format!("{sentence} The input is in target/fuzz/found/{name}-…; add it to fuzz/corpus/{name}/ when it is mended.")
        })
    });
    let mut count = Count::default();
    for (name, outcome) in targets.iter().zip(attacked) {
        match outcome {
            Ok(()) => {
                let line = format!("{GATE}parsers · {name}: {TRIES} inputs, seed {seed}");
                println!("{line}");
                trial.gates.borrow_mut().push(line);
                count.passed += 1;
            }
            Err(sentence) => {
                println!("{sentence}");
                count.failed += 1;
            }
        }
    }
    Ok(count)
}

/// The tests that need a browser's own interfaces, in headless Chromium; its flags are in webdriver.json.
fn wasm(trial: &Trial) -> Result<Count> {
    let browser = tools::browser()?;
    counted(
        trial,
        trial
            .toolchain
            .command("cargo")
            .args(["test", "--target", WEB, "-p", "yansuan", "--test", "web"])
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
            .env("CHROMEDRIVER", browser.chromedriver),
        count_of_cargo,
    )
}

fn build_site(trial: &Trial) -> Result<Count> {
    single(&mut site::release(&trial.toolchain, "/"))
}

pub fn e2e_folder() -> PathBuf {
    root().join("tests/e2e")
}

/// Installs the npm packages of the end-to-end tests unless those of this very lock are there.
pub fn packages(toolchain: &Toolchain) -> Result {
    tools::browser()?;
    let lock = e2e_folder().join("package-lock.json");
    let installed = e2e_folder().join("node_modules/.yansuan-lock");
    let wanted = at(&lock, fs::read(&lock))?;
    if fs::read(&installed).is_ok_and(|there| there == wanted) {
        return Ok(());
    }
    step("Installing the packages of the end-to-end tests", || {
        run(toolchain.command("npm").arg("ci").current_dir(e2e_folder()))
    })?;
    at(&installed, fs::write(&installed, wanted))
}

/// The release site of the suite before, in Chromium.
fn e2e(trial: &Trial) -> Result<Count> {
    let browser = tools::browser()?;
    let dist = site::dist();
    if !dist.join("index.html").is_file() {
        return Err("There is no site in dist/: run `cargo xtask build`.".to_owned());
    }
    let folder = e2e_folder();
    let files: Vec<PathBuf> =
        names(&folder)?.iter().filter(|name| name.ends_with(".test.mjs")).map(|name| folder.join(name)).collect();
    if files.is_empty() {
        return Err("There is no *.test.mjs in tests/e2e: without one the site is not tested.".to_owned());
    }
    counted(
        trial,
        trial
            .toolchain
            .command("node")
            .args(["--test", "--test-concurrency=2", "--test-reporter=spec"])
            .args(files)
            .env("YANSUAN_DIST", dist)
            .env("YANSUAN_SHARE", trial.seed.to_string())
            .env("YANSUAN_FULL", if trial.is_full { "1" } else { "0" })
            .env("CHROMIUM", browser.chromium)
            .env("FIREFOX", browser.firefox),
        count_of_node,
    )
}

/// `cargo xtask fuzz`: random input on the built site, as long as one likes.
pub fn fuzz(arguments: &[&str]) -> Result {
    let toolchain = Toolchain::ready()?;
    packages(&toolchain)?;
    let browser = tools::browser()?;
    let mut node = toolchain.command("node");
    node.arg(e2e_folder().join("fuzz.mjs")).args(arguments).current_dir(root());
    run(node.env("CHROMIUM", browser.chromium).env("YANSUAN_SHARE", seed().to_string()))
}

/// `cargo xtask bless figures`: takes the present figures and style as right.
pub fn bless_figures() -> Result {
    let toolchain = Toolchain::ready()?;
    run(toolchain.command("cargo").args(["test", "--test", "figures", "--test", "style"]).env("UPDATE_FIGURES", "1"))
}

/// `cargo xtask bless pictures`: takes the present pages of the built site as right, and puts what changed side by side into shots/.
pub fn bless_pictures() -> Result {
    let toolchain = Toolchain::ready()?;
    packages(&toolchain)?;
    let browser = tools::browser()?;
    for script in [&["--test", "pictures.test.mjs"][..], &["og.mjs"]] {
        let mut node = toolchain.command("node");
        node.current_dir(e2e_folder()).args(script);
        run(node.env("YANSUAN_BLESS", "1").env("YANSUAN_DIST", site::dist()).env("CHROMIUM", &browser.chromium))?;
    }
    println!(
        "What changed is in shots/: before, after, difference; beside links stands what is in public/og. Look at both before you commit."
    );
    Ok(())
}

/// `cargo xtask late`: builds programs that tell which of their functions are called, opens the pages, and lists the others.
pub fn late() -> Result {
    let toolchain = Toolchain::ready()?;
    tools::for_site(&toolchain)?;
    packages(&toolchain)?;
    let browser = tools::browser()?;
    step("Building programs that are watched", || run(site::release(&toolchain, "/").env(site::WATCHED, "1")))?;
    let mut node = toolchain.command("node");
    node.current_dir(e2e_folder()).arg("late.mjs").arg(root().join("xtask/late"));
    run(node.env("YANSUAN_DIST", site::dist()).env("CHROMIUM", browser.chromium))?;
    println!("What is in dist/ is no site to show: run `cargo xtask build`.");
    Ok(())
}

/// From `gate · …`: one that has been passed.
fn count_of_gates(line: &str) -> Option<Count> {
    line.starts_with(GATE).then_some(Count { passed: 1, failed: 0 })
}

/// From `test result: ok. 12 passed; 0 failed; 1 ignored; …`.
fn count_of_cargo(line: &str) -> Option<Count> {
    let words: Vec<_> = line.strip_prefix("test result: ")?.split([' ', ';']).collect();
    let before = |word| words.iter().position(|found| *found == word).and_then(|at| words[at.checked_sub(1)?].parse().ok());
    Some(Count { passed: before("passed")?, failed: before("failed")? })
}

/// From `ℹ pass 12`, `ℹ fail 0` and `ℹ cancelled 0`, a line each.
fn count_of_node(line: &str) -> Option<Count> {
    let (word, number) = line.strip_prefix("ℹ ")?.split_once(' ')?;
    let number = number.parse().ok()?;
    match word {
        "pass" => Some(Count { passed: number, failed: 0 }),
        "fail" | "cancelled" => Some(Count { passed: 0, failed: number }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Count, count_of_cargo, count_of_node};

    #[test]
    fn counts_of_cargo() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(count_of_cargo(line), Some(Count { passed: 12, failed: 3 }));
        assert_eq!(count_of_cargo("running 3 tests"), None);
    }

    #[test]
    fn counts_of_node() {
        assert_eq!(count_of_node("ℹ pass 7"), Some(Count { passed: 7, failed: 0 }));
        assert_eq!(count_of_node("ℹ cancelled 2"), Some(Count { passed: 0, failed: 2 }));
        assert_eq!(count_of_node("ℹ duration_ms 70.2"), None);
        assert_eq!(count_of_node("✔ a test about fail 3 (2 ms)"), None);
    }
}
