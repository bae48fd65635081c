//! What a blogger takes along: the code of an embed, chosen with a preview of what readers will see.

use leptos::prelude::*;

use crate::browser::{dom, page};
use crate::contract::address::Pairs;
use crate::contract::text::{Lang, Text, Words};
use crate::player::el::{El, el, link};
use crate::player::menu::{copied, link_of, theme_name};
use crate::player::play::Play;
use crate::player::reader::reader;
use crate::player::session::Session;
use crate::player::words;
use crate::plot::svg::escape;
use crate::plot::theme::Theme;

/// The sandbox in which an embed runs: scripts, and nothing of the host's.
const SANDBOX: &str = "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads";

/// The height while the preview has not said how high it is, CSS pixels.
const HEIGHT: u32 = 640;

/// The heights that can be asked for, CSS pixels.
const HEIGHTS: (u32, u32) = (200, 4000);

/// What was chosen, each by its place in the list.
#[derive(Clone, Copy)]
struct Choice {
    form: RwSignal<usize>,
    amount: RwSignal<usize>,
    lang: RwSignal<usize>,
    theme: RwSignal<usize>,
    /// What was typed.
    typed: RwSignal<Option<u32>>,
    /// What the preview needs.
    wanted: RwSignal<u32>,
}

impl Choice {
    /// The height of the frame. A whole page may scroll in it; a figure with its controls should not.
    fn height(self) -> u32 {
        let wanted = if self.amount.get() == 0 { HEIGHT } else { self.wanted.get() };
        self.typed.get().unwrap_or(wanted).clamp(HEIGHTS.0, HEIGHTS.1)
    }
}

/// The inside of the dialog; the preview lives only while it is open.
pub fn embedding(play: Play, is_open: RwSignal<bool>) -> Vec<El> {
    let reader = reader();
    let choice = Choice {
        form: RwSignal::new(0),
        amount: RwSignal::new(1),
        lang: RwSignal::new(usize::from(reader.lang.get_untracked() == Lang::En)),
        theme: RwSignal::new(0),
        typed: RwSignal::new(None),
        wanted: RwSignal::new(HEIGHT),
    };
    let themes = std::iter::once(words::EMBED_AUTO).chain(Theme::ALL.map(theme_name));
    let height = el("input").set("type", "number").class("number").set("min", "200").set("max", "4000").set("step", "20");
    let is_typing = StoredValue::new(false);
    let typed = move |event: dom::Event| {
        is_typing.set_value(false);
        let Some(field) = dom::target(&event) else { return };
        if let Ok(height) = dom::value(&field).parse::<u32>() {
            choice.typed.set(Some(height));
        }
        // What was no height, or none that an embed may have, must not stay.
        dom::set_property(&field, "value", &untrack(|| choice.height()).to_string().into());
    };
    // While the dialog is closed, nothing here follows what a slider moves.
    let frame = move || {
        // Escape ends the typing without a change.
        is_typing.set_value(false);
        if !is_open.get() {
            return Vec::new();
        }
        let frame = el("iframe")
            .class("preview")
            .set("sandbox", SANDBOX)
            .label("title", words::EMBED_PREVIEW)
            .bind("src", move || Some(source(play, choice)))
            .style("height", move || format!("{}px", choice.height().min(480)));
        // What is being typed is not replaced by what the preview proposes meanwhile.
        let propose = move |height| {
            if !is_typing.get_value() {
                choice.wanted.set(height);
            }
        };
        StoredValue::new_local(dom::listen_to_frame(&frame.0, propose));
        vec![frame]
    };
    let more = link(&format!("{}embedding/", page::base())).set("target", "_blank").say(words::EMBED_MORE);
    let mut parts = vec![
        el("p").say(words::EMBED_HELP).text(" ").with(more),
        chips(words::EMBED_FORM, "form", &[Text::same("iframe"), words::EMBED_ELEMENT, words::EMBED_ADDRESS], choice.form),
        chips(words::EMBED_AMOUNT, "amount", &[words::EMBED_ALL, words::EMBED_MAIN, words::EMBED_ALONE], choice.amount),
        chips(words::EMBED_LANGUAGE, "tongue", &[Text::same("中文"), Text::same("English")], choice.lang),
        chips(words::THEME, "look", &themes.collect::<Vec<_>>(), choice.theme),
        el("label").class("line").with(el("span").say(words::EMBED_HEIGHT)).with(
            height
                .value(move || choice.height().to_string())
                .on("input", move |_| is_typing.set_value(true))
                .on("change", typed)
                .on("blur", move |_| is_typing.set_value(false)),
        ),
    ];
    parts.extend(copied(words::EMBED, "7", move || if is_open.get() { code(play, choice) } else { String::new() }));
    parts.push(el("div").swap(frame));
    parts
}

