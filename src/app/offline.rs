//! A widget as one file: its page with program, style and font inside, which works from a memory stick without a network.

use std::io::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;

/// What may happen in such a file: nothing is loaded, but for the preview of an embed, which comes from the site.
fn policy(site: &str) -> String {
    format!(
        "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; \
         frame-src {site}; base-uri 'none'; form-action 'none'"
    )
}

/// Other forms of the page, which a single file does not have.
const ALTERNATE: &str = "<link rel=\"alternate\"";

/// Starts the program that stands in the page.
const START: &str = r#"
(async () => {
  const unpacked = ({ textContent }) => {
    const packed = Uint8Array.from(atob(textContent), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  };
  try {
    const [program, rest] = await Promise.all([...document.querySelectorAll(".program")].map(unpacked));
    if (rest) lend(() => rest, WebAssembly.compile(rest));
    await __wbg_init({ module_or_path: program });
    summon(async (name) => scripts[name]);
  } catch (error) {
    console.error(error);
    const note = document.getElementById("yansuan-failure");
    for (const words of note.querySelectorAll("[data-reason]")) words.hidden = words.dataset.reason !== "load";
    note.hidden = false;
  }
})();
"#;

/// The parts of the file.
pub struct Parts<'a> {
    /// The page of the widget as it was written for the site, whose public path is `base`.
    pub page: &'a str,
    /// The module that wasm-bindgen wrote.
    pub script: &'a str,
    /// The program, or its first part.
    pub program: &'a [u8],
    /// What comes later on the site.
    pub rest: Option<&'a [u8]>,
    /// The modules that buttons load, by name.
    pub scripts: &'a [(&'a str, String)],
    /// What those ask of the site: JSON, by the names of its files.
    pub files: &'a [(&'a str, String)],
    /// The style sheets, one after the other.
    pub style: &'a str,
    /// The font of formulas.
    pub font: &'a [u8],
    /// Scheme, host and path of the site, with a slash: where links of the file lead.
    pub site: &'a str,
    /// The public path of the page.
    pub base: &'a str,
}

/// The whole file.
///
/// # Errors
///
/// `InvalidData` if the page or the module is not as it was when this was written.
pub fn file(parts: &Parts<'_>) -> io::Result<String> {
    let programs = [Some(parts.program), parts.rest].into_iter().flatten().map(packed).collect::<io::Result<String>>()?;
    let font = format!("url(\"data:font/woff2;base64,{}\")", STANDARD.encode(parts.font));
    let style = replaced(parts.style, "url(\"fonts/stix-two-math.woff2\")", &font)?;
    let script = classic(parts.script)? + &summoned(parts.scripts)?;
    let told: String = parts.files.iter().map(|(name, json)| told(name, json)).collect();
    let (head, rest) = split(parts.page, "<meta http-equiv=\"Content-Security-Policy\"")?;
    let (_, rest) = split(rest, "</head>")?;
    let head = without(&without(head, ALTERNATE, ">\n"), ALTERNATE, ">\n");
    let body = replaced(rest, &format!("data-base=\"{}\"", parts.base), &format!("data-base=\"{}\"", parts.site))?;
    let body =
        without(&body, "<picture>", "</picture>\n").replace(&format!("href=\"{}", parts.base), &format!("href=\"{}", parts.site));
    let (body, _) = split(&body, "</body>")?;
    Ok(format!(
        "{head}<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n<style>\n{style}</style>\n</head>{body}\
         {programs}{told}<script>\n{script}{START}</script>\n</body>\n</html>\n",
        policy(parts.site)
    ))
}

/// A program, or a part of one, as an element of the page.
fn packed(program: &[u8]) -> io::Result<String> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(program)?;
    Ok(format!("<script type=\"text/plain\" class=\"program\">{}</script>\n", STANDARD.encode(packer.finish()?)))
}

/// A module as a script without exports, which browsers run in files too.
fn classic(module: &str) -> io::Result<String> {
    let (script, _) = split(module, "export { ")?;
    let (before, rest) = split(script, "new URL('")?;
    let (_, after) = split(rest, "import.meta.url)")?;
    Ok(format!("{before}undefined{after}").replace("\nexport class ", "\nclass ").replacen("export class ", "class ", 1))
}

/// The modules that buttons load as one object, and the function of `boot.js` that waits for their buttons.
fn summoned(scripts: &[(&str, String)]) -> io::Result<String> {
    let (_, rest) = split(include_str!("../../public/boot.js"), "function summon")?;
    let (summon, _) = split(rest, "\n}\n")?;
    let module = |(name, text): &(&str, String)| {
        let exports = text.lines().filter_map(|line| line.strip_prefix("export ")?.split("function ").nth(1)?.split('(').next());
        let names = exports.collect::<Vec<_>>().join(", ");
        let body = text.replace("\nexport ", "\n");
        let body = body.strip_prefix("export ").unwrap_or(&body);
        format!("{name}: (() => {{\n{body}return {{ {names} }};\n}})(),\n")
    };
    let modules: String = scripts.iter().map(module).collect();
    Ok(format!("const scripts = {{\n{modules}}};\nfunction summon{summon}\n}}\n"))
}

/// A file of the site that stands in the page; what it says cannot end the element it stands in.
fn told(name: &str, json: &str) -> String {
    format!("<script type=\"application/json\" id=\"{name}\">{}</script>\n", json.replace("</", "<\\/"))
}

fn split<'a>(text: &'a str, mark: &str) -> io::Result<(&'a str, &'a str)> {
    text.split_once(mark).ok_or_else(|| missing(mark))
}

fn replaced(text: &str, from: &str, to: &str) -> io::Result<String> {
    if text.contains(from) { Ok(text.replace(from, to)) } else { Err(missing(from)) }
}

/// The text without what stands between two marks, where it stands there.
fn without(text: &str, from: &str, to: &str) -> String {
    let cut = text.split_once(from).and_then(|(before, rest)| rest.split_once(to).map(|(_, after)| format!("{before}{after}")));
    cut.unwrap_or_else(|| text.to_owned())
}

fn missing(mark: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("a page for one file needs {mark}"))
}
