//! Static pages: every address is a file with its words and its poster, whether or not the program runs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::app::manifest::{manifest, oembed, talk};
use crate::app::markup::{both, inline, link, one, quoted};
use crate::app::poster::{lead, pictures};
use crate::app::posts::{self, Post};
use crate::app::{afternoon, checks, embedding, feed, index, offline, roads, shelf, words};
use crate::contract::parameter::MANNER;
use crate::contract::shelf::DynWidget;
use crate::contract::text::{Lang, Text};
use crate::player::words as player_words;
use crate::plot::svg::escape;
use crate::widgets::SHELF;

/// Where the site will stand; canonical links need a host. Overridden by `YANSUAN_SITE`.
const SITE: &str = "https://yansuan.example";

/// The content security policy of every page. A server may send it as a header too, then with `frame-ancestors`.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
                      font-src 'self'; frame-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'";

/// What parts of the template are replaced by.
struct Page<'a> {
    path: String,
    kind: &'a str,
    slug: &'a str,
    title: String,
    summary: Text,
    /// What stands in `<main>`.
    body: String,
    /// What stands below it.
    end: String,
}

impl Page<'_> {
    /// Whether the program takes the place of the words; else they stay, with the program's line above them.
    fn is_played(&self) -> bool {
        matches!(self.kind, "widget" | "embed")
    }

    /// Whether it is a page in its own right, which others may list.
    fn is_listed(&self) -> bool {
        !matches!(self.kind, "embed" | "404")
    }
}

/// Writes all static files into the folder of a build.
///
/// `template` is Trunk's `index.html` in that folder; `base` is the public path, `/` or `/sub/`.
///
/// # Errors
///
/// Those of the file system; a template without its places is `InvalidData`.
pub fn write_all(folder: &Path, base: &str, site: Option<&str>) -> io::Result<usize> {
    let template = hashed(folder, &fs::read_to_string(folder.join("index.html"))?)?;
    let site = site.unwrap_or(SITE).trim_end_matches('/');
    let mut count = 0;
    let own = own_programs(folder)?;
    let pages = pages(base);
    for page in &pages {
        let others: &[&str] = if page.is_played() { &["site"] } else { &["player", "present"] };
        let html = fill(&without_sheets(&with_program(&template, page.slug, &own)?, others), page, base, site)?;
        let file = folder.join(&page.path).join("index.html");
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(file, html)?;
        count += 1;
    }
    for place in ["poster", "card", "oembed"] {
        fs::create_dir_all(folder.join(place))?;
    }
    for widget in SHELF {
        let slug = widget.about().slug;
        fs::write(folder.join("w").join(slug).join("widget.json"), manifest(*widget).to_string())?;
        fs::write(folder.join("w").join(slug).join("talk.json"), talk(*widget).to_string())?;
        fs::write(folder.join("oembed").join(format!("{slug}.json")), oembed(*widget, &format!("{site}{base}")).to_string())?;
        count += 3;
    }
    let whole = format!("{site}{base}");
    let listed = pages.iter().filter(|page| page.is_listed()).map(|page| page.path.as_str());
    fs::write(folder.join("sitemap.xml"), feed::sitemap(&whole, listed))?;
    fs::write(folder.join("feed.xml"), feed::feed(&whole))?;
    fs::write(folder.join("robots.txt"), feed::robots(&whole))?;
    fs::write(folder.join("_headers"), headers(base, &own))?;
    let is_read = |name: &&String| Path::new(name).extension().is_some_and(|ending| ending == "js" || ending == "css");
    let texts = own.iter().filter(|name| is_hashed(name)).filter(is_read);
    for text in texts.map(String::as_str).chain(["embed/v1/yan-suan.js"]) {
        let file = folder.join(text);
        fs::write(&file, without_comments(&fs::read_to_string(&file)?))?;
    }
    let names: Vec<String> = own.iter().filter(|name| is_hashed(name)).map(|name| format!("\"{name}\"")).collect();
    let worker = without_comments(&fs::read_to_string(folder.join("sw.js"))?);
    fs::write(folder.join("sw.js"), worker.replace("new Set([])", &format!("new Set([{}])", names.join(","))))?;
    for (name, svg) in pictures() {
        fs::write(folder.join(name), svg)?;
        count += 1;
    }
    Ok(count + 3 + offline_files(folder, base, &whole, &own)?)
}

/// The scripts that `boot.js` loads where they are wanted.
const SCRIPTS: [&str; 5] = ["embed", "search", "present", "lesson", "code"];

