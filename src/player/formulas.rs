//! The band of formulas: MathML with the numbers of the moment, terms lit together with their marks.

use leptos::html;
use leptos::prelude::*;

use crate::browser::page;
use crate::contract::formula::Formula;
use crate::player::play::Play;
use crate::player::reader::reader;
use crate::player::words;

/// All formulas of the widget.
#[component]
pub fn Formulas(
    /// The widget in play.
    play: Play,
) -> impl IntoView {
    let reader = reader();
    view! {
        <section class="formulas" aria-label=reader.say(words::FORMULAS)>
            {play.widget.formulas().iter().map(|formula| view! { <FormulaView play formula /> }).collect_view()}
        </section>
    }
}

#[component]
fn FormulaView(play: Play, formula: &'static Formula) -> impl IntoView {
    let reader = reader();
    let root = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let Some(root) = root.get() else { return };
        let lang = reader.lang.get();
        let numbers: Vec<(&'static str, String)> = play
            .scene
            .with(|scene| scene.readouts.iter().map(|readout| (readout.key, readout.words().get(lang).to_owned())).collect());
        page::fill(&root, &numbers, play.lit.get());
    });
    let terms = formula.names("term");
    let light = move |event: &leptos::ev::PointerEvent| {
        let name = page::term_of(event);
        play.lit.set(name.and_then(|name| terms.iter().find(|term| **term == name).copied()));
    };
    view! {
        <figure class="formula" data-formula=formula.id>
            <div node_ref=root role="math" aria-label=reader.say(formula.spoken) inner_html=formula.mathml
                on:pointerover=move |event| light(&event)
                on:pointerleave=move |_| play.lit.set(None)
            ></div>
            <figcaption>
                {reader.say(formula.caption)}
                <small>" · "{reader.say(words::evidence(formula.source.evidence))}</small>
            </figcaption>
        </figure>
    }
}
