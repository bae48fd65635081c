//! Takes out of a program what wasm-bindgen writes and no page needs: the exports of streams, which come with the framework's server
//! part, and long names with hashes, which no compression shortens. Together 7 KB of a program's 240, compressed.

use crate::run::{Result, at};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;

/// What the names of unwanted exports contain.
const STREAMS: &str = "intounderlying";

/// What the names of exported closures begin with; the rest is a hash.
const CLOSURES: &str = "wasm_bindgen__convert__closures_";

/// The eight blanks and the beginning of every function that the script lends to the program.
const LENT: &str = "\n        __wb";

/// Takes the exports of streams out of a program and its script, so that wasm-opt can take out what only they need.
pub fn without_streams(wasm: &Path) -> Result {
    let script = wasm_script(wasm)?;
    let program = at(wasm, fs::read(wasm))?;
    let text = at(&script, fs::read_to_string(&script))?;
    at(wasm, fs::write(wasm, without_exports(&program).ok_or_else(|| unknown(wasm))?))?;
    at(&script, fs::write(&script, without_classes(&text)))
}

/// Gives short names to what program and script call of each other, and takes out of the script what the program does not call.
pub fn shorten(wasm: &Path) -> Result {
    let script = wasm_script(wasm)?;
    let program = at(wasm, fs::read(wasm))?;
    let text = at(&script, fs::read_to_string(&script))?;
    let (program, text) = shortened(&program, &text).ok_or_else(|| unknown(wasm))?;
    at(wasm, fs::write(wasm, program))?;
    at(&script, fs::write(&script, text))
}

/// `name.js` beside `name_bg.wasm`.
fn wasm_script(wasm: &Path) -> Result<PathBuf> {
    let name = wasm.file_name().and_then(|name| name.to_str()?.strip_suffix("_bg.wasm"));
    name.map(|name| wasm.with_file_name(format!("{name}.js"))).ok_or_else(|| unknown(wasm))
}

fn unknown(wasm: &Path) -> String {
    format!("{} is not as wasm-bindgen writes programs.", wasm.display())
}

fn shortened(program: &[u8], script: &str) -> Option<(Vec<u8>, String)> {
    let mut imported = HashMap::new();
    let mut exported = Vec::new();
    let program = sections(program, |id, body| match id {
        IMPORTS => imports(body, |name| {
            let next = letters(imported.len());
            imported.entry(name.to_owned()).or_insert(next).clone()
        }),
        EXPORTS => exports(body, |name| {
            if !name.starts_with(CLOSURES) {
                return Some(name.to_owned());
            }
            let short = format!("_{}", letters(exported.len()));
            exported.push((name.to_owned(), short.clone()));
            Some(short)
        }),
        _ => Some(body.to_vec()),
    })?;
    let (before, rest) = script.split_once(LENT)?;
    let (lent, after) = rest.split_once("\n    };")?;
    let mut text = before.to_owned();
    for function in lent.split(LENT) {
        let (name, body) = function.split_once(':')?;
        if let Some(short) = imported.get(&format!("__wb{name}")) {
            text.push_str(&format!("\n        {short}:{body}"));
        }
    }
    text.push_str("\n    };");
    text.push_str(after);
    // A name may begin with another.
    exported.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let text = exported.iter().fold(text, |text, (name, short)| text.replace(name, short));
    Some((program, text))
}

/// `a`, `b` … `Z`, `ba`, `bb` …
fn letters(mut index: usize) -> String {
    const ALPHABET: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut name = String::new();
    loop {
        name.insert(0, char::from(ALPHABET[index % 52]));
        index /= 52;
        if index == 0 {
            return name;
        }
    }
}

/// The program without the exports of streams.
fn without_exports(program: &[u8]) -> Option<Vec<u8>> {
    sections(program, |id, body| {
        if id == EXPORTS { exports(body, |name| (!name.contains(STREAMS)).then(|| name.to_owned())) } else { Some(body.to_vec()) }
    })
}

/// The script without the classes of streams, if it has any, and without what frees them.
fn without_classes(script: &str) -> String {
    const PARTS: [[&str; 2]; 2] =
        [["export class IntoUnderlying", "if (Symbol.dispose) IntoUnderlying"], ["const IntoUnderlying", ""]];
    let mut text = script.to_owned();
    for [begin, last] in PARTS {
        while let Some(from) = text.find(begin) {
            let end = text[from..].find(last).map(|at| from + at).and_then(|at| Some(at + text[at..].find(";\n")? + 2));
            let Some(to) = end else { break };
            text.replace_range(from..to, "");
        }
    }
    text
}

/// The program with every section changed; `None` where it is no program.
fn sections(program: &[u8], mut change: impl FnMut(u8, &[u8]) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    let (head, rest) = program.split_at_checked(8)?;
    let mut out = head.to_vec();
    let mut rest = Bytes(rest);
    while !rest.0.is_empty() {
        let id = rest.byte()?;
        let length = rest.number()?;
        let body = change(id, rest.take(length)?)?;
        out.push(id);
        write(&mut out, body.len());
        out.extend(body);
    }
    Some(out)
}

