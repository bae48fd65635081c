//! `cargo xtask bench`: the kernels natively and in the browser, drawing, start and latency, as one table of ratios.

use crate::run::{Result, run, step};
use crate::site;
use crate::suites;
use crate::toolchain::{Toolchain, WEB, target_folder};
use crate::tools;

/// Compiles both sides of the bench and the site, and runs everything in turns. The arguments go to `bench.mjs`.
pub fn bench(arguments: &[&str]) -> Result {
    let toolchain = Toolchain::ready()?;
    tools::for_site(&toolchain)?;
    suites::packages(&toolchain)?;
    let browser = tools::browser()?;
    let web = target_folder().join("bench-web");
    step("Compiling the kernels natively", || {
        run(toolchain.command("cargo").args(["build", "--release", "--package", "yansuan-bench", "--bin", "yansuan-bench"]))
    })?;
    step("Compiling the kernels and the drawing for the web", || {
        run(toolchain.command("cargo").args(["build", "--release", "--package", "yansuan-bench", "--lib", "--target", WEB]))?;
        let program = target_folder().join(WEB).join("release/yansuan_bench.wasm");
        run(toolchain.command("wasm-bindgen").args(["--target", "web", "--no-typescript", "--out-dir"]).arg(&web).arg(program))?;
        // As the site is: what is timed is what is shipped.
        site::shrink(&web)
    })?;
    step("Building the release site", || run(&mut site::release(&toolchain, "/")))?;
    let mut node = toolchain.command("node");
    node.arg(suites::e2e_folder().join("bench/bench.mjs")).args(arguments);
    node.env("YANSUAN_BENCH_NATIVE", target_folder().join("release/yansuan-bench")).env("YANSUAN_BENCH_WEB", &web);
    run(node.env("YANSUAN_DIST", site::dist()).env("CHROMIUM", browser.chromium))
}
