//! What can be set in a widget, for programs and for hosts: `widget.json` with a JSON Schema of its address, and `oembed/<slug>.json`.

use serde_json::{Map, Value, json};

use crate::contract::address;
use crate::contract::control::{Face, Item, Kind, Scale};
use crate::contract::parameter::{Form, PARAMETERS, Parameter};
use crate::contract::script::Vocable;
use crate::contract::shelf::DynWidget;
use crate::contract::text::Text;
use crate::player::host::COMMANDS;

/// Width and height that an embed is proposed at, CSS pixels.
pub const SIZE: (u32, u32) = (720, 640);

/// Everything that an address or a message can set, its bounds, what it is at first, and a scene that shows it.
///
/// The committed copy is `tests/contract/<slug>.json`: whatever is in it stays.
pub fn manifest(widget: &dyn DynWidget) -> Value {
    let opening = widget.opening();
    let controls = widget.faces().into_iter().zip(&opening.0).map(|(face, value)| {
        let mut own = kind(&face);
        own["key"] = json!(face.key);
        own["label"] = both(face.label);
        own["default"] = json!(face.write(value));
        own["shown_by"] = json!(shown_by(widget, face.key));
        own
    });
    let named = |key: &str, name: Text| json!({ "key": key, "name": both(name) });
    json!({
        "contract": [1],
        "slug": widget.about().slug,
        "version": widget.about().version,
        "title": both(widget.about().title),
        "presets": widget.presets().iter().map(|preset| named(preset.key, preset.name)).collect::<Vec<_>>(),
        "steps": widget.steps().len(),
        "panels": widget.panels().iter().map(|panel| named(panel.id, panel.title)).collect::<Vec<_>>(),
        "controls": controls.collect::<Vec<_>>(),
        "commands": COMMANDS,
        "exports": ["svg", "png", "csv", "json"],
        "schema": schema(widget),
    })
}

/// What a teacher may say at each step.
pub fn talk(widget: &dyn DynWidget) -> Value {
    widget.talk().iter().copied().map(both).collect()
}

fn both(text: Text) -> Value {
    json!({ "zh": text.zh, "en": text.en })
}

fn keys(items: &[Item]) -> Vec<&'static str> {
    items.iter().map(|item| item.key).collect()
}

fn kind(face: &Face) -> Value {
    match face.kind {
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
    }
}

/// JSON Schema (2020-12) of the parameters of an address, each written as text.
fn schema(widget: &dyn DynWidget) -> Value {
    let mut properties = Map::new();
    for Parameter { name, form, .. } in PARAMETERS {
        let own = match form {
            Form::Flag => json!({ "enum": ["0", "1"] }),
            Form::OneOf(words) => json!({ "enum": words }),
            Form::Whole => json!({ "type": "string", "pattern": "^[1-9][0-9]*$" }),
            Form::Colour => json!({ "type": "string", "pattern": "^(auto|[0-9a-fA-F]{6})$" }),
            Form::List | Form::Words => json!({ "type": "string" }),
        };
        properties.insert(name.to_owned(), own);
    }
    for face in widget.faces() {
        let own = match face.kind {
            Kind::Toggle => json!({ "enum": ["0", "1"] }),
            Kind::Choice(items) => json!({ "enum": keys(items) }),
            Kind::Slider { min, max, .. } => json!({ "type": "string", "format": "number", "minimum": min, "maximum": max }),
            Kind::Playhead { last, .. } => json!({ "type": "string", "format": "integer", "minimum": 0, "maximum": last }),
            Kind::Seed => json!({ "type": "string", "format": "integer", "minimum": 0 }),
            Kind::Several(_) | Kind::Vector { .. } | Kind::Script { .. } => json!({ "type": "string" }),
        };
        properties.insert(face.key.to_owned(), own);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
    })
}

/// The query of a scene that shows a control: empty where it is there from the start. Where one other control decides, its value; else
/// a preset or a step.
fn shown_by(widget: &dyn DynWidget, key: &str) -> Option<String> {
    let at = widget.control(key)?;
    let mut queries = vec![String::new()];
    for face in widget.faces() {
        match face.kind {
            Kind::Choice(items) => queries.extend(items.iter().map(|item| format!("{}={}", face.key, item.key))),
            Kind::Toggle => queries.extend(["0", "1"].map(|on| format!("{}={on}", face.key))),
            _ => {}
        }
    }
    queries.extend(widget.presets().iter().map(|preset| format!("preset={}", preset.key)));
    queries.extend((1..=widget.steps().len()).map(|step| format!("step={step}")));
    queries.into_iter().find(|query| widget.shown(&address::read(widget, query).setting)[at])
}

/// What a host that knows oEmbed is told about a widget; `site` is scheme, host and path of the site, with a slash.
///
/// A file cannot answer for a state: it is the opening scene that is embedded.
pub fn oembed(widget: &dyn DynWidget, site: &str) -> Value {
    let about = widget.about();
    let (width, height) = SIZE;
    let title = format!("{} · {}", about.title.zh, about.title.en);
    let lead = widget.panels().first().map_or("", |panel| panel.id);
    let html = format!(
        "<iframe src=\"{site}embed/v1/{}/?controls=min&amp;show={lead}&amp;v={}\" title=\"{title}\" width=\"100%\" height=\"{height}\" style=\"border:0\" \
         loading=\"lazy\" sandbox=\"allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads\" \
         allow=\"fullscreen; clipboard-write\"></iframe>",
        about.slug, about.version,
    );
    json!({
        "version": "1.0",
        "type": "rich",
        "provider_name": "演算 Yansuan",
        "provider_url": site,
        "title": title,
        "cache_age": 86_400,
        "width": width,
        "height": height,
        "html": html,
        "thumbnail_url": format!("{site}og/{}.png", about.slug),
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
        "yansuan": {
            "contract": 1,
            "id": about.slug,
            "schema": format!("{site}w/{}/widget.json", about.slug),
            "languages": ["zh", "en"],
        },
    })
}
