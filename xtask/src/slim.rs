//! Takes out of a program what wasm-bindgen writes and no page needs: the exports of streams, which come with the framework's server
//! part, and long names with hashes, which no compression shortens. Together 7 KB of a program's 240, compressed.

use crate::run::{Result, at};
use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{ExportSection, ImportSection, Module};
use wasmparser::{CustomSectionReader, Export, ImportSectionReader, Parser};

/// What the names of unwanted exports contain.
const STREAMS: &str = "intounderlying";

/// What the names of exported closures begin with: they are the compiler's own, and long.
const CLOSURES: &str = "_R";

/// The eight blanks and the beginning of every function that the script lends to the program.
pub const LENT: &str = "\n        __wb";

/// Takes the exports of streams out of a program and its script, so that wasm-opt can take out what only they need.
pub fn without_streams(wasm: &Path) -> Result {
    let script = script_of(wasm)?;
    let program = at(wasm, fs::read(wasm))?;
    let text = at(&script, fs::read_to_string(&script))?;
    at(wasm, fs::write(wasm, without_exports(&program).map_err(|error| inside(wasm, &error))?))?;
    at(&script, fs::write(&script, without_classes(&text)))
}

/// Gives short names to what program and script call of each other, and takes out of the script what the program does not call.
pub fn shorten(wasm: &Path) -> Result {
    let script = script_of(wasm)?;
    let program = at(wasm, fs::read(wasm))?;
    let text = at(&script, fs::read_to_string(&script))?;
    let (program, text) = shortened(&program, &text).map_err(|error| inside(wasm, &error))?;
    at(wasm, fs::write(wasm, program))?;
    at(&script, fs::write(&script, text))
}

/// `name.js` beside `name_bg.wasm`.
pub fn script_of(wasm: &Path) -> Result<PathBuf> {
    let name = wasm.file_name().and_then(|name| name.to_str()?.strip_suffix("_bg.wasm"));
    name.map(|name| wasm.with_file_name(format!("{name}.js"))).ok_or_else(|| inside(wasm, &"a program is called name_bg.wasm"))
}

/// A sentence about what a file is not.
pub fn inside(file: &Path, error: &dyn Display) -> String {
    format!("{} is not as wasm-bindgen writes it: {error}.", file.display())
}

fn shortened(program: &[u8], script: &str) -> std::result::Result<(Vec<u8>, String), String> {
    let mut imported = HashMap::new();
    let mut exported = Vec::new();
    let program = renamed(
        program,
        |name| {
            let next = letters(imported.len());
            imported.entry(name.to_owned()).or_insert(next).clone()
        },
        |name| {
            if !name.starts_with(CLOSURES) {
                return Some(name.to_owned());
            }
            let short = format!("_{}", letters(exported.len()));
            exported.push((name.to_owned(), short.clone()));
            Some(short)
        },
        false,
    );
    let program = program.map_err(|error| error.to_string())?;
    let text = with_short_names(script, &imported, exported).ok_or("the script lends no functions")?;
    Ok((program, text))
}

/// The script with the names that its program has now, and without what the program does not call.
fn with_short_names(script: &str, imported: &HashMap<String, String>, mut exported: Vec<(String, String)>) -> Option<String> {
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
    Some(exported.iter().fold(text, |text, (name, short)| text.replace(name, short)))
}

