//! A compiler for the web made from Debian's packages alone, for machines that may not reach rustup's server.
//!
//! Debian ships the compiler, the sources of the standard library and a linker, but no standard library for the web. It is compiled here
//! once, into a sysroot of our own: links to Debian's native libraries beside our own ones for the web, and wrappers of the programs
//! that name this sysroot to them.

use crate::run::{Result, at, cache, command, output, run, step};
use crate::toolchain::{WEB, target_folder};
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

const BIN: &str = "/usr/bin";
const NATIVE: &str = "/usr/lib/rustlib";
/// Raise it when anything below changes what is built.
const RECIPE: u32 = 1;
const FLAGS: &str = "-Cembed-bitcode=yes";
/// Other sources of packages that the machine may have are none of our business.
const ONLY_DEBIAN: &[&str] = &[
    "-o",
    "Dir::Etc::sourcelist=/etc/apt/sources.list.d/debian.sources",
    "-o",
    "Dir::Etc::sourceparts=-",
    "-o",
    "APT::Get::List-Cleanup=0",
];
const CRATES: &str = "-Zbuild-std=core,alloc,std,panic_abort,proc_macro,test";

/// The `bin` folder of the sysroot, which is made unless it is there.
pub fn sysroot() -> Result<PathBuf> {
    apt(&["rustc-web", "cargo-web", "rust-web-clippy", "rustfmt-web", "rust-web-src"])?;
    let version =
        output(&mut debian("rustc", &["-vV"])).ok_or("Debian's rustc does not run: reinstall the package rustc-web.")?;
    let field = |name: &str| version.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
    let host = field("host:");
    let llvm = field("LLVM version:").split('.').next().unwrap_or_default();
    let linker = format!("/usr/lib/llvm-{llvm}/bin/lld");
    apt(&[&format!("lld-{llvm}")])?;

    let mut hasher = DefaultHasher::new();
    (RECIPE, FLAGS, CRATES, &version).hash(&mut hasher);
    let folder = cache()?.join(format!("debian-{:016x}", hasher.finish()));
    let stamp = folder.join("built");
    if !stamp.is_file() {
        step("Compiling the standard library for the web (once; about a minute)", || {
            if folder.exists() {
                at(&folder, fs::remove_dir_all(&folder))?;
            }
            assemble(&folder, host, &linker)?;
            compile_std(&folder)?;
            let built = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
            at(&stamp, fs::write(&stamp, format!("{version}{built}\n")))
        })?;
    }
    discard_stale(&stamp)?;
    Ok(folder.join("bin"))
}

/// The links and the wrappers.
fn assemble(folder: &Path, host: &str, linker: &str) -> Result {
    let bin = folder.join("bin");
    let native = folder.join("lib/rustlib").join(host);
    for new in [&bin, &native.join("bin"), &web_libraries(folder)] {
        at(new, fs::create_dir_all(new))?;
    }
    let links = [
        (format!("{NATIVE}/{host}/lib"), native.join("lib")),
        (linker.to_owned(), native.join("bin/rust-lld")),
        (format!("{NATIVE}/src"), folder.join("lib/rustlib/src")),
        (format!("{BIN}/cargo"), bin.join("cargo")),
        (format!("{BIN}/cargo-fmt"), bin.join("cargo-fmt")),
        (format!("{BIN}/rustfmt"), bin.join("rustfmt")),
    ];
    for (from, to) in links {
        at(&to, symlink(from, &to))?;
    }
    // A link would not do: these programs look for their sysroot beside the file that the link leads to.
    let root = folder.display();
    for (name, wrapper) in [
        ("rustc", format!("exec {BIN}/rustc --sysroot '{root}' \"$@\"")),
        ("rustdoc", format!("exec {BIN}/rustdoc --sysroot '{root}' \"$@\"")),
        ("cargo-clippy", format!("SYSROOT='{root}' exec {BIN}/cargo-clippy \"$@\"")),
    ] {
        let file = bin.join(name);
        at(&file, fs::write(&file, format!("#!/bin/sh\n{wrapper}\n")))?;
        at(&file, fs::set_permissions(&file, fs::Permissions::from_mode(0o755)))?;
    }
    Ok(())
}

