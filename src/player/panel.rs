//! One view on the stage: a canvas with its handles and its readout line, or a table.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use crate::browser::canvas::{Canvas, CanvasSurface, pixel_ratio};
use crate::browser::dom::{self, KeyboardEvent, PointerEvent};
use crate::browser::{observe, page, save};
use crate::contract::figure::{Figure, Mark, Move, Point, Shape};
use crate::contract::number;
use crate::contract::panel::{Panel, Size, View};
use crate::contract::readout::Place;
use crate::contract::shelf::Scene;
use crate::contract::table::{Cell, Table};
use crate::contract::text::{Lang, Words};
use crate::player::button::button;
use crate::player::controls::rail;
use crate::player::el::{El, el, run};
use crate::player::nudge::Nudge;
use crate::player::play::Play;
use crate::player::reader::reader;
use crate::player::session::Session;
use crate::player::words;
use crate::plot::frame::Frame;
use crate::plot::legend::{Entry, legend as entries};
use crate::plot::probe::{Probe, picked, probe, term_at};
use crate::plot::render::{Look, render};
use crate::plot::svg::{self, escape};
use crate::plot::table;
use crate::plot::theme::Theme;

/// Rows of a table that the page shows; the file has all.
const ROWS: usize = 200;

/// What a view shows now; it changes only if what is shown does.
type Shows = RwSignal<Arc<View>>;

/// One view of the widget.
pub fn panel_view(play: Play, index: usize, panel: &'static Panel) -> El {
    let reader = reader();
    let first = play.shown.with_untracked(|shown| shown.scene.views.get(index).cloned());
    let view = RwSignal::new(Arc::new(first.unwrap_or_else(|| View::Figure(Figure::default()))));
    run(Box::new(move || {
        play.shown.with(|shown| {
            let now = shown.scene.views.get(index);
            if let Some(now) = now.filter(|now| view.with_untracked(|before| **before != **now)) {
                view.set(Arc::new(now.clone()));
            }
        });
    }));
    let is_table = view.with_untracked(|view| matches!(**view, View::Table(_)));
    let is_told =
        move || play.step.get().0.and_then(|step| play.widget.steps().get(step).map(|step| step.panel)) == Some(panel.id);
    let title = format!("title-{}", panel.id);
    let section = el("section")
        .class(if panel.size == Size::Full { "panel full" } else { "panel" })
        .mark("told", is_told)
        .set("id", &format!("panel-{}", panel.id))
        .set("data-panel", panel.id)
        .set("aria-labelledby", &title)
        .with(el("header").with(el("h2").set("id", &title).say(panel.title)).with(el("p").class("hint").say(panel.hint)));
    let section = if is_table { section.all(verdicts(play, view)) } else { section.all(figure_view(play, panel, view)) };
    let readouts = move || play.shown.with(|shown| readout_list(&shown.scene, Place::Panel(panel.id), reader.lang.get()));
    section.with(el("div").class("beside").all(rail(play, Place::Panel(panel.id)))).with(
        el("div").class("underline").with(el("dl").class("readouts").html(readouts)).with(data_view(play, panel, view, is_table)),
    )
}