/// Chips of which one is chosen.
fn chips(label: Text, name: &'static str, items: &[Text], chosen: RwSignal<usize>) -> El {
    let chip = |(at, item): (usize, &Text)| {
        let tick = el("input").set("type", "radio").set("name", &format!("embed-{name}")).checked(move || chosen.get() == at);
        el("label").class("chip").with(tick.on("change", move |_| chosen.set(at))).with(el("span").say(*item))
    };
    el("fieldset").with(el("legend").say(label)).with(el("div").class("chips").all(items.iter().enumerate().map(chip)))
}

/// The query of the embed: the state and its version, and how much of it.
fn query(play: Play, choice: Choice) -> Pairs {
    let mut pairs = Pairs::of(&play.session.with(Session::written).query);
    let mut put = |name: &str, text: &str| pairs.put(name.to_owned(), text.to_owned());
    put("v", &play.widget.about().version.to_string());
    let lead = play.widget.panels().first().map_or("", |panel| panel.id);
    match choice.amount.get() {
        0 => {}
        1 => {
            put("show", lead);
            put("controls", "min");
        }
        _ => {
            put("show", lead);
            put("controls", "none");
        }
    }
    pairs
}

fn lang(choice: Choice) -> Lang {
    Lang::ALL[choice.lang.get().min(1)]
}

/// The theme of the address; nothing where it follows the system.
fn theme(choice: Choice) -> Option<&'static str> {
    choice.theme.get().checked_sub(1).and_then(|at| Theme::ALL.get(at).map(|theme| theme.key))
}

/// The address of the embed.
fn source(play: Play, choice: Choice) -> String {
    let about = play.widget.about();
    let mut pairs = query(play, choice);
    pairs.put("lang".to_owned(), lang(choice).key().to_owned());
    if let Some(theme) = theme(choice) {
        pairs.put("theme".to_owned(), theme.to_owned());
    }
    format!("{}embed/v1/{}/?{}", page::site(), about.slug, pairs.query())
}

/// The code: a plain iframe, which works with no script on the host's page; the element, whose style keeps its place until its script
/// has come; or the address for editors that know oEmbed.
fn code(play: Play, choice: Choice) -> String {
    let (about, lang) = (play.widget.about(), lang(choice));
    let (page, height) = (escape(&link_of(play, "w")), choice.height());
    let name = escape(about.title.get(lang));
    let title = Words::new(format!("{name}（可交互）"), format!("{name} (interactive)"));
    let title = title.get(lang);
    match choice.form.get() {
        0 => format!(
            "<figure style=\"margin:0\">\n<iframe src=\"{}\"\n  title=\"{title}\"\n  width=\"100%\" height=\"{height}\" style=\"border:0\" loading=\"lazy\"\n  \
             sandbox=\"{SANDBOX}\"\n  allow=\"fullscreen; clipboard-write\" referrerpolicy=\"strict-origin-when-cross-origin\"></iframe>\n\
             <figcaption><a href=\"{page}\">{name}</a></figcaption>\n</figure>",
            escape(&source(play, choice)),
        ),
        1 => format!(
            "<script type=\"module\" src=\"{}embed/v1/yan-suan.js\"></script>\n<yan-suan name=\"{}\" state=\"{}\"\n  lang=\"{}\" theme=\"{}\" \
             height=\"{height}\" style=\"display:block;min-height:{height}px\" label=\"{title}\"><a href=\"{page}\">{name}</a></yan-suan>",
            page::site(),
            about.slug,
            escape(&query(play, choice).query()),
            lang.key(),
            theme(choice).unwrap_or("auto"),
        ),
        _ => format!("{}oembed/{}.json", page::site(), about.slug),
    }
}
