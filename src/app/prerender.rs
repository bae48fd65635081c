//! Static pages: every address is a file with its words and its poster, whether or not the program runs.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Value, json};

use crate::app::posts::{self, POSTS, Post};
use crate::app::{emblem, words};
use crate::contract::control::{Face, Item, Kind, Scale};
use crate::contract::panel::View;
use crate::contract::script::Vocable;
use crate::contract::shelf::DynWidget;
use crate::contract::text::{Lang, Text};
use crate::contract::widget::{Budget, Progress};
use crate::player::words as player_words;
use crate::plot::svg::{self, escape};
use crate::plot::theme::Theme;
use crate::widgets::SHELF;

/// Where the site will stand; canonical links need a host. Overridden by `YANSUAN_SITE`.
const SITE: &str = "https://yansuan.example";

/// The content security policy of every page. A server may send it as a header too, then with `frame-ancestors`.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
                      font-src 'self'; base-uri 'none'; form-action 'none'";

/// What parts of the template are replaced by.
struct Page<'a> {
    path: String,
    kind: &'a str,
    slug: &'a str,
    title: String,
    summary: Text,
    body: String,
    poster: Option<String>,
}

/// Writes all static files into the folder of a build.
///
/// `template` is Trunk's `index.html` in that folder; `base` is the public path, `/` or `/sub/`.
///
/// # Errors
///
/// Those of the file system; a template without its places is `InvalidData`.
pub fn write_all(folder: &Path, base: &str, site: Option<&str>) -> io::Result<usize> {
    let template = fs::read_to_string(folder.join("index.html"))?;
    let site = site.unwrap_or(SITE).trim_end_matches('/');
    let mut count = 0;
    let own = own_programs(folder)?;
    for page in pages(base) {
        let html = fill(&with_program(&template, page.slug, &own), &page, base, site)?;
        let file = folder.join(&page.path).join("index.html");
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(file, html)?;
        count += 1;
    }
    for widget in SHELF {
        let file = folder.join("w").join(widget.about().slug).join("widget.json");
        fs::write(file, manifest(*widget).to_string())?;
        count += 1;
    }
    fs::create_dir_all(folder.join("poster"))?;
    fs::create_dir_all(folder.join("emblem"))?;
    for (name, svg) in pictures() {
        fs::write(folder.join(name), svg)?;
        count += 1;
    }
    Ok(count)
}

/// The names of what is in a folder of a build.
fn own_programs(folder: &Path) -> io::Result<Vec<String>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

/// The template with a widget's own program in the place of the common one, where the build has it: `<slug>-<hash>.js` and
/// `<slug>-<hash>_bg.wasm`.
fn with_program(template: &str, slug: &str, files: &[String]) -> String {
    let hashed = |file: &str, slug: &str| -> Option<String> {
        let hash = file.strip_prefix(slug)?.strip_prefix('-')?.strip_suffix(".js")?;
        (hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| format!("{slug}-{hash}"))
    };
    let program = |slug: &str| files.iter().find_map(|file| hashed(file, slug));
    match (program("yansuan"), program(slug)) {
        (Some(common), Some(own)) => template.replace(&common, &own),
        _ => template.to_owned(),
    }
}

