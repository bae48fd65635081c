//! Hosts and links: what may be asked of an embed, what old links still show, and what a widget has promised to programs.

#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::PathBuf;

use serde_json::Value as Json;
use yansuan::app::manifest::manifest;
use yansuan::contract::address::{self, Pairs};
use yansuan::contract::control::Kind;
use yansuan::contract::setting::Setting;
use yansuan::contract::shelf::DynWidget;
use yansuan::contract::text::Lang;
use yansuan::player::host::{self, COMMANDS, Command, Format};
use yansuan::player::session::Session;
use yansuan::plot::theme::Theme;
use yansuan::widgets::SHELF;

mod common;
use common::{play, scenes};

/// A small generator (SplitMix64): the same strange messages every time.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[(self.next() % list.len() as u64) as usize]
    }
}

fn ask(widget: &dyn DynWidget, kind: &str, fields: &str) -> Result<Command, String> {
    host::read(widget, kind, &Pairs::of(fields))
}

#[test]
fn every_message_of_the_contract_is_understood_and_every_other_one_named() {
    for widget in SHELF {
        let preset = format!("key={}", widget.presets()[0].key);
        for kind in COMMANDS {
            let fields = match kind {
                "setState" => "state=step%3D1",
                "goTo" => "n=1",
                "preset" => &preset,
                _ => "",
            };
            assert!(ask(*widget, kind, fields).is_ok(), "{kind}");
        }
        let lead = widget.panels()[0].id;
        let export = ask(*widget, "export", &format!("format=csv&panel={lead}"));
        assert_eq!(export, Ok(Command::Export { format: Format::Csv, panel: 0 }));
        for (kind, fields, right) in [
            ("fly", "", "setState"),
            ("setState", "", "state"),
            ("goTo", "n=0", "from 1 to"),
            ("goTo", "n=9999", "from 1 to"),
            ("answer", "n=0", "1, 2, 3"),
            ("answer", "n=x", "1, 2, 3"),
            ("preset", "key=nothing", widget.presets()[0].key),
            ("setOptions", "theme=pink", "projector"),
            ("setOptions", "accent=pink", "rrggbb"),
            ("setOptions", "motion=0", "reduce"),
            ("export", "format=exe", "svg"),
            ("export", "panel=nothing", lead),
        ] {
            let error = ask(*widget, kind, fields).expect_err(kind);
            assert!(error.contains(right), "{kind} {fields}: {error}");
        }
    }
}

#[test]
fn an_option_that_is_not_named_is_left_alone_and_auto_takes_a_wish_back() {
    let read = |fields: &str| ask(SHELF[0], "setOptions", fields);
    let options = |lang, theme, accent, is_calm| Ok(Command::Options { lang, theme, accent, is_calm });
    assert_eq!(read(""), options(None, None, None, None));
    assert_eq!(read("accent=0b6e4f&motion=reduce"), options(None, None, Some(Some((0x0b, 0x6e, 0x4f))), Some(true)));
    assert_eq!(read("theme=auto&accent=auto&motion=auto&lang=zh"), options(Some(Lang::Zh), Some(None), Some(None), Some(false)));
}

#[test]
fn an_answer_is_the_right_one_where_none_is_named_and_needs_a_question() {
    for widget in SHELF {
        for (at, step) in widget.steps().iter().enumerate() {
            let session = Session::open(*widget, &format!("step={}", at + 1));
            match step.ask {
                Some(ask) => {
                    assert_eq!(host::answer_of(&session, None), Ok(ask.right));
                    assert_eq!(host::answer_of(&session, Some(0)), Ok(0));
                    let error = host::answer_of(&session, Some(ask.answers.len())).expect_err("one too many");
                    assert!(error.contains(&format!("from 1 to {}", ask.answers.len())), "{error}");
                }
                None => assert!(host::answer_of(&session, None).is_err_and(|error| error.contains("question"))),
            }
        }
        assert!(host::answer_of(&Session::open(*widget, ""), None).is_err());
    }
}

#[test]
fn the_script_beside_the_program_knows_the_same_messages() {
    let script = fs::read_to_string("public/embed.js").expect("the script");
    let list = script.split_once("const COMMANDS = [").and_then(|(_, rest)| rest.split_once(']')).expect("its list").0;
    let named: Vec<&str> = list.split(',').map(|name| name.trim().trim_matches('"')).filter(|name| !name.is_empty()).collect();
    assert_eq!(named, COMMANDS);
}