/// The section of imports with other names, all from a module of the same name.
fn imports(body: &[u8], mut name_of: impl FnMut(&str) -> String) -> Option<Vec<u8>> {
    let mut rest = Bytes(body);
    let count = rest.number()?;
    let mut out = Vec::new();
    write(&mut out, count);
    for _ in 0..count {
        let module = rest.name()?;
        let name = rest.name()?;
        let start = rest.0;
        // A function by the number of its type; wasm-bindgen imports nothing else.
        if rest.byte()? != 0 {
            return None;
        }
        rest.number()?;
        write_name(&mut out, module);
        write_name(&mut out, &name_of(name));
        out.extend(&start[..start.len() - rest.0.len()]);
    }
    Some(out)
}

/// The section of exports with other names; those that get none are left out.
fn exports(body: &[u8], mut name_of: impl FnMut(&str) -> Option<String>) -> Option<Vec<u8>> {
    let mut rest = Bytes(body);
    let mut kept = Vec::new();
    for _ in 0..rest.number()? {
        let name = rest.name()?;
        let (kind, index) = (rest.byte()?, rest.number()?);
        kept.extend(name_of(name).map(|name| (name, kind, index)));
    }
    let mut out = Vec::new();
    write(&mut out, kept.len());
    for (name, kind, index) in kept {
        write_name(&mut out, &name);
        out.push(kind);
        write(&mut out, index);
    }
    Some(out)
}

/// What is still to be read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    /// An unsigned number in groups of seven bits, the lowest first.
    fn number(&mut self) -> Option<usize> {
        let mut number = 0_usize;
        for shift in (0..32).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn name(&mut self) -> Option<&'a str> {
        let length = self.number()?;
        std::str::from_utf8(self.take(length)?).ok()
    }
}

fn write(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn write_name(out: &mut Vec<u8>, name: &str) {
    write(out, name.len());
    out.extend(name.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program with two imports of the first type, and exports of function 2, function 3 and memory 0.
    fn program(imported: [&str; 2], exported: &[(&str, u8, usize)]) -> Vec<u8> {
        let mut out = b"\0asm\x01\0\0\0".to_vec();
        let mut body = vec![2];
        for name in imported {
            write_name(&mut body, "./x_bg.js");
            write_name(&mut body, name);
            body.extend([0, 0]);
        }
        out.push(IMPORTS);
        write(&mut out, body.len());
        out.extend(body);
        let mut body = vec![exported.len() as u8];
        for &(name, kind, index) in exported {
            write_name(&mut body, name);
            body.push(kind);
            write(&mut body, index);
        }
        out.push(EXPORTS);
        write(&mut out, body.len());
        out.extend(body);
        out
    }

    const SCRIPT: &str = "function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_click_0123456789abcdef: function(arg0) {
            arg0.click();
        },
        __wbg_click_0123456789abcdef0: function() { return handleError(function (arg0) {
            arg0.unused();
        }, arguments); },
        __wbindgen_generic_0000000000000001: function(arg0, arg1) {
            return makeMutClosure(arg0, arg1, wasm_bindgen__convert__closures_____invoke__h01);
        },
    };
}
function wasm_bindgen__convert__closures_____invoke__h01(arg0) {
    wasm.wasm_bindgen__convert__closures_____invoke__h01(arg0);
}
";

    #[test]
    fn names_become_short_on_both_sides_and_what_is_not_called_goes() {
        let long = ["__wbg_click_0123456789abcdef", "__wbindgen_generic_0000000000000001"];
        let before = program(
            long,
            &[("wasm_bindgen__convert__closures_____invoke__h01", 0, 2), ("__wbindgen_malloc", 0, 300), ("memory", 2, 0)],
        );
        let (after, script) = shortened(&before, SCRIPT).expect("a program");
        assert_eq!(after, program(["a", "b"], &[("_a", 0, 2), ("__wbindgen_malloc", 0, 300), ("memory", 2, 0)]));
        assert_eq!(
            script,
            "function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        a: function(arg0) {
            arg0.click();
        },
        b: function(arg0, arg1) {
            return makeMutClosure(arg0, arg1, _a);
        },
    };
}
function _a(arg0) {
    wasm._a(arg0);
}
"
        );
    }

    #[test]
    fn streams_go_from_both_sides() {
        let before = program(["a", "b"], &[("intounderlyingsink_close", 0, 2), ("main", 0, 3)]);
        assert_eq!(without_exports(&before), Some(program(["a", "b"], &[("main", 0, 3)])));
        let script = "export class IntoUnderlyingSink {\n    free() { 1; }\n}\nif (Symbol.dispose) IntoUnderlyingSink.x = y;\nexport function own() {}\nfunction __wbg_get_imports() {}\nconst IntoUnderlyingSinkFinalization = (x)\n    ? 1\n    : new F(p => free(p));\nlet wasm;\n";
        assert_eq!(without_classes(script), "export function own() {}\nfunction __wbg_get_imports() {}\nlet wasm;\n");
    }

    #[test]
    fn what_is_no_program_is_refused() {
        assert_eq!(shortened(b"\0asm", SCRIPT), None);
        let cut = program(["a", "b"], &[]);
        assert_eq!(shortened(&cut[..cut.len() - 1], SCRIPT), None);
        assert_eq!(shortened(&program(["a", "b"], &[]), "no functions are lent"), None);
    }

    #[test]
    fn names_differ() {
        let names: std::collections::HashSet<_> = (0..10_000).map(letters).collect();
        assert_eq!(names.len(), 10_000);
        assert_eq!(letters(51), "Z");
        assert_eq!(letters(52), "ba");
    }
}
