//! The page that says how everything is checked: its figures are counted while it is written, in the shelf and in the folders of the tests.

use std::fs;
use std::path::Path;

use crate::app::markup::{both, inline, link, one, place};
use crate::app::posts::POSTS;
use crate::app::roads::built;
use crate::contract::number::whole;
use crate::contract::shelf::DynWidget;
use crate::contract::text::{Lang, Text, Words, t};
use crate::plot::svg::escape;
use crate::widgets::SHELF;

/// What it is about.
pub const LEAD: Text = t(
    "这里的数字是生成这一页时现数的：演示里有多少东西，测试里就核对多少。每种检查能发现什么，也有它发现不了的，都写明。",
    "The figures here were counted while this page was written: what the widgets hold, and what the tests compare. Each kind of check says what it can catch, and what it cannot.",
);

/// What is found in the folders of the tests; nothing where the sources are not at hand.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Census {
    /// Tests that run without a browser.
    native: usize,
    /// Tests of properties by random trials.
    properties: usize,
    /// Tests in a browser, those that run once for each widget counted once.
    browser: usize,
    /// Files of the independent reference.
    references: usize,
    /// Drawings that somebody has looked at.
    drawings: usize,
    /// Pictures of whole pages.
    pages: usize,
    /// Links whose readings are kept.
    links: usize,
    /// Parsers that are fed with whatever breaks them.
    parsers: usize,
}

impl Census {
    fn of(root: &Path) -> Self {
        let files = |folder: &str, ending: &str| {
            let mut all = Vec::new();
            gather(&root.join(folder), ending, &mut all);
            all
        };
        let lines = |files: &[String], is_one: fn(&str) -> bool| {
            files.iter().flat_map(|text| text.lines()).filter(|line| is_one(line.trim_start())).count()
        };
        let rust: Vec<String> = ["src", "crates", "tests", "xtask"].iter().flat_map(|folder| files(folder, ".rs")).collect();
        let laws: Vec<String> = rust.iter().filter(|text| text.starts_with("//! Properties")).cloned().collect();
        let is_test = |line: &str| line == "#[test]";
        Self {
            native: lines(&rust, is_test),
            properties: lines(&laws, is_test),
            browser: lines(&files("tests/e2e", ".test.mjs"), |line| line.starts_with("test(")),
            references: files("tests/golden", ".json").len(),
            drawings: files("tests/figures", ".svg").len(),
            pages: files("tests/pictures", ".png").len(),
            links: lines(&files("tests/links", ".txt"), |line| !line.is_empty()),
            parsers: files("fuzz/targets", ".rs").len(),
        }
    }
}

/// The texts of all files below a folder whose names end like this; of pictures only that they are there.
fn gather(folder: &Path, ending: &str, all: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "node_modules" && name != "target") {
                gather(&path, ending, all);
            }
        } else if path.to_string_lossy().ends_with(ending) {
            all.push(fs::read_to_string(&path).unwrap_or_default());
        }
    }
}

/// One kind of check.
struct Kind {
    what: Text,
    /// How much of it there is.
    figure: Words,
    catches: Text,
    misses: Text,
}

fn count(parts: &[(usize, &str, &str)]) -> Words {
    let some = || parts.iter().filter(|part| part.0 > 0);
    let zh: Vec<String> = some().map(|(n, zh, _)| format!("{} {zh}", whole(*n as u64))).collect();
    let en: Vec<String> = some().map(|(n, _, en)| format!("{} {en}", whole(*n as u64))).collect();
    Words::new(zh.join("，"), en.join(", "))
}

/// Values that are compared with the independent reference: by custom the first check of each widget.
fn values() -> usize {
    SHELF.iter().filter_map(|widget| widget.about().checks.first()).map(|check| check.cases as usize).sum()
}