#[test]
fn a_state_that_is_sent_changes_what_it_names_and_can_be_undone() {
    for widget in SHELF {
        let (_, scene) = scenes(*widget).into_iter().rfind(|(_, scene)| *scene != widget.opening()).expect("another scene");
        let mut session = Session::open(*widget, "");
        let opening = session.setting.clone();
        session.follow(&Pairs::of(&address::write(*widget, &scene, None).query), true);
        assert_eq!(session.setting, scene);
        session.undo();
        assert_eq!(session.setting, opening);
        session.follow(&Pairs::of("step=2"), false);
        assert_eq!((session.step, session.setting.clone()), (Some(1), widget.step(1, false)));
        // What is not named stays, and a host that may not be undone leaves no trace.
        let before = session.setting.clone();
        session.follow(&Pairs::of("nonsense=1"), false);
        assert_eq!(session.setting, before);
        assert_eq!(session.can(), (false, true), "{}", widget.about().slug);
    }
}

#[test]
fn ten_thousand_strange_messages_do_nothing_that_is_not_a_state() {
    let texts = [
        "",
        "0",
        "-1",
        "1e999",
        "NaN",
        "1,2,3",
        "%00",
        "step=3",
        "state=state=x",
        "<img src=x>",
        "\u{202e}",
        "9999999999999999999999",
    ];
    for widget in SHELF {
        let mut dice = Dice(7);
        let mut session = Session::open(*widget, "");
        let keys: Vec<&str> = widget.faces().iter().map(|face| face.key).collect();
        for _ in 0..10_000 {
            let kind = if dice.next().is_multiple_of(4) { dice.pick(&texts) } else { dice.pick(&COMMANDS) };
            let state = format!("{}={}", dice.pick(&keys), address::encode(dice.pick(&texts)));
            let mut fields = Pairs::default();
            for name in ["state", "n", "key", "theme", "lang", "format", "panel", "undoable"] {
                let text = if name == "state" && dice.next().is_multiple_of(2) { &state } else { dice.pick(&texts) };
                fields.put(name.to_owned(), text.to_owned());
            }
            match host::read(*widget, kind, &fields) {
                Ok(Command::Set { pairs, is_undoable }) => session.follow(&pairs, is_undoable),
                Ok(Command::Step(step)) => session.goto(step),
                Ok(Command::Preset(preset)) => session.preset(preset),
                _ => {}
            }
            let settled = widget.settle(&session.setting);
            assert_eq!(settled, (session.setting.clone(), Vec::new()), "{kind} {fields:?}");
        }
        let scene = play(*widget, &session.setting);
        let now: Json = serde_json::from_str(&host::now(&session, &scene, Lang::En)).expect("this is JSON");
        assert_eq!(now["query"], session.written().query);
        assert!(now["description"].as_str().is_some_and(|words| !words.is_empty()));
    }
}

#[test]
fn what_hosts_are_told_is_json_with_step_and_guess() {
    let widget = *SHELF.iter().find(|widget| widget.steps().iter().any(|step| step.ask.is_some())).expect("a question");
    let asking = widget.steps().iter().position(|step| step.ask.is_some()).expect("a question");
    let mut session = Session::open(widget, "");
    session.goto(asking);
    let ask = widget.steps()[asking].ask.expect("a question");
    session.answer(ask.right);
    let scene = play(widget, &session.setting);
    let now: Json = serde_json::from_str(&host::now(&session, &scene, Lang::En)).expect("this is JSON");
    assert_eq!(
        (now["step"]["n"].as_u64(), now["step"]["of"].as_u64()),
        (Some(asking as u64 + 1), Some(widget.steps().len() as u64))
    );
    assert_eq!(now["predict"]["correct"], true);
    assert_eq!(now["predict"]["answer"], ask.answers[ask.right].en);
}

#[test]
fn a_host_learns_whether_something_plays() {
    let playing =
        |session: &Session| host::whole(session).iter().find(|(name, _)| *name == "playing").expect("it is told").1.clone();
    for widget in SHELF {
        let mut session = Session::open(*widget, "");
        assert_eq!(playing(&session), "false");
        if let Some(playhead) = widget.faces().iter().position(|face| matches!(face.kind, Kind::Playhead { .. })) {
            session.toggle_playing(playhead, 1.0);
            assert_eq!(playing(&session), "true", "{}", widget.about().slug);
        }
    }
}

#[test]
fn every_view_can_be_exported() {
    for widget in SHELF {
        let scene = play(*widget, &widget.opening());
        for panel in 0..widget.panels().len() {
            let file = |format| host::file(*widget, &scene, (format, panel), Lang::En, &Theme::LIGHT);
            let json: Json = serde_json::from_str(&file(Format::Json).expect("a file")).expect("this is JSON");
            assert!(json["rows"].is_array());
            assert!(file(Format::Csv).expect("a file").contains(','));
            if let Some(svg) = file(Format::Svg) {
                assert!(roxmltree::Document::parse(&svg).is_ok(), "{}", widget.panels()[panel].id);
            }
        }
    }
}

fn committed(folder: &str, name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder).join(name)
}

