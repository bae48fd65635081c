//! All kinds of control, each with pointer, keyboard and typing.

use leptos::prelude::*;

use crate::browser::page;
use crate::contract::control::{Face, Item, Kind, Scale};
use crate::contract::number;
use crate::contract::problem::Problem;
use crate::contract::readout::Place;
use crate::contract::value::Value;
use crate::player::button::Button;
use crate::player::nudge::{self, Nudge};
use crate::player::play::Play;
use crate::player::reader::{act, live, reader};
use crate::player::words;
use yansuan_math::MathError;
use yansuan_math::parse::parse_numbers;

/// Positions of a slider's thumb.
const TRACK: f64 = 1000.0;

/// The controls of one place: those that matter in the present state.
#[component]
pub fn Rail(
    /// The widget in play.
    play: Play,
    /// The rail, or a view.
    place: Place,
) -> impl IntoView {
    let faces = play.widget.faces();
    let shown = Memo::new(move |_| play.setting.with(|setting| play.widget.shown(setting)));
    faces
        .into_iter()
        .enumerate()
        .filter(|(_, face)| face.place == place)
        .map(|(index, face)| {
            let is_hidden = live(move || shown.with(|shown| !shown.get(index).copied().unwrap_or(true)));
            view! { <ControlView play index face is_hidden /> }
        })
        .collect_view()
}

/// One control with its label, its help and what is wrong with it.
#[component]
fn ControlView(play: Play, index: usize, face: Face, is_hidden: Signal<bool>) -> impl IntoView {
    let reader = reader();
    let body = match face.kind {
        Kind::Slider { .. } => view! { <SliderView play index face /> }.into_any(),
        Kind::Toggle => view! { <ToggleView play index face /> }.into_any(),
        Kind::Choice(items) | Kind::Several(items) => view! { <ItemsView play index face items /> }.into_any(),
        Kind::Vector { .. } => view! { <VectorView play index face /> }.into_any(),
        Kind::Seed => view! { <SeedView play index face /> }.into_any(),
        Kind::Playhead { .. } => view! { <PlayheadView play index face /> }.into_any(),
    };
    let wrong = move || {
        let here = |problem: &Problem| problem.field == Some(face.key);
        let refused = play.refused.get().filter(here).or_else(|| play.problem.get().filter(here));
        let noted = play.scene.with(|scene| scene.notes.iter().find(|note| here(note)).cloned());
        refused.map(|problem| (true, problem)).or(noted.map(|problem| (false, problem)))
    };
    view! {
        <div class="control" hidden=is_hidden data-control=face.key title=reader.say(face.help)>
            {body}
            <p class="wrong" class:note=live(move || wrong().is_some_and(|(bad, _)| !bad)) id=format!("wrong-{}", face.key) aria-live="polite">
                {live(move || wrong().map(|(_, problem)| problem.words.get(reader.lang.get()).to_owned()))}
            </p>
        </div>
    }
}

/// Whether bit `at` is set.
fn has(bits: u32, at: usize) -> bool {
    (bits >> at) & 1 == 1
}

/// A double click on a label brings back the first value.
fn restore(play: Play, index: usize) {
    if let Some(value) = play.widget.opening().0.get(index) {
        play.put(index, value.clone());
    }
}

/// What a control shows of its range in the present state. Numbers that were typed beyond the range of a drag widen it.
pub fn range_of(play: Play, index: usize) -> (f64, f64) {
    let narrowed = play.setting.with(|setting| play.widget.ranges(setting).get(index).copied().flatten());
    match (play.face(index).map(|face| face.kind), play.value(index)) {
        (Some(Kind::Slider { min, max, .. }), _) => narrowed.unwrap_or((min, max)),
        (Some(Kind::Vector { drag, fields, .. }), Some(Value::Vector(numbers))) => {
            let listed = numbers.iter().take(fields).copied().filter(|number| number.is_finite());
            listed.fold(drag, |(low, high), number| (low.min(number), high.max(number)))
        }
        (Some(Kind::Playhead { last, .. }), _) => (0.0, last as f64),
        _ => (0.0, 1.0),
    }
}

fn position(scale: Scale, (min, max): (f64, f64), value: f64) -> f64 {
    let part = match scale {
        Scale::Log => (value / min).ln() / (max / min).ln(),
        Scale::Linear | Scale::Integer => (value - min) / (max - min),
    };
    (part * TRACK).round()
}