/// `a`, `b` … `Z`, `ba`, `bb` …
pub fn letters(mut index: usize) -> String {
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
fn without_exports(program: &[u8]) -> std::result::Result<Vec<u8>, Error> {
    renamed(program, str::to_owned, |name| (!name.contains(STREAMS)).then(|| name.to_owned()), true)
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

/// The program with other names for what it imports and exports; an export that gets none is left out.
fn renamed(
    program: &[u8],
    mut imported: impl FnMut(&str) -> String,
    mut exported: impl FnMut(&str) -> Option<String>,
    is_named: bool,
) -> std::result::Result<Vec<u8>, Error> {
    let mut module = Module::new();
    let mut renamed = Renamed { imported: &mut imported, exported: &mut exported, is_named };
    renamed.parse_core_module(&mut module, Parser::new(0), program)?;
    Ok(module.finish())
}

struct Renamed<'n> {
    imported: &'n mut dyn FnMut(&str) -> String,
    exported: &'n mut dyn FnMut(&str) -> Option<String>,
    /// Whether names of functions and the like stay.
    is_named: bool,
}

impl Reencode for Renamed<'_> {
    type Error = Infallible;

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> std::result::Result<(), Error> {
        for import in section.into_imports() {
            let import = import?;
            let kind = self.entity_type(import.ty)?;
            imports.import(import.module, &(self.imported)(import.name), kind);
        }
        Ok(())
    }

    fn parse_export(&mut self, exports: &mut ExportSection, export: Export<'_>) -> std::result::Result<(), Error> {
        if let Some(name) = (self.exported)(export.name) {
            exports.export(&name, self.export_kind(export.kind)?, self.external_index(export.kind, export.index)?);
        }
        Ok(())
    }

    fn parse_custom_section(&mut self, module: &mut Module, section: CustomSectionReader<'_>) -> std::result::Result<(), Error> {
        if self.is_named { utils::parse_custom_section(self, module, section) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{EntityType, ExportKind, MemorySection, MemoryType, TypeSection};

    /// A program with two imported functions, a memory, and exports of function 2 and memory 0.
    fn program(imported: [&str; 2], exported: &[(&str, ExportKind, u32)]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        for name in imported {
            imports.import("./x_bg.js", name, EntityType::Function(0));
        }
        let mut memories = MemorySection::new();
        memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
        let mut exports = ExportSection::new();
        for &(name, kind, index) in exported {
            exports.export(name, kind, index);
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&memories).section(&exports);
        module.finish()
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
            return makeMutClosure(arg0, arg1, _RNvNtCs_7closures6invoke);
        },
    };
}
function _RNvNtCs_7closures6invoke(arg0) {
    wasm._RNvNtCs_7closures6invoke(arg0);
}
";

    #[test]
    fn names_become_short_on_both_sides_and_what_is_not_called_goes() {
        let long = ["__wbg_click_0123456789abcdef", "__wbindgen_generic_0000000000000001"];
        let exported =
            |name| [(name, ExportKind::Func, 1), ("__wbindgen_malloc", ExportKind::Func, 0), ("memory", ExportKind::Memory, 0)];
        let before = program(long, &exported("_RNvNtCs_7closures6invoke"));
        let (after, script) = shortened(&before, SCRIPT).expect("a program");
        assert_eq!(after, program(["a", "b"], &exported("_a")));
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
        let [stream, main] = [("intounderlyingsink_close", ExportKind::Func, 0), ("main", ExportKind::Func, 1)];
        let before = program(["a", "b"], &[stream, main]);
        assert_eq!(without_exports(&before).expect("a program"), program(["a", "b"], &[main]));
        let script = "export class IntoUnderlyingSink {\n    free() { 1; }\n}\nif (Symbol.dispose) IntoUnderlyingSink.x = y;\nexport function own() {}\nfunction __wbg_get_imports() {}\nconst IntoUnderlyingSinkFinalization = (x)\n    ? 1\n    : new F(p => free(p));\nlet wasm;\n";
        assert_eq!(without_classes(script), "export function own() {}\nfunction __wbg_get_imports() {}\nlet wasm;\n");
    }

    #[test]
    fn what_is_no_program_is_refused() {
        assert!(shortened(b"\0asm", SCRIPT).is_err());
        let cut = program(["a", "b"], &[]);
        assert!(shortened(&cut[..cut.len() - 1], SCRIPT).is_err());
        assert!(shortened(&program(["a", "b"], &[]), "no functions are lent").is_err());
    }

    #[test]
    fn names_differ() {
        let names: std::collections::HashSet<_> = (0..10_000).map(letters).collect();
        assert_eq!(names.len(), 10_000);
        assert_eq!(letters(51), "Z");
        assert_eq!(letters(52), "ba");
    }
}
