//! trunk, wasm-bindgen, wasm-opt and a browser: found, or installed into the cache folder.

use crate::debian::apt;
use crate::run::{Result, at, cache, command, output, root, run, step, which};
use crate::toolchain::Toolchain;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const TRUNK: &str = "0.21.14";
const BINARYEN: &str = "132.0.0";

/// What Trunk needs, and Trunk.
pub fn for_site(toolchain: &Toolchain) -> Result {
    trunk(toolchain)?;
    wasm_bindgen(toolchain)?;
    if wasm_opt().is_none() {
        let install = step("Installing wasm-opt", || {
            let folder = cache()?.join("tools/npm");
            at(&folder, fs::create_dir_all(&folder))?;
            let package = format!("binaryen@{BINARYEN}");
            run(command("npm").args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix"]).arg(&folder).arg(package))
        });
        if install.is_err() {
            println!("── wasm-opt could not be installed by npm: the program will be a few per cent larger");
        }
    }
    // Trunk calls cargo with --offline.
    run(toolchain.command("cargo").args(["fetch", "--quiet"]))
}

fn trunk(toolchain: &Toolchain) -> Result {
    if version(toolchain, "trunk").is_some_and(|version| version == TRUNK) {
        return Ok(());
    }
    step(&format!("Installing trunk {TRUNK} (once; five minutes on two cores)"), || {
        // It mostly waits for others.
        let mut install = install(toolchain, "trunk", TRUNK, "0")?;
        run(install.args(["--locked", "--no-default-features", "--features", "rustls"]))
    })
}

/// wasm-bindgen and the runner of web tests must be of exactly the version that the program is compiled with.
pub fn wasm_bindgen(toolchain: &Toolchain) -> Result {
    let wanted = locked("wasm-bindgen")?;
    let fits = |program| version(toolchain, program).is_some_and(|version| version == wanted);
    if fits("wasm-bindgen") && fits("wasm-bindgen-test-runner") {
        return Ok(());
    }
    step(&format!("Installing wasm-bindgen {wanted} (once; two minutes on two cores)"), || {
        run(install(toolchain, "wasm-bindgen-cli", &wanted, "1")?.args(["--no-default-features", "--force"]))
    })
}

/// Compiles a program of others, no faster than it needs to be: their own profiles would take up to thrice as long.
fn install(toolchain: &Toolchain, name: &str, version: &str, optimised: &str) -> Result<Command> {
    let mut command = toolchain.command("cargo");
    command.args(["install", name, "--version", &format!("={version}"), "--root"]).arg(cache()?.join("tools"));
    for (setting, value) in [("OPT_LEVEL", optimised), ("LTO", "off"), ("CODEGEN_UNITS", "16"), ("DEBUG", "0")] {
        command.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
    }
    Ok(command)
}

/// The second word of what `program --version` prints.
fn version(toolchain: &Toolchain, program: &str) -> Option<String> {
    output(toolchain.command(program).arg("--version"))?.split_whitespace().nth(1).map(str::to_owned)
}

fn locked(package: &str) -> Result<String> {
    let file = root().join("Cargo.lock");
    let lock = at(&file, fs::read_to_string(&file))?;
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines
        .nth(1)
        .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .ok_or_else(|| format!("Cargo.lock names no {package}: run `cargo generate-lockfile`."))
}

/// wasm-opt of the one version that is known to leave the program whole; older ones do not.
pub fn wasm_opt() -> Option<PathBuf> {
    let file = cache().ok()?.join("tools/npm/node_modules/.bin/wasm-opt");
    let words = output(command(&file).arg("--version"))?;
    (words.split_whitespace().nth(2) == BINARYEN.split('.').next()).then_some(file)
}

pub struct Browser {
    pub chromium: PathBuf,
    pub chromedriver: PathBuf,
    pub firefox: PathBuf,
}

pub fn browser() -> Result<Browser> {
    if let Some(found) = find_browser() {
        return Ok(found);
    }
    if which(&["apt-get"], &env::var_os("PATH").unwrap_or_default()).is_some() {
        apt(&["chromium", "chromium-driver", "firefox-esr", "fonts-wqy-microhei"])?;
    }
    find_browser().ok_or_else(|| {
        "Chromium, chromedriver or Firefox is missing: install all, or name them in the variables CHROMIUM, CHROMEDRIVER and FIREFOX."
            .to_owned()
    })
}

fn find_browser() -> Option<Browser> {
    let path = env::var_os("PATH").unwrap_or_default();
    let find = |variable: &str, names: &[&str]| env::var_os(variable).map(PathBuf::from).or_else(|| which(names, &path));
    Some(Browser {
        chromium: find("CHROMIUM", &["chromium", "chromium-browser", "google-chrome"])?,
        chromedriver: find("CHROMEDRIVER", &["chromedriver"])?,
        firefox: find("FIREFOX", &["firefox-esr", "firefox"])?,
    })
}