/// Those that buttons on the page of a widget load, which its single file needs too.
const BUTTONS: &[&str] = SCRIPTS.split_at(2).1;

/// Gives the start script and those that it loads names with a hash, as all else has that a page needs.
fn hashed(folder: &Path, template: &str) -> io::Result<String> {
    if !folder.join("boot.js").is_file() {
        return Ok(template.to_owned());
    }
    let name_of = |name: &str, ending: &str, text: &str| -> io::Result<String> {
        let named = format!("{name}-{:016x}.{ending}", fingerprint(text.as_bytes()));
        fs::write(folder.join(&named), text)?;
        Ok(named)
    };
    let taken = |name: &str| -> io::Result<String> {
        let file = folder.join(format!("{name}.js"));
        let script = without_comments(&fs::read_to_string(&file)?);
        fs::remove_file(file)?;
        Ok(script.replace("new Set([])", &format!("new Set({MANNER:?})")))
    };
    let index = name_of("search", "json", &index::index().to_string())?;
    let mut boot = taken("boot")?;
    for name in SCRIPTS {
        let named = name_of(name, "js", &taken(name)?.replace("search.json", &index))?;
        boot = boot.replace(&format!("\"{name}.js\""), &format!("\"{named}\""));
    }
    let boot = name_of("boot", "js", &boot)?;
    Ok(template.replace("boot.js", &boot))
}

/// A name for a content (FNV-1a): other contents have other names, and nobody gains by making two alike.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Writes a file for each widget that has a program of its own; while one works on the site none has.
fn offline_files(folder: &Path, base: &str, site: &str, own: &[String]) -> io::Result<usize> {
    fs::create_dir_all(folder.join("offline"))?;
    let font = fs::read(folder.join("fonts/stix-two-math.woff2"))?;
    let mut style = String::new();
    for sheet in ["tokens", "page", "player", "present"] {
        let name = own.iter().find(|name| name.starts_with(&format!("{sheet}-")) && is_hashed(name));
        style += &fs::read_to_string(folder.join(name.map_or(sheet, String::as_str)))?;
    }
    let own_script = |name: &str| -> io::Result<String> {
        let named = own.iter().find(|file| hashed_program(file, name).is_some());
        fs::read_to_string(folder.join(named.cloned().unwrap_or_else(|| format!("{name}.js"))))
    };
    let scripts = BUTTONS.iter().map(|name| Ok((*name, own_script(name)?))).collect::<io::Result<Vec<_>>>()?;
    let mut count = 0;
    for widget in SHELF {
        let slug = widget.about().slug;
        let Some(program) = own.iter().find_map(|file| hashed_program(file, slug)) else { continue };
        let rest = fs::read(folder.join(format!("{program}_rest.wasm"))).ok();
        let parts = offline::Parts {
            page: &fs::read_to_string(folder.join("w").join(slug).join("index.html"))?,
            script: &fs::read_to_string(folder.join(format!("{program}.js")))?,
            program: &fs::read(folder.join(format!("{program}_bg.wasm")))?,
            rest: rest.as_deref(),
            style: &style,
            scripts: &scripts,
            files: &[("widget.json", manifest(*widget).to_string()), ("talk.json", talk(*widget).to_string())],
            font: &font,
            site,
            base,
        };
        fs::write(folder.join("offline").join(format!("{slug}.html")), offline::file(&parts)?)?;
        count += 1;
    }
    Ok(count)
}