fn kinds(census: Census) -> Vec<Kind> {
    let sum = |of: fn(&dyn DynWidget) -> usize| SHELF.iter().map(|widget| of(*widget)).sum::<usize>();
    let kind = |what, figure, catches, misses| Kind { what, figure, catches, misses };
    vec![
        kind(
            t("与独立的参考实现比较", "Compared with an independent reference"),
            count(&[(values(), "个数值", "numbers"), (census.references, "个参考文件", "files of references")]),
            t(
                "抄错的公式、差一的下标、不够的精度。",
                "A formula copied wrongly, an index off by one, precision that does not suffice.",
            ),
            t("两边共有的误解：参考与程序都这样理解了原文。", "A misunderstanding that both share about the post."),
        ),
        kind(
            t("随机检验数学性质", "Properties tried at random"),
            count(&[(census.properties, "条性质", "properties")]),
            t(
                "没人想到的输入：并列、极端的尺度、退化的形状。",
                "Inputs that nobody thought of: ties, extreme scales, degenerate shapes.",
            ),
            t("没有写成性质的事。", "Whatever nobody stated as a property."),
        ),
        kind(
            t("走遍每个演示的每个画面", "Every scene of every widget"),
            count(&[
                (sum(|widget| widget.faces().len()), "个控件", "controls"),
                (sum(|widget| widget.panels().len()), "个图表", "views"),
                (sum(|widget| widget.presets().len()), "个预设", "presets"),
                (sum(|widget| widget.steps().len()), "步导览", "steps"),
            ]),
            t(
                "画不出的图、没有值的数、缺了的译文、重叠的标签、说不清错在哪里的报错。",
                "Figures that cannot be drawn, numbers without a value, missing translations, labels that overlap, errors that do not say what is wrong.",
            ),
            t("画得出来却讲得不好的图。", "A figure that is drawn rightly and explains badly."),
        ),
        kind(
            t("与看过的图像比较", "Compared with pictures that were looked at"),
            count(&[(census.drawings, "张线图", "drawings"), (census.pages, "张网页截图", "pictures of pages")]),
            t(
                "无意的改动：移了的线、换了的字、变了的颜色。",
                "Changes that nobody meant: a moved line, another word, another colour.",
            ),
            t("看的时候就没看出来的错。", "What was wrong when it was looked at, and was not seen."),
        ),
        kind(
            t("旧链接", "Old links"),
            count(&[(census.links, "个链接的读数", "links and their readings")]),
            t("发表过的链接变了样。", "A published link that now shows something else."),
            t("链接里没有写下的东西。", "What a link does not say."),
        ),
        kind(
            t("随机攻击", "Attacks at random"),
            count(&[(SHELF.len(), "个演示", "widgets"), (census.parsers, "个解析器", "parsers")]),
            t(
                "崩溃、死循环、失控的数、读坏的文字；失败会缩成最短的例子。",
                "Crashes, endless loops, runaway numbers, texts misread; a failure shrinks to its shortest case.",
            ),
            t("不崩溃的错误答案。", "A wrong answer that crashes nothing."),
        ),
        kind(
            t("在真正的浏览器里", "In real browsers"),
            count(&[(census.browser, "项测试", "tests")]),
            t(
                "键盘、朗读、触摸、嵌入、断网、体积；无障碍的规则一条也不关。",
                "Keyboard, spoken words, touch, embeds, no network, weight; no rule of accessibility is switched off.",
            ),
            t(
                "Safari 与其他没有试过的浏览器；Firefox 里只走一遍，不比图像。",
                "Safari and whatever else was not tried; Firefox is walked through, and its pictures are not compared.",
            ),
        ),
    ]
}

