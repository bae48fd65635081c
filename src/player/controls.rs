//! All kinds of control, each with pointer, keyboard and typing.

use leptos::prelude::*;

use crate::browser::dom::{self, KeyboardEvent};
use crate::browser::page;
use crate::contract::control::{Face, Item, Kind};
use crate::contract::number;
use crate::contract::problem::Problem;
use crate::contract::readout::Place;
use crate::contract::script::{self, Vocable, Word};
use crate::contract::text::Words;
use crate::contract::value::Value;
use crate::player::button::{button, sign};
use crate::player::el::{El, el};
use crate::player::nudge::Nudge;
use crate::player::play::Play;
use crate::player::reader::reader;
use crate::player::session::{Respell, Session, TRACK};
use crate::player::words;

/// The controls of one place; those that do not matter in the present state are hidden.
pub fn rail(play: Play, place: Place) -> Vec<El> {
    let showing = play.showing.get_value();
    let faces = play.widget.faces();
    faces
        .into_iter()
        .enumerate()
        .filter(|(_, face)| face.place == place && showing.has_controls() && showing.has_control(face.key))
        .map(|(index, face)| control(Ruled { play, index, face }))
        .collect()
}

/// A control of the widget in play.
#[derive(Clone, Copy)]
struct Ruled {
    play: Play,
    index: usize,
    face: Face,
}

impl Ruled {
    fn value(self) -> Option<Value> {
        self.play.session.with(|session| session.value(self.index).cloned())
    }

    fn number(self) -> f64 {
        self.play.session.with(|session| session.number(self.index, None)).unwrap_or_default()
    }

    /// Where the thumb stands.
    fn position(self) -> f64 {
        self.play.session.with(|session| session.position(self.index))
    }

    fn numbers(self) -> std::sync::Arc<[f64]> {
        self.value().and_then(|value| value.vector()).unwrap_or_default()
    }

    fn words(self) -> std::sync::Arc<[Word]> {
        self.value().and_then(|value| value.script()).unwrap_or_default()
    }

    fn respell(self, change: Respell) {
        self.play.act(move |session| session.respell(self.index, change));
    }

    fn slide(self, event: &dom::Event) {
        if let Some(at) = dom::target(event).and_then(|field| number::read(&dom::value(&field))) {
            self.play.act(move |session| session.slide(self.index, at));
        }
    }

    /// Lets a key move a number; tells whether it did.
    fn nudge(self, event: &KeyboardEvent, slot: Option<usize>) -> bool {
        let is_free = !event.ctrl_key() && !event.meta_key();
        let Some(nudge) = Nudge::of(&event.key(), event.shift_key(), event.alt_key()).filter(|_| is_free) else { return false };
        event.prevent_default();
        self.play.act(move |session| session.nudge(self.index, slot, nudge));
        true
    }

    fn commit(self) {
        self.play.act(Session::commit);
    }

    fn put(self, value: Value) {
        self.play.act(move |session| session.put(self.index, value));
    }

    /// A label; a double click on it brings back the first value.
    fn label(self, tag: &str) -> El {
        el(tag).on("dblclick", move |_| self.play.act(move |session| session.restore(self.index))).say(self.face.label)
    }

    fn id(self) -> String {
        format!("control-{}", self.face.key)
    }

    fn wrong_id(self) -> String {
        format!("wrong-{}", self.face.key)
    }
}