/// Source line, table, and files of a view; the table is made only while it is open.
fn data_view(play: Play, panel: &'static Panel, view: Shows, is_table: bool) -> El {
    let reader = reader();
    let open = RwSignal::new(false);
    let name = move |ending: &str| format!("{}-{}.{ending}", play.widget.about().slug, panel.id);
    let csv = move || {
        let table = view.with_untracked(|view| table::of(panel, view));
        save::text(&name("csv"), "text/csv;charset=utf-8", &format!("\u{feff}{}", table.csv(reader.lang.get_untracked())));
    };
    let json = move || {
        let table = view.with_untracked(|view| table::of(panel, view));
        save::text(&name("json"), "application/json", &table.json(reader.lang.get_untracked()));
    };
    let picture = move || {
        if let View::Figure(figure) = &*view.get_untracked() {
            let (theme, lang) = (untrack(|| reader.theme()), reader.lang.get_untracked());
            save::text(&name("svg"), "image/svg+xml", &svg::file(panel, figure, theme, lang, svg::FILE_WIDTH));
        }
    };
    let pixels = move || {
        if let View::Figure(figure) = &*view.get_untracked() {
            let (theme, lang) = (untrack(|| reader.theme()), reader.lang.get_untracked());
            if let Some(canvas) = photograph(panel, figure, theme, lang) {
                save::png(&name("png"), &canvas);
            }
        }
    };
    let rows = move || {
        let table = open.get().then(|| view.with(|view| table::of(panel, view)));
        table.map_or_else(String::new, |table| table_markup(&table, reader.lang.get()))
    };
    let mut pictures = el("span").class("chips");
    if is_table {
        pictures = pictures.set("hidden", "");
    }
    el("details")
        .class("data")
        .on("toggle", move |event| open.set(page::is_open(&event)))
        .with(el("summary").say(words::DATA))
        .with(el("p").with(el("b").say(words::evidence(panel.source.evidence))).text(" · ").say(panel.source.words))
        .with(
            el("p")
                .class("chips")
                .with(
                    pictures
                        .with(button("chip").say(words::SAVE_SVG).press(picture))
                        .with(button("chip").say(words::SAVE_PNG).press(pixels)),
                )
                .with(button("chip").say(words::SAVE_CSV).press(csv))
                .with(button("chip").say(words::SAVE_JSON).press(json)),
        )
        .with(
            el("div")
                .class("table")
                .set("tabindex", "0")
                .set("role", "group")
                .label("aria-label", panel.title)
                .flag("hidden", move || !open.get())
                .html(rows),
        )
}

/// The readouts of one place, as the inside of a description list.
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

/// A view that is a table: properties that hold or not, each with its reason below while it is looked at, and each failure with a
/// scene that shows it.
fn verdicts(play: Play, view: Shows) -> [El; 2] {
    let reader = reader();
    let why = RwSignal::new(String::new());
    let title = move || match &*view.get() {
        View::Table(table) => Some(table.title.get(reader.lang.get()).to_owned()),
        View::Figure(_) => None,
    };
    let has_reasons =
        move || view.with(|view| matches!(&**view, View::Table(table) if table.rows.iter().flatten().any(is_explained)));
    let told = move || {
        let why = why.get();
        if why.is_empty() { reader.tell(words::WHY).to_owned() } else { why }
    };
    [
        rows(play, view, why, el("div").class("verdicts").set("tabindex", "0").set("role", "group").bind("aria-label", title)),
        el("p").class("hint").set("aria-hidden", "true").flag("hidden", move || !has_reasons()).words(told),
    ]
}

/// The table inside of its place. Where cells only say other words they are kept, instead of hundreds of new ones at every move of a
/// slider.
fn rows(play: Play, view: Shows, why: RwSignal<String>, place: El) -> El {
    let reader = reader();
    let node = place.0.clone();
    let kept = RefCell::new(None::<(Lang, Arc<View>, Vec<El>)>);
    run(Box::new(move || {
        let (lang, now) = (reader.lang.get(), view.get());
        let View::Table(table) = &*now else { return };
        let mut kept = kept.borrow_mut();
        let before = kept.take().filter(|(tongue, ..)| *tongue == lang);
        let cells = if let Some((_, old, cells)) = before
            && let View::Table(old) = &*old
            && is_worded_anew(old, table)
        {
            let words = old.rows.iter().flatten().zip(table.rows.iter().flatten());
            for (cell, (_, new)) in cells.iter().zip(words).filter(|(_, (old, new))| old != new) {
                write(cell, &new.show(lang));
            }
            cells
        } else {
            why.set(String::new());
            dom::clear(&node);
            let head = el("tr").all(table.head.iter().map(|words| el("th").set("scope", "col").text(words.get(lang))));
            let body = el("tbody");
            let mut cells = Vec::new();
            for row in &table.rows {
                let line = el("tr");
                for (at, cell) in row.iter().enumerate() {
                    let cell = verdict(play, why, at, cell);
                    dom::add(&line.0, &cell.0);
                    cells.push(cell);
                }
                dom::add(&body.0, &line.0);
            }
            dom::add(&node, &el("table").with(el("thead").with(head)).with(body).0);
            cells
        };
        *kept = Some((lang, now.clone(), cells));
    }));
    place
}

