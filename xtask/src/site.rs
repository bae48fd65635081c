//! The release site.

use crate::run::{Result, at, command, names, on_every_core, root, run, step};
use crate::toolchain::{Toolchain, WEB, target_folder};
use crate::tools;
use crate::{slim, split};
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// `cargo xtask build`: writes the release site to dist/.
pub fn build(public_url: &str) -> Result {
    let toolchain = Toolchain::ready()?;
    tools::for_site(&toolchain)?;
    step("Building the release site", || run(&mut release(&toolchain, public_url)))?;
    println!("The site is in dist/.");
    Ok(())
}

/// Where the site is written.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Trunk's command for the release site.
pub fn release(toolchain: &Toolchain, public_url: &str) -> Command {
    let mut trunk = trunk(toolchain, "build");
    trunk.args(["--release", "--public-url", public_url]);
    trunk
}

pub fn trunk(toolchain: &Toolchain, subcommand: &str) -> Command {
    let mut trunk = toolchain.command("trunk");
    // Trunk refuses the value `1` that some terminals and services give this variable.
    trunk.arg(subcommand).env_remove("NO_COLOR");
    // An error of Trunk tells its causes; the backtrace to it is about Trunk.
    trunk.env("RUST_LIB_BACKTRACE", "0");
    trunk
}

/// `cargo xtask finish`: what Trunk calls when it has gathered everything, before the site takes the place of the old one.
pub fn finish() -> Result {
    let variable =
        |name: &str| env::var(name).map_err(|_| "`cargo xtask finish` is called by Trunk: run `cargo xtask build`.".to_owned());
    let staging = PathBuf::from(variable("TRUNK_STAGING_DIR")?);
    let public_url = variable("TRUNK_PUBLIC_URL")?;
    // Trunk leaves leading zeros out, one file in sixteen, and nobody could tell such a name from one without a hash: pages would keep
    // the common program, which plays no widget.
    rename(&staging, |name, _| Ok(padded(name)))?;
    if variable("TRUNK_PROFILE")? == "release" {
        programs(&staging)?;
        shrink(&staging)?;
        rename(&staging, |name, staging| name.contains(UNNAMED).then(|| named(name, staging)).transpose())?;
    } else {
        reload_from_file(&staging, &public_url)?;
    }
    step("Writing the static pages", || {
        // In the dev profile, which the tests have compiled already: the pages take a second, a release build of their writer a minute.
        run(command("cargo")
            .args(["run", "--quiet", "--package", "yansuan", "--bin", "prerender", "--"])
            .arg(&staging)
            .arg(&public_url))
    })
}

/// Gives files other names, and the new names to whatever names them: pages, scripts and style sheets.
fn rename(staging: &Path, mut new_name: impl FnMut(&str, &Path) -> Result<Option<String>>) -> Result {
    let mut renamed = Vec::new();
    for name in names(staging)? {
        if let Some(whole) = new_name(&name, staging)? {
            renamed.push((name, whole));
        }
    }
    for (old, new) in &renamed {
        at(staging, fs::rename(staging.join(old), staging.join(new)))?;
    }
    for name in names(staging)? {
        let file = staging.join(&name);
        if renamed.is_empty() || !["html", "js", "css"].iter().any(|text| file.extension() == Some(OsStr::new(text))) {
            continue;
        }
        let before = at(&file, fs::read_to_string(&file))?;
        let after = renamed.iter().fold(before.clone(), |text, (old, new)| text.replace(old, new));
        if after != before {
            at(&file, fs::write(&file, after))?;
        }
    }
    Ok(())
}

/// Stands for the hash of a widget's program until all that is done to it is done: what has another content has another name, whatever
/// it was that changed it, and no cache mixes the parts of two.
const UNNAMED: &str = "-0000000000000000";

/// The name of a part of a widget's program with the hash of all its parts.
fn named(name: &str, staging: &Path) -> Result<String> {
    let (slug, _) = name.split_once(UNNAMED).unwrap_or_default();
    let mut hasher = DefaultHasher::new();
    for part in ["_bg.wasm", "_rest.wasm", ".js"] {
        let file = staging.join(format!("{slug}{UNNAMED}{part}"));
        if file.is_file() {
            at(&file, fs::read(&file))?.hash(&mut hasher);
        }
    }
    Ok(name.replace(UNNAMED, &format!("-{:016x}", hasher.finish())))
}

/// `name-00…hash.ending` for a name whose hash has too few digits.
fn padded(name: &str) -> Option<String> {
    let (stem, rest) = name.rsplit_once('-')?;
    let length = rest.find(['_', '.'])?;
    let (hash, ending) = rest.split_at(length);
    let is_hash =
        (9..16).contains(&hash.len()) && hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    is_hash.then(|| format!("{stem}-{hash:0>16}{ending}"))
}

