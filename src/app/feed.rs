//! What other programs read: the list of pages, the feed, and who may read them.

use crate::app::posts::{self, Post};
use crate::contract::text::Text;
use crate::player::words as player_words;
use crate::plot::svg::escape;
use crate::widgets::SHELF;

/// `sitemap.xml`: the addresses of all pages; `site` is scheme, host and path of the site, with a slash.
pub fn sitemap<'a>(site: &str, paths: impl Iterator<Item = &'a str>) -> String {
    let url = |path: &str| {
        let slash = if path.is_empty() { "" } else { "/" };
        format!("<url><loc>{}{path}{slash}</loc></url>\n", escape(site))
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{}</urlset>\n",
        paths.map(url).collect::<String>()
    )
}

/// `robots.txt`.
pub fn robots(site: &str) -> String {
    format!("User-agent: *\nAllow: /\nSitemap: {site}sitemap.xml\n")
}

/// `feed.xml`, Atom: an entry a widget, dated like its post, the newest first.
pub fn feed(site: &str) -> String {
    let mut entries: Vec<_> =
        SHELF.iter().filter_map(|widget| Some((posts::of_slug(widget.about().slug)?, widget.about()))).collect();
    entries.sort_by_key(|(post, _)| std::cmp::Reverse(post.date));
    let day = |post: &Post| format!("{}T00:00:00+08:00", post.date);
    let site = escape(site);
    let said = |text: Text| escape(&format!("{} · {}", text.zh, text.en));
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"zh-CN\">\n<id>{site}</id>\n<title>{}</title>\n\
         <updated>{}</updated>\n<author><name>{}</name></author>\n<link rel=\"self\" type=\"application/atom+xml\" href=\"{site}feed.xml\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{site}\"/>\n",
        said(player_words::BRAND),
        entries.first().map(|(post, _)| day(post)).unwrap_or_default(),
        said(player_words::BRAND),
    );
    for (post, about) in entries {
        out.push_str(&format!(
            "<entry>\n<id>{site}w/{slug}/</id>\n<title>{}</title>\n<published>{day}</published>\n<updated>{day}</updated>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"{site}w/{slug}/\"/>\n<link rel=\"related\" hreflang=\"zh\" href=\"{}\"/>\n\
             <summary>{}</summary>\n</entry>\n",
            said(about.title),
            post.address(),
            escape(&format!("{}\n{}\n{}\n{}", about.question.zh, about.summary.zh, about.question.en, about.summary.en)),
            slug = about.slug,
            day = day(post),
        ));
    }
    out + "</feed>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_feed_is_well_formed_and_has_what_atom_demands() {
        let feed = feed("https://yansuan.example/a&b/");
        let document = roxmltree::Document::parse(&feed).expect("well-formed");
        let root = document.root_element();
        let child = |node: roxmltree::Node<'_, '_>, name: &str| {
            let text = node.children().find(|child| child.has_tag_name(name)).and_then(|child| child.text()).unwrap_or_default();
            assert!(!text.is_empty(), "{name} is missing");
            text.to_owned()
        };
        let entries: Vec<_> = root.children().filter(|node| node.has_tag_name("entry")).collect();
        assert_eq!(entries.len(), SHELF.len());
        let mut ids = vec![child(root, "id")];
        let mut dates = vec![child(root, "updated")];
        for entry in entries {
            child(entry, "title");
            child(entry, "summary");
            ids.push(child(entry, "id"));
            dates.push(child(entry, "updated"));
        }
        assert!(dates.is_sorted_by(|a, b| a >= b) && dates[0] == dates[1], "the newest first");
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), SHELF.len() + 1, "each entry has a name of its own");
    }

    #[test]
    fn the_sitemap_is_well_formed() {
        let sitemap = sitemap("https://yansuan.example/", ["", "w/rope"].into_iter());
        let document = roxmltree::Document::parse(&sitemap).expect("well-formed");
        let addresses: Vec<_> =
            document.descendants().filter(|node| node.has_tag_name("loc")).filter_map(|node| node.text()).collect();
        assert_eq!(addresses, ["https://yansuan.example/", "https://yansuan.example/w/rope/"]);
    }
}
