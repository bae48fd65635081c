//! What `public/search.js` searches: every title, question, step, formula and figure, and where each stands.

use serde_json::{Value, json};

use crate::app::posts;
use crate::contract::text::Text;
use crate::widgets::SHELF;

/// `widgets`: slug and title of each. `places`: the number of the widget, where on its page (empty, `?step=4`, `#panel-map`,
/// `#formula-dial`), the title, and what is said there; both in Chinese and in English.
pub fn index() -> Value {
    let mut places = Vec::new();
    let mut widgets = Vec::new();
    for (at, widget) in SHELF.iter().enumerate() {
        let about = widget.about();
        widgets.push(json!([about.slug, about.title.zh, about.title.en]));
        let mut add = |place: String, title: Text, told: &[Text]| {
            let all = |pick: fn(&Text) -> &'static str| told.iter().map(pick).collect::<Vec<_>>().join("\n");
            places.push(json!([at, place, title.zh, title.en, all(|text| text.zh), all(|text| text.en)]));
        };
        let post = posts::of_slug(about.slug);
        let told = post.map_or([about.title; 2], |post| [post.title, post.promise]);
        // By its slug, too: that is where names stand as everybody writes them.
        let slug = Text::same(about.slug);
        add(String::new(), about.title, &[&[about.question, about.summary, slug], &told[..]].concat());
        for (number, step) in widget.steps().iter().enumerate() {
            let asked = step.ask.map(|ask| ask.question);
            add(format!("?step={}", number + 1), step.title, &[&[step.body][..], asked.as_slice()].concat());
        }
        for panel in widget.panels() {
            add(format!("#panel-{}", panel.id), panel.title, &[panel.hint]);
        }
        for formula in widget.formulas() {
            add(format!("#formula-{}", formula.id), formula.caption, &[formula.spoken]);
        }
    }
    json!({ "widgets": widgets, "places": places })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_figure_and_formula_is_in_the_index_once_and_the_whole_is_small() {
        let index = index();
        let places = index["places"].as_array().unwrap();
        let expected: usize =
            SHELF.iter().map(|widget| 1 + widget.steps().len() + widget.panels().len() + widget.formulas().len()).sum();
        assert_eq!(places.len(), expected);
        let mut names: Vec<String> = places.iter().map(|place| format!("{} {}", place[0], place[1])).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), expected, "a place stands there twice");
        assert!(places.iter().all(|place| (2..6).all(|at| place[at].as_str().is_some_and(|text| !text.is_empty()))));
        assert!(index.to_string().len() < 16_000 * SHELF.len(), "{} bytes", index.to_string().len());
    }
}