/// Whether a name has a hash of sixteen digits.
fn is_hashed(name: &str) -> bool {
    name.split(['-', '_', '.']).any(|part| part.len() == 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// A script or a style sheet without comments and indentation, which readers would load with it. Comments that share a line with code
/// stay; no text in ours, or in the scripts that wasm-bindgen writes, goes over lines.
fn without_comments(script: &str) -> String {
    let mut out = String::new();
    let mut is_comment = false;
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        is_comment |= line.starts_with("/*");
        if !is_comment && !line.starts_with("//") {
            out.extend([line, "\n"]);
        }
        is_comment &= !line.ends_with("*/");
    }
    out
}

/// What static hosts that read a file `_headers` send with every file: the policy, and who may read it. A name with a hash is kept for
/// ever; what names those is asked for anew each time, so that no page is a mixture of two builds.
fn headers(base: &str, files: &[String]) -> String {
    let mut out = format!(
        "{base}*\n  Content-Security-Policy: {POLICY}; frame-ancestors *\n  Access-Control-Allow-Origin: *\n  \
         Cross-Origin-Resource-Policy: cross-origin\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: strict-origin-when-cross-origin\n"
    );
    for path in [
        "",
        "w/*",
        "embed/*",
        "afternoon/*",
        "checks/*",
        "about/*",
        "embedding/*",
        "offline/*",
        "feed.xml",
        "sitemap.xml",
        "sw.js",
    ] {
        out.push_str(&format!("{base}{path}\n  Cache-Control: no-cache\n"));
    }
    let mut hashed: Vec<&String> = files.iter().filter(|name| is_hashed(name)).collect();
    hashed.sort();
    for name in hashed {
        out.push_str(&format!("{base}{name}\n  Cache-Control: public, max-age=31536000, immutable\n"));
    }
    out
}

/// The names of what is in a folder of a build.
fn own_programs(folder: &Path) -> io::Result<Vec<String>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

/// The template with a widget's own program in the place of the common one, where the build has it: `<slug>-<hash>.js` and
/// `<slug>-<hash>_bg.wasm`.
///
/// # Errors
///
/// `InvalidData` where the build has it, but the template does not name the common one: that plays no widget.
fn with_program(template: &str, slug: &str, files: &[String]) -> io::Result<String> {
    let program = |slug: &str| files.iter().find_map(|file| hashed_program(file, slug));
    let Some(own) = program(slug) else { return Ok(template.to_owned()) };
    let common = program("yansuan").filter(|common| template.contains(common.as_str()));
    let nameless = || io::Error::new(io::ErrorKind::InvalidData, "index.html names no program yansuan-<sixteen digits>");
    let common = common.ok_or_else(nameless)?;
    Ok(template.replace(&common, &own))
}

/// The template without some of its style sheets.
fn without_sheets(template: &str, names: &[&str]) -> String {
    let is_other = |tag: &str| tag.contains(".css\"") && names.iter().any(|name| tag.contains(&format!("/{name}-")));
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("<link ") {
        let end = after.find('>').map_or(after.len(), |at| at + 1);
        out.push_str(before);
        if !is_other(&after[..end]) {
            out.extend(["<link ", &after[..end]]);
        }
        rest = &after[end..];
    }
    out + rest
}

/// `<slug>-<hash>`, if this is the script of a widget's program.
fn hashed_program(file: &str, slug: &str) -> Option<String> {
    let hash = file.strip_prefix(slug)?.strip_prefix('-')?.strip_suffix(".js")?;
    (hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| format!("{slug}-{hash}"))
}

fn pages(base: &str) -> Vec<Page<'static>> {
    let end = site_line(base);
    let home = format!("{}\n", link(base, words::TO_SHELF));
    let front = Page {
        path: String::new(),
        kind: "shelf",
        slug: "",
        title: format!("{} · {}", player_words::BRAND.zh, words::PROMISE.zh),
        summary: words::LEAD,
        body: shelf::body(base),
        end: end.replace(&home, ""),
    };
    let mut pages = vec![front];
    for (kind, name) in words::NAMES {
        let (summary, body) = told(kind, name, base);
        let title = format!("{} · {}", name.zh, player_words::BRAND.zh);
        pages.push(Page {
            path: kind.to_owned(),
            kind,
            slug: "",
            title,
            summary,
            body: one("h1", name) + &body,
            end: end.clone(),
        });
    }
    for widget in SHELF {
        let about = widget.about();
        let Some(post) = posts::of_slug(about.slug) else { continue };
        for (kind, folder) in [("widget", "w"), ("embed", "embed/v1")] {
            pages.push(Page {
                path: format!("{folder}/{}", about.slug),
                kind,
                slug: about.slug,
                title: format!("{} · {}", about.title.zh, player_words::BRAND.zh),
                summary: about.summary,
                body: widget_words(*widget, post, base),
                end: if kind == "widget" { roads::section(about.slug, base) } else { String::new() },
            });
        }
    }
    pages
}

/// What a page around the widgets is about, and what it says below its name.
fn told(kind: &str, name: Text, base: &str) -> (Text, String) {
    match kind {
        "afternoon" => (afternoon::LEAD, afternoon::body(base)),
        "checks" => (checks::LEAD, checks::body(base, &sources())),
        "embedding" => {
            let body = Lang::ALL.map(|lang| format!("<div lang=\"{}\">\n{}</div>\n", lang.tag(), embedding::body(lang)));
            (embedding::LEAD, body.concat())
        }
        "about" => (words::ABOUT_BODY[0], words::ABOUT_BODY.map(|text| both("p", text)).concat()),
        _ => (name, format!("<p>{}</p>\n", link(base, words::TO_SHELF))),
    }
}