fn at_position(scale: Scale, (min, max): (f64, f64), position: f64) -> f64 {
    let part = position / TRACK;
    match scale {
        Scale::Log => min * (max / min).powf(part),
        Scale::Linear | Scale::Integer => min + part * (max - min),
    }
}

#[component]
fn SliderView(play: Play, index: usize, face: Face) -> impl IntoView {
    let reader = reader();
    let Kind::Slider { scale, decimals, .. } = face.kind else { return ().into_any() };
    let value = live(move || play.value(index).and_then(|value| value.number()).unwrap_or_default());
    let range = live(move || range_of(play, index));
    let text = live(move || number::fixed(value.get(), decimals));
    let slide = move |event: leptos::ev::Event| {
        let Ok(at) = event_target_value(&event).parse() else { return };
        let moved = nudge::settle(&face.kind, at_position(scale, range.get_untracked(), at));
        let (min, max) = range.get_untracked();
        play.set(index, Value::Number(moved.clamp(min, max)));
    };
    let press = move |event: leptos::ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() {
            return;
        }
        if let Some(nudge) = Nudge::of(&event.key(), event.shift_key(), event.alt_key()) {
            event.prevent_default();
            play.set(index, Value::Number(nudge.apply(&face.kind, value.get_untracked(), range.get_untracked())));
        }
    };
    let id = format!("control-{}", face.key);
    view! {
        <div class="line">
            <label for=id.clone() on:dblclick=move |_| restore(play, index)>{reader.say(face.label)}</label>
            <NumberField play face text take=Callback::new(move |typed| play.put(index, Value::Number(typed))) />
        </div>
        <input
            type="range"
            id=id
            min="0"
            max=TRACK.to_string()
            step="1"
            prop:value=live(move || position(scale, range.get(), value.get()).to_string())
            style=("--part", live(move || format!("{}%", position(scale, range.get(), value.get()) / TRACK * 100.0)))
            aria-valuetext=text
            aria-describedby=format!("wrong-{}", face.key)
            on:input=slide
            on:change=move |_| play.commit()
            on:keydown=press
            on:keyup=move |_| play.commit()
        />
    }
    .into_any()
}

/// A number that can be typed; what cannot be read is said at the control, and the old number stays.
#[component]
fn NumberField(play: Play, face: Face, #[prop(into)] text: Signal<String>, take: Callback<f64>) -> impl IntoView {
    let reader = reader();
    let field = NodeRef::<leptos::html::Input>::new();
    // A memo, or every change elsewhere would put the old number over what is being typed.
    let shown = Memo::new(move |_| text.get());
    let typed = move |event: leptos::ev::Event| {
        let typed = event_target_value(&event);
        if let Some(number) = number::read(&typed).filter(|number| number.is_finite()) {
            take.run(number);
        } else {
            play.refused.set(Some(face.unreadable(&typed)));
        }
        if let Some(field) = field.get_untracked() {
            field.set_value(&text.get_untracked());
        }
    };
    view! {
        <input
            type="text"
            inputmode="decimal"
            class="number"
            node_ref=field
            autocomplete="off"
            aria-label=reader.say(face.label)
            prop:value=shown
            on:change=typed
            on:focus=move |_| { if let Some(field) = field.get_untracked() { field.select(); } }
        />
    }
}

#[component]
fn ToggleView(play: Play, index: usize, face: Face) -> impl IntoView {
    let reader = reader();
    let on = live(move || play.value(index).and_then(|value| value.flag()).unwrap_or_default());
    view! {
        <label class="toggle">
            <input type="checkbox" prop:checked=on on:change=move |event| play.put(index, Value::Flag(event_target_checked(&event))) />
            <span>{reader.say(face.label)}</span>
        </label>
    }
}

/// One of a few, or some of a few.
#[component]
fn ItemsView(play: Play, index: usize, face: Face, items: &'static [Item]) -> impl IntoView {
    let reader = reader();
    let kind = if matches!(face.kind, Kind::Several(_)) { "checkbox" } else { "radio" };
    let is_chosen = move |at: usize| match play.value(index) {
        Some(Value::Choice(chosen)) => chosen == at,
        Some(Value::Several(bits)) => has(bits, at),
        _ => false,
    };
    let choose = move |at: usize| match untrack(|| play.value(index)) {
        Some(Value::Several(bits)) => play.put(index, Value::Several(bits ^ 1 << at)),
        _ => play.put(index, Value::Choice(at)),
    };
    let chip = move |(at, item): (usize, &'static Item)| {
        view! {
            <label class="chip">
                <input type=kind name=face.key value=item.key prop:checked=live(move || is_chosen(at)) on:change=move |_| choose(at) />
                <span>{reader.say(item.name)}</span>
            </label>
        }
    };
    view! {
        <fieldset>
            <legend on:dblclick=move |_| restore(play, index)>{reader.say(face.label)}</legend>
            <div class="chips">{items.iter().enumerate().map(chip).collect_view()}</div>
        </fieldset>
    }
}