/// One control with its label, its help and what is wrong with it.
fn control(ruled: Ruled) -> El {
    let reader = reader();
    let Ruled { play, index, face } = ruled;
    let body = match face.kind {
        Kind::Slider { .. } => slider(ruled),
        Kind::Toggle => vec![toggle(ruled)],
        Kind::Choice(items) if items.len() > CHIPS => list(ruled, items),
        Kind::Choice(items) | Kind::Several(items) => vec![choice(ruled, items)],
        Kind::Vector { fields, symbol, is_sized, .. } => vec![vector(ruled, fields, symbol, is_sized)],
        Kind::Seed => vec![seed(ruled)],
        Kind::Playhead { .. } => playhead(ruled),
        Kind::Script { vocabulary, longest, .. } => vec![script(ruled, vocabulary, longest)],
    };
    let is_hidden = move || play.session.with(|session| !play.widget.shown(&session.setting).get(index).copied().unwrap_or(true));
    // What is wrong, and whether it is only worth knowing.
    let wrong = move || {
        let here = |problem: &Problem| problem.field == Some(face.key);
        let find = |problems: &[Problem]| problems.iter().find(|problem| here(problem)).cloned();
        let (refused, mended) = play.session.with(|session| (session.refused.clone().filter(here), find(&session.mended)));
        play.shown.with(|shown| {
            let bad = refused.or_else(|| shown.problem.clone().filter(here));
            let noted = || mended.or_else(|| find(&shown.scene.notes));
            bad.map(|problem| (true, problem)).or_else(|| noted().map(|note| (false, note)))
        })
    };
    el("div").class("control").flag("hidden", is_hidden).set("data-control", face.key).label("title", face.help).all(body).with(
        el("p")
            .class("wrong")
            .mark("note", move || wrong().is_some_and(|(is_bad, _)| !is_bad))
            .set("id", &ruled.wrong_id())
            // What is worth knowing is told with the description, not with every move of a slider.
            .bind("aria-live", move || Some(if wrong().is_some_and(|(is_bad, _)| !is_bad) { "off" } else { "polite" }.to_owned()))
            .words(move || wrong().map_or_else(String::new, |(_, problem)| problem.words.get(reader.lang.get()).to_owned())),
    )
}

fn slider(ruled: Ruled) -> Vec<El> {
    let Kind::Slider { decimals, .. } = ruled.face.kind else { return Vec::new() };
    let text = move || number::dialled(ruled.number(), decimals);
    vec![
        el("div").class("line").with(ruled.label("label").set("for", &ruled.id())).with(number_field(ruled, text)),
        thumb(ruled).bind("aria-valuetext", move || Some(text())).on_key(move |event| {
            ruled.nudge(event, None);
        }),
    ]
}

/// The track of a slider or a playhead.
fn thumb(ruled: Ruled) -> El {
    el("input")
        .set("type", "range")
        .set("id", &ruled.id())
        .set("min", "0")
        .set("max", &TRACK.to_string())
        .set("step", "1")
        .value(move || ruled.position().to_string())
        .style("--part", move || format!("{}%", ruled.position() / TRACK * 100.0))
        .set("aria-describedby", &ruled.wrong_id())
        .on("input", move |event| ruled.slide(&event))
        .on("change", move |_| ruled.commit())
        .on("keyup", move |_| ruled.commit())
}

/// A number that can be typed.
fn number_field(ruled: Ruled, text: impl Fn() -> String + Copy + 'static) -> El {
    typed_field(ruled, None, text).class("number").label("aria-label", ruled.face.label).on("focus", |event| {
        dom::target(&event).iter().for_each(dom::select);
    })
}

/// A field of one number; after typing it shows the number that stands, whether or not what was typed could be taken.
fn typed_field(ruled: Ruled, slot: Option<usize>, text: impl Fn() -> String + Copy + 'static) -> El {
    // A field that is left says its number, also where it was emptied without a change: its text may be dragged out of it.
    let restore = move |event: dom::Event| {
        if let Some(field) = dom::target(&event).filter(|field| !dom::is_focused(field)) {
            dom::set_property(&field, "value", &untrack(text).into());
        }
    };
    el("input")
        .set("type", "text")
        .set("inputmode", "decimal")
        .set("autocomplete", "off")
        .typed(text)
        .on("change", move |event| {
            let Some(field) = dom::target(&event) else { return };
            let typed = dom::value(&field);
            ruled.play.act(move |session| session.write(ruled.index, slot, &typed));
            dom::set_property(&field, "value", &untrack(text).into());
        })
        .on("blur", restore)
        .on("input", restore)
}

