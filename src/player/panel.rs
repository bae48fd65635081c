//! One view on the stage: a canvas with its handles and its readout line, or a table.

use leptos::html;
use leptos::prelude::*;

use crate::browser::canvas::{CanvasSurface, pixel_ratio};
use crate::browser::{observe, save};
use crate::contract::figure::{Along, Figure, Mark, Move, Point, Role, Shape};
use crate::contract::number;
use crate::contract::panel::{Panel, Size, View};
use crate::contract::readout::Place;
use crate::contract::shelf::Scene;
use crate::contract::table::{Cell, Table};
use crate::contract::text::{Lang, Words};
use crate::contract::value::Value;
use crate::player::button::Button;
use crate::player::controls::{Rail, range_of};
use crate::player::nudge::{self, Nudge};
use crate::player::play::Play;
use crate::player::reader::{act, live, reader};
use crate::player::words;
use crate::plot::frame::Frame;
use crate::plot::probe::{Probe, probe, term_at};
use crate::plot::render::{Look, render};
use crate::plot::svg::{self, escape};
use crate::plot::table;

/// Rows of a table that the page shows; the file has all.
const ROWS: usize = 200;

/// One view of the widget.
#[component]
pub fn PanelView(
    /// The widget in play.
    play: Play,
    /// Which view.
    index: usize,
    /// Its words.
    panel: &'static Panel,
) -> impl IntoView {
    let reader = reader();
    let view = Memo::new(move |_| play.scene.with(|scene| scene.views.get(index).cloned()));
    let is_table = view.with_untracked(|view| matches!(view, Some(View::Table(_))));
    let is_told = move || play.step.get().and_then(|step| play.widget.steps().get(step).map(|step| step.panel)) == Some(panel.id);
    let body = if is_table {
        let table = live(move || match view.get() {
            Some(View::Table(table)) => Some(table),
            _ => None,
        });
        view! { <VerdictsView play table /> }.into_any()
    } else {
        let figure = Memo::new(move |_| match view.get() {
            Some(View::Figure(figure)) => figure,
            _ => Figure::default(),
        });
        view! { <FigureView play panel figure /> }.into_any()
    };
    view! {
        <section
            class="panel"
            class:full=panel.size == Size::Full
            class:told=live(is_told)
            id=format!("panel-{}", panel.id)
            data-panel=panel.id
            aria-labelledby=format!("title-{}", panel.id)
        >
            <header>
                <h2 id=format!("title-{}", panel.id)>{reader.say(panel.title)}</h2>
                <p class="hint">{reader.say(panel.hint)}</p>
            </header>
            {body}
            <div class="beside"><Rail play place=Place::Panel(panel.id) /></div>
            <div class="underline">
                <dl class="readouts" inner_html=live(move || play.scene.with(|scene| readout_list(scene, Place::Panel(panel.id), reader.lang.get())))></dl>
                <DataView play index panel is_table />
            </div>
        </section>
    }
}

/// Source line, table, and files of a view; made only while it is open.
#[component]
fn DataView(play: Play, index: usize, panel: &'static Panel, is_table: bool) -> impl IntoView {
    let reader = reader();
    let open = RwSignal::new(false);
    let table = move || play.scene.with(|scene| scene.views.get(index).map(|view| table::of(panel, view)));
    let name = move |ending: &str| format!("{}-{}.{ending}", play.widget.about().slug, panel.id);
    let csv = Callback::new(move |()| {
        if let Some(table) = untrack(table) {
            save::text(&name("csv"), "text/csv;charset=utf-8", &format!("\u{feff}{}", table.csv(reader.lang.get_untracked())));
        }
    });
    let picture = Callback::new(move |()| {
        let view = play.scene.with_untracked(|scene| scene.views.get(index).cloned());
        if let Some(View::Figure(figure)) = view {
            let (theme, lang) = (untrack(|| reader.theme()), reader.lang.get_untracked());
            save::text(&name("svg"), "image/svg+xml", &svg::file(panel, &figure, theme, lang, 720.0));
        }
    });
    let canvas_id = format!("canvas-{}", panel.id);
    let pixels = Callback::new(move |()| {
        if let Some(canvas) = crate::browser::canvas::by_id(&canvas_id) {
            save::png(&name("png"), &canvas);
        }
    });
    view! {
        <details class="data" on:toggle=move |event| open.set(crate::browser::page::is_open(&event))>
            <summary>{reader.say(words::DATA)}</summary>
            <p><b>{reader.say(words::evidence(panel.source.evidence))}</b>" · "{reader.say(panel.source.words)}</p>
            <p class="chips">
                <span class="chips" hidden=is_table>
                    <Button class="chip" says=reader.say(words::SAVE_SVG) press=picture />
                    <Button class="chip" says=reader.say(words::SAVE_PNG) press=pixels />
                </span>
                <Button class="chip" says=reader.say(words::SAVE_CSV) press=csv />
            </p>
            <div class="table" tabindex="0" role="group" aria-label=reader.say(panel.title) hidden=live(move || !open.get())
                inner_html=live(move || if open.get() { table().map(|table| table_markup(&table, reader.lang.get())).unwrap_or_default() } else { String::new() })
            ></div>
        </details>
    }
}

