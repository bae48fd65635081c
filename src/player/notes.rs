//! How this is computed: sources, checks, the time of the last calculation.

use leptos::prelude::*;

use crate::contract::number;
use crate::player::play::Play;
use crate::player::reader::{live, reader};
use crate::player::words;

/// The last part of a page.
#[component]
pub fn Notes(
    /// The widget in play.
    play: Play,
) -> impl IntoView {
    let reader = reader();
    let about = play.widget.about();
    view! {
        <details class="notes">
            <summary>{reader.say(words::COMPUTED)}</summary>
            <div class="columns">
                <section>
                    <h3>{reader.say(words::SOURCES)}</h3>
                    <ul>
                        {play
                            .widget
                            .sources()
                            .iter()
                            .map(|source| view! { <li><b>{reader.say(words::evidence(source.evidence))}</b>" · "{reader.say(source.words)}</li> })
                            .collect_view()}
                    </ul>
                    <h3>{reader.say(words::READING)}</h3>
                    <ul>
                        {about
                            .reading
                            .iter()
                            .map(|(name, address)| view! { <li><a href=*address rel="noopener">{reader.say(*name)}</a></li> })
                            .collect_view()}
                    </ul>
                </section>
                <section>
                    <h3>{reader.say(words::CHECKS)}</h3>
                    <ul>
                        {about
                            .checks
                            .iter()
                            .map(|check| view! { <li>{reader.say(check.what)}" · "{number::whole(u64::from(check.cases))}</li> })
                            .collect_view()}
                    </ul>
                    <p>{reader.say(words::COST)}" "<output>{live(move || number::fixed(play.cost.get(), 1))}</output>" ms"</p>
                </section>
            </div>
        </details>
    }
}