fn pages(base: &str) -> Vec<Page<'static>> {
    let mut pages = vec![
        Page {
            path: String::new(),
            kind: "shelf",
            slug: "",
            title: format!("{} · {}", player_words::BRAND.zh, words::PROMISE.zh),
            summary: words::LEAD,
            body: shelf(base),
            poster: None,
        },
        Page {
            path: "about".into(),
            kind: "about",
            slug: "",
            title: format!("{} · {}", words::ABOUT.zh, player_words::BRAND.zh),
            summary: words::ABOUT_BODY[0],
            body: both("h1", words::ABOUT) + &words::ABOUT_BODY.map(|text| both("p", text)).concat(),
            poster: None,
        },
        Page {
            path: "404".into(),
            kind: "missing",
            slug: "",
            title: format!("{} · {}", words::NOT_FOUND.zh, player_words::BRAND.zh),
            summary: words::NOT_FOUND,
            body: both("h1", words::NOT_FOUND) + &format!("<p><a href=\"{base}\">{}</a></p>", inline(words::TO_SHELF)),
            poster: None,
        },
    ];
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
                poster: Some(format!("poster/{}.svg", about.slug)),
            });
        }
    }
    pages
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
    if let Some(poster) = &page.poster {
        head.push_str(&format!("<meta property=\"og:image\" content=\"{site}{base}{poster}\">\n"));
    }
    head.push_str(&format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n<link rel=\"icon\" type=\"image/svg+xml\" href=\"{base}favicon.svg\">\n"
    ));
    if page.kind == "embed" || page.kind == "missing" {
        head.push_str("<meta name=\"robots\" content=\"noindex\">\n");
    }
    let body = format!(
        "<body data-page=\"{}\" data-slug=\"{}\" data-base=\"{base}\">\n{}\n<div id=\"yansuan\">\n<main class=\"static\">\n{}\n</main>\n</div>",
        page.kind,
        page.slug,
        failure(),
        page.body,
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

fn inline(text: Text) -> String {
    format!("{} <span lang=\"en\">{}</span>", escape(text.zh), escape(text.en))
}

fn both(tag: &str, text: Text) -> String {
    format!("<{tag}>{}</{tag}>\n<{tag} lang=\"en\">{}</{tag}>\n", escape(text.zh), escape(text.en))
        .replace("<h1 lang=\"en\">", "<p class=\"english\" lang=\"en\">")
        .replace(&format!("{}</h1>\n", escape(text.en)), &format!("{}</p>\n", escape(text.en)))
}

fn shelf(base: &str) -> String {
    let mut out = both("h1", words::PROMISE) + &both("p", words::LEAD) + "<ol class=\"timeline\">\n";
    for post in POSTS {
        let is_built = SHELF.iter().any(|widget| widget.about().slug == post.slug);
        let title = inline(post.title);
        let state = if is_built {
            format!("<a href=\"{base}w/{}/\">{title}</a>", post.slug)
        } else {
            format!("{title} <i>{}</i>", inline(words::NOT_YET))
        };
        out.push_str(&format!(
            "<li><img src=\"{base}emblem/{}-light.svg\" alt=\"\" width=\"240\" height=\"150\" loading=\"lazy\"> <time datetime=\"{}\">{}</time> {state} <a href=\"{}\">{}</a></li>\n",
            post.slug,
            post.date,
            post.day().zh,
            post.address(),
            inline(words::READ_POST),
        ));
    }
    out + &format!("</ol>\n<p><a href=\"{base}about/\">{}</a></p>\n", inline(words::ABOUT))
}

fn widget_words(widget: &dyn DynWidget, post: &Post, base: &str) -> String {
    let about = widget.about();
    let spoken = opening(widget).map(|(_, spoken)| spoken).unwrap_or_default();
    let mut out = both("h1", about.question);
    out.push_str(&format!(
        "<p class=\"byline\"><a href=\"{}\">《{}》</a>，<time datetime=\"{}\">{}</time></p>\n",
        post.address(),
        escape(post.title.zh),
        post.date,
        post.day().zh
    ));
    out.push_str(&both("p", about.summary));
    out.push_str(&format!(
        "<picture><source srcset=\"{base}poster/{slug}-dark.svg\" media=\"(prefers-color-scheme: dark)\"><img class=\"poster\" src=\"{base}poster/{slug}.svg\" alt=\"{}\" width=\"720\" height=\"365\"></picture>\n",
        escape(&spoken),
        slug = about.slug,
    ));
    for step in widget.steps() {
        out.push_str(&format!("<h2>{}</h2>\n", inline(step.title)));
        for lang in Lang::ALL {
            for paragraph in step.body.get(lang).split('\n') {
                out.push_str(&format!("<p lang=\"{}\">{}</p>\n", lang.tag(), escape(paragraph)));
            }
        }
    }
    out.push_str(&format!("<p><a href=\"{base}\">{}</a></p>\n", inline(words::TO_SHELF)));
    out
}

/// The first figure of the opening scene, and how it is read aloud in both languages.
fn opening(widget: &dyn DynWidget) -> Option<(crate::contract::figure::Figure, String)> {
    let setting = widget.opening();
    let mut work = widget.begin();
    let budget = Budget::unlimited();
    while let Ok(Progress::Going(_)) = widget.work(&setting, work.as_mut(), &budget) {}
    let scene = widget.scene(&setting, work.as_ref());
    let panel = widget.panels().first()?;
    match scene.views.into_iter().next()? {
        View::Figure(figure) => {
            let spoken = Lang::ALL.map(|lang| svg::spoken(panel, &figure, lang)).join(" ");
            Some((figure, spoken))
        }
        View::Table(_) => None,
    }
}

/// What can be set in a widget, for programs that drive it.
fn manifest(widget: &dyn DynWidget) -> Value {
    let keys = |items: &[Item]| items.iter().map(|item| item.key).collect::<Vec<_>>();
    let control = |face: &Face| {
        let mut own = match face.kind {
            Kind::Slider { min, max, scale, .. } => {
                let scale = match scale {
                    Scale::Linear => "linear",
                    Scale::Log => "log",
                    Scale::Integer => "integer",
                };
                json!({ "kind": "slider", "min": min, "max": max, "scale": scale })
            }
            Kind::Toggle => json!({ "kind": "toggle" }),
            Kind::Choice(items) => json!({ "kind": "choice", "items": keys(items) }),
            Kind::Several(items) => json!({ "kind": "several", "items": keys(items) }),
            Kind::Vector { drag, longest, fields, .. } => {
                json!({ "kind": "vector", "from": drag.0, "to": drag.1, "longest": longest, "fields": fields })
            }
            Kind::Script { vocabulary, longest, .. } => {
                let sizes = |vocable: &Vocable| vocable.sizes.iter().map(|size| json!([size.min, size.max])).collect::<Vec<_>>();
                let words = vocabulary.iter().map(|vocable| json!({ "key": vocable.key, "sizes": sizes(vocable) }));
                json!({ "kind": "script", "words": words.collect::<Vec<_>>(), "longest": longest })
            }
            Kind::Seed => json!({ "kind": "seed" }),
            Kind::Playhead { last, .. } => json!({ "kind": "playhead", "last": last }),
        };
        own["key"] = json!(face.key);
        own
    };
    json!({
        "slug": widget.about().slug,
        "version": widget.about().version,
        "presets": widget.presets().iter().map(|preset| preset.key).collect::<Vec<_>>(),
        "steps": widget.steps().len(),
        "panels": widget.panels().iter().map(|panel| panel.id).collect::<Vec<_>>(),
        "controls": widget.faces().iter().map(control).collect::<Vec<_>>(),
    })
}

/// Posters and emblems, as `(path, SVG)`.
fn pictures() -> Vec<(String, String)> {
    let mut out = Vec::new();
    let themes = [("", &Theme::LIGHT), ("-dark", &Theme::DARK)];
    for widget in SHELF {
        let (Some((figure, _)), Some(panel)) = (opening(*widget), widget.panels().first()) else { continue };
        for (suffix, theme) in themes {
            out.push((format!("poster/{}{suffix}.svg", widget.about().slug), svg::file(panel, &figure, theme, Lang::Zh, 720.0)));
        }
    }
    for post in POSTS {
        for (suffix, theme) in [("-light", &Theme::LIGHT), ("-dark", &Theme::DARK)] {
            out.push((format!("emblem/{}{suffix}.svg", post.slug), svg::bare(&emblem::emblem(post.slug), theme, (240.0, 150.0))));
        }
    }
    out
}