/// What was promised and is there no longer, or is less than it was.
fn broken(old: &Json, new: &Json, place: &str) -> Vec<String> {
    // Lists of things that have names are compared by their names.
    let name = |value: &Json| value.get("key").or(Some(value)).and_then(Json::as_str).map(str::to_owned);
    match (old, new) {
        (Json::Object(old), Json::Object(new)) => old
            .iter()
            .filter(|(key, _)| *key != "name" && *key != "label" && *key != "title" && *key != "shown_by")
            .flat_map(|(key, value)| match new.get(key) {
                Some(now) => broken(value, now, &format!("{place}/{key}")),
                None => vec![format!("{place}/{key} is gone")],
            })
            .collect(),
        (Json::Array(old), Json::Array(new)) if old.iter().all(|item| name(item).is_some()) => old
            .iter()
            .flat_map(|item| match new.iter().find(|other| name(other) == name(item)) {
                Some(now) => broken(item, now, &format!("{place}/{}", name(item).unwrap_or_default())),
                None => vec![format!("{place}/{} is gone", name(item).unwrap_or_default())],
            })
            .collect(),
        (Json::Number(old), Json::Number(new)) => {
            let (old, new) = (old.as_f64().unwrap_or(0.0), new.as_f64().unwrap_or(0.0));
            let is_less = if place.ends_with("min") || place.ends_with("minimum") || place.ends_with("from") {
                new > old
            } else {
                new < old
            };
            if is_less { vec![format!("{place} was {old} and is {new}")] } else { Vec::new() }
        }
        (Json::String(old), Json::String(new)) if place.ends_with("/pattern") && is_wider(old, new) => Vec::new(),
        (old, new) if old != new => vec![format!("{place} was {old} and is {new}")],
        _ => Vec::new(),
    }
}

/// Whether a pattern takes what another took, and something besides: `^(auto|…)$` for `^…$`.
fn is_wider(old: &str, new: &str) -> bool {
    let inner = |pattern: &str, from: &str, to: &str| pattern.strip_prefix(from)?.strip_suffix(to).map(str::to_owned);
    let (Some(old), Some(new)) = (inner(old, "^", "$"), inner(new, "^(", ")$")) else { return false };
    new.split('|').any(|part| part == old)
}

/// `UPDATE_CONTRACT=1 cargo test --test host` adds what is new to the committed copies; nothing makes them forget.
#[test]
fn what_a_widget_has_promised_to_programs_stays() {
    for widget in SHELF {
        let file = committed("contract", &format!("{}.json", widget.about().slug));
        let now = manifest(*widget);
        let text = serde_json::to_string_pretty(&now).expect("JSON") + "\n";
        let old = fs::read_to_string(&file).unwrap_or_default();
        if let Ok(old) = serde_json::from_str::<Json>(&old)
            && old["version"] == now["version"]
        {
            assert_eq!(
                broken(&old, &now, widget.about().slug),
                [""; 0],
                "hosts rely on it: a new version of the state is needed"
            );
        }
        if std::env::var_os("UPDATE_CONTRACT").is_some() {
            fs::write(&file, &text).expect("the folder is there");
        } else {
            assert!(old == text, "{} is new: see it with `git diff` after UPDATE_CONTRACT=1", file.display());
        }
    }
}

/// A line of the corpus: a query, and what it shows.
fn line(widget: &'static dyn DynWidget, query: &str) -> String {
    let session = Session::open(widget, query);
    assert!(session.notices.is_empty(), "{query}: {:?}", session.notices);
    let scene = play(widget, &session.setting);
    let told: Vec<String> = scene.readouts.iter().map(|readout| format!("{} {}", readout.key, readout.words().en)).collect();
    format!("{query}\t{}", told.join("; "))
}

/// Every preset, every step, and values of single controls far from where they begin.
fn corpus(widget: &'static dyn DynWidget) -> Vec<String> {
    let mut queries: Vec<String> = widget.presets().iter().map(|preset| format!("preset={}", preset.key)).collect();
    queries.extend((1..=widget.steps().len()).map(|step| format!("step={step}")));
    let opening = widget.opening();
    let mut session = Session::open(widget, "");
    for index in 0..widget.faces().len() {
        for position in [250.0, 750.0] {
            session.setting = opening.clone();
            session.slide(index, position);
            session.choose(index, 1);
            let changed: &Setting = &session.setting;
            queries.push(address::write(widget, changed, None).query);
        }
    }
    queries.retain(|query| !query.is_empty());
    queries.dedup();
    queries
}

/// What an old line says and a new one does not say any more; a new readout takes nothing away.
fn forgotten<'a>(known: &'a str, now: &str) -> Vec<&'a str> {
    let told = |line: &'a str| line.split_once('\t').map_or("", |(_, told)| told).split("; ");
    let now: Vec<&str> = now.split_once('\t').map_or("", |(_, told)| told).split("; ").collect();
    told(known).filter(|readout| !now.contains(readout)).collect()
}