/// Whether two tables differ in the words of their cells at most. What can be pressed is made anew.
fn is_worded_anew(old: &Table, new: &Table) -> bool {
    let is_plain = |cell: &Cell| !matches!(cell, Cell::Verdict { .. });
    let is_same = |(old, new): (&Vec<Cell>, &Vec<Cell>)| old.len() == new.len() && new.iter().all(is_plain);
    old.head == new.head
        && old.rows.len() == new.rows.len()
        && old.rows.iter().zip(&new.rows).all(is_same)
        && old.rows.iter().flatten().all(is_plain)
}

/// The words of a cell; a sentence is given a line's length, and the table scrolls.
fn write(cell: &El, words: &str) {
    dom::set_words(&cell.0, words);
    dom::set_class(&cell.0, "prose", words.chars().count() > 14);
}

fn is_explained(cell: &Cell) -> bool {
    matches!(cell, Cell::Verdict { why, .. } if !why.en.is_empty())
}

/// A cell; the first of a row names it. Its reason is told while it is pointed at or has the focus; voices read it with the mark.
fn verdict(play: Play, told: RwSignal<String>, at: usize, cell: &Cell) -> El {
    let reader = reader();
    let lang = reader.lang.get();
    let Cell::Verdict { holds, why, show } = cell else {
        let place = if at == 0 { el("th").set("scope", "row") } else { el("td") };
        write(&place, &cell.show(lang));
        return place;
    };
    let mark = if *holds { "✓" } else { "✗" };
    let word = reader.tell(if *holds { words::HOLDS } else { words::FAILS });
    let why = why.get(lang);
    let label = format!("{word}{}{why}", if why.is_empty() { "" } else { ": " });
    let (pointed, focused) = (why.to_owned(), why.to_owned());
    let place = el("td")
        .class(if *holds { "" } else { "no" })
        .on("pointerenter", move |_| told.set(pointed.clone()))
        .on("focusin", move |_| told.set(focused.clone()));
    match show.clone() {
        Some(patch) => place.with(
            el("button")
                .set("type", "button")
                .set("aria-label", &format!("{label} {}", reader.tell(words::SHOW_IT)))
                .text(mark)
                .with(el("span").class("show").say(words::SHOW_IT))
                .press(move || {
                    let patch = patch.clone();
                    play.act(move |session| session.patch(&patch));
                    // What it shows is above; left here, the press would seem to do nothing.
                    if let Some(lead) = play.widget.panels().first() {
                        page::show(&format!("panel-{}", lead.id));
                    }
                }),
        ),
        None => place.with(el("span").set("aria-hidden", "true").text(mark)).with(el("span").class("voice").text(&label)),
    }
}

/// A figure as it stands on its canvas.
#[derive(Clone)]
struct Drawn {
    view: Arc<View>,
    /// Where it lies.
    frame: Frame,
}

/// The last picture, if there is one: what is pointed at and dragged is what a reader sees.
type LastPicture = RwSignal<Option<Drawn>>;

impl Drawn {
    fn figure(&self) -> Option<&Figure> {
        match &*self.view {
            View::Figure(figure) => Some(figure),
            View::Table(_) => None,
        }
    }
}

