//! Which compiler is used, and how it learns to compile for the web.

use crate::debian;
use crate::run::{Result, cache, command, output, root, run, step};
use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

pub const WEB: &str = "wasm32-unknown-unknown";

/// The folders in which programs are looked for, the compiler's first. Every program that is run here gets them as its PATH, so that
/// native tests, web tests and the site all come from one compiler.
pub struct Toolchain {
    path: OsString,
    debian: bool,
}

impl Toolchain {
    /// Finds a compiler that can compile for the web, or makes one.
    pub fn ready() -> Result<Self> {
        if env::var("YANSUAN_WASM_TARGET").is_ok_and(|value| value == "debian") {
            let bin = debian::sysroot()?;
            return Ok(Self { path: search_path(Some(bin))?, debian: true });
        }
        let toolchain = Self { path: search_path(None)?, debian: false };
        if !toolchain.has_web_target() {
            let add =
                step("Adding the web target to the compiler", || run(toolchain.command("rustup").args(["target", "add", WEB])));
            if add.is_err() || !toolchain.has_web_target() {
                return Err(format!(
                    "The compiler in use has no target {WEB}: run `rustup target add {WEB}`, or on Debian set YANSUAN_WASM_TARGET=debian."
                ));
            }
        }
        Ok(toolchain)
    }

    fn has_web_target(&self) -> bool {
        output(self.command("rustc").args(["--print", "target-libdir", "--target", WEB]))
            .is_some_and(|folder| PathBuf::from(folder.trim()).is_dir())
    }

    /// A program of the toolchain, or one that will call it.
    pub fn command(&self, program: &str) -> Command {
        let mut command = match crate::run::which(&[program], &self.path) {
            Some(file) => command(file),
            None => command(program),
        };
        command.env("PATH", &self.path);
        if self.debian {
            for inherited in ["RUSTUP_TOOLCHAIN", "RUSTC", "RUSTDOC"] {
                command.env_remove(inherited);
            }
        }
        command
    }
}

/// The compiler's folder, then the folder of our own tools, then the inherited PATH.
fn search_path(compiler: Option<PathBuf>) -> Result<OsString> {
    let inherited = env::var_os("PATH").unwrap_or_default();
    let folders = compiler.into_iter().chain([cache()?.join("tools/bin")]).chain(env::split_paths(&inherited));
    env::join_paths(folders).map_err(|error| format!("The folder of the tools cannot stand in PATH: {error}."))
}

/// Where cargo puts what it compiles.
pub fn target_folder() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}