#[inline(never)]
fn toggle(ruled: Ruled) -> El {
    let is_on = move || ruled.value().and_then(|value| value.flag()).unwrap_or_default();
    let switched = move |_| ruled.play.act(move |session| session.choose(ruled.index, 0));
    let tick = el("input").set("type", "checkbox").checked(is_on).on("change", switched);
    el("label").class("toggle").with(tick).with(el("span").say(ruled.face.label))
}

/// More items than these stand in a list that opens: as chips they would fill the rail.
const CHIPS: usize = 7;

/// One of many.
#[inline(never)]
fn list(ruled: Ruled, items: &'static [Item]) -> Vec<El> {
    let chosen = move || ruled.value().and_then(|value| value.choice()).and_then(|at| items.get(at)).map_or("", |item| item.key);
    let options = items.iter().map(|item| el("option").set("value", item.key).say(item.name));
    let select = el("select").set("id", &ruled.id()).set("aria-describedby", &ruled.wrong_id()).all(options);
    let select = select.value(move || chosen().to_owned()).on("change", move |event| {
        let Some(field) = dom::target(&event) else { return };
        if let Some(at) = items.iter().position(|item| item.key == dom::value(&field)) {
            ruled.play.act(move |session| session.choose(ruled.index, at));
        }
        // A choice that was mended back must not stay.
        dom::set_property(&field, "value", &untrack(chosen).into());
    });
    vec![ruled.label("label").class("label").set("for", &ruled.id()), select]
}

/// One of a few, or some of a few.
#[inline(never)]
fn choice(ruled: Ruled, items: &'static [Item]) -> El {
    let kind = if matches!(ruled.face.kind, Kind::Several(_)) { "checkbox" } else { "radio" };
    let chip = move |(at, item): (usize, &'static Item)| {
        let is_chosen = move || match ruled.value() {
            Some(Value::Choice(chosen)) => chosen == at,
            Some(Value::Several(bits)) => (bits >> at) & 1 == 1,
            _ => false,
        };
        let chosen = move |event: dom::Event| {
            ruled.play.act(move |session| session.choose(ruled.index, at));
            // A choice that was mended back must not stay ticked.
            if let Some(tick) = dom::target(&event) {
                dom::set_property(&tick, "checked", &untrack(is_chosen).into());
            }
        };
        let tick = el("input").set("type", kind).set("name", ruled.face.key).set("value", item.key);
        el("label").class("chip").with(tick.checked(is_chosen).on("change", chosen)).with(el("span").say(item.name))
    };
    el("fieldset").with(ruled.label("legend")).with(el("div").class("chips").all(items.iter().enumerate().map(chip)))
}

/// A list of numbers: fields while it is short, always a place to paste.
#[inline(never)]
fn vector(ruled: Ruled, fields: usize, symbol: &'static str, is_sized: bool) -> El {
    let reader = reader();
    let count = Memo::new(move |_| ruled.numbers().len());
    let editing = RwSignal::new(false);
    let resize = move |more| ruled.play.act(move |session| session.resize(ruled.index, more));
    let summary = move || {
        let n = number::whole(count.get() as u64);
        Words::new(format!("共 {n} 个数，不逐个列出"), format!("{n} numbers, not listed one by one"))
            .get(reader.lang.get())
            .to_owned()
    };
    let cells = move || {
        let listed = if count.get() > fields { 0 } else { count.get() };
        (0..listed).map(|at| cell(ruled, at, symbol)).collect()
    };
    let mut chips = el("div").class("chips").with(
        button("chip")
            .bind("aria-expanded", move || Some(editing.get().to_string()))
            .say(words::EDIT)
            .press(move || editing.update(|on| *on = !*on)),
    );
    if !is_sized {
        let is_full = move || count.get() >= fields;
        let is_least = move || count.get() < 2 || count.get() > fields;
        chips = chips
            .with(sign("chip", "+", words::ADD).flag("disabled", is_full).press(move || resize(true)))
            .with(sign("chip", "−", words::REMOVE).flag("disabled", is_least).press(move || resize(false)));
    }
    let over = move |event: dom::Event| {
        if page::is_file_dragged(&event) {
            event.prevent_default();
        }
    };
    let dropped = move |event: dom::Event| {
        if let Some(file) = page::dropped_file(&event) {
            event.prevent_default();
            read(file, move |text| {
                if editing.try_get_untracked().is_some() {
                    ruled.play.act(move |session| {
                        if session.paste(ruled.index, &text) {
                            editing.set(false);
                        }
                    });
                }
            });
        }
    };
    el("fieldset")
        .on("dragover", over)
        .on("drop", dropped)
        .with(
            ruled
                .label("legend")
                .text(" ")
                .with(el("span").class("count").words(move || format!("n = {}", number::whole(count.get() as u64)))),
        )
        .with(el("p").class("summary").flag("hidden", move || count.get() <= fields).words(summary))
        .with(el("div").class("cells").flag("hidden", move || count.get() > fields).swap(cells))
        .with(chips)
        .with(el("div").swap(move || if editing.get() { vec![paste(ruled, editing)] } else { Vec::new() }))
}

