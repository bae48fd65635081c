//! A widget in touch with the scripts beside it: the one of embeds, which speaks with the page around, and the one that presents to a class.
//! Both say what a host may say: see [`host`].

use leptos::prelude::*;

use crate::browser::script;
use crate::contract::address::Pairs;
use crate::contract::json::{object, string};
use crate::contract::panel::View;
use crate::contract::text::Lang;
use crate::player::el::run;
use crate::player::host::{self, Command, Format};
use crate::player::panel::photograph;
use crate::player::play::Play;
use crate::player::reader::{Reader, reader};
use crate::player::session::Session;

/// What speaks for the widget.
#[derive(Clone, Copy)]
struct Voice {
    play: Play,
    reader: Reader,
}

/// Lets the script beside the program ask, and calls it after every change, for as long as the page lives.
pub fn speak(play: Play) {
    let voice = Voice { play, reader: reader() };
    let changed = script::offer(
        move |kind, fields| {
            let command = host::read(play.widget, &kind, &Pairs::of(&fields));
            host::answer(command.and_then(|command| voice.obey(command)))
        },
        move || {
            let scene = play.shown.with_untracked(|shown| shown.scene.clone());
            play.session.with_untracked(|session| host::now(session, &scene, voice.lang()))
        },
    );
    run(Box::new(move || {
        play.shown.track();
        play.session.track();
        changed();
    }));
}

impl Voice {
    fn lang(self) -> Lang {
        self.reader.lang.get_untracked()
    }

    /// The result is JSON.
    fn obey(self, command: Command) -> Result<String, String> {
        let play = self.play;
        if matches!(command, Command::Describe | Command::Export { .. }) {
            play.settle();
        }
        match command {
            Command::State => return Ok(object(&play.session.with_untracked(host::whole))),
            Command::Describe => {
                return Ok(play.shown.with_untracked(|shown| string(shown.scene.spoken.get(self.lang()))));
            }
            Command::Set { pairs, is_undoable } => play.act(move |session| session.follow(&pairs, is_undoable)),
            Command::Reset => play.act(Session::reset),
            Command::Undo => play.act(Session::undo),
            Command::Redo => play.act(Session::redo),
            Command::Step(step) => play.act(move |session| session.goto(step)),
            Command::Answer(answer) => {
                let answer = play.session.with_untracked(|session| host::answer_of(session, answer))?;
                play.act(move |session| session.answer(answer));
            }
            Command::Preset(preset) => play.act(move |session| session.preset(preset)),
            Command::Play => self.set_playing(true)?,
            Command::Pause => self.set_playing(false)?,
            Command::Suspend => {
                play.act(Session::pause);
                play.sleep(true);
            }
            Command::Resume => play.sleep(false),
            Command::Options { lang, theme, accent, is_calm } => {
                // The host's wish is not the reader's choice: it is not kept.
                if let Some(lang) = lang {
                    self.reader.lang.set(lang);
                }
                if let Some(theme) = theme {
                    self.reader.chosen.set(theme);
                }
                if let Some(accent) = accent {
                    self.reader.accent.set(accent);
                }
                if let Some(is_calm) = is_calm {
                    self.reader.calm.set(is_calm);
                    if is_calm {
                        play.act(Session::pause);
                    }
                }
            }
            Command::Export { format, panel } => return self.file((format, panel)),
        }
        Ok("null".to_owned())
    }

    fn set_playing(self, on: bool) -> Result<(), String> {
        let playhead = self.play.playhead().ok_or("this widget has nothing to play")?;
        if self.play.session.with_untracked(|session| session.playing.is_some()) != on {
            self.play.toggle_playing(playhead, 1.0);
        }
        Ok(())
    }

    fn file(self, wanted: (Format, usize)) -> Result<String, String> {
        let widget = self.play.widget;
        let (lang, theme) = (self.lang(), untrack(|| self.reader.theme()));
        let scene = self.play.shown.with_untracked(|shown| shown.scene.clone());
        let text = if wanted.0 == Format::Png {
            let canvas = match (widget.panels().get(wanted.1), scene.views.get(wanted.1)) {
                (Some(panel), Some(View::Figure(figure))) => photograph(panel, figure, theme, lang),
                _ => None,
            };
            canvas.and_then(|canvas| canvas.to_data_url().ok())
        } else {
            host::file(widget, &scene, wanted, lang, theme)
        };
        text.map(|text| string(&text)).ok_or_else(|| "this view has no such file".to_owned())
    }
}
