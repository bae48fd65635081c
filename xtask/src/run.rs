//! How a program is run, timed and reported.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::panic;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The error is one sentence for a person, with the remedy in it.
pub type Result<T = ()> = std::result::Result<T, String>;

/// Says what is being done, does it, and says how long it took.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("── {what}");
    let start = Instant::now();
    let done = work()?;
    println!("── {what}: {}", seconds(start.elapsed()));
    Ok(done)
}

pub fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

/// Runs the command to its end; whatever it prints is seen at once.
pub fn run(command: &mut Command) -> Result {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed.", shown(command))) }
}

/// Runs the command, shows each line of its output at once, and hands the line to `reader`. Tells whether the command succeeded.
pub fn run_reading(command: &mut Command, mut reader: impl FnMut(&str)) -> Result<bool> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| not_started(command, &error))?;
    let output = child.stdout.take().ok_or("The output of a program cannot be read.")?;
    for line in BufReader::new(output).split(b'\n') {
        let line = line.map_err(|error| format!("The output of `{}` cannot be read: {error}.", shown(command)))?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        reader(&line);
    }
    let status = child.wait().map_err(|error| not_started(command, &error))?;
    Ok(status.success())
}

/// What `work` makes of each item, in the order of the items. As many are worked on at once as there are cores, for programs that use
/// one core each.
pub fn on_every_core<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut made = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return made };
            made.push((at, work(item)));
        }
    };
    let mut made: Vec<(usize, R)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..thread::available_parallelism().map_or(2, usize::from)).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|cause| panic::resume_unwind(cause))).collect()
    });
    made.sort_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, result)| result).collect()
}

/// What a command prints, without its errors; `None` when it cannot be started or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn not_started(command: &Command, error: &io::Error) -> String {
    format!("`{}` cannot be started: {error}.", shown(command))
}

/// The command as one would type it, without the folder of the program.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words: Vec<_> = [program].into_iter().chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    words.join(" ")
}

/// A command that does not inherit what the cargo that runs xtask has set for xtask alone.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
    command.env_remove("CARGO").current_dir(root());
    command
}

/// The first file of one of these names in the folders of `path`.
pub fn which(names: &[&str], path: &OsStr) -> Option<PathBuf> {
    names.iter().flat_map(|name| env::split_paths(path).map(move |folder| folder.join(name))).find(|file| file.is_file())
}

/// The folder of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Where what was installed or built once is kept, outside of the repository.
pub fn cache() -> Result<PathBuf> {
    env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cache")))
        .map(|folder| folder.join("yansuan"))
        .ok_or_else(|| "No home folder is known: set XDG_CACHE_HOME to a folder that may be written.".to_owned())
}

/// Turns an error about a file into a sentence that names it.
pub fn at<T>(path: &Path, result: io::Result<T>) -> Result<T> {
    result.map_err(|error| format!("{}: {error}.", path.display()))
}

/// The names of what is in a folder, in order.
pub fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in at(folder, fs::read_dir(folder))? {
        names.extend(at(folder, entry)?.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::on_every_core;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<u32> = (0..100).collect();
        let squares: Vec<u32> = items.iter().map(|item| item * item).collect();
        assert_eq!(on_every_core(&items, |item| item * item), squares);
        assert_eq!(on_every_core(&[], |item: &u32| *item), []);
    }
}