/// `UPDATE_CONTRACT=1 cargo test --test host` adds lines and readouts; none is ever taken away.
#[test]
fn old_links_show_what_they_showed() {
    for widget in SHELF {
        let file = committed("links", &format!("{}.txt", widget.about().slug));
        let old = fs::read_to_string(&file).unwrap_or_default();
        for known in old.lines() {
            let query = known.split('\t').next().unwrap_or_default();
            assert_eq!(forgotten(known, &line(*widget, query)), [""; 0], "{}: {query}", widget.about().slug);
        }
        if std::env::var_os("UPDATE_CONTRACT").is_some() {
            let is_new = |query: &String| !old.lines().any(|known| known.starts_with(&format!("{query}\t")));
            let new: String =
                corpus(*widget).iter().filter(|query| is_new(query)).map(|query| line(*widget, query) + "\n").collect();
            let known = old.lines().map(|known| line(*widget, known.split('\t').next().unwrap_or_default()) + "\n");
            fs::write(&file, known.collect::<String>() + &new).expect("the folder is there");
        } else {
            assert!(old.lines().count() >= 20, "{} has {} links", widget.about().slug, old.lines().count());
        }
    }
}

/// The folder that Trunk leaves for a public path, as far as the pages need it.
fn built(base: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("yansuan-{}{}", std::process::id(), base.replace('/', "-")));
    for place in ["fonts", "embed/v1", "w"] {
        fs::create_dir_all(folder.join(place)).expect("a folder");
    }
    let put = |name: &str, text: String| fs::write(folder.join(name), text).expect("a file");
    for script in
        ["boot.js", "embed.js", "search.js", "present.js", "lesson.js", "code.js", "sw.js", "embed/v1/yan-suan.js", "favicon.svg"]
    {
        put(script, fs::read_to_string(PathBuf::from("public").join(script)).expect("a file of ours"));
    }
    put("fonts/stix-two-math.woff2", String::new());
    for sheet in ["tokens", "page", "site", "player", "present"] {
        put(&format!("{sheet}-0123456789abcdef.css"), fs::read_to_string(format!("style/{sheet}.css")).expect("a style of ours"));
    }
    put(
        "index.html",
        format!(
            "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<!--head-->\n<script type=\"module\" src=\"{base}boot.js\" \
             data-program=\"{base}yansuan-0123456789abcdef.js\"></script>\n</head>\n<body>\n</body>\n</html>\n"
        ),
    );
    folder
}

#[test]
fn under_a_public_path_every_address_stands_under_it() {
    let folder = built("/blog/math/");
    yansuan::app::prerender::write_all(&folder, "/blog/math/", Some("https://host.example")).expect("pages");
    let mut addresses = 0;
    for page in ["", "afternoon", "checks", "about", "embedding", "404", "w/softmax", "embed/v1/softmax"] {
        let html = fs::read_to_string(folder.join(page).join("index.html")).expect("a page");
        for name in ["href=\"", "src=\"", "srcset=\"", "data-program=\"", "data-base=\""] {
            for (_, rest) in html.match_indices(name).map(|(at, _)| html.split_at(at + name.len())) {
                let address = rest.split('"').next().unwrap_or_default();
                addresses += 1;
                assert!(address.starts_with("/blog/math/") || address.starts_with("https://"), "{page}: {address}");
            }
        }
    }
    assert!(addresses > 60, "{addresses}");
    let headers = fs::read_to_string(folder.join("_headers")).expect("headers");
    assert!(headers.lines().all(|line| line.starts_with("  ") || line.starts_with("/blog/math/")));
    for file in ["sitemap.xml", "feed.xml", "robots.txt"] {
        let text = fs::read_to_string(folder.join(file)).expect("a file");
        assert!(text.contains("https://host.example/blog/math/"), "{file}");
        assert!(!text.replace("https://host.example/blog/math/", "").contains("host.example"), "{file}");
    }
    // The search script names its index, and both have a name that changes with what they say.
    let names: Vec<String> = fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| entry.expect("a file").file_name().to_string_lossy().into())
        .collect();
    let named = |ending: &str| names.iter().find(|name| name.starts_with("search-") && name.ends_with(ending)).expect("a file");
    let script = fs::read_to_string(folder.join(named(".js"))).expect("the script");
    assert!(script.contains(named(".json").as_str()) && !names.contains(&"search.js".to_owned()));
    let told = fs::read_to_string(folder.join("oembed/softmax.json")).expect("a file");
    assert!(told.contains("https://host.example/blog/math/embed/v1/softmax/"));
    fs::remove_dir_all(folder).expect("ours to take away");
}