#[component]
fn VectorView(play: Play, index: usize, face: Face) -> impl IntoView {
    let reader = reader();
    let Kind::Vector { fields, symbol, .. } = face.kind else { return ().into_any() };
    let numbers = live(move || play.value(index).and_then(|value| value.vector()).unwrap_or_default());
    let count = Memo::new(move |_| numbers.with(|numbers| numbers.len()));
    let editing = RwSignal::new(false);
    let change = move |at: usize, typed: f64| {
        let mut next = numbers.get_untracked().to_vec();
        if let Some(slot) = next.get_mut(at) {
            *slot = typed;
        }
        play.put(index, Value::Vector(next.into()));
    };
    let resize = move |more: bool| {
        let mut next = numbers.get_untracked().to_vec();
        if more {
            next.push(0.0);
        } else if next.len() > 1 {
            next.pop();
        }
        play.put(index, Value::Vector(next.into()));
    };
    let cells = move || {
        (0..if count.get() > fields { 0 } else { count.get() })
            .map(|at| {
                let value = live(move || numbers.with(|numbers| numbers.get(at).copied().unwrap_or_default()));
                view! { <CellView play face at value take=Callback::new(move |typed| change(at, typed)) /> }
            })
            .collect_view()
    };
    let summary = move || {
        let n = number::whole(count.get() as u64);
        let words =
            crate::contract::text::Words::new(format!("共 {n} 个数，不逐个列出"), format!("{n} numbers, not listed one by one"));
        words.get(reader.lang.get()).to_owned()
    };
    view! {
        <fieldset>
            <legend on:dblclick=move |_| restore(play, index)>
                {reader.say(face.label)}" "<span class="count">{live(move || format!("n = {}", number::whole(count.get() as u64)))}</span>
            </legend>
            <p class="summary" hidden=live(move || count.get() <= fields)>{live(summary)}</p>
            <div class="cells" hidden=live(move || count.get() > fields)>{cells}</div>
            <div class="chips">
                <button type="button" class="chip" aria-expanded=live(move || editing.get().to_string()) on:click=act(move |_| editing.update(|on| *on = !*on))>
                    {reader.say(words::EDIT)}
                </button>
                    <Button class="chip" voice=words::ADD says="+" off=live(move || count.get() >= fields) press=Callback::new(move |()| resize(true)) />
                    <Button class="chip" voice=words::REMOVE says="−" off=live(move || count.get() < 2 || count.get() > fields) press=Callback::new(move |()| resize(false)) />
            </div>
            <Show when=move || editing.get()>
                <PasteView play index face symbol close=Callback::new(move |()| editing.set(false)) />
            </Show>
        </fieldset>
    }
    .into_any()
}

/// One number of a vector as a field that arrows move.
#[component]
fn CellView(play: Play, face: Face, at: usize, value: Signal<f64>, take: Callback<f64>) -> impl IntoView {
    let Kind::Vector { drag, symbol, .. } = face.kind else { return ().into_any() };
    let field = NodeRef::<leptos::html::Input>::new();
    let text = Memo::new(move |_| number::short(value.get(), 6));
    let name = format!("{symbol}{}", number::subscript(at + 1));
    let press = move |event: leptos::ev::KeyboardEvent| {
        let is_moving = ["ArrowUp", "ArrowDown", "PageUp", "PageDown"].contains(&event.key().as_str());
        if !is_moving || event.ctrl_key() {
            return;
        }
        if let Some(nudge) = Nudge::of(&event.key(), event.shift_key(), event.alt_key()) {
            event.prevent_default();
            let now = value.get_untracked();
            let now = if now.is_finite() { now } else { drag.0 };
            // A number that was typed beyond the range of a drag widens it.
            take.run(nudge.apply(&face.kind, now, (drag.0.min(now), drag.1.max(now))));
        }
    };
    let typed = move |event: leptos::ev::Event| {
        let typed = event_target_value(&event);
        if let Some(number) = number::read(&typed).filter(|number| *number < f64::INFINITY) {
            take.run(number);
        } else {
            play.refused.set(Some(face.unreadable(&typed)));
        }
        if let Some(field) = field.get_untracked() {
            field.set_value(&text.get_untracked());
        }
    };
    view! {
        <input
            type="text"
            inputmode="decimal"
            class="cell"
            node_ref=field
            autocomplete="off"
            data-index=at
            aria-label=name
            aria-describedby=format!("wrong-{}", face.key)
            prop:value=text
            on:change=typed
            on:keydown=press
            on:keyup=move |_| play.commit()
        />
    }
    .into_any()
}