/// One number of a list as a field that arrows move.
fn cell(ruled: Ruled, at: usize, symbol: &'static str) -> El {
    let text = move || number::short(ruled.numbers().get(at).copied().unwrap_or_default(), 6);
    let write = move |typed: String| ruled.play.act(move |session| session.write(ruled.index, Some(at), &typed));
    typed_field(ruled, Some(at), text)
        .class("cell")
        .set("data-index", &at.to_string())
        .set("aria-label", &format!("{symbol}{}", number::subscript(at + 1)))
        .set("aria-describedby", &ruled.wrong_id())
        .on_key(move |event| {
            // Left and right move the caret.
            if ["ArrowUp", "ArrowDown", "PageUp", "PageDown"].contains(&event.key().as_str()) {
                take_typed(event, &untrack(text), write);
                ruled.nudge(event, Some(at));
            }
        })
        .on("keyup", move |_| ruled.commit())
}

/// Takes what is being typed before a key moves the number: it moves on from there.
fn take_typed(event: &KeyboardEvent, shown: &str, write: impl FnOnce(String)) {
    if let Some(typed) = dom::target(event).map(|field| dom::value(&field)).filter(|typed| typed != shown) {
        write(typed);
    }
}

/// A place to paste or type many numbers. A long paste goes straight to the parser: a field with a million numbers would
/// freeze the page.
#[inline(never)]
fn paste(ruled: Ruled, editing: RwSignal<bool>) -> El {
    let numbers = untrack(move || ruled.numbers());
    let listed = if numbers.len() > 1000 { &[][..] } else { &numbers };
    let opening = listed.iter().map(|x| number::exact(*x)).collect::<Vec<_>>().join(", ");
    let id = format!("paste-{}", ruled.face.key);
    let area = el("textarea").set("id", &id).set("rows", "4").set("spellcheck", "false").value(move || opening.clone());
    let field = area.0.clone();
    let take = move |text: String| {
        ruled.play.act(move |session| {
            if session.paste(ruled.index, &text) {
                editing.set(false);
            }
        });
    };
    let pasted = move |event: dom::Event| {
        if let Some(text) = dom::pasted(&event).filter(|text| text.len() > 20_000) {
            event.prevent_default();
            take(text);
        }
    };
    let opened = move |text| {
        // The reader may have cancelled meanwhile.
        if editing.try_get_untracked() == Some(true) {
            take(text);
        }
    };
    el("div").class("paste").with(el("label").set("for", &id).say(words::PASTE_HELP)).with(area.on("paste", pasted)).with(
        el("div")
            .class("chips")
            .with(button("chip strong").say(words::APPLY).press(move || take(dom::value(&field))))
            .with(opened_file(".csv,.txt,text/*", opened))
            .with(button("chip").say(words::CANCEL).press(move || editing.set(false))),
    )
}