/// What a reader looks at in a figure: with a pointer, a finger or the arrow keys.
#[derive(Clone, Copy)]
struct Gaze {
    play: Play,
    drawn: LastPicture,
    cursor: RwSignal<Option<Point>>,
    /// What is read there.
    read: RwSignal<Option<Probe>>,
    /// Whether the arrow keys ask: readings under a moving pointer would never end, so only the others are announced.
    by_keys: RwSignal<bool>,
}

impl Gaze {
    fn new(play: Play) -> Self {
        let gaze = Self {
            play,
            drawn: RwSignal::new(None),
            cursor: RwSignal::new(None),
            read: RwSignal::new(None),
            by_keys: RwSignal::new(false),
        };
        let reader = reader();
        run(Box::new(move || {
            let (lang, drawn) = (reader.lang.get(), gaze.drawn.get());
            let found = gaze.cursor.get().zip(drawn).and_then(|(at, drawn)| probe(drawn.figure()?, &drawn.frame, at, lang));
            if gaze.read.with_untracked(|before| *before != found) {
                gaze.read.set(found);
            }
        }));
        gaze
    }

    /// Looks at a point of the figure, or away.
    fn aim(self, at: Option<Point>) {
        self.cursor.set(at);
        let term = at.zip(self.drawn.get_untracked()).and_then(|(at, drawn)| term_at(drawn.figure()?, &drawn.frame, at));
        if self.play.lit.get_untracked() != term {
            self.play.lit.set(term);
        }
    }

    /// Where a pointer is.
    fn under(self, event: &PointerEvent) -> Option<Point> {
        let scale = pixel_ratio();
        let at = (f64::from(event.offset_x()) * scale, f64::from(event.offset_y()) * scale);
        self.drawn.get_untracked().map(|drawn| drawn.frame.data(at))
    }

    fn hover(self, event: &PointerEvent) {
        self.by_keys.set(false);
        self.aim(self.under(event));
    }

    /// Sets what the nearest dot sets, if it is one that can be picked.
    fn pick(self, at: Option<Point>) {
        let found = at.zip(self.drawn.get_untracked()).and_then(|(at, drawn)| picked(drawn.figure()?, &drawn.frame, at));
        if let Some((key, value)) = found {
            self.play.act(move |session| session.pick(key, value));
        }
    }

    fn press(self, event: &KeyboardEvent) {
        let (dx, dy) = match event.key().as_str() {
            "ArrowLeft" => (-1.0, 0.0),
            "ArrowRight" => (1.0, 0.0),
            "ArrowUp" => (0.0, 1.0),
            "ArrowDown" => (0.0, -1.0),
            "Escape" => {
                self.aim(None);
                return;
            }
            "Enter" => {
                self.pick(self.cursor.get_untracked());
                return;
            }
            _ => return,
        };
        event.prevent_default();
        self.by_keys.set(true);
        let Some(Drawn { frame, .. }) = self.drawn.get_untracked() else { return };
        let middle = (f64::midpoint(frame.left, frame.right), f64::midpoint(frame.top, frame.bottom));
        let from = self.cursor.get_untracked().map_or(middle, |at| frame.pixel(at));
        let stride = (frame.right - frame.left) / if event.shift_key() { 8.0 } else { 40.0 };
        let x = (from.0 + dx * stride).clamp(frame.left, frame.right);
        let y = (from.1 - dy * stride).clamp(frame.top, frame.bottom);
        self.aim(Some(frame.data((x, y))));
    }
}

