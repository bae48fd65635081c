//! The page of one widget: question, stage, way through, rail, formulas, notes.

use leptos::prelude::*;

use crate::contract::readout::Place;
use crate::contract::shelf::DynWidget;
use crate::player::button::Button;
use crate::player::controls::{Rail, play_on_space};
use crate::player::formulas::Formulas;
use crate::player::menu::{Menu, TopLine, link_of};
use crate::player::notes::Notes;
use crate::player::panel::{PanelView, readout_list};
use crate::player::play::Play;
use crate::player::reader::{act, live, reader};
use crate::player::tour::Tour;
use crate::player::words;
use crate::plot::svg::escape;

/// Where the widget is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setup {
    /// On a page of its own.
    Page,
    /// Inside somebody's post: no site around it, and its address left alone.
    Embed,
}

/// A widget, played.
#[component]
pub fn Stage(
    /// Which widget.
    widget: &'static dyn DynWidget,
    /// Where.
    setup: Setup,
    /// What stands under the question: the post and its date.
    byline: AnyView,
) -> impl IntoView {
    let reader = reader();
    let play = Play::open(widget, setup == Setup::Page);
    play_on_space(play);
    let about = widget.about();
    let panels = widget.panels();
    let lead = panels.first().map(|panel| view! { <PanelView play index=0 panel /> });
    let rest = panels.iter().enumerate().skip(1).map(|(index, panel)| view! { <PanelView play index panel /> }).collect_view();
    let top = match setup {
        Setup::Page => view! { <TopLine title=about.title><Menu play /></TopLine> }.into_any(),
        Setup::Embed => view! {
            <header class="top">
                <a class="name" target="_blank" rel="noopener" href=live(move || link_of(play, "w")) title=reader.say(words::OPEN_PAGE)>
                    <span class="brand" lang="zh-CN">"演算"</span>" "{reader.say(about.title)}
                </a>
                <crate::player::menu::Choices />
            </header>
        }
        .into_any(),
    };
    view! {
        {top}
        <main class="widget" class:embed=setup == Setup::Embed data-widget=about.slug>
            <div class="question">
                <h1>{reader.say(about.question)}</h1>
                {byline}
            </div>
            <NoticesView play />
            <div class="house">
                <div class="bench">
                    <div class="lead">{lead}</div>
                    <aside class="rail" aria-label=reader.say(words::CONTROLS)>
                        <Rail play place=Place::Rail />
                        <PresetsView play />
                        <DeedsView play />
                        <ReadoutsView play />
                    </aside>
                </div>
                <Tour play />
                <div class="rest">{rest}</div>
            </div>
            <Formulas play />
            <Notes play />
            <p class="voice" aria-live="polite" id="spoken"><SpokenView play /></p>
        </main>
    }
}

/// What the address asked for and could not have; dismissible.
#[component]
fn NoticesView(play: Play) -> impl IntoView {
    let reader = reader();
    let whole = move || {
        let general = play.problem.get().filter(|problem| problem.field.is_none());
        let mut all: Vec<String> =
            play.notices.with(|notices| notices.iter().map(|notice| notice.words.get(reader.lang.get()).to_owned()).collect());
        all.extend(general.map(|problem| problem.words.get(reader.lang.get()).to_owned()));
        all
    };
    view! {
        <div role="status">
            <div class="notice" hidden=live(move || whole().is_empty())>
                <ul inner_html=live(move || whole().iter().map(|line| format!("<li>{}</li>", escape(line))).collect::<String>())></ul>
                <Button class="button" says=reader.say(words::DISMISS) press=Callback::new(move |()| play.notices.set(Vec::new())) />
            </div>
        </div>
    }
}

#[component]
fn PresetsView(play: Play) -> impl IntoView {
    let reader = reader();
    view! {
        <div class="control presets" role="group" aria-labelledby="presets">
            <span class="label" id="presets">{reader.say(words::PRESETS)}</span>
            <div class="chips">
                {play
                    .widget
                    .presets()
                    .into_iter()
                    .enumerate()
                    .map(|(index, preset)| {
                        view! {
                            <button type="button" class="chip" data-preset=preset.key title=reader.say(preset.note) on:click=act(move |_| play.preset(index))>
                                {reader.say(preset.name)}
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
        </div>
    }
}

/// Undo, redo, reset.
#[component]
fn DeedsView(play: Play) -> impl IntoView {
    let reader = reader();
    view! {
        <div class="deeds chips">
            <Button class="chip" name="undo" off=live(move || !play.can().0) says=reader.say(words::UNDO) press=Callback::new(move |()| play.undo()) />
            <Button class="chip" name="redo" off=live(move || !play.can().1) says=reader.say(words::REDO) press=Callback::new(move |()| play.redo()) />
            <Button class="chip" name="reset" says=reader.say(words::RESET) press=Callback::new(move |()| play.reset()) />
        </div>
    }
}

/// The readouts of the rail, and how far a long computation has come.
#[component]
fn ReadoutsView(play: Play) -> impl IntoView {
    let reader = reader();
    view! {
        <dl class="readouts rail-readouts" inner_html=live(move || play.scene.with(|scene| readout_list(scene, Place::Rail, reader.lang.get())))></dl>
        <p class="progress" inner_html=live(move || {
            let word = reader.tell(words::WORKING);
            play.progress.get().map(|part| format!("{word} <progress max=\"1\" value=\"{part}\" aria-label=\"{word}\"></progress>")).unwrap_or_default()
        })></p>
    }
}

/// The description, at most one message each half second.
#[component]
fn SpokenView(play: Play) -> impl IntoView {
    let reader = reader();
    let said = RwSignal::new(String::new());
    let waiting = StoredValue::new(false);
    Effect::new(move |first: Option<()>| {
        play.scene.track();
        reader.lang.track();
        // While a playhead plays there would be no end of sentences; when it stops, one is said.
        let is_playing = play.playing.with(Option::is_some);
        if first.is_none() || is_playing {
            return; // nothing is announced on load
        }
        if !waiting.get_value() {
            waiting.set_value(true);
            crate::browser::clock::after(600, move || {
                waiting.set_value(false);
                let words = play.scene.with_untracked(|scene| scene.spoken.get(reader.lang.get_untracked()).to_owned());
                said.try_set(words);
            });
        }
    });
    move || said.get()
}
