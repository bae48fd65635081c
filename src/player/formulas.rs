//! The band of formulas: MathML with the numbers of the moment, terms lit together with their marks.

use leptos::prelude::*;

use crate::browser::dom;
use crate::browser::page;
use crate::contract::formula::Formula;
use crate::player::el::{El, el, run};
use crate::player::play::Play;
use crate::player::reader::reader;
use crate::player::words;

/// All formulas of the widget.
pub fn formulas(play: Play) -> El {
    let all = play.widget.formulas().iter().map(|each| formula(play, each));
    el("section").class("formulas").label("aria-label", words::FORMULAS).all(all)
}

fn formula(play: Play, formula: &'static Formula) -> El {
    let reader = reader();
    let terms = formula.names("term");
    let light = move |event: dom::Event| {
        let name = page::term_of(&event);
        play.lit.set(name.and_then(|name| terms.iter().find(|term| **term == name).copied()));
    };
    let maths = el("div")
        .set("role", "math")
        .label("aria-label", formula.spoken)
        .html(|| formula.mathml.to_owned())
        .on("pointerover", light)
        .on("pointerleave", move |_| play.lit.set(None));
    let root = maths.0.clone();
    run(Box::new(move || {
        let lang = reader.lang.get();
        let numbers: Vec<(&'static str, String)> = play.shown.with(|shown| {
            shown.scene.readouts.iter().map(|readout| (readout.key, readout.words().get(lang).to_owned())).collect()
        });
        page::fill(&root, &numbers, play.lit.get());
    }));
    let source = el("small").text(" · ").say(words::evidence(formula.source.evidence));
    el("figure")
        .class("formula")
        .set("id", &format!("formula-{}", formula.id))
        .set("data-formula", formula.id)
        .with(maths)
        .with(el("figcaption").say(formula.caption).with(source))
}