/// A figure on a canvas. The canvas lives as long as the page; it is drawn again only if something that it shows has changed,
/// and only while it is in view.
fn figure_view(play: Play, panel: &'static Panel, view: Shows) -> [El; 3] {
    let reader = reader();
    let surface = el("canvas");
    let gaze = Gaze::new(play);
    let Gaze { drawn, read, by_keys, .. } = gaze;
    keep_drawn(play, view, &surface.0, drawn);
    let spoken = move || match &*view.get() {
        View::Figure(figure) => Some(svg::spoken(panel, figure, reader.lang.get())),
        View::Table(_) => None,
    };
    let guide = move || match (read.get(), drawn.get()) {
        (Some(read), Some(drawn)) => percent(drawn.frame.part(read.at).0),
        _ => String::new(),
    };
    let count = Memo::new(move |_| view.with(|view| handles(view).count()));
    let read_id = format!("read-{}", panel.id);
    [
        el("div").class("axis-y").with(el("span").say(panel.y)).with(legend(panel, view)),
        el("div")
            .class("plot")
            .style("--aspect", move || panel.aspect.to_string())
            .with(
                surface
                    .set("id", &format!("canvas-{}", panel.id))
                    .set("role", "img")
                    .set("tabindex", "0")
                    .mark("picks", move || view.with(|view| marks(view).iter().any(|mark| mark.picks.is_some())))
                    .bind("aria-label", spoken)
                    .set("aria-describedby", &read_id)
                    .on_pointer("pointermove", move |event| gaze.hover(event))
                    .on_pointer("pointerdown", move |event| gaze.hover(event))
                    .on_pointer("click", move |event| gaze.pick(gaze.under(event)))
                    .on("pointerleave", move |_| gaze.aim(None))
                    .on("blur", move |_| gaze.aim(None))
                    .on_key(move |event| gaze.press(event)),
            )
            .with(
                el("i")
                    .class("cursor")
                    .set("aria-hidden", "true")
                    .flag("hidden", move || read.with(Option::is_none))
                    .style("left", guide),
            )
            .with(
                el("div").class("handles").swap(move || (0..count.get()).map(|at| handle_view(play, view, drawn, at)).collect()),
            ),
        el("div")
            .class("axis-x")
            .with(
                el("output")
                    .class("read")
                    .set("id", &read_id)
                    .bind("aria-live", move || Some(if by_keys.get() { "polite" } else { "off" }.to_owned()))
                    .words(move || read.get().map_or_else(String::new, |read| read.words)),
            )
            .with(el("span").say(panel.x)),
    ]
}

/// Draws a figure whenever something changes that it shows, while its canvas is in view; tells what it drew.
fn keep_drawn(play: Play, view: Shows, canvas: &dom::Element, drawn: LastPicture) {
    let reader = reader();
    // Width and height in CSS pixels, and whether it is in view.
    let stage = RwSignal::new((0.0, 0.0, false));
    let resized = move |width, height| stage.update(|stage| (stage.0, stage.1) = (width, height));
    let came = move |is_visible| stage.update(|stage| stage.2 = is_visible);
    let easel = Easel { canvas: canvas.clone(), surface: Rc::default(), next: Rc::default(), drawn };
    // A browser that is short of memory may take a canvas's picture away; when it gives the canvas back, it is drawn again.
    let lost = easel.surface.clone();
    let restored = dom::listen(
        canvas,
        "contextrestored",
        Box::new(move |_| {
            lost.take();
            stage.notify();
        }),
    );
    StoredValue::new_local((observe::size(canvas, resized), observe::view(canvas, came), restored));
    // A term that this figure does not show must not make it draw.
    let lit = Memo::new(move |_| {
        play.lit.get().filter(|term| view.with(|view| marks(view).iter().any(|mark| mark.term == Some(*term))))
    });
    run(Box::new(move || {
        let (width, height, true) = stage.get() else { return };
        if width < 1.0 || height < 1.0 {
            return;
        }
        let scale = pixel_ratio();
        let size = ((width * scale).round() as u32, (height * scale).round() as u32);
        let look = Look { theme: reader.theme(), lang: reader.lang.get(), scale, lit: lit.get() };
        easel.ask(Picture { view: view.get(), look, size });
    }));
}

/// A picture to be drawn, and its size in device pixels.
struct Picture {
    view: Arc<View>,
    look: Look<'static>,
    size: (u32, u32),
}

/// A canvas, and the next picture that it is to show.
#[derive(Clone)]
struct Easel {
    canvas: dom::Element,
    surface: Rc<RefCell<Option<CanvasSurface>>>,
    next: Rc<RefCell<Option<Picture>>>,
    drawn: LastPicture,
}

