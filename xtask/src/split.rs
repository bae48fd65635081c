//! Parts a program in two: what a page needs before a reader can move anything, and the rest, which comes while he reads.
//!
//! Functions that no opening scene calls go into a second program, which shares memory, tables and globals with the first. The first
//! calls them through its table. Until the second has put them there, their places hold stubs, which have it brought at once: a
//! function that was sorted wrongly costs a request and never a wrong number. `xtask/late/<slug>.txt` says which they are;
//! `cargo xtask late` watches pages and writes those lists.

use crate::run::{Result, at, root};
use crate::slim::{LENT, inside, letters, script_of};
use rustc_demangle::demangle;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, ImportSection, Instruction, Module, TableSection, TypeSection, ValType,
};
use wasmparser::{
    CustomSectionReader, ElementItems, ElementKind, Export, FunctionBody, KnownCustom, Name, Operator, Parser, Payload,
    TableInit, TypeRef,
};

/// What the first program calls where something is missing that the second has.
const MISSING: &str = "__wbg_missing";

/// What `MISSING` does, as one of the functions that the script lends to the program.
const CALLED: &str = "
        __wbg_missing: function() {
            if (!bring) return;
            new WebAssembly.Instance(new WebAssembly.Module(bring()), { \"\": wasm });
            bring = undefined;
        },";

/// What the script has for whoever starts the program. `lend` says how the rest is brought at once, and what is on its way already, for
/// which the program then waits before it runs; `complete` takes what has come.
const COMPLETION: &str = "let bring, early;
function lend(bringer, coming) { bring = bringer; early = coming; }
async function complete(rest) {
    if (!bring) return;
    await WebAssembly.instantiate(await rest, { \"\": wasm });
    bring = undefined;
}
";

/// Where the script runs a program that it has waited for.
const RUN: &str = "    return __wbg_finalize_init(instance, module);";

/// What it does before.
const WAIT: &str = "    wasm = instance.exports;
    if (early) await complete(early);
";

/// The module from which the second program takes all that it shares with the first.
const FIRST: &str = "";

/// Bytes of a function that is not worth a stub, which would be as long.
const SHORT: usize = 8;

type Outcome<T> = std::result::Result<T, Error>;

/// The two programs.
struct Parts {
    first: Vec<u8>,
    rest: Vec<u8>,
}

/// The functions of a widget's program that may come later, by their keys; `None` where nobody has watched yet.
pub fn late(slug: &str) -> Result<Option<HashSet<u32>>> {
    let file = list_of(slug);
    if !file.is_file() {
        return Ok(None);
    }
    let text = at(&file, fs::read_to_string(&file))?;
    let keys = text.lines().filter(|line| !line.starts_with('#')).map(|line| u32::from_str_radix(line, 16));
    let keys = keys.collect::<std::result::Result<_, _>>();
    keys.map(Some)
        .map_err(|_| format!("{}: a line has no key of eight hexadecimal digits: run `cargo xtask late`.", file.display()))
}

/// The list of a widget's late functions.
pub fn list_of(slug: &str) -> PathBuf {
    root().join("xtask/late").join(format!("{slug}.txt"))
}

/// Which function it is, wherever and by whatever compiler the program is made (FNV-1a of its name without hashes).
fn key(name: &str) -> u32 {
    format!("{:#}", demangle(name)).bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Parts `name_bg.wasm`, which then is the first part, and writes `name_rest.wasm` and what the script needs for it. Does nothing where
/// no function may come later.
pub fn part(wasm: &Path, late: &HashSet<u32>) -> Result {
    let program = at(wasm, fs::read(wasm))?;
    let Some(Parts { first, rest }) = parted(&program, |name| late.contains(&key(name))).map_err(|error| inside(wasm, &error))?
    else {
        return Ok(());
    };
    let script = script_of(wasm)?;
    let text = at(&script, fs::read_to_string(&script))?;
    let text = completed(&text).ok_or_else(|| inside(&script, &"it is not as wasm-bindgen writes scripts"))?;
    at(&script, fs::write(&script, text))?;
    at(wasm, fs::write(wasm, first))?;
    let file = PathBuf::from(wasm.to_string_lossy().replace("_bg.wasm", "_rest.wasm"));
    at(&file, fs::write(&file, rest))
}

/// The script with what a program in two parts asks of it.
fn completed(script: &str) -> Option<String> {
    let first = script.find(LENT)?;
    let (before, after) = script.split_at(first);
    let (after, exported) = after.split_once("\nexport { ")?;
    // The one that does not wait comes first.
    let (start, run) = after.split_at(after.rfind(RUN)?);
    Some(format!("{before}{CALLED}{start}{WAIT}{run}\n{COMPLETION}export {{ complete, lend, {exported}"))
}

/// Makes the program tell which of its functions have been called: see [`watched`].
pub fn watch(wasm: &Path) -> Result {
    let program = at(wasm, fs::read(wasm))?;
    let program = watched(&program).map_err(|error| inside(wasm, &error))?;
    at(wasm, fs::write(wasm, program))
}

/// What has to be known of a program before any of it can be written.
#[derive(Default)]
struct Program<'a> {
    types: Vec<wasmparser::FuncType>,
    /// The module that its functions are imported from.
    lender: &'a str,
    /// The type of each function, imported ones first.
    functions: Vec<u32>,
    imported: u32,
    tables: Vec<wasmparser::TableType>,
    memories: Vec<wasmparser::MemoryType>,
    globals: Vec<wasmparser::GlobalType>,
    exports: Vec<Export<'a>>,
    /// The functions in the first table, by their places.
    places: BTreeMap<u32, u32>,
    bodies: Vec<FunctionBody<'a>>,
    names: HashMap<u32, &'a str>,
}

impl<'a> Program<'a> {
    fn read(bytes: &'a [u8]) -> Outcome<Self> {
        let mut program = Self::default();
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::TypeSection(section) => {
                    for group in section.into_iter_err_on_gc_types() {
                        program.types.push(group?);
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import?;
                        if let TypeRef::Func(of) = import.ty {
                            program.lender = import.module;
                            program.functions.push(of);
                        }
                    }
                    program.imported = program.functions.len() as u32;
                }
                Payload::FunctionSection(section) => {
                    for of in section {
                        program.functions.push(of?);
                    }
                }
                Payload::TableSection(section) => {
                    for table in section {
                        let table = table?;
                        if !matches!(table.init, TableInit::RefNull) {
                            return Err(Error::UnexpectedNonCoreModuleSection);
                        }
                        program.tables.push(table.ty);
                    }
                }
                Payload::MemorySection(section) => {
                    for memory in section {
                        program.memories.push(memory?);
                    }
                }
                Payload::GlobalSection(section) => {
                    for global in section {
                        program.globals.push(global?.ty);
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        program.exports.push(export?);
                    }
                }
                Payload::ElementSection(section) => {
                    for element in section {
                        let element = element?;
                        if let (
                            ElementKind::Active { table_index: None | Some(0), offset_expr },
                            ElementItems::Functions(items),
                        ) = (element.kind, element.items)
                        {
                            let mut offset = offset_expr.get_operators_reader();
                            let Operator::I32Const { value } = offset.read()? else { return Err(Error::InvalidConstExpr) };
                            for (place, function) in (value as u32..).zip(items) {
                                program.places.insert(place, function?);
                            }
                        }
                    }
                }
                Payload::CodeSectionEntry(body) => program.bodies.push(body),
                Payload::CustomSection(section) => program.name(&section)?,
                _ => {}
            }
        }
        Ok(program)
    }

    fn name(&mut self, section: &CustomSectionReader<'a>) -> Outcome<()> {
        if let KnownCustom::Name(parts) = section.as_known() {
            for part in parts {
                if let Name::Function(names) = part? {
                    for naming in names {
                        let naming = naming?;
                        self.names.insert(naming.index, naming.name);
                    }
                }
            }
        }
        Ok(())
    }

    /// The functions that have a body, with it.
    fn defined(&self) -> impl Iterator<Item = (u32, &FunctionBody<'a>)> {
        (self.imported..).zip(&self.bodies)
    }
}

/// What a function's body refers to.
#[derive(Default)]
struct Uses {
    functions: BTreeSet<u32>,
    globals: BTreeSet<u32>,
    /// Whether it does what only the first program can do.
    is_bound: bool,
}

fn uses(body: &FunctionBody<'_>) -> Outcome<Uses> {
    let mut uses = Uses::default();
    let mut operators = body.get_operators_reader()?;
    while !operators.eof() {
        match operators.read()? {
            Operator::Call { function_index } => {
                uses.functions.insert(function_index);
            }
            Operator::GlobalGet { global_index } | Operator::GlobalSet { global_index } => {
                uses.globals.insert(global_index);
            }
            Operator::RefFunc { .. }
            | Operator::ReturnCall { .. }
            | Operator::MemoryInit { .. }
            | Operator::DataDrop { .. }
            | Operator::TableInit { .. }
            | Operator::ElemDrop { .. } => uses.is_bound = true,
            _ => {}
        }
    }
    Ok(uses)
}

/// Parts a program; `is_late` says by its name whether a function may come later. `None` if none may.
fn parted(bytes: &[u8], is_late: impl Fn(&str) -> bool) -> Outcome<Option<Parts>> {
    let program = Program::read(bytes)?;
    let mut stays: BTreeSet<u32> = program
        .exports
        .iter()
        .filter(|export| export.kind == wasmparser::ExternalKind::Func)
        .map(|export| export.index)
        .collect();
    let mut used = BTreeMap::new();
    for (function, body) in program.defined() {
        let uses = uses(body)?;
        if uses.is_bound || body.as_bytes().len() <= SHORT || !program.names.get(&function).is_some_and(|name| is_late(name)) {
            stays.insert(function);
        }
        used.insert(function, uses);
    }
    let late: BTreeSet<u32> = used.keys().copied().filter(|function| !stays.contains(function)).collect();
    if late.is_empty() {
        return Ok(None);
    }
    // Where the late ones stand in the table: where they stood already, or behind all others.
    let mut place_of = BTreeMap::new();
    for (&place, function) in &program.places {
        if late.contains(function) {
            place_of.entry(*function).or_insert(place);
        }
    }
    let end = program.tables[0].initial as u32;
    let called: BTreeSet<u32> = used
        .iter()
        .filter(|(function, _)| !late.contains(function))
        .flat_map(|(_, uses)| uses.functions.intersection(&late).copied())
        .collect();
    let added: Vec<u32> = called.into_iter().filter(|function| !place_of.contains_key(function)).collect();
    place_of.extend(added.iter().copied().zip(end..));

    let lent: BTreeSet<u32> = late.iter().flat_map(|function| used[function].functions.difference(&late).copied()).collect();
    let globals: BTreeSet<u32> = late.iter().flat_map(|function| used[function].globals.iter().copied()).collect();
    let plan = Plan { program: &program, late, place_of, added, end, lent, globals };
    Ok(Some(Parts { first: plan.first(bytes)?, rest: plan.rest()? }))
}

/// Who goes and who stays.
struct Plan<'p, 'a> {
    program: &'p Program<'a>,
    /// The functions of the second program, in its order.
    late: BTreeSet<u32>,
    /// The place in the table of each of them that the first program refers to.
    place_of: BTreeMap<u32, u32>,
    /// Those of them whose places were made for it, from `end` on.
    added: Vec<u32>,
    end: u32,
    /// Functions and globals of the first program that the second refers to.
    lent: BTreeSet<u32>,
    globals: BTreeSet<u32>,
}

impl Plan<'_, '_> {
    fn first(&self, bytes: &[u8]) -> Outcome<Vec<u8>> {
        let mut index = BTreeMap::new();
        let staying = (0..self.program.functions.len() as u32).filter(|function| !self.late.contains(function));
        // One more is imported.
        for (position, function) in (0..).zip(staying) {
            index.insert(function, position + u32::from(function >= self.program.imported));
        }
        let stubs = index.len() as u32 + 1;
        index.extend(self.stubs().into_iter().map(|(function, _)| function).zip(stubs..));
        let mut module = Module::new();
        First { plan: self, index }.parse_core_module(&mut module, Parser::new(0), bytes)?;
        Ok(module.finish())
    }

    /// The functions that have a stub, with their places, in the order of the stubs: by type, so that stubs that differ in their place
    /// alone stand together and compress well.
    fn stubs(&self) -> Vec<(u32, u32)> {
        let mut stubs: Vec<(u32, u32)> = self.place_of.iter().map(|(&function, &place)| (function, place)).collect();
        stubs.sort_by_key(|&(function, place)| (self.program.functions[function as usize], place));
        stubs
    }

    fn rest(&self) -> Outcome<Vec<u8>> {
        let program = self.program;
        let functions = (0..).zip(self.lent.iter().chain(&self.late)).map(|(position, &function)| (function, position)).collect();
        let globals = (0..).zip(&self.globals).map(|(position, &global)| (global, position)).collect();
        let mut rest = Rest { functions, globals };
        let mut types = TypeSection::new();
        for of in &program.types {
            let of = rest.func_type(of.clone())?;
            types.ty().func_type(&of);
        }
        let mut imports = ImportSection::new();
        for (name, shared) in self.shared() {
            let entity = match shared {
                (ExportKind::Func, function) => EntityType::Function(program.functions[function as usize]),
                (ExportKind::Table, table) => EntityType::Table(self.table(&mut rest, table)?),
                (ExportKind::Memory, memory) => rest.entity_type(TypeRef::Memory(program.memories[memory as usize]))?,
                (_, global) => rest.entity_type(TypeRef::Global(program.globals[global as usize]))?,
            };
            imports.import(FIRST, &name, entity);
        }
        let mut declared = FunctionSection::new();
        let mut code = CodeSection::new();
        for &function in &self.late {
            declared.function(program.functions[function as usize]);
            rest.parse_function_body(&mut code, program.bodies[(function - program.imported) as usize].clone())?;
        }
        // Places one after the other are one segment.
        let mut elements = ElementSection::new();
        let mut places: BTreeMap<u32, u32> = program.places.iter().map(|(&place, &function)| (place, function)).collect();
        places.extend((self.end..).zip(self.added.iter().copied()));
        let mut run: Vec<u32> = Vec::new();
        let mut last = 0;
        for (place, function) in places.into_iter().filter(|(_, function)| self.late.contains(function)) {
            if place != last + 1 && !run.is_empty() {
                segment(&mut elements, last, &run);
                run.clear();
            }
            run.push(rest.functions[&function]);
            last = place;
        }
        segment(&mut elements, last, &run);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&declared).section(&elements).section(&code);
        Ok(module.finish())
    }

    /// What the second program takes from the first, with the names for it.
    fn shared(&self) -> impl Iterator<Item = (String, (ExportKind, u32))> {
        let tables = (0..self.program.tables.len() as u32).map(|table| (ExportKind::Table, table));
        let memories = (0..self.program.memories.len() as u32).map(|memory| (ExportKind::Memory, memory));
        let globals = self.globals.iter().map(|&global| (ExportKind::Global, global));
        let functions = self.lent.iter().map(|&function| (ExportKind::Func, function));
        (0..).map(letters).zip(tables.chain(memories).chain(globals).chain(functions))
    }

    /// The type of a table, with the places that were added.
    fn table(&self, encoder: &mut impl Reencode<Error = Infallible>, table: u32) -> Outcome<wasm_encoder::TableType> {
        let mut of = encoder.table_type(self.program.tables[table as usize])?;
        if table == 0 {
            of.minimum += self.added.len() as u64;
            of.maximum = of.maximum.map(|maximum| maximum + self.added.len() as u64);
        }
        Ok(of)
    }
}

/// A segment of the first table that ends at the place `last`.
fn segment(elements: &mut ElementSection, last: u32, run: &[u32]) {
    let offset = ConstExpr::i32_const((last + 1) as i32 - run.len() as i32);
    elements.active(None, &offset, Elements::Functions(run.into()));
}

/// Writes the first program. The late functions' indices are those of their stubs.
struct First<'p, 'a> {
    plan: &'p Plan<'p, 'a>,
    index: BTreeMap<u32, u32>,
}

impl First<'_, '_> {
    fn missing(&self) -> u32 {
        self.plan.program.imported
    }

    /// The type of a function without parameters and results: what `MISSING` is.
    fn plain(&self) -> Option<u32> {
        let is_plain = |of: &wasmparser::FuncType| of.params().is_empty() && of.results().is_empty();
        self.plan.program.types.iter().position(is_plain).map(|position| position as u32)
    }

    /// Has the second program brought, which takes the place, and calls what stands there then.
    fn stub(&self, function: u32, place: u32) -> Function {
        let program = self.plan.program;
        let of = program.functions[function as usize];
        let mut stub = Function::new([]);
        stub.instruction(&Instruction::Call(self.missing()));
        for parameter in 0..program.types[of as usize].params().len() {
            stub.instruction(&Instruction::LocalGet(parameter as u32));
        }
        stub.instruction(&Instruction::I32Const(place as i32));
        stub.instruction(&Instruction::CallIndirect { type_index: of, table_index: 0 });
        stub.instruction(&Instruction::End);
        stub
    }
}

impl Reencode for First<'_, '_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Outcome<u32> {
        Ok(self.index[&function])
    }

    fn parse_import_section(&mut self, imports: &mut ImportSection, section: wasmparser::ImportSectionReader<'_>) -> Outcome<()> {
        utils::parse_import_section(self, imports, section)?;
        let plain = self.plain().ok_or(Error::UnexpectedNonCoreModuleSection)?;
        imports.import(self.plan.program.lender, MISSING, EntityType::Function(plain));
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        _: wasmparser::FunctionSectionReader<'_>,
    ) -> Outcome<()> {
        let program = self.plan.program;
        for (function, _) in program.defined().filter(|(function, _)| !self.plan.late.contains(function)) {
            functions.function(program.functions[function as usize]);
        }
        for (function, _) in self.plan.stubs() {
            functions.function(program.functions[function as usize]);
        }
        Ok(())
    }

    fn parse_table_section(&mut self, tables: &mut TableSection, section: wasmparser::TableSectionReader<'_>) -> Outcome<()> {
        for table in 0..section.count() {
            let of = self.plan.table(self, table)?;
            tables.table(of);
        }
        Ok(())
    }

    fn parse_export_section(&mut self, exports: &mut ExportSection, section: wasmparser::ExportSectionReader<'_>) -> Outcome<()> {
        utils::parse_export_section(self, exports, section)?;
        for (name, (kind, index)) in self.plan.shared() {
            exports.export(&name, kind, if kind == ExportKind::Func { self.index[&index] } else { index });
        }
        Ok(())
    }

    fn parse_element_section(
        &mut self,
        elements: &mut ElementSection,
        section: wasmparser::ElementSectionReader<'_>,
    ) -> Outcome<()> {
        utils::parse_element_section(self, elements, section)?;
        let added: Vec<u32> = self.plan.added.iter().map(|function| self.index[function]).collect();
        if !added.is_empty() {
            segment(elements, self.plan.end + added.len() as u32 - 1, &added);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, _: wasmparser::CodeSectionReader<'_>) -> Outcome<()> {
        let plan = self.plan;
        for (_, body) in plan.program.defined().filter(|(function, _)| !plan.late.contains(function)) {
            let mut function = self.new_function_with_parsed_locals(body)?;
            let mut operators = body.get_operators_reader()?;
            while !operators.eof() {
                match operators.read()? {
                    Operator::Call { function_index } if plan.late.contains(&function_index) => {
                        let type_index = plan.program.functions[function_index as usize];
                        function.instruction(&Instruction::I32Const(plan.place_of[&function_index] as i32));
                        function.instruction(&Instruction::CallIndirect { type_index, table_index: 0 });
                    }
                    other => {
                        function.instruction(&self.instruction(other)?);
                    }
                }
            }
            code.function(&function);
        }
        for (function, place) in plan.stubs() {
            code.function(&self.stub(function, place));
        }
        Ok(())
    }

    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Outcome<()> {
        Ok(())
    }
}

/// Writes bodies of the second program.
struct Rest {
    functions: BTreeMap<u32, u32>,
    globals: BTreeMap<u32, u32>,
}

impl Reencode for Rest {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Outcome<u32> {
        Ok(self.functions[&function])
    }

    fn global_index(&mut self, global: u32) -> Outcome<u32> {
        Ok(self.globals[&global])
    }
}

/// The program with an exported global for each of its functions, `ran <key> <index> <name>`, that becomes 1 when it is called.
fn watched(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let program = Program::read(bytes)?;
    let mut module = Module::new();
    Watched { program: &program }.parse_core_module(&mut module, Parser::new(0), bytes)?;
    Ok(module.finish())
}

struct Watched<'p, 'a> {
    program: &'p Program<'a>,
}

impl Reencode for Watched<'_, '_> {
    type Error = Infallible;

    fn parse_global_section(&mut self, globals: &mut GlobalSection, section: wasmparser::GlobalSectionReader<'_>) -> Outcome<()> {
        utils::parse_global_section(self, globals, section)?;
        for _ in &self.program.bodies {
            globals.global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(0));
        }
        Ok(())
    }

    fn parse_export_section(&mut self, exports: &mut ExportSection, section: wasmparser::ExportSectionReader<'_>) -> Outcome<()> {
        utils::parse_export_section(self, exports, section)?;
        let first = self.program.globals.len() as u32;
        for (global, (function, _)) in (first..).zip(self.program.defined()) {
            let name = self.program.names.get(&function).copied().unwrap_or_default();
            let name = format!("ran {:08x} {function} {:#}", key(name), demangle(name));
            exports.export(&name, ExportKind::Global, global);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, _: wasmparser::CodeSectionReader<'_>) -> Outcome<()> {
        let first = self.program.globals.len() as u32;
        for (global, body) in (first..).zip(&self.program.bodies) {
            let mut function = self.new_function_with_parsed_locals(body)?;
            function.instruction(&Instruction::I32Const(1));
            function.instruction(&Instruction::GlobalSet(global));
            let mut operators = body.get_operators_reader()?;
            while !operators.eof() {
                function.instruction(&self.parse_instruction(&mut operators)?);
            }
            code.function(&function);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{NameMap, NameSection, TableType};
    use wasmparser::Validator;

    /// A program whose function `early` (exported) calls `late` and, through the table, `shown`; `late` calls `help`, which stays, and
    /// sets a global. Numbers are those of functions: 0 is imported.
    fn program() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        types.ty().function([ValType::I32, ValType::F64], [ValType::I32]);
        let mut imports = ImportSection::new();
        imports.import("./x_bg.js", "__wbg_say", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        for of in [0, 1, 1, 0] {
            functions.function(of);
        }
        let mut tables = TableSection::new();
        let element_type = wasm_encoder::RefType::FUNCREF;
        tables.table(TableType { element_type, minimum: 3, maximum: Some(3), table64: false, shared: false });
        let mut globals = GlobalSection::new();
        for at in [7, 8] {
            globals.global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(at));
        }
        let mut exports = ExportSection::new();
        exports.export("early", ExportKind::Func, 1);
        let mut elements = ElementSection::new();
        elements.active(None, &ConstExpr::i32_const(1), Elements::Functions([4, 3][..].into()));
        let arguments = [Instruction::I32Const(1), Instruction::F64Const(2.0.into())];
        let long = vec![Instruction::Nop; SHORT];
        let early = [&arguments[..], &[Instruction::Call(2), Instruction::Drop, Instruction::Call(4)]].concat();
        let late =
            [&long[..], &[Instruction::Call(4), Instruction::I32Const(3), Instruction::GlobalSet(1), Instruction::LocalGet(0)]];
        let shown = [&long[..], &arguments, &[Instruction::Call(2)]];
        let help = [&long[..], &[Instruction::Call(0)]];
        let mut code = CodeSection::new();
        for body in [early, late.concat(), shown.concat(), help.concat()] {
            let mut function = Function::new([]);
            body.iter().chain(&[Instruction::End]).for_each(|instruction| {
                function.instruction(instruction);
            });
            code.function(&function);
        }
        let mut names = NameMap::new();
        for (index, name) in (0..).zip(["say", "early", "late", "shown", "help"]) {
            names.append(index, name);
        }
        let mut named = NameSection::new();
        named.functions(&names);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&tables).section(&globals).section(&exports);
        module.section(&elements).section(&code).section(&named);
        module.finish()
    }

    fn calls(body: &FunctionBody<'_>) -> Vec<String> {
        let read = |operator| match operator {
            Operator::Call { function_index } => Some(format!("call {function_index}")),
            Operator::CallIndirect { type_index, .. } => Some(format!("of type {type_index}")),
            Operator::I32Const { value } => Some(format!("{value}")),
            Operator::GlobalSet { global_index } => Some(format!("set {global_index}")),
            _ => None,
        };
        let mut operators = body.get_operators_reader().expect("a body");
        std::iter::from_fn(|| (!operators.eof()).then(|| operators.read().expect("an operator"))).filter_map(read).collect()
    }

    #[test]
    fn what_is_late_is_called_through_the_table_and_takes_its_places_there() {
        let whole = program();
        let Parts { first, rest } =
            parted(&whole, |name| ["late", "shown"].contains(&name)).expect("a program").expect("late ones");
        for part in [&whole, &first, &rest] {
            Validator::new().validate_all(part).expect("valid");
        }
        let first = Program::read(&first).expect("a program");
        // Imported: say, missing. Then early, help, and the stubs of shown, which stood at 2, and of late, which gets 3.
        let first_calls: Vec<_> = first.bodies.iter().map(calls).collect();
        assert_eq!(first_calls[0], ["1", "3", "of type 1", "call 3"]);
        assert_eq!(first_calls[1], ["call 0"]);
        assert_eq!(first_calls[2], ["call 1", "2", "of type 1"]);
        assert_eq!(first_calls[3], ["call 1", "3", "of type 1"]);
        assert_eq!(first.places, BTreeMap::from([(1, 3), (2, 4), (3, 5)]));
        assert_eq!((first.tables[0].initial, first.tables[0].maximum), (4, Some(4)));
        let exported: Vec<_> = first.exports.iter().map(|export| (export.name, export.index)).collect();
        assert_eq!(exported, [("early", 2), ("a", 0), ("b", 1), ("c", 3)], "table, global and function that the rest takes");
        let rest = Program::read(&rest).expect("a program");
        let rest_calls: Vec<_> = rest.bodies.iter().map(calls).collect();
        // Imported: help. Then late and shown.
        assert_eq!(rest_calls, [vec!["call 0", "3", "set 0"], vec!["1", "call 1"]]);
        assert_eq!(rest.places, BTreeMap::from([(2, 2), (3, 1)]));
    }

    #[test]
    fn what_is_exported_short_or_unknown_stays() {
        assert!(parted(&program(), |name| name == "early").expect("a program").is_none());
        assert!(parted(&program(), |_| false).expect("a program").is_none());
        assert!(parted(b"\0asm", |_| true).is_err());
    }

    #[test]
    fn a_watched_program_has_a_global_for_each_function() {
        let watched = watched(&program()).expect("a program");
        Validator::new().validate_all(&watched).expect("valid");
        let watched = Program::read(&watched).expect("a program");
        let names: Vec<_> = watched.exports.iter().map(|export| export.name.to_owned()).collect();
        assert_eq!(
            names[1..],
            ["early 1", "late 2", "shown 3", "help 4"].map(|of| {
                let (name, index) = of.split_once(' ').expect("two words");
                format!("ran {:08x} {index} {name}", key(name))
            })
        );
        assert_eq!(calls(&watched.bodies[1])[..2], ["1", "set 3"]);
    }

    #[test]
    fn a_key_does_not_know_the_compiler() {
        let [here, there] = ["_RNvCs1234_7mycrate3foo", "_RNvCs5678_7mycrate3foo"];
        assert_eq!(key(here), key(there));
        assert_ne!(key(here), key("_RNvCs1234_7mycrate3bar"));
    }

    #[test]
    fn a_script_learns_to_complete_its_program() {
        let script = format!(
            "{{\n        __wbg_say: f,\n    }};\nlet wasm;\n{RUN}\n{RUN}\n}}\nexport {{ initSync, __wbg_init as default }};\n"
        );
        let completed = completed(&script).expect("a script");
        assert!(completed.starts_with("{\n        __wbg_missing: function() {"));
        assert!(completed.contains(&format!("let wasm;\n{RUN}\n{WAIT}{RUN}\n}}\n")));
        assert!(completed.ends_with("\nexport { complete, lend, initSync, __wbg_init as default };\n"));
        assert_eq!(super::completed("export { a };"), None);
    }
}