/// The readouts of one place, as the inside of a description list. Lists of words are markup, not components: each component
/// is a type, and each type is code.
pub fn readout_list(scene: &Scene, place: Place, lang: Lang) -> String {
    let mut out = String::new();
    for readout in scene.readouts.iter().filter(|readout| readout.place == place) {
        let (label, words) = (escape(readout.label.get(lang)), readout.words());
        out.push_str(&format!(
            "<div data-readout=\"{}\"><dt>{label}</dt><dd>{}</dd></div>",
            readout.key,
            escape(words.get(lang))
        ));
    }
    out
}

/// The first rows of a table.
fn table_markup(table: &Table, lang: Lang) -> String {
    let mut out = String::from("<table><thead><tr>");
    for words in &table.head {
        out.push_str(&format!("<th scope=\"col\">{}</th>", escape(words.get(lang))));
    }
    out.push_str("</tr></thead><tbody>");
    for row in table.rows.iter().take(ROWS) {
        let cells: String = row.iter().map(|cell| format!("<td>{}</td>", escape(&cell.show(lang)))).collect();
        out.push_str(&format!("<tr>{cells}</tr>"));
    }
    out.push_str("</tbody></table>");
    if table.rows.len() > ROWS {
        out.push_str(&format!("<p>{}</p>", words::ROWS_LEFT.get(lang)));
    }
    out
}

/// A view that is a table: properties that hold or not, each failure with a scene that shows it.
#[component]
fn VerdictsView(play: Play, table: Signal<Option<Table>>) -> impl IntoView {
    let reader = reader();
    let cell = move |cell: Cell| match cell {
        Cell::Verdict { holds, why, show } => {
            let lang = reader.lang.get();
            let why = why.get(lang).to_owned();
            let mark = if holds { "✓" } else { "✗" };
            let word = reader.tell(if holds { words::HOLDS } else { words::FAILS });
            let label = format!("{word}{}{why}", if why.is_empty() { "" } else { ": " });
            match show {
                Some(patch) => view! {
                    <td class="no">
                        <button type="button" title=why aria-label=format!("{label} {}", reader.tell(words::SHOW_IT)) on:click=act(move |_| play.patch(&patch))>
                            {mark}<span class="show">{reader.say(words::SHOW_IT)}</span>
                        </button>
                    </td>
                }
                .into_any(),
                None => view! {
                    <td class:no=!holds title=why><span aria-hidden="true">{mark}</span><span class="voice">{label}</span></td>
                }
                .into_any(),
            }
        }
        other => view! { <th scope="row">{other.show(reader.lang.get())}</th> }.into_any(),
    };
    view! {
        <div class="verdicts" tabindex="0" role="group" aria-label=live(move || table.get().map(|table| table.title.get(reader.lang.get()).to_owned()))>
            {move || {
                table.get().map(|table| {
                    let lang = reader.lang.get();
                    view! {
                        <table>
                            <thead><tr>{table.head.iter().map(|words| view! { <th scope="col">{words.get(lang).to_owned()}</th> }).collect_view()}</tr></thead>
                            <tbody>{table.rows.into_iter().map(|row| view! { <tr>{row.into_iter().map(cell).collect_view()}</tr> }).collect_view()}</tbody>
                        </table>
                    }
                })
            }}
        </div>
    }
}