impl Easel {
    /// Draws when all else that follows from the change has been written to the page, still before the browser shows it. Words on a
    /// canvas make the browser bring the styles of the page up to date: between other writes that would be done again and again (a
    /// third of the time from input to picture, by `cargo xtask bench`).
    fn ask(&self, picture: Picture) {
        if self.next.replace(Some(picture)).is_none() {
            let easel = self.clone();
            leptos::task::spawn_local(async move { easel.draw() });
        }
    }

    fn draw(&self) {
        let Some(Picture { view, look, size }) = self.next.take() else { return };
        let mut surface = self.surface.borrow_mut();
        if surface.is_none() {
            *surface = CanvasSurface::of(&self.canvas);
        }
        let Some(surface) = surface.as_mut() else { return };
        surface.resize(size);
        if let View::Figure(figure) = &*view
            && let Ok(frame) = render(surface, figure, look)
        {
            self.drawn.try_set(Some(Drawn { view, frame }));
        }
    }
}

/// A figure on a canvas of its own, as wide as every file: the one on the page is drawn only while it is in view, and as wide as the
/// page has room.
pub fn photograph(panel: &Panel, figure: &Figure, theme: &Theme, lang: Lang) -> Option<Canvas> {
    let scale = pixel_ratio();
    let look = Look { theme, lang, scale, lit: None };
    let (width, height) = (svg::FILE_WIDTH * scale, (svg::FILE_WIDTH / panel.aspect).round() * scale);
    let (canvas, mut surface) = CanvasSurface::sheet((width as u32, height as u32))?;
    render(&mut surface, figure, look).ok().map(|_| canvas)
}

/// Names of the roles in a figure, each with its stroke.
fn legend(panel: &'static Panel, view: Shows) -> El {
    let reader = reader();
    let list = el("ul").class("legend");
    let entry = |Entry { role, form, name }: Entry, lang: Lang| {
        let form = form.class();
        format!("<li><i class=\"swatch {role:?} {form}\" aria-hidden=\"true\"></i>{}</li>", escape(name.get(lang)))
    };
    let markup = move || {
        let lang = reader.lang.get();
        view.with(|view| entries(marks(view))).into_iter().map(|each| entry(each, lang)).collect()
    };
    if panel.legend { list.html(markup) } else { list.set("hidden", "") }
}

/// A part of a length, for a style.
fn percent(part: f64) -> String {
    format!("{:.4}%", 100.0 * part)
}

/// The marks of a view; a table has none.
fn marks(view: &View) -> &[Mark] {
    match view {
        View::Figure(figure) => &figure.marks,
        View::Table(_) => &[],
    }
}

/// What can be dragged in a view: where it stands, what it moves, its name, its term.
fn handles(view: &View) -> impl Iterator<Item = (Point, &[Move], &Words, Option<&'static str>)> {
    marks(view).iter().filter_map(|mark| match &mark.shape {
        Shape::Handle(at, moves, name) => Some((*at, moves.as_slice(), name, mark.term)),
        _ => None,
    })
}