/// The folder of the sources, where the tests are counted: Cargo names it to what it runs.
fn sources() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from)
}

/// The line at the end of pages around the widgets: where else one may go.
fn site_line(base: &str) -> String {
    let pages = words::NAMES.iter().filter(|(path, _)| *path != "404");
    let links = pages.map(|(path, name)| link(&format!("{base}{path}/"), *name));
    let home = link(base, words::TO_SHELF);
    let feed = format!("<a href=\"{base}feed.xml\" type=\"application/atom+xml\">Atom</a>");
    let all: Vec<String> = std::iter::once(home).chain(links).chain([feed]).collect();
    format!("<footer class=\"site told\">\n<nav>\n{}\n</nav>\n</footer>\n", all.join("\n"))
}

fn fill(template: &str, page: &Page<'_>, base: &str, site: &str) -> io::Result<String> {
    let canonical_path = if page.kind == "embed" { format!("w/{}", page.slug) } else { page.path.clone() };
    let slash = if canonical_path.is_empty() { "" } else { "/" };
    let canonical = format!("{site}{base}{canonical_path}{slash}");
    let description = format!("{} {}", page.summary.zh, page.summary.en);
    let mut head = format!(
        "<title>{}</title>\n<meta name=\"description\" content=\"{}\">\n<link rel=\"canonical\" href=\"{canonical}\">\n\
         <meta property=\"og:title\" content=\"{}\">\n<meta property=\"og:description\" content=\"{}\">\n<meta property=\"og:type\" content=\"website\">\n\
         <meta property=\"og:url\" content=\"{canonical}\">\n",
        escape(&page.title),
        escape(&description),
        escape(&page.title),
        escape(&description),
    );
    if !page.slug.is_empty() {
        head.push_str(&format!(
            "<meta property=\"og:image\" content=\"{site}{base}og/{slug}.png\">\n<link rel=\"alternate\" type=\"application/json+oembed\" \
             href=\"{base}oembed/{slug}.json\" title=\"{}\">\n",
            escape(&page.title),
            slug = page.slug,
        ));
    }
    head.push_str(&format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n<link rel=\"icon\" type=\"image/svg+xml\" href=\"{base}favicon.svg\">\n"
    ));
    if page.is_listed() {
        head.push_str(&format!(
            "<link rel=\"alternate\" type=\"application/atom+xml\" href=\"{base}feed.xml\" title=\"{}\">\n",
            player_words::BRAND.zh
        ));
    } else {
        head.push_str("<meta name=\"robots\" content=\"noindex\">\n");
    }
    let stage = if page.is_played() {
        format!("<div id=\"yansuan\">\n<main class=\"static\">\n{}</main>\n</div>\n", page.body)
    } else {
        let class = if page.kind == "shelf" { "shelf" } else { "about" };
        format!(
            "<div id=\"yansuan\"></div>\n<main class=\"{class} told\">\n{}<p class=\"on-paper\">{}</p>\n</main>\n",
            page.body,
            escape(&canonical)
        )
    };
    let body = format!(
        "<body data-page=\"{}\" data-slug=\"{}\" data-base=\"{base}\">\n{}\n{stage}{}",
        page.kind,
        page.slug,
        failure(),
        page.end,
    );
    let places = [("<!--head-->", head), ("<body>", body)];
    let mut html = template.to_owned();
    for (place, content) in places {
        if html.matches(place).count() != 1 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("index.html needs exactly one {place}")));
        }
        html = html.replace(place, &content);
    }
    Ok(html)
}

/// What is shown when the program cannot run; `boot.js` reveals the reason that applies.
fn failure() -> String {
    format!(
        "<div id=\"yansuan-failure\" role=\"status\" hidden><p data-reason=\"simd\" hidden>{}</p><p data-reason=\"load\" hidden>{}</p></div>\n<noscript><p class=\"missing\">{}</p></noscript>",
        inline(words::NO_SIMD),
        inline(words::NO_PROGRAM),
        inline(words::NO_SCRIPT),
    )
}