/// A place to paste or type many numbers. A long paste goes straight to the parser: a field with a million numbers would
/// freeze the page.
#[component]
fn PasteView(play: Play, index: usize, face: Face, symbol: &'static str, close: Callback<()>) -> impl IntoView {
    let reader = reader();
    let field = NodeRef::<leptos::html::Textarea>::new();
    let opening = play.setting.with_untracked(|setting| {
        let numbers = setting.0.get(index).and_then(Value::vector).unwrap_or_default();
        if numbers.len() > 1000 {
            String::new()
        } else {
            numbers.iter().map(|x| number::exact(*x)).collect::<Vec<_>>().join(", ")
        }
    });
    let take = move |text: &str| match parse_numbers(text) {
        Ok(numbers) => {
            play.put(index, Value::Vector(numbers.into()));
            close.try_run(());
        }
        Err(problem) => play.refused.set(Some(unread(face, &problem))),
    };
    let paste = move |event: leptos::ev::ClipboardEvent| {
        let text = event.clipboard_data().and_then(|data| data.get_data("text").ok()).unwrap_or_default();
        if text.len() > 20_000 {
            event.prevent_default();
            take(&text);
        }
    };
    let file = move |event: leptos::ev::Event| {
        let Some(file) = page::first_file(&event) else { return };
        leptos::task::spawn_local(async move {
            // The reader may have cancelled meanwhile.
            if let Some(text) = page::read_file(file).await
                && field.try_get_untracked().flatten().is_some()
            {
                take(&text);
            }
        });
    };
    view! {
        <div class="paste">
            <label for=format!("paste-{}", face.key)>{reader.say(words::PASTE_HELP)}</label>
            <textarea id=format!("paste-{}", face.key) node_ref=field rows="4" spellcheck="false" data-symbol=symbol on:paste=paste prop:value=opening></textarea>
            <div class="chips">
                <Button class="chip strong" says=reader.say(words::APPLY) press=Callback::new(move |()| { if let Some(field) = field.get_untracked() { take(&field.value()); } }) />
                <label class="chip file">
                    <input type="file" accept=".csv,.txt,text/*" on:change=file />
                    <span>{reader.say(words::OPEN_FILE)}</span>
                </label>
                <Button class="chip" says=reader.say(words::CANCEL) press=Callback::new(move |()| close.run(())) />
            </div>
        </div>
    }
}

/// A sentence about text that is not a list of numbers.
fn unread(face: Face, problem: &MathError) -> Problem {
    match problem {
        MathError::BadToken { position, line, column, token } => Problem::at(
            face.key,
            format!("第 {position} 个数（第 {line} 行第 {column} 列）“{token}”读不出来；请写成 1.5、-2、1e-3 或 -inf。"),
            format!(
                "Number {position} (line {line}, column {column}) “{token}” cannot be read; write it as 1.5, -2, 1e-3 or -inf."
            ),
        ),
        MathError::TooMany { limit } => Problem::at(
            face.key,
            format!("最多 {} 个数，这里更多。", number::whole(*limit as u64)),
            format!("It takes at most {} numbers; here are more.", number::whole(*limit as u64)),
        ),
        other => Problem::at(face.key, format!("读不出来：{other}。"), format!("This cannot be read: {other}.")),
    }
}