/// What can be dragged: an element over the canvas, so that fingers, keys and voices find it.
fn handle_view(play: Play, view: Shows, drawn: LastPicture, at: usize) -> El {
    let reader = reader();
    let knob = el("div");
    let element = knob.0.clone();
    let grip = RwSignal::new(None::<Point>);
    let moves = move || view.with(|view| handles(view).nth(at).map(|handle| handle.1.to_vec()).unwrap_or_default());
    let term = move || view.with_untracked(|view| handles(view).nth(at).and_then(|handle| handle.3));
    // Where it is in the picture, which a figure out of view has from before.
    let point = move |drawn: &Drawn| handles(&drawn.view).nth(at).map(|handle| handle.0);
    // Parts of the canvas: pixels would be wrong from a change of the window until the next picture. What lies beyond the figure
    // waits at its edge.
    let place = move || {
        let drawn = drawn.get()?;
        let (x, y) = drawn.frame.part(point(&drawn)?);
        Some((x.clamp(0.0, 1.0), y.clamp(0.0, 1.0)))
    };
    let start = {
        let element = element.clone();
        move |event: &PointerEvent| {
            let Some((frame, at)) = drawn.get_untracked().and_then(|drawn| Some((drawn.frame, point(&drawn)?))) else { return };
            if event.button() != 0 || !event.is_primary() {
                return;
            }
            let pixel = frame.pixel(at);
            let (x, y) = (pixel.0 / frame.scale, pixel.1 / frame.scale);
            event.prevent_default();
            dom::hold(&element, event);
            grip.set(Some((x - f64::from(event.client_x()), y - f64::from(event.client_y()))));
            dom::focus(&element);
        }
    };
    let end = move || {
        if grip.get_untracked().is_some() {
            grip.set(None);
            play.act(Session::commit);
        }
    };
    let drag = move |event: &PointerEvent| {
        let (Some((dx, dy)), Some(Drawn { frame, .. })) = (grip.get_untracked(), drawn.get_untracked()) else { return };
        if event.buttons() == 0 {
            end(); // the release went elsewhere, to a menu for example
            return;
        }
        let to = ((f64::from(event.client_x()) + dx) * frame.scale, (f64::from(event.client_y()) + dy) * frame.scale);
        let (moves, to) = (untrack(moves), frame.data(to));
        play.act(move |session| session.drag(&moves, to));
    };
    let press = move |event: &KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() {
            return;
        }
        let Some(nudge) = Nudge::of(&event.key(), event.shift_key(), event.alt_key()) else { return };
        event.prevent_default();
        let is_sideways = ["ArrowLeft", "ArrowRight", "Home", "End"].contains(&event.key().as_str());
        let moves = untrack(moves);
        play.act(move |session| session.push(&moves, nudge, is_sideways));
    };
    // The numbers that it moves, each with its range.
    let numbers = move || -> Vec<(f64, (f64, f64))> {
        let numbered = |each: &Move| {
            play.session.with(|session| {
                let index = session.widget.control(each.key)?;
                Some((session.number(index, each.index)?, session.range(index)))
            })
        };
        moves().iter().filter_map(numbered).collect()
    };
    let first = move |pick: fn((f64, (f64, f64))) -> f64| numbers().first().map(|first| pick(*first).to_string());
    let text = move || Some(numbers().iter().map(|(value, _)| number::short(*value, 4)).collect::<Vec<_>>().join(", "));
    let name = move || view.with(|view| handles(view).nth(at).map(|handle| handle.2.get(reader.lang.get()).to_owned()));
    knob.class("handle")
        .mark("dragging", move || grip.get().is_some())
        .set("role", "slider")
        .set("tabindex", "0")
        .flag("hidden", move || place().is_none())
        .style("left", move || place().map_or_else(String::new, |place| percent(place.0)))
        .style("top", move || place().map_or_else(String::new, |place| percent(place.1)))
        .bind("aria-label", name)
        .bind("aria-valuenow", move || first(|(now, _)| now.clamp(-1e15, 1e15)))
        .bind("aria-valuemin", move || first(|(_, range)| range.0))
        .bind("aria-valuemax", move || first(|(_, range)| range.1))
        .bind("aria-valuetext", text)
        .on_pointer("pointerdown", start)
        .on_pointer("pointermove", drag)
        .on("pointerup", move |_| end())
        .on("pointercancel", move |_| end())
        .on_key(press)
        .on("keyup", move |_| play.act(Session::commit))
        .on("pointerenter", move |_| play.lit.set(term()))
        .on("pointerleave", move |_| play.lit.set(None))
        .on("focus", move |_| play.lit.set(term()))
        .on("blur", move |_| play.lit.set(None))
}