/// Compiles the program of each widget's pages, and puts it beside the common one.
fn programs(staging: &Path) -> Result {
    let toolchain = Toolchain::ready()?;
    let files = names(&root().join("src/bin"))?;
    let slugs: Vec<&str> = files.iter().filter_map(|name| name.strip_suffix(".rs")).filter(|name| *name != "prerender").collect();
    step("Compiling a program for each widget", || {
        let mut build = toolchain.command("cargo");
        build.args(["build", "--quiet", "--offline", "--release", "--target", WEB]);
        build.args(slugs.iter().flat_map(|name| ["--bin", name]));
        run(&mut build)
    })?;
    for slug in slugs {
        // Names of functions stay as the compiler gave them: by them the program is parted.
        run(toolchain
            .command("wasm-bindgen")
            .args(["--target", "web", "--no-typescript", "--no-demangle", "--out-name", &format!("{slug}{UNNAMED}"), "--out-dir"])
            .arg(staging)
            .arg(target_folder().join(WEB).join("release").join(format!("{slug}.wasm"))))?;
    }
    Ok(())
}

/// The variable with which `cargo xtask late` asks for programs that tell which functions are called.
pub const WATCHED: &str = "YANSUAN_WATCHED";

/// Makes the programs smaller: with wasm-opt, where there is one, by what no page needs, and by what may come later.
pub fn shrink(staging: &Path) -> Result {
    let wasm_opt = tools::wasm_opt();
    if wasm_opt.is_none() {
        println!("── no wasm-opt: the programs stay larger");
    }
    let files: Vec<PathBuf> =
        names(staging)?.iter().filter(|name| name.ends_with("_bg.wasm")).map(|name| staging.join(name)).collect();
    step(&format!("Making {} programs smaller", files.len()), || {
        on_every_core(&files, |file| shrink_one(wasm_opt.as_deref(), file)).into_iter().collect()
    })
}

fn shrink_one(wasm_opt: Option<&Path>, file: &Path) -> Result {
    let size = || at(file, fs::metadata(file)).map(|data| data.len());
    let before = size()?;
    slim::without_streams(file)?;
    if let Some(wasm_opt) = wasm_opt {
        // Twice: until nothing changes any more takes twice as long again, and is worth a quarter of a per cent. The features one by
        // one: with all of them wasm-opt writes what browsers refuse.
        run(command(wasm_opt).args(["-Oz", "-Oz", "--debuginfo", "--output"]).arg(file).arg(file).args([
            "--enable-bulk-memory",
            "--enable-nontrapping-float-to-int",
            "--enable-sign-ext",
            "--enable-mutable-globals",
            "--enable-reference-types",
            "--enable-multivalue",
            "--enable-simd",
        ]))?;
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if let Some((slug, _)) = name.split_once(UNNAMED) {
        if env::var_os(WATCHED).is_some() {
            split::watch(file)?;
        } else if let Some(late) = split::late(slug)? {
            split::part(file, &late)?;
        }
    }
    slim::shorten(file)?;
    println!("── {name}: {before} bytes became {}", size()?);
    Ok(())
}

/// The page's policy forbids inline scripts, and Trunk's live reload is one: it is moved to a file.
fn reload_from_file(staging: &Path, public_url: &str) -> Result {
    let page = staging.join("index.html");
    let html = at(&page, fs::read_to_string(&page))?;
    let Some((html, script)) = take_reload_script(&html, public_url) else { return Ok(()) };
    let file = staging.join("reload.js");
    at(&file, fs::write(&file, script))?;
    at(&page, fs::write(&page, html))
}

/// The page with the script element pointing to a file, and what belongs into the file.
fn take_reload_script(html: &str, public_url: &str) -> Option<(String, String)> {
    const OPEN: &str = "<script>";
    let marker = html.find("{{__TRUNK_ADDRESS__}}")?;
    let start = html[..marker].rfind(OPEN)?;
    let end = marker + html[marker..].find("</script>")?;
    // Trunk's server fills these in, but in pages only.
    let script = html[start + OPEN.len()..end]
        .replace("'{{__TRUNK_ADDRESS__}}'", "window.location.host")
        .replace("{{__TRUNK_WS_BASE__}}", public_url);
    Some((format!("{}<script src=\"{public_url}reload.js\">{}", &html[..start], &html[end..]), script))
}

#[cfg(test)]
mod tests {
    use super::{padded, take_reload_script};

    #[test]
    fn the_reload_script_moves_to_a_file() {
        let html = "<body><script src=a></script><script>const address = '{{__TRUNK_ADDRESS__}}' + '{{__TRUNK_WS_BASE__}}';</script></body>";
        let (page, script) = take_reload_script(html, "/x/").expect("the page has the script");
        assert_eq!(page, "<body><script src=a></script><script src=\"/x/reload.js\"></script></body>");
        assert_eq!(script, "const address = window.location.host + '/x/';");
    }

    #[test]
    fn a_hash_has_sixteen_digits() {
        assert_eq!(padded("yansuan-4c9541486a5d2e5_bg.wasm").as_deref(), Some("yansuan-04c9541486a5d2e5_bg.wasm"));
        assert_eq!(padded("yansuan-c9541486a5d2e5.js").as_deref(), Some("yansuan-00c9541486a5d2e5.js"));
        for name in ["tokens-0123456789abcdef.css", "stix-two-math.woff2", "index.html", "feed-back.xml", "a-DEADBEEF123.js"] {
            assert_eq!(padded(name), None, "{name}");
        }
    }

    #[test]
    fn a_page_without_it_stays() {
        assert_eq!(take_reload_script("<body><script>1</script></body>", "/"), None);
    }
}