/// Compiles an empty crate together with the standard library, of which the libraries are kept.
fn compile_std(folder: &Path) -> Result {
    let empty = folder.join("empty");
    let source = empty.join("src/lib.rs");
    at(&empty, fs::create_dir_all(empty.join("src")))?;
    at(&source, fs::write(&source, "#![no_std]\n"))?;
    let manifest = empty.join("Cargo.toml");
    let text = "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[profile.release]\npanic = \"abort\"\n\n[workspace]\n";
    at(&manifest, fs::write(&manifest, text))?;
    run(debian("cargo", &["build", "--release", "--target", WEB, CRATES])
        .current_dir(&empty)
        .env("CARGO_TARGET_DIR", empty.join("target"))
        .env("RUSTC", format!("{BIN}/rustc"))
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", FLAGS))?;
    let compiled = empty.join("target").join(WEB).join("release/deps");
    for entry in at(&compiled, fs::read_dir(&compiled))? {
        let file = at(&compiled, entry)?.path();
        let name = file.file_name().unwrap_or_default();
        if file.extension() == Some(OsStr::new("rlib")) && !name.to_string_lossy().starts_with("libempty-") {
            at(&file, fs::copy(&file, web_libraries(folder).join(name)))?;
        }
    }
    at(&empty, fs::remove_dir_all(&empty))
}

fn web_libraries(folder: &Path) -> PathBuf {
    folder.join("lib/rustlib").join(WEB).join("lib")
}

/// What was compiled against another standard library cannot be used with this one (the compiler's E0460).
fn discard_stale(stamp: &Path) -> Result {
    let compiled = target_folder().join(WEB);
    let note = target_folder().join("wasm-std");
    let current = at(stamp, fs::read_to_string(stamp))?;
    if fs::read_to_string(&note).is_ok_and(|noted| noted == current) {
        return Ok(());
    }
    if compiled.exists() {
        println!("── {} was compiled against another standard library: removed", compiled.display());
        at(&compiled, fs::remove_dir_all(&compiled))?;
    }
    at(&note, fs::create_dir_all(target_folder()))?;
    at(&note, fs::write(&note, current))
}

/// One of Debian's programs, whatever compiler the environment names.
fn debian(program: &str, arguments: &[&str]) -> Command {
    let mut command = command(format!("{BIN}/{program}"));
    command.args(arguments).env_remove("RUSTUP_TOOLCHAIN").env_remove("RUSTC").env_remove("RUSTDOC");
    command
}

/// Installs those of Debian's packages that are missing.
pub fn apt(wanted: &[&str]) -> Result {
    let installed = |package: &str| {
        output(command("dpkg-query").args(["--show", "--showformat=${Status}", package]))
            .is_some_and(|status| status == "install ok installed")
    };
    let missing: Vec<&str> = wanted.iter().copied().filter(|package| !installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    let sudo: &[&str] = if output(command("id").arg("-u")).is_some_and(|id| id.trim() == "0") {
        &[]
    } else if output(command("sudo").args(["-n", "true"])).is_some() {
        &["sudo", "-n"]
    } else {
        return Err(format!(
            "Some of Debian's packages are missing: run `sudo apt-get install --no-install-recommends {names}`."
        ));
    };
    let apt_get = |arguments: &[&str]| {
        let words = [sudo, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"], arguments].concat();
        run(command(words[0]).args(&words[1..]))
    };
    step(&format!("Installing {names}"), || {
        // `.ci/run` has just brought the lists up to date.
        if env::var_os("YANSUAN_APT_UPDATED").is_none() {
            let _ = apt_get(&[&["update"], ONLY_DEBIAN].concat());
        }
        apt_get(&[["install", "--no-install-recommends"].as_slice(), &missing].concat()).map_err(|_| {
            format!("Debian's packages could not be installed: run `apt-get update`, then `apt-get install {names}`.")
        })
    })
}
