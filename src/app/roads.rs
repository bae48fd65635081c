//! Roads between posts that share mathematics. A road is told once, by one of its widgets, and leads both ways.

use crate::app::markup::{inline, link, one, place};
use crate::app::posts::POSTS;
use crate::contract::shelf::DynWidget;
use crate::contract::text::Text;
use crate::contract::widget::About;
use crate::widgets::SHELF;

const TITLE: Text = Text { zh: "同样的数学，还在这些地方", en: "Where it goes on" };

/// A road as one of its ends sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ahead {
    /// The widget at the other end.
    pub to: About,
    /// Which mathematics is shared.
    pub words: Text,
}

/// The widget of a slug, if it is built.
pub fn built(slug: &str) -> Option<&'static dyn DynWidget> {
    SHELF.iter().copied().find(|widget| widget.about().slug == slug)
}

/// Roads from a post to widgets that are built, in the order of their posts.
pub fn from(slug: &str) -> Vec<Ahead> {
    let told = SHELF.iter().flat_map(|widget| widget.roads().iter().map(|road| (widget.about().slug, road)));
    let mut ahead: Vec<Ahead> = told
        .filter_map(|(from, road)| {
            let other = [(from, road.to), (road.to, from)].into_iter().find(|(here, _)| *here == slug)?.1;
            Some(Ahead { to: built(other)?.about(), words: road.words })
        })
        .collect();
    ahead.sort_by_key(|road| row(road.to.slug));
    ahead
}

/// The place of a post in the year, 0 for the first.
pub fn row(slug: &str) -> usize {
    POSTS.iter().position(|post| post.slug == slug).unwrap_or(POSTS.len())
}

/// The end of a widget's page.
pub fn section(slug: &str, base: &str) -> String {
    let item = |road: Ahead| {
        let to = link(&place(base, road.to.slug, ""), road.to.title);
        format!("<li>{to}<p>{}</p></li>\n", inline(road.words))
    };
    let items: String = from(slug).into_iter().map(item).collect();
    if items.is_empty() {
        return String::new();
    }
    format!("<nav class=\"roads told\" aria-labelledby=\"roads\">\n{}<ul>\n{items}</ul>\n</nav>\n", one("h2 id=\"roads\"", TITLE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::posts;

    #[test]
    fn every_road_leads_to_a_post_and_no_two_posts_have_two() {
        let mut pairs = Vec::new();
        for widget in SHELF {
            let from = widget.about().slug;
            for road in widget.roads() {
                assert!(posts::of_slug(road.to).is_some() && road.to != from, "{from} leads to {}", road.to);
                assert!(!road.words.zh.is_empty() && !road.words.en.is_empty());
                let mut pair = [from, road.to];
                pair.sort_unstable();
                assert!(!pairs.contains(&pair), "two roads between {pair:?}");
                pairs.push(pair);
            }
        }
    }

    #[test]
    fn roads_go_both_ways_and_only_to_what_is_built() {
        for widget in SHELF {
            let here = widget.about().slug;
            let ahead = from(here);
            assert!(!ahead.is_empty(), "no road leads to {here}");
            for road in &ahead {
                assert!(built(road.to.slug).is_some());
                assert!(from(road.to.slug).iter().any(|back| back.to.slug == here && back.words == road.words), "{here}");
            }
            let markup = section(here, "/");
            for post in POSTS.iter().filter(|post| built(post.slug).is_none()) {
                assert!(!markup.contains(post.slug), "{here} leads to {}, which is not built", post.slug);
            }
        }
    }
}