/// A chip that opens a file, and goes on with its text.
pub fn opened_file(accept: &str, take: impl Fn(String) + Copy + 'static) -> El {
    let opened = move |event: dom::Event| {
        if let Some(file) = page::first_file(&event) {
            read(file, take);
        }
        // The same file, mended, may be opened again.
        dom::target(&event).iter().for_each(|field| dom::set_property(field, "value", &"".into()));
    };
    let file = el("input").set("type", "file").set("accept", accept).on("change", opened);
    el("label").class("chip file").with(file).with(el("span").say(words::OPEN_FILE))
}

/// Reads a file, and goes on with its text.
fn read(file: page::File, take: impl FnOnce(String) + 'static) {
    leptos::task::spawn_local(async move {
        if let Some(text) = page::read_file(file).await {
            take(text);
        }
    });
}

#[inline(never)]
fn seed(ruled: Ruled) -> El {
    let now = move || ruled.value().and_then(|value| value.integer()).unwrap_or_default();
    let another = move || ruled.put(Value::Integer(untrack(now).wrapping_add(1)));
    el("div").class("line").with(ruled.label("span").class("label")).with(
        el("span")
            .class("pair")
            .with(number_field(ruled, move || now().to_string()))
            .with(button("chip").say(words::NEW_SEED).press(another)),
    )
}

/// A script: its chips, and the line that says the same.
#[inline(never)]
fn script(ruled: Ruled, vocabulary: &'static [Vocable], longest: usize) -> El {
    // The chips are made anew when words come, go or change places; a size that changes only changes its field.
    let shape = Memo::new(move |_| ruled.words().iter().map(|word| word.vocable).collect::<Vec<_>>());
    let chips =
        move || shape.get().into_iter().enumerate().map(|(at, vocable)| word_chip(ruled, vocabulary, at, vocable)).collect();
    let add = |(vocable, each): (usize, &'static Vocable)| {
        button("chip")
            .flag("disabled", move || shape.with(Vec::len) >= longest)
            .with(el("span").set("aria-hidden", "true").text("+ "))
            .say(each.name)
            .press(move || ruled.respell(Respell::Add(vocable)))
    };
    let text = move || script::write(&ruled.words(), vocabulary, " ");
    let line = el("input")
        .set("type", "text")
        .class("script")
        .set("id", &ruled.id())
        .set("autocomplete", "off")
        .set("autocapitalize", "none")
        .set("spellcheck", "false")
        .set("aria-describedby", &ruled.wrong_id())
        .label("aria-label", words::AS_TEXT)
        .value(text)
        .on("change", move |event| {
            // A line that cannot be read stays, so that it can be mended where it is wrong.
            if let Some(field) = dom::target(&event) {
                let written = dom::value(&field);
                ruled.play.act(move |session| session.spell(ruled.index, &written));
            }
        });
    el("fieldset")
        .with(ruled.label("legend"))
        .with(el("div").class("words").swap(chips))
        .with(el("div").class("chips").all(vocabulary.iter().enumerate().map(add)))
        .with(line)
}

/// One word of a script: its name, a field for each size, and what moves it or takes it away.
fn word_chip(ruled: Ruled, vocabulary: &'static [Vocable], at: usize, vocable: usize) -> El {
    let Some(each) = vocabulary.get(vocable) else { return el("span") };
    let reader = reader();
    let name = move || format!("{} {}", at + 1, reader.tell(each.name));
    let field = move |slot: usize| {
        let size = move || ruled.words().get(at).and_then(|word| word.sizes.get(slot).copied()).unwrap_or_default().to_string();
        let write = move |typed: String| ruled.play.act(move |session| session.write_size(ruled.index, at, slot, &typed));
        let label = move || each.sizes.get(slot).map(|size| format!("{}: {}", name(), reader.tell(size.name)));
        el("input")
            .set("type", "text")
            .set("inputmode", "numeric")
            .set("autocomplete", "off")
            .class("size")
            .value(size)
            .bind("aria-label", label)
            .set("aria-describedby", &ruled.wrong_id())
            .on("change", move |event| {
                let Some(field) = dom::target(&event) else { return };
                write(dom::value(&field));
                dom::set_property(&field, "value", &untrack(size).into());
            })
            .on_key(move |event| {
                if ["ArrowUp", "ArrowDown", "PageUp", "PageDown"].contains(&event.key().as_str())
                    && let Some(nudge) = Nudge::of(&event.key(), event.shift_key(), event.alt_key())
                {
                    event.prevent_default();
                    take_typed(event, &untrack(size), write);
                    ruled.play.act(move |session| session.nudge_size(ruled.index, at, slot, nudge));
                }
            })
            .on("keyup", move |_| ruled.commit())
    };
    let mut chip =
        el("span").class("word").set("role", "group").bind("aria-label", move || Some(name())).with(el("b").say(each.name));
    for slot in 0..each.sizes.len() {
        if slot > 0 {
            chip = chip.with(el("span").set("aria-hidden", "true").text("×"));
        }
        chip = chip.with(field(slot));
    }
    let earlier = sign("plain", "◂", words::EARLIER).press(move || ruled.respell(Respell::Swap(at.saturating_sub(1))));
    chip.with(if at == 0 { earlier.set("disabled", "") } else { earlier })
        .with(sign("plain", "×", words::TAKE_AWAY).press(move || ruled.respell(Respell::Remove(at))))
}