fn widget_words(widget: &dyn DynWidget, post: &Post, base: &str) -> String {
    let about = widget.about();
    let spoken = lead(widget, &widget.opening()).map(|(_, _, spoken)| spoken).unwrap_or_default();
    let mut out = one("h1", about.question);
    out.push_str(&format!(
        "<p class=\"byline\"><a href=\"{}\">{}</a> <time datetime=\"{}\">{}</time></p>\n",
        post.address(),
        inline(quoted(post.title)),
        post.date,
        inline(post.day())
    ));
    out.push_str(&both("p", about.summary));
    out.push_str(&format!(
        "<picture><source srcset=\"{base}poster/{slug}-dark.svg\" media=\"(prefers-color-scheme: dark)\"><img class=\"poster\" src=\"{base}poster/{slug}.svg\" alt=\"{}\" width=\"720\" height=\"365\"></picture>\n",
        escape(&spoken),
        slug = about.slug,
    ));
    for step in widget.steps() {
        out.push_str(&one("h2", step.title));
        for lang in Lang::ALL {
            for paragraph in step.body.get(lang).split('\n') {
                out.push_str(&format!("<p lang=\"{}\">{}</p>\n", lang.tag(), escape(paragraph)));
            }
        }
    }
    out + &format!("<p>{}</p>\n", link(base, words::TO_SHELF))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::posts::POSTS;

    #[test]
    fn pages_do_without_the_style_sheets_of_others() {
        let template = "<link rel=\"a\"><link rel=\"stylesheet\" href=\"/x/site-1.css\"/>\n<link rel=\"stylesheet\" href=\"/x/page-1.css\"/><body>";
        let rest = "<link rel=\"a\">\n<link rel=\"stylesheet\" href=\"/x/page-1.css\"/><body>";
        assert_eq!(without_sheets(template, &["site"]), rest);
        assert_eq!(without_sheets(template, &["player"]), template);
    }

    #[test]
    fn a_widget_has_its_own_program_or_there_is_no_page() {
        let files = ["yansuan-0123456789abcdef.js", "rope-fedcba9876543210.js"].map(str::to_owned);
        let template = "<script data-program=\"/yansuan-0123456789abcdef.js\" data-wasm=\"/yansuan-0123456789abcdef_bg.wasm\">";
        let own = "<script data-program=\"/rope-fedcba9876543210.js\" data-wasm=\"/rope-fedcba9876543210_bg.wasm\">";
        assert_eq!(with_program(template, "rope", &files).expect("both are there"), own);
        // A page around the widgets, and a build for developers.
        assert_eq!(with_program(template, "about", &files).expect("no program of its own"), template);
        assert_eq!(with_program(template, "rope", &files[..1]).expect("no program of its own"), template);
        // A hash without its leading zero.
        let cut = ["yansuan-123456789abcdef.js", "rope-fedcba9876543210.js"].map(str::to_owned);
        assert!(with_program(&template.replace("-0", "-"), "rope", &cut).is_err());
        assert!(with_program(&template.replace("-0", "-"), "rope", &files).is_err());
    }

    #[test]
    fn the_sitemap_lists_every_page_in_its_own_right() {
        let pages = pages("/");
        let listed: Vec<&str> = pages.iter().filter(|page| page.is_listed()).map(|page| page.path.as_str()).collect();
        assert_eq!(listed.len(), 1 + words::NAMES.len() - 1 + SHELF.len());
        let sitemap = feed::sitemap("https://yansuan.example/", listed.into_iter());
        for post in POSTS.iter().filter(|post| roads::built(post.slug).is_some()) {
            assert!(sitemap.contains(&format!("<loc>https://yansuan.example/w/{}/</loc>", post.slug)), "{}", post.slug);
        }
        for other in ["embed/", "404"] {
            assert!(!sitemap.contains(other), "{other} is no page in its own right");
        }
    }

    #[test]
    fn every_page_is_filled_and_its_inner_links_lead_to_pages() {
        let pages = pages("/sub/");
        let template = "<!doctype html><html><head><!--head--></head>\n<body>\n</body></html>";
        for page in &pages {
            let html = fill(template, page, "/sub/", "https://yansuan.example").expect("the template has its places");
            assert_eq!(html.matches("<h1").count(), 1, "{}", page.path);
            assert_eq!(html.matches("<main").count(), 1, "{}", page.path);
            assert!(!html.contains(" style=\"") && !html.contains("<script"), "{}", page.path);
            for target in html.split("href=\"/sub/").skip(1).filter_map(|rest| rest.split(['"', '?', '#']).next()) {
                let is_page = pages.iter().any(|page| target.trim_end_matches('/') == page.path);
                let is_file = target.contains('.');
                assert!(is_page || is_file, "{}: /sub/{target}", page.path);
            }
        }
    }
}