/// What the page says below its name; `root` is the folder of the sources.
pub fn body(base: &str, root: &Path) -> String {
    let census = Census::of(root);
    let mut out = both("p", LEAD);
    if census.native > 0 {
        let told = Words::new(
            format!("不用浏览器的测试共 {} 项，浏览器里的另计。", whole(census.native as u64)),
            format!("{} tests run without a browser; those in a browser are counted apart.", whole(census.native as u64)),
        );
        out.push_str(&format!("<div class=\"counted\">{}</div>\n", both("p", told)));
    }
    out.push_str(&one("h2", t("每种检查", "Kinds of checks")));
    out.push_str("<dl class=\"kinds\">\n");
    for Kind { what, figure, catches, misses } in kinds(census) {
        let said = |label: Text, text: Text| {
            let line =
                |lang: Lang| format!("<dd lang=\"{}\"><b>{}</b>{}</dd>\n", lang.tag(), label.get(lang), escape(text.get(lang)));
            Lang::ALL.map(line).concat()
        };
        if figure.zh.is_empty() {
            continue;
        }
        out.push_str(&format!("<dt>{} <small class=\"counted\">{}</small></dt>\n", inline(what), inline(figure)));
        out.push_str(&said(t("能发现：", "Catches: "), catches));
        out.push_str(&said(t("发现不了：", "Misses: "), misses));
    }
    out.push_str("</dl>\n");
    out.push_str(&one("h2", t("每个演示", "Each widget")));
    out.push_str(&table(base));
    out.push_str(&one("h2", t("对照的文献与代码", "What was read beside the posts")));
    out.push_str("<dl>\n");
    for about in POSTS.iter().filter_map(|post| built(post.slug)).map(DynWidget::about) {
        let names: Vec<String> = about
            .reading
            .iter()
            .map(|(name, address)| format!("<a href=\"{address}\" rel=\"noopener\">{}</a>", inline(*name)))
            .collect();
        out.push_str(&format!("<dt>{}</dt><dd>{}</dd>\n", inline(about.title), names.join(" · ")));
    }
    out.push_str("</dl>\n");
    out.push_str(&one("h2", t("测试说不出的", "What no test can say")));
    out + &both(
        "p",
        t(
            "讲得清不清楚，选的例子公不公道，推导有没有漏掉的前提：这些要靠读者。每张图都注明出自原文、代码，还是本站推导；“本站推导”不是原文作者的主张。",
            "Whether an explanation is clear, an example fair, a derivation without a hidden premise: that is for readers to judge. Every figure says whether it is from the post, from code, or our own; what is our own is not a claim of the post's author.",
        ),
    )
}

/// Widgets and what is compared in each.
fn table(base: &str) -> String {
    let mut columns: Vec<Text> = Vec::new();
    for check in SHELF.iter().flat_map(|widget| widget.about().checks) {
        if !columns.contains(&check.what) {
            columns.push(check.what);
        }
    }
    let heads: String = columns.iter().map(|what| format!("<th scope=\"col\">{}</th>", inline(*what))).collect();
    let mut out = format!("<table>\n<thead><tr><td></td>{heads}</tr></thead>\n<tbody>\n");
    for about in POSTS.iter().filter_map(|post| built(post.slug)).map(DynWidget::about) {
        let cell = |what: &Text| {
            let cases: Vec<String> =
                about.checks.iter().filter(|check| check.what == *what).map(|check| whole(u64::from(check.cases))).collect();
            format!("<td>{}</td>", if cases.is_empty() { "–".to_owned() } else { cases.join(" + ") })
        };
        let cells: String = columns.iter().map(cell).collect();
        out.push_str(&format!("<tr><th scope=\"row\">{}</th>{cells}</tr>\n", link(&place(base, about.slug, ""), about.title)));
    }
    out + "</tbody>\n</table>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    #[test]
    fn every_kind_of_check_is_counted_in_the_sources() {
        let census = Census::of(root());
        let Census { native, properties, browser, references, drawings, pages, links, parsers } = census;
        assert!(native > 500 && properties > 50 && properties < native, "{census:?}");
        assert!(browser > 80 && references > 20 && drawings > 60 && pages > 100 && links > 200 && parsers > 3, "{census:?}");
    }

    #[test]
    fn the_page_names_the_figures_of_every_widget() {
        let body = body("/", root());
        for widget in SHELF {
            let about = widget.about();
            for check in about.checks {
                assert!(
                    body.contains(&format!("<td>{}</td>", whole(u64::from(check.cases)))),
                    "{}: {}",
                    about.slug,
                    check.what.en
                );
            }
            assert_eq!(
                about.checks.first().map(|check| check.what),
                SHELF[0].about().checks.first().map(|check| check.what),
                "{}",
                about.slug
            );
        }
        assert!(body.contains(&whole(values() as u64)));
    }

    #[test]
    fn without_the_sources_the_page_is_silent_about_what_it_cannot_count() {
        let body = body("/", Path::new("/nowhere/at/all"));
        assert!(!body.contains("<small class=\"counted\"></small>") && body.contains(&whole(values() as u64)));
    }
}
