//! The slim line at the top, its menu, and the dialogs behind it.

use leptos::html;
use leptos::prelude::*;

use crate::browser::{clipboard, page};
use crate::contract::text::{Text, Words};
use crate::player::button::Button;
use crate::player::play::Play;
use crate::player::reader::{Reader, act, live, reader};
use crate::player::words;
use crate::plot::svg::escape;
use crate::plot::theme::Theme;

/// The sandbox in which an embed runs: scripts, and nothing of the host's.
const SANDBOX: &str = "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads";

/// Home, title, language, theme: on every page.
#[component]
pub fn TopLine(
    /// The title beside the mark.
    #[prop(optional)]
    title: Option<Text>,
    /// What stands after language and theme.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let reader = reader();
    let base = page::data("base").unwrap_or_else(|| "/".into());
    view! {
        <header class="top">
            <a class="brand" href=base><span lang="zh-CN">"演算"</span><span class="voice">" "{reader.say(words::HOME)}</span></a>
            <span class="name">{live(move || title.map(|title| reader.tell(title)))}</span>
            <Choices />
            {children.map(|children| children())}
        </header>
    }
}

/// The switches of language and theme.
#[component]
pub fn Choices() -> impl IntoView {
    let reader = reader();
    view! {
        <button type="button" class="plain" data-act="language"
            lang=live(move || reader.lang.get().other().tag())
            aria-label=reader.say(words::LANGUAGE_LABEL)
            on:click=act(move |_| reader.speak(reader.lang.get_untracked().other()))
        >
            {reader.say(words::LANGUAGE)}
        </button>
        <button type="button" class="plain" data-act="theme"
            aria-label=live(move || format!("{} · {}", reader.tell(words::THEME), reader.tell(theme_name(reader.theme()))))
            on:click=act(move |_| reader.wear(after(untrack(|| reader.theme()))))
        >
            {live(move || reader.tell(theme_name(reader.theme())))}
        </button>
    }
}

const fn theme_name(theme: &Theme) -> Text {
    match theme.key.as_bytes()[0] {
        b'l' => words::THEME_LIGHT,
        b'd' => words::THEME_DARK,
        _ => words::THEME_PROJECTOR,
    }
}

fn after(theme: &Theme) -> &'static Theme {
    let at = Theme::ALL.iter().position(|other| other.key == theme.key).unwrap_or(0);
    Theme::ALL[(at + 1) % Theme::ALL.len()]
}

/// Share, embed, keyboard help.
#[component]
pub fn Menu(
    /// The widget in play.
    play: Play,
) -> impl IntoView {
    let reader = reader();
    let embed = NodeRef::<html::Dialog>::new();
    let keys = NodeRef::<html::Dialog>::new();
    let share = NodeRef::<html::Dialog>::new();
    let status = RwSignal::new(None::<Text>);
    let open = |dialog: NodeRef<html::Dialog>| {
        if let Some(dialog) = dialog.get_untracked() {
            let _shown = dialog.show_modal();
        }
    };
    let link = live(move || link_of(play, "w"));
    let copy = move |text: String| {
        status.set(None);
        leptos::task::spawn_local(async move {
            let done = clipboard::copy(text).await;
            status.set(Some(if done { words::COPIED } else { words::COPY_BY_HAND }));
        });
    };
    page::on_key(move |event| match event.key().as_str() {
        "?" if !page::is_typing() => open(keys),
        "z" | "Z" if (event.ctrl_key() || event.meta_key()) && !page::is_typing() => {
            event.prevent_default();
            if event.shift_key() { play.redo() } else { play.undo() }
        }
        "y" if event.ctrl_key() && !page::is_typing() => {
            event.prevent_default();
            play.redo();
        }
        _ => {}
    });
    view! {
        <div class="menu">
            <Button class="plain" name="share" says=reader.say(words::SHARE) press=Callback::new(move |()| { status.set(None); open(share); }) />
            <Button class="plain" name="embed" says=reader.say(words::EMBED) press=Callback::new(move |()| { status.set(None); open(embed); }) />
            <Button class="plain" name="keys" says=reader.say(words::KEYS) press=Callback::new(move |()| open(keys)) />
        </div>
        <DialogView node=share title=words::SHARE>
            <p class="wrong note">{live(move || play.setting.with(|_| (!play.written().left_out.is_empty()).then(|| reader.tell(words::TOO_LONG))))}</p>
            <textarea readonly rows="3" aria-label=reader.say(words::SHARE) prop:value=link></textarea>
            <p><Button class="button strong" says=reader.say(words::COPY) press=Callback::new(move |()| copy(link.get_untracked())) />" "<span aria-live="polite">{live(move || status.get().map(|text| reader.tell(text)))}</span></p>
        </DialogView>
        <DialogView node=embed title=words::EMBED>
            <p>{reader.say(words::EMBED_HELP)}</p>
            <textarea readonly rows="9" aria-label=reader.say(words::EMBED) prop:value=live(move || snippet(play, reader))></textarea>
            <p><Button class="button strong" says=reader.say(words::COPY) press=Callback::new(move |()| copy(untrack(|| snippet(play, reader)))) />" "<span aria-live="polite">{live(move || status.get().map(|text| reader.tell(text)))}</span></p>
        </DialogView>
        <DialogView node=keys title=words::KEYS>
            <ul>
                {[words::KEY_TAB, words::KEY_ARROWS, words::KEY_PAGES, words::KEY_TOUR, words::KEY_UNDO, words::KEY_PLAY, words::KEY_DOUBLE, words::KEY_HELP]
                    .into_iter()
                    .map(|text| view! { <li>{reader.say(text)}</li> })
                    .collect_view()}
            </ul>
        </DialogView>
    }
}

/// A dialog of the browser's own: it keeps the focus inside and Escape closes it.
#[component]
fn DialogView(node: NodeRef<html::Dialog>, title: Text, children: Children) -> impl IntoView {
    let reader = reader();
    view! {
        <dialog node_ref=node aria-label=reader.say(title)>
            <form method="dialog">
                <div class="bar"><h2>{reader.say(title)}</h2><button type="submit" class="plain">{reader.say(words::CLOSE)}</button></div>
            </form>
            {children()}
        </dialog>
    }
}

/// A link to this state: the page of the widget (`w`) or its embed (`embed/v1`).
pub fn link_of(play: Play, page: &str) -> String {
    let base = page::data("base").unwrap_or_else(|| "/".into());
    let query = play.written().query;
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}{base}{page}/{}/{mark}{query}", page::origin(), play.widget.about().slug)
}

/// The code that a blogger pastes: a plain iframe, which works with no script on the host's page.
fn snippet(play: Play, reader: Reader) -> String {
    let about = play.widget.about();
    let lang = reader.lang.get();
    let title = Words::new(format!("{}（可交互）", about.title.zh), format!("{} (interactive)", about.title.en));
    let page = link_of(play, "w");
    let mut source = link_of(play, "embed/v1");
    source.push(if source.contains('?') { '&' } else { '?' });
    source.push_str(&format!("lang={}&v={}", lang.key(), about.version));
    format!(
        "<figure>\n<iframe src=\"{}\"\n  title=\"{}\"\n  width=\"100%\" height=\"760\" style=\"border:0\" loading=\"lazy\"\n  sandbox=\"{SANDBOX}\"\n  \
         allow=\"fullscreen; clipboard-write\" referrerpolicy=\"strict-origin-when-cross-origin\"></iframe>\n<figcaption><a href=\"{}\">{}</a></figcaption>\n</figure>",
        escape(&source),
        escape(title.get(lang)),
        escape(&page),
        escape(about.title.get(lang)),
    )
}
