//! The page of one widget: question, stage, way through, rail, formulas, notes.

use leptos::prelude::*;

use crate::browser::{clock, page};
use crate::contract::panel::{Panel, Size, View};
use crate::contract::readout::Place;
use crate::contract::setting::Setting;
use crate::contract::shelf::DynWidget;
use crate::contract::text::Text;
use crate::player::button::button;
use crate::player::controls::{play_on_space, rail};
use crate::player::el::{El, el, run};
use crate::player::embed::speak;
use crate::player::exchange::exchanges;
use crate::player::formulas::formulas;
use crate::player::menu::{brand, choices, link_of, menu, top_line};
use crate::player::notes::notes;
use crate::player::panel::{panel_view, readout_list};
use crate::player::play::Play;
use crate::player::reader::reader;
use crate::player::session::Session;
use crate::player::tour::tour;
use crate::player::words;
use crate::plot::svg::{self, escape};
use crate::plot::theme::Theme;

/// Milliseconds from a change until it is told; more changes meanwhile are told with it.
const SPOKEN_DELAY: i32 = 600;

/// Where the widget is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setup {
    /// On a page of its own.
    Page,
    /// Inside somebody's post: no site around it, and its address left alone.
    Embed,
}

/// A widget, played; under the question stands what the page says about its post.
pub fn stage(widget: &'static dyn DynWidget, setup: Setup, byline: Option<El>) -> Vec<El> {
    let play = Play::open(widget, setup == Setup::Page);
    let showing = play.showing.get_value();
    play_on_space(play);
    let about = widget.about();
    let views = widget.panels().iter().enumerate().filter(|(_, panel)| showing.has_figure(panel.id));
    let mut panels = views.map(|(index, panel)| panel_view(play, index, panel));
    let lead = el("div").class("lead").all(panels.next());
    let top = match setup {
        Setup::Page => top_line(Some(about.title)).all(menu(play)),
        Setup::Embed => el("header")
            .class("top")
            .with(whole(play).class("name").with(brand().class("brand")).text(" ").say(about.title))
            .all(choices()),
    };
    let part = |name: &str, make: fn(Play) -> El| showing.has(name).then(|| make(play));
    let mut aside = el("aside").class("rail").label("aria-label", words::CONTROLS).all(rail(play, Place::Rail));
    if showing.has_controls() {
        aside = aside.all(exchanges(play)).all(part("presets", presets)).with(deeds(play));
    }
    let house = el("div")
        .class("house")
        .with(el("div").class("bench").with(lead).with(aside.all(readouts(play))))
        .all(part("tour", tour))
        .with(el("div").class("rest").all(panels));
    // Without its question a page still has a heading, for those who cannot see it.
    let question = el("div").class(if showing.has("question") { "question" } else { "voice" });
    let main = el("main")
        .class(if setup == Setup::Embed { "widget embed" } else { "widget" })
        .set("data-widget", about.slug)
        .with(question.with(el("h1").say(about.question)).all(byline.filter(|_| showing.has("question"))))
        .with(notices(play))
        .with(house)
        .all(part("formulas", formulas))
        .all(part("notes", notes))
        .with(paper(play))
        .with(spoken(play));
    speak(play);
    showing.has("top").then_some(top).into_iter().chain([main]).collect()
}

/// The link from an embed to the page of its own, at the same state.
fn whole(play: Play) -> El {
    if !reader().has_links {
        return el("span");
    }
    let address = move || Some(link_of(play, "w"));
    el("a").set("target", "_blank").set("rel", "noopener").bind("href", address).label("title", words::OPEN_PAGE)
}

/// What the address asked for and could not have; dismissible.
fn notices(play: Play) -> El {
    let reader = reader();
    let lines = move || {
        let lang = reader.lang.get();
        let told = play.session.with(|session| session.notices.clone());
        let general = play.shown.with(|shown| shown.problem.clone().filter(|problem| problem.field.is_none()));
        told.iter().chain(&general).map(|each| format!("<li>{}</li>", escape(each.words.get(lang)))).collect::<String>()
    };
    el("div").set("role", "status").with(
        el("div")
            .class("notice")
            .flag("hidden", move || lines().is_empty())
            .with(el("ul").html(lines))
            .with(button("button").say(words::DISMISS).press(move || play.act(|session| session.notices.clear()))),
    )
}

