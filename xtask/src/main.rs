//! `cargo xtask`: everything that a developer of Yansuan runs.
//!
//! - `toolchain`: which compiler is used, and how it learns to compile for the web
//! - `debian`: the compiler made from Debian's packages alone
//! - `tools`: trunk, wasm-bindgen, wasm-opt, Chromium
//! - `slim`: what wasm-bindgen writes and no page needs
//! - `split`: a program in two parts, of which the second may come later
//! - `site`, `serve`, `suites`, `bench`: the commands
//! - `run`: how a program is run, timed and reported

mod bench;
mod debian;
mod run;
mod serve;
mod site;
mod slim;
mod split;
mod suites;
mod toolchain;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask serve [--port N]          build, serve on http://127.0.0.1:8080/ and reload the page at every change
cargo xtask build [--public-url /x/]  write the release site to dist/
cargo xtask test [--full] [SUITE…]    run the tests: fmt clippy unit doc attack parsers clippy-web wasm site e2e;
                                      --full looks at all random states of pages instead of this commit's eighth
cargo xtask fuzz [--events N] [--seed N] [--widget SLUG] [--replay FILE]
                                      random input on the built site; a long run: --events 540000
cargo xtask bench [--turns N] [--events N] [--rates 1,4] [--only kernels,drawings,starts,latencies]
                                      one table of ratios: kernels natively, in wasm, in JavaScript; redraws; start; latency
cargo xtask bless figures|pictures    take what is drawn now as right, after a look at it
cargo xtask late                      watch which functions opening scenes do without, and list them in xtask/late

What is missing is installed first. With YANSUAN_WASM_TARGET=debian the compiler comes from Debian's packages instead of rustup.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["serve"] => serve::serve("8080"),
        ["serve", "--port", port] => serve::serve(port),
        ["build"] => site::build("/"),
        ["build", "--public-url", url] => site::build(url),
        ["test", "--full", names @ ..] => suites::test(names, true),
        ["test", names @ ..] => suites::test(names, false),
        ["fuzz", arguments @ ..] => suites::fuzz(arguments),
        ["bench", arguments @ ..] => bench::bench(arguments),
        ["bless", "figures"] => suites::bless_figures(),
        ["bless", "pictures"] => suites::bless_pictures(),
        ["late"] => suites::late(),
        ["finish"] => site::finish(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("\n{sentence}");
            ExitCode::FAILURE
        }
    }
}