#[component]
fn SeedView(play: Play, index: usize, face: Face) -> impl IntoView {
    let reader = reader();
    let value = live(move || play.value(index).and_then(|value| value.integer()).unwrap_or_default());
    let text = live(move || value.get().to_string());
    let take = Callback::new(move |typed: f64| play.put(index, Value::Integer(typed.max(0.0) as u64)));
    view! {
        <div class="line">
            <span class="label" on:dblclick=move |_| restore(play, index)>{reader.say(face.label)}</span>
            <span class="pair">
                <NumberField play face text take />
                <Button class="chip" says=reader.say(words::NEW_SEED) press=Callback::new(move |()| play.put(index, Value::Integer(value.get_untracked().wrapping_add(1)))) />
            </span>
        </div>
    }
}

#[component]
fn PlayheadView(play: Play, index: usize, face: Face) -> impl IntoView {
    let reader = reader();
    let Kind::Playhead { last, .. } = face.kind else { return ().into_any() };
    let value = live(move || play.value(index).and_then(|value| value.integer()).unwrap_or_default());
    let speed = RwSignal::new(1.0_f64);
    let is_playing = move || play.playing.with(|playing| playing.is_some_and(|(key, _)| key == face.key));
    let jump = move |to: f64| play.put(index, Value::Integer(to.clamp(0.0, last as f64) as u64));
    let still = page::matches("(prefers-reduced-motion: reduce)");
    let press = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == " " {
            event.prevent_default();
            if !still {
                play.toggle_playing(index, speed.get_untracked());
            }
        } else if let Some(nudge) = Nudge::of(&event.key(), event.shift_key(), event.alt_key()).filter(|_| !event.ctrl_key()) {
            event.prevent_default();
            jump(nudge.apply(&face.kind, value.get_untracked() as f64, (0.0, last as f64)));
        }
    };
    // The track is curved: the first draws deserve as much room as the last thousands.
    let to_track = move |at: u64| ((at as f64 / last as f64).sqrt() * TRACK).round();
    let from_track = move |at: f64| (at / TRACK).powi(2) * last as f64;
    let id = format!("control-{}", face.key);
    view! {
        <div class="line">
            <label for=id.clone() on:dblclick=move |_| restore(play, index)>{reader.say(face.label)}</label>
            <NumberField play face text=live(move || number::whole(value.get()).replace('\u{2009}', "")) take=Callback::new(jump) />
        </div>
        <input
            type="range"
            id=id
            min="0"
            max=TRACK.to_string()
            step="1"
            prop:value=live(move || to_track(value.get()).to_string())
            style=("--part", live(move || format!("{}%", to_track(value.get()) / TRACK * 100.0)))
            aria-valuetext=live(move || number::whole(value.get()))
            on:input=move |event| { if let Ok(at) = event_target_value(&event).parse::<f64>() { play.set(index, Value::Integer(from_track(at).round() as u64)); } }
            on:change=move |_| play.commit()
            on:keydown=press
        />
        <div class="chips">
            <Button class="chip" voice=words::STEP_BACK says="◀" press=Callback::new(move |()| jump(value.get_untracked() as f64 - 1.0)) />
            <Button class="chip strong" off=still says=live(move || reader.tell(if is_playing() { words::PAUSE } else { words::PLAY })) press=Callback::new(move |()| play.toggle_playing(index, speed.get_untracked())) />
            <Button class="chip" voice=words::STEP_ON says="▶" press=Callback::new(move |()| jump(value.get_untracked() as f64 + 1.0)) />
            <label class="speed">
                <span>{reader.say(words::SPEED)}</span>
                <select
                    prop:value=live(move || speed.get().to_string())
                    on:change=move |event| {
                        speed.set(event_target_value(&event).parse().unwrap_or(1.0));
                        play.playing.update(|playing| if let Some((_, now)) = playing { *now = speed.get_untracked(); });
                    }
                >
                    <option value="0.1">"×0.1"</option>
                    <option value="1" selected>"×1"</option>
                    <option value="10">"×10"</option>
                </select>
            </label>
        </div>
    }
    .into_any()
}

/// Space plays and pauses the first playhead of the widget while it is on the screen and no element has the focus; elsewhere
/// Space scrolls, as readers expect.
pub fn play_on_space(play: Play) {
    let faces = play.widget.faces();
    let Some(index) = faces.iter().position(|face| matches!(face.kind, Kind::Playhead { .. })) else { return };
    let id = format!("control-{}", faces[index].key);
    page::on_key(move |event| {
        let is_meant = event.key() == " " && page::focus_is_nowhere() && page::is_on_screen(&id);
        if is_meant && !page::matches("(prefers-reduced-motion: reduce)") {
            event.prevent_default();
            play.toggle_playing(index, 1.0);
        }
    });
}