fn presets(play: Play) -> El {
    let reader = reader();
    // The last one that was taken, with what it set: its note stands there until something is moved.
    let taken = RwSignal::new(None::<(Text, Setting)>);
    let note = move || {
        let note = taken.with(|taken| {
            let (note, setting) = taken.as_ref()?;
            play.session.with(|session| session.setting == *setting).then_some(*note)
        });
        note.map_or_else(String::new, |note| reader.tell(note).to_owned())
    };
    let chip = move |(index, preset): (usize, crate::contract::step::PresetFace)| {
        button("chip").set("data-preset", preset.key).label("title", preset.note).say(preset.name).press(move || {
            play.act(move |session| session.preset(index));
            taken.set(Some((preset.note, play.session.with_untracked(|session| session.setting.clone()))));
        })
    };
    el("div")
        .class("control presets")
        .set("role", "group")
        .set("aria-labelledby", "presets")
        .with(el("span").class("label").set("id", "presets").say(words::PRESETS))
        .with(el("div").class("chips").all(play.widget.presets().into_iter().enumerate().map(chip)))
        .with(el("p").class("wrong note").words(note))
}

/// Undo, redo, reset.
fn deeds(play: Play) -> El {
    let can = move || play.session.with(Session::can);
    let chip = |name: &str| button("chip").set("data-act", name);
    let undo = chip("undo").flag("disabled", move || !can().0).say(words::UNDO);
    let redo = chip("redo").flag("disabled", move || !can().1).say(words::REDO);
    el("div")
        .class("deeds chips")
        .with(undo.press(move || play.act(Session::undo)))
        .with(redo.press(move || play.act(Session::redo)))
        .with(chip("reset").say(words::RESET).press(move || play.act(Session::reset)))
}

/// The readouts of the rail, and how far a long computation has come.
fn readouts(play: Play) -> [El; 2] {
    let reader = reader();
    let list = move || play.shown.with(|shown| readout_list(&shown.scene, Place::Rail, reader.lang.get()));
    let progress = move || {
        let word = reader.tell(words::WORKING);
        let part = play.shown.with(|shown| shown.progress);
        part.map_or_else(String::new, |part| {
            format!("{word} <progress max=\"1\" value=\"{part}\" aria-label=\"{word}\"></progress>")
        })
    };
    [el("dl").class("readouts rail-readouts").html(list), el("p").class("progress").html(progress)]
}

/// What is printed instead of the stage: the figures of the moment as lines, with their numbers, and the link to this state.
fn paper(play: Play) -> El {
    let reader = reader();
    let is_printing = RwSignal::new(false);
    page::on_print(move |on| is_printing.set(on));
    let sheet = move || {
        if !is_printing.get() {
            return String::new();
        }
        let (lang, showing) = (reader.lang.get(), play.showing.get_value());
        let figures = play.shown.with(|shown| {
            let views = play.widget.panels().iter().zip(&shown.scene.views).filter(|(panel, _)| showing.has_figure(panel.id));
            let figure = |at: usize, panel: &Panel, view: &View| match view {
                View::Figure(figure) => {
                    let is_wide = at == 0 || panel.size == Size::Full;
                    let (class, width) = if is_wide { ("full", 720.0) } else { ("", 360.0) };
                    let picture = svg::file(panel, figure, &Theme::LIGHT, lang, width);
                    let numbers = readout_list(&shown.scene, Place::Panel(panel.id), lang);
                    format!("<figure class=\"{class}\">{picture}<dl class=\"readouts\">{numbers}</dl></figure>")
                }
                View::Table(_) => String::new(),
            };
            views.enumerate().map(|(at, (panel, view))| figure(at, panel, view)).collect::<String>()
        });
        format!("{figures}<p>{}</p>", escape(&link_of(play, "w")))
    };
    el("div").class("paper").html(sheet)
}

/// The description, at most one message each half second.
fn spoken(play: Play) -> El {
    let reader = reader();
    let said = RwSignal::new(String::new());
    let waiting = StoredValue::new(false);
    let is_opening = StoredValue::new(true);
    run(Box::new(move || {
        let is_going = play.shown.with(|shown| shown.progress.is_some());
        reader.lang.track();
        // While a playhead plays there would be no end of sentences; when it stops, one is said.
        let is_playing = play.session.with(|session| session.playing.is_some());
        // Nothing is announced on load, which ends with the first whole result, be it slices later.
        if is_opening.get_value() {
            is_opening.set_value(is_going);
            return;
        }
        if is_playing || waiting.get_value() {
            return;
        }
        waiting.set_value(true);
        clock::after(SPOKEN_DELAY, move || {
            waiting.set_value(false);
            let scene = play.shown.with_untracked(|shown| shown.scene.clone());
            said.try_set(scene.spoken.get(reader.lang.get_untracked()).to_owned());
        });
    }));
    el("p").class("voice").set("aria-live", "polite").set("id", "spoken").words(move || said.get())
}
