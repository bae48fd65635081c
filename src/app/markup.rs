//! Markup of the files: every sentence stands there in both languages. Where the program runs, the style sheet shows the reader's own.

use crate::contract::text::{Lang, Text, Words};
use crate::plot::svg::escape;

/// Words in both languages, in a line.
pub fn inline(words: impl Into<Words>) -> String {
    let words = words.into();
    if words.zh == words.en {
        return escape(&words.zh);
    }
    // The space belongs to the second: alone, the first must not end with one, which links would underline.
    format!("<span lang=\"zh-CN\">{}</span><span lang=\"en\"> {}</span>", escape(&words.zh), escape(&words.en))
}

/// An element for each language.
pub fn both(tag: &str, words: impl Into<Words>) -> String {
    let words = words.into();
    Lang::ALL.map(|lang| format!("<{tag} lang=\"{}\">{}</{tag}>\n", lang.tag(), escape(words.get(lang)))).concat()
}

/// One element, whose attributes may stand behind its name.
pub fn one(tag: &str, words: impl Into<Words>) -> String {
    let name = tag.split(' ').next().unwrap_or(tag);
    format!("<{tag}>{}</{name}>\n", inline(words))
}

/// A link; its address is ours.
pub fn link(address: &str, words: impl Into<Words>) -> String {
    format!("<a href=\"{address}\">{}</a>", inline(words))
}

/// The page of a widget at one of its places: empty, `?step=4`, `#panel-map`.
pub fn place(base: &str, slug: &str, place: &str) -> String {
    format!("{base}w/{slug}/{place}")
}

/// A title of a post as each language quotes it.
pub fn quoted(title: Text) -> Words {
    Words::new(format!("《{}》", title.zh), format!("“{}”", title.en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_are_there_and_a_symbol_only_once() {
        let text = Text { zh: "图 < 1", en: "figure" };
        assert_eq!(inline(text), "<span lang=\"zh-CN\">图 &lt; 1</span><span lang=\"en\"> figure</span>");
        assert_eq!(inline(Text::same("RoPE")), "RoPE");
        assert_eq!(one("p class=\"quiet\"", Text::same("1")), "<p class=\"quiet\">1</p>\n");
    }
}