#[inline(never)]
fn playhead(ruled: Ruled) -> Vec<El> {
    let reader = reader();
    let play = ruled.play;
    let speed = RwSignal::new(1.0_f64);
    let is_playing = move || play.session.with(|session| session.playing.is_some_and(|(key, _)| key == ruled.face.key));
    let toggle = move || play.toggle_playing(ruled.index, speed.get_untracked());
    let step = move |steps| {
        play.act(move |session| {
            session.nudge(ruled.index, None, Nudge::Steps(steps));
            session.commit();
        });
    };
    let press = move |event: &KeyboardEvent| {
        if event.key() == " " {
            event.prevent_default();
            if !reader.is_calm() && !event.repeat() {
                toggle();
            }
        } else {
            ruled.nudge(event, None);
        }
    };
    let faster = move |event: dom::Event| {
        let chosen = dom::target(&event).and_then(|field| number::read(&dom::value(&field))).unwrap_or(1.0);
        speed.set(chosen);
        play.act(move |session| {
            if let Some((_, now)) = &mut session.playing {
                *now = chosen;
            }
        });
    };
    let pace = |value: &str| el("option").set("value", value).text(&format!("×{value}"));
    let start = button("chip strong")
        .flag("disabled", move || reader.stays_calm())
        .words(move || reader.tell(if is_playing() { words::PAUSE } else { words::PLAY }).to_owned());
    vec![
        el("div")
            .class("line")
            .with(ruled.label("label").set("for", &ruled.id()))
            // While it plays, nothing could be typed.
            .with(
                number_field(ruled, move || (ruled.number() as u64).to_string()).on("focus", move |_| play.act(Session::pause)),
            ),
        thumb(ruled).bind("aria-valuetext", move || Some(number::whole(ruled.number() as u64))).on_key(press),
        el("div")
            .class("chips")
            .with(sign("chip", "◀", words::STEP_BACK).press(move || step(-1.0)))
            .with(start.press(toggle))
            .with(sign("chip", "▶", words::STEP_ON).press(move || step(1.0)))
            .with(el("label").class("speed").with(el("span").say(words::SPEED)).with(
                el("select").all(["0.1", "1", "10"].map(pace)).value(move || speed.get().to_string()).on("change", faster),
            )),
    ]
}

/// Space plays and pauses the first playhead of the widget while it is on the screen and no element has the focus; elsewhere
/// Space scrolls, as readers expect.
pub fn play_on_space(play: Play) {
    let Some(index) = play.playhead() else { return };
    let reader = reader();
    let id = format!("control-{}", play.widget.faces()[index].key);
    page::on_key(move |event| {
        let is_meant = event.key() == " " && page::focus_is_nowhere() && page::is_on_screen(&id);
        if is_meant && !reader.is_calm() {
            event.prevent_default();
            if !event.repeat() {
                play.toggle_playing(index, 1.0);
            }
        }
    });
}
