//! The way through: steps, each a state and a few sentences; a guess before an answer.

use leptos::prelude::*;

use crate::browser::page;
use crate::contract::step::{AskFace, StepFace};
use crate::contract::text::Words;
use crate::player::button::Button;
use crate::player::play::Play;
use crate::player::reader::{act, live, reader};
use crate::player::words;

/// The present step, or the invitation to begin.
#[component]
pub fn Tour(
    /// The widget in play.
    play: Play,
) -> impl IntoView {
    let reader = reader();
    let steps = StoredValue::new(play.widget.steps());
    let count = steps.with_value(Vec::len);
    let present = move || play.step.get().and_then(|at| steps.with_value(|steps| steps.get(at).copied().map(|step| (at, step))));
    let go = move |to: usize| {
        play.goto(to);
        // Where the words stand beside the stage, their figure comes into view; in one column the reader stays with the words.
        if let Some(step) = steps.with_value(|steps| steps.get(to).copied()).filter(|_| page::matches("(min-width: 1100px)")) {
            page::show(&format!("panel-{}", step.panel));
        }
    };
    let back = move || {
        if let Some(to) = play.step.get_untracked().and_then(|at| at.checked_sub(1)) {
            go(to);
        }
    };
    let on = move || {
        let to = play.step.get_untracked().map_or(0, |at| at + 1);
        if to < count {
            go(to);
        }
    };
    let press = move |event: leptos::ev::KeyboardEvent| {
        match event.key().as_str() {
            "ArrowRight" | "PageDown" => on(),
            "ArrowLeft" | "PageUp" => back(),
            "Home" => go(0),
            "End" => go(count - 1),
            _ => return,
        }
        event.prevent_default();
    };
    let heading = move || {
        present().map(|(at, _)| {
            let words = Words::new(format!("第 {} 步，共 {count} 步", at + 1), format!("Step {} of {count}", at + 1));
            words.get(reader.lang.get()).to_owned()
        })
    };
    view! {
        <nav class="tour" aria-label=reader.say(words::STEPS)>
            <p class="quiet">{live(move || heading().unwrap_or_else(|| reader.tell(words::STEPS).to_owned()))}</p>
            {move || match present() {
                Some((_, step)) => view! { <StepView play step /> }.into_any(),
                None => view! { <p>{reader.say(words::FREE)}</p> }.into_any(),
            }}
            <div class="moves" on:keydown=press>
                <Button class="button" off=live(move || play.step.get().is_none_or(|at| at == 0)) says=reader.say(words::PREVIOUS) press=Callback::new(move |()| back()) />
                <Button class="button strong" off=live(move || play.step.get().is_some_and(|at| at + 1 >= count)) says=live(move || reader.tell(if play.step.get().is_some() { words::NEXT } else { words::START_TOUR })) press=Callback::new(move |()| on()) />
            </div>
            <ol class="beads" on:keydown=press>
                {(0..count)
                    .map(|at| {
                        let title = steps.with_value(|steps| steps[at].title);
                        view! {
                            <li>
                                <button
                                    type="button"
                                    class:past=live(move || play.step.get().is_some_and(|now| at < now))
                                    aria-current=live(move || (play.step.get() == Some(at)).then_some("step"))
                                    aria-label=live(move || format!("{} {}", at + 1, reader.tell(title)))
                                    title=live(move || format!("{} {}", at + 1, reader.tell(title)))
                                    on:click=act(move |_| go(at))
                                ></button>
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
        </nav>
    }
}

#[component]
fn StepView(play: Play, step: StepFace) -> impl IntoView {
    let reader = reader();
    let paragraphs = move || reader.tell(step.body).split('\n').map(|line| view! { <p>{line}</p> }).collect_view();
    view! {
        <div class="step" aria-live="polite">
            <h2>{reader.say(step.title)}</h2>
            {paragraphs}
        </div>
        {step.ask.map(|ask| view! { <AskView play ask /> })}
    }
}

#[component]
fn AskView(play: Play, ask: AskFace) -> impl IntoView {
    let reader = reader();
    let verdict = move || {
        play.answer.get().map(|given| {
            let word = reader.tell(if given == ask.right { words::RIGHT } else { words::WRONG });
            view! { <p class="after"><b>{word}</b>" "{reader.tell(ask.after)}</p> }
        })
    };
    view! {
        <fieldset class="ask">
            <legend><span class="quiet">{reader.say(words::GUESS)}</span>" "{reader.say(ask.question)}</legend>
            {ask
                .answers
                .iter()
                .enumerate()
                .map(|(at, answer)| {
                    view! {
                        <button
                            type="button"
                            class="answer"
                            class:right=live(move || play.answer.get().is_some() && at == ask.right)
                            class:wrong-guess=live(move || play.answer.get() == Some(at) && at != ask.right)
                            aria-pressed=live(move || (play.answer.get() == Some(at)).to_string())
                            on:click=act(move |_| play.answer(at))
                        >
                            {reader.say(*answer)}
                        </button>
                    }
                })
                .collect_view()}
            <div aria-live="polite">{verdict}</div>
        </fieldset>
    }
}