/// A figure on a canvas. The canvas lives as long as the page; it is drawn again only if something that it shows has changed,
/// and only while it is in view.
#[component]
fn FigureView(play: Play, panel: &'static Panel, figure: Memo<Figure>) -> impl IntoView {
    let reader = reader();
    let canvas = NodeRef::<html::Canvas>::new();
    let size = RwSignal::new((0.0, 0.0));
    let in_view = RwSignal::new(false);
    let frame = RwSignal::new(None::<Frame>);
    let cursor = RwSignal::new(None::<Point>);
    let watches = StoredValue::new_local(Vec::new());

    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        watches.update_value(|watches| {
            watches.clear();
            watches.extend(observe::size(&canvas, move |width, height| size.set((width, height))));
            watches.extend(observe::view(&canvas, move |is_visible| in_view.set(is_visible)));
        });
    });
    on_cleanup(move || {
        watches.try_update_value(Vec::clear);
    });
    // A term that this figure does not show must not make it draw.
    let lit = Memo::new(move |_| {
        play.lit.get().filter(|term| figure.with(|figure| figure.marks.iter().any(|mark| mark.term == Some(*term))))
    });
    Effect::new(move |_| {
        let (Some(canvas), (width, height), true) = (canvas.get(), size.get(), in_view.get()) else { return };
        if width < 1.0 || height < 1.0 {
            return;
        }
        let scale = pixel_ratio();
        let pixels = ((width * scale).round() as u32, (height * scale).round() as u32);
        let look = Look { theme: reader.theme(), lang: reader.lang.get(), scale, lit: lit.get() };
        let Some(mut surface) = CanvasSurface::new(&canvas, pixels) else { return };
        figure.with(|figure| {
            if let Ok(drawn) = render(&mut surface, figure, look) {
                frame.set(Some(drawn));
            }
        });
    });

    let point = move |x: f64, y: f64| {
        let scale = pixel_ratio();
        frame.get_untracked().map(|frame| frame.data((x * scale, y * scale)))
    };
    let read = Memo::new(move |_| -> Option<Probe> {
        let at = cursor.get()?;
        let frame = frame.get()?;
        figure.with(|figure| probe(figure, &frame, at, reader.lang.get()))
    });
    let light = move |at: Option<Point>| {
        let term =
            at.zip(frame.get_untracked()).and_then(|(at, frame)| figure.with_untracked(|figure| term_at(figure, &frame, at)));
        if play.lit.get_untracked() != term {
            play.lit.set(term);
        }
    };
    let aim = move |at: Option<Point>| {
        cursor.set(at);
        light(at);
    };
    let hover = move |event: leptos::ev::PointerEvent| aim(point(f64::from(event.offset_x()), f64::from(event.offset_y())));
    let press = move |event: leptos::ev::KeyboardEvent| {
        let (dx, dy) = match event.key().as_str() {
            "ArrowLeft" => (-1.0, 0.0),
            "ArrowRight" => (1.0, 0.0),
            "ArrowUp" => (0.0, 1.0),
            "ArrowDown" => (0.0, -1.0),
            "Escape" => {
                aim(None);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        let Some(frame) = frame.get_untracked() else { return };
        let middle = (f64::midpoint(frame.left, frame.right), f64::midpoint(frame.top, frame.bottom));
        let from = cursor.get_untracked().map_or(middle, |at| frame.pixel(at));
        let stride = (frame.right - frame.left) / if event.shift_key() { 8.0 } else { 40.0 };
        let x = (from.0 + dx * stride).clamp(frame.left, frame.right);
        let y = (from.1 - dy * stride).clamp(frame.top, frame.bottom);
        aim(Some(frame.data((x, y))));
    };
    let spoken = live(move || figure.with(|figure| svg::spoken(panel, figure, reader.lang.get())));
    let handles = Memo::new(move |_| figure.with(handles_of));
    let count = Memo::new(move |_| handles.with(Vec::len));
    view! {
        <div class="axis-y"><span>{reader.say(panel.y)}</span><Legend panel figure /></div>
        <div class="plot" style=("--aspect", panel.aspect.to_string())>
            <canvas
                node_ref=canvas
                id=format!("canvas-{}", panel.id)
                role="img"
                tabindex="0"
                aria-label=spoken
                aria-describedby=format!("read-{}", panel.id)
                on:pointermove=hover
                on:pointerdown=hover
                on:pointerleave=move |_| aim(None)
                on:blur=move |_| aim(None)
                on:keydown=press
            ></canvas>
            <i class="cursor" aria-hidden="true" hidden=live(move || read.with(Option::is_none)) style=("left", live(move || {
                let (Some(read), Some(frame)) = (read.get(), frame.get()) else { return String::new() };
                format!("{}px", frame.pixel(read.at).0 / frame.scale)
            }))></i>
            {move || (0..count.get()).map(|at| view! { <HandleView play handles frame at /> }).collect_view()}
        </div>
        <div class="axis-x">
            <output class="read" id=format!("read-{}", panel.id)>{live(move || read.get().map(|read| read.words))}</output>
            <span>{reader.say(panel.x)}</span>
        </div>
    }
}

/// Names of the roles in a figure, each with its stroke.
#[component]
fn Legend(panel: &'static Panel, figure: Memo<Figure>) -> impl IntoView {
    let reader = reader();
    let markup = move || {
        let lang = reader.lang.get();
        let entry = |(role, is_filled, name): (Role, bool, Words)| {
            let filled = if is_filled { " filled" } else { "" };
            format!("<li><i class=\"swatch {role:?}{filled}\" aria-hidden=\"true\"></i>{}</li>", escape(name.get(lang)))
        };
        figure.with(|figure| legend_of(&figure.marks).into_iter().map(entry).collect::<String>())
    };
    view! { <ul class="legend" hidden=!panel.legend inner_html=live(markup)></ul> }
}

fn legend_of(marks: &[Mark]) -> Vec<(Role, bool, Words)> {
    let mut entries: Vec<(Role, bool, Words)> = Vec::new();
    for mark in marks {
        let Some(name) = &mark.name else { continue };
        let is_filled = matches!(mark.shape, Shape::Bars(_) | Shape::Area(..) | Shape::Band(_));
        let is_listed = matches!(mark.shape, Shape::Heat(_)) || entries.iter().any(|entry| entry.2 == name.words());
        if !is_listed {
            entries.push((mark.role, is_filled, name.words()));
        }
    }
    entries
}

type HandleOf = (Point, Vec<Move>, Words, Option<&'static str>);

fn handles_of(figure: &Figure) -> Vec<HandleOf> {
    let handle = |mark: &Mark| match &mark.shape {
        Shape::Handle(at, moves, name) => Some((*at, moves.clone(), name.clone(), mark.term)),
        _ => None,
    };
    figure.marks.iter().filter_map(handle).collect()
}

/// What can be dragged: an element over the canvas, so that fingers, keys and voices find it.
#[component]
fn HandleView(play: Play, handles: Memo<Vec<HandleOf>>, frame: RwSignal<Option<Frame>>, at: usize) -> impl IntoView {
    let reader = reader();
    let element = NodeRef::<html::Div>::new();
    let dragging = RwSignal::new(None::<(f64, f64)>);
    let handle = move || handles.with(|handles| handles.get(at).cloned());
    let place = live(move || -> Option<(f64, f64)> {
        let (frame, (at, ..)) = (frame.get()?, handle()?);
        let pixel = frame.pixel(at);
        Some((pixel.0 / frame.scale, pixel.1 / frame.scale))
    });
    // Which values the handle moves now, as (index of the control, move, value).
    let values = move || -> Vec<(usize, Move, f64)> {
        let Some((_, moves, ..)) = handle() else { return Vec::new() };
        moves
            .into_iter()
            .filter_map(|m| {
                Some((play.widget.control(m.key)?, m.clone(), number_of(&play.value(play.widget.control(m.key)?)?, m.index)?))
            })
            .collect()
    };
    let start = move |event: leptos::ev::PointerEvent| {
        if event.button() != 0 || !event.is_primary() {
            return;
        }
        let (Some(element), Some(frame), Some((at, ..))) = (element.get_untracked(), frame.get_untracked(), untrack(handle))
        else {
            return;
        };
        event.prevent_default();
        let _held = element.set_pointer_capture(event.pointer_id());
        let pixel = frame.pixel(at);
        let scale = frame.scale;
        dragging.set(Some((pixel.0 / scale - f64::from(event.client_x()), pixel.1 / scale - f64::from(event.client_y()))));
        let _focused = element.focus();
    };
    let drag = move |event: leptos::ev::PointerEvent| {
        let (Some((dx, dy)), Some(frame)) = (dragging.get_untracked(), frame.get_untracked()) else { return };
        if event.buttons() == 0 {
            // The release went elsewhere, to a menu for example.
            dragging.set(None);
            play.commit();
            return;
        }
        let pixel = ((f64::from(event.client_x()) + dx) * frame.scale, (f64::from(event.client_y()) + dy) * frame.scale);
        let data = frame.data(pixel);
        for (index, m, _) in untrack(values) {
            let wanted = (Frame::along(m.along, data) - m.origin) * m.gain;
            set(play, index, m.index, |kind, _, range| nudge::settle(kind, wanted).clamp(range.0, range.1));
        }
    };
    let end = move |_| {
        if dragging.get_untracked().is_some() {
            dragging.set(None);
            play.commit();
        }
    };
    let press = move |event: leptos::ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() {
            return;
        }
        let Some(nudge) = Nudge::of(&event.key(), event.shift_key(), event.alt_key()) else { return };
        event.prevent_default();
        let values = untrack(values);
        let is_single = values.len() == 1;
        let is_sideways = ["ArrowLeft", "ArrowRight", "Home", "End"].contains(&event.key().as_str());
        for (index, m, _) in values {
            if is_single || is_sideways == (m.along == Along::X) {
                let turned = if m.gain < 0.0 { turn(nudge) } else { nudge };
                set(play, index, m.index, |kind, value, range| turned.apply(kind, value, range));
            }
        }
    };
    let now = move || values().first().map(|(.., value)| *value);
    let text = live(move || values().iter().map(|(.., value)| number::short(*value, 4)).collect::<Vec<_>>().join(", "));
    let bounds = move || values().first().map(|(index, ..)| range_of(play, *index));
    view! {
        <div
            class="handle"
            class:dragging=live(move || dragging.get().is_some())
            node_ref=element
            role="slider"
            tabindex="0"
            hidden=live(move || place.get().is_none())
            style=("left", live(move || place.get().map(|place| format!("{}px", place.0))))
            style=("top", live(move || place.get().map(|place| format!("{}px", place.1))))
            aria-label=live(move || handle().map(|(_, _, name, _)| name.get(reader.lang.get()).to_owned()))
            aria-valuenow=live(move || now().map(|now| now.clamp(-1e15, 1e15).to_string()))
            aria-valuemin=live(move || bounds().map(|range| range.0.to_string()))
            aria-valuemax=live(move || bounds().map(|range| range.1.to_string()))
            aria-valuetext=text
            on:pointerdown=start
            on:pointermove=drag
            on:pointerup=end
            on:pointercancel=end
            on:keydown=press
            on:keyup=move |_| play.commit()
            on:pointerenter=move |_| play.lit.set(untrack(handle).and_then(|(.., term)| term))
            on:pointerleave=move |_| play.lit.set(None)
            on:focus=move |_| play.lit.set(untrack(handle).and_then(|(.., term)| term))
            on:blur=move |_| play.lit.set(None)
        ></div>
    }
}

fn turn(nudge: Nudge) -> Nudge {
    match nudge {
        Nudge::Steps(n) => Nudge::Steps(-n),
        Nudge::First => Nudge::Last,
        Nudge::Last => Nudge::First,
    }
}

/// The number that a handle moves: a slider's, or one of a vector's.
fn number_of(value: &Value, index: Option<usize>) -> Option<f64> {
    match (value, index) {
        (Value::Number(number), _) => Some(*number),
        (Value::Integer(number), _) => Some(*number as f64),
        (Value::Vector(numbers), Some(at)) => numbers.get(at).copied(),
        _ => None,
    }
}

/// Changes the number of a handle by a rule, during a gesture.
fn set(play: Play, index: usize, slot: Option<usize>, rule: impl Fn(&crate::contract::control::Kind, f64, (f64, f64)) -> f64) {
    let (Some(face), Some(value)) = (play.face(index), untrack(|| play.value(index))) else { return };
    let Some(now) = number_of(&value, slot) else { return };
    let now = if now.is_finite() { now } else { range_of(play, index).0 };
    let next = rule(&face.kind, now, range_of(play, index));
    let value = match (value, slot) {
        (Value::Vector(numbers), Some(at)) => {
            let mut numbers = numbers.to_vec();
            numbers[at] = next;
            Value::Vector(numbers.into())
        }
        (Value::Integer(_), _) => Value::Integer(next.max(0.0).round() as u64),
        _ => Value::Number(next),
    };
    play.set(index, value);
}
