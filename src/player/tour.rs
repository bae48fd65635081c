//! The way through: steps, each a state and a few sentences; a guess before an answer.

use leptos::prelude::*;

use crate::browser::dom::KeyboardEvent;
use crate::browser::page;
use crate::contract::address::Pairs;
use crate::contract::step::{AskFace, StepFace};
use crate::contract::text::Words;
use crate::player::button::button;
use crate::player::el::{El, el};
use crate::player::play::Play;
use crate::player::reader::reader;
use crate::player::words;

/// The present step, or the invitation to begin.
pub fn tour(play: Play) -> El {
    let reader = reader();
    let steps = StoredValue::new(play.widget.steps());
    let count = steps.with_value(Vec::len);
    let asks = Pairs::of(&page::query()).is_on("predict");
    // The step alone: an answer to its question must not make its words anew.
    let at = Memo::new(move |_| play.step.get().0);
    let go = move |to: usize| {
        play.act(move |session| session.goto(to));
        // Where the words stand beside the stage, their figure comes into view; in one column the reader stays with the words.
        if let Some(step) = steps.with_value(|steps| steps.get(to).copied()).filter(|_| page::matches("(min-width: 1100px)")) {
            page::show(&format!("panel-{}", step.panel));
        }
    };
    let back = move || {
        if let Some(to) = at.get_untracked().and_then(|at| at.checked_sub(1)) {
            go(to);
        }
    };
    // Where the address asks for guesses, a step with a question waits for one.
    let waits = move || {
        let (Some(at), None) = play.step.get() else { return false };
        asks && steps.with_value(|steps| steps.get(at).is_some_and(|step| step.ask.is_some()))
    };
    let skips = move |to: usize| waits() && at.get().is_some_and(|at| to > at);
    let go = move |to: usize| {
        if !untrack(|| skips(to)) {
            go(to);
        }
    };
    let on = move || {
        let to = at.get_untracked().map_or(0, |at| at + 1);
        if to < count {
            go(to);
        }
    };
    let press = move |event: &KeyboardEvent| {
        match event.key().as_str() {
            "ArrowRight" | "PageDown" => on(),
            "ArrowLeft" | "PageUp" => back(),
            "Home" => go(0),
            "End" => go(count - 1),
            _ => return,
        }
        event.prevent_default();
    };
    let heading = move || match at.get() {
        Some(at) => Words::new(format!("第 {} 步，共 {count} 步", at + 1), format!("Step {} of {count}", at + 1))
            .get(reader.lang.get())
            .to_owned(),
        None => reader.tell(words::STEPS).to_owned(),
    };
    let body = move || match at.get().and_then(|at| steps.with_value(|steps| steps.get(at).copied())) {
        Some(step) => step_view(play, &step),
        None => vec![el("p").say(words::FREE)],
    };
    let bead = |index: usize| {
        let title = steps.with_value(|steps| steps[index].title);
        let name = move || Some(format!("{} {}", index + 1, reader.tell(title)));
        el("li").with(
            el("button")
                .set("type", "button")
                .mark("past", move || at.get().is_some_and(|now| index < now))
                .bind("aria-current", move || (at.get() == Some(index)).then(|| "step".to_owned()))
                .bind("aria-label", name)
                .bind("title", name)
                .flag("aria-disabled", move || skips(index))
                .press(move || go(index)),
        )
    };
    let onward = move || match at.get() {
        Some(_) if waits() => reader.tell(words::GUESS),
        Some(_) => reader.tell(words::NEXT),
        None => reader.tell(words::START_TOUR),
    };
    el("nav")
        .class("tour")
        .label("aria-label", words::STEPS)
        .with(el("p").class("quiet").words(heading))
        .with(el("div").class("now").swap(body))
        .with(
            el("div")
                .class("moves")
                .on_key(press)
                // A button that is disabled in earnest loses the focus, and with it the keys.
                .with(
                    button("button")
                        .flag("aria-disabled", move || at.get().is_none_or(|at| at == 0))
                        .say(words::PREVIOUS)
                        .press(back),
                )
                .with(
                    button("button strong")
                        .flag("aria-disabled", move || waits() || at.get().is_some_and(|at| at + 1 >= count))
                        .words(move || onward().to_owned())
                        .press(on),
                ),
        )
        .with(el("ol").class("beads").on_key(press).all((0..count).map(bead)))
}

fn step_view(play: Play, step: &StepFace) -> Vec<El> {
    let reader = reader();
    let body = step.body;
    let paragraphs = move || reader.tell(body).split('\n').map(|line| el("p").text(line)).collect();
    let words =
        el("div").class("step").set("aria-live", "polite").with(el("h2").say(step.title)).with(el("div").swap(paragraphs));
    [words].into_iter().chain(step.ask.map(|ask| ask_view(play, ask))).collect()
}

fn ask_view(play: Play, ask: AskFace) -> El {
    let reader = reader();
    let given = move || play.step.get().1;
    let verdict = move || match given() {
        Some(answer) => {
            let word = reader.tell(if answer == ask.right { words::RIGHT } else { words::WRONG });
            vec![el("p").class("after").with(el("b").text(word)).text(" ").text(reader.tell(ask.after))]
        }
        None => Vec::new(),
    };
    let answers = ask.answers.iter().enumerate().map(move |(at, answer)| {
        el("button")
            .set("type", "button")
            .class("answer")
            .mark("right", move || given().is_some() && at == ask.right)
            .mark("wrong-guess", move || given() == Some(at) && at != ask.right)
            .bind("aria-pressed", move || Some((given() == Some(at)).to_string()))
            .say(*answer)
            .press(move || play.act(move |session| session.answer(at)))
    });
    el("fieldset")
        .class("ask")
        .with(el("legend").with(el("span").class("quiet").say(words::GUESS)).text(" ").say(ask.question))
        .all(answers)
        .with(el("div").set("aria-live", "polite").swap(verdict))
}
