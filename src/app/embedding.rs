//! The page for those who embed a widget: made of the same tables that read addresses and messages.

use crate::contract::parameter::{Form, PARAMETERS, Parameter};
use crate::contract::text::{Lang, Text, t};
use crate::plot::svg::escape;

/// What it is about.
pub const LEAD: Text = t(
    "每个演示都能放进别人的文章里：打开它，调到想要的状态，点“嵌入代码”，选好样子，把代码粘进文章的 HTML。它在自己的框里运行，不碰文章的任何东西，也不请求第三方。",
    "Every widget can stand in somebody else's post: open it, bring it to the state you want, press “Embed code”, choose how it looks, and paste the code into the HTML of the post. It runs in a frame of its own, touches nothing of the post, and asks nothing of a third party.",
);

const BLOGS: [(Text, Text); 5] = [
    (
        t("Typecho", "Typecho"),
        t(
            "在编辑器里用 !!! 把代码包起来（前后各一行三个叹号），其中的 HTML 会原样输出。",
            "Put the code between two lines of three exclamation marks; the HTML between them is kept as it is.",
        ),
    ),
    (
        t("WordPress", "WordPress"),
        t(
            "用“自定义 HTML”区块粘贴 iframe。没有 unfiltered_html 权限的作者，iframe 会被滤掉，请管理员来放。",
            "Paste the iframe into a Custom HTML block. Authors without the right unfiltered_html lose iframes when they save; ask an administrator.",
        ),
    ),
    (
        t("Hexo", "Hexo"),
        t(
            "直接写进 Markdown，前后各空一行；也可以放在 {% raw %} 与 {% endraw %} 之间。",
            "Write it into the Markdown with an empty line before and after, or between {% raw %} and {% endraw %}.",
        ),
    ),
    (
        t("Hugo", "Hugo"),
        t(
            "在配置里把 markup.goldmark.renderer.unsafe 设为 true，或把代码写成一个 shortcode。",
            "Set markup.goldmark.renderer.unsafe to true in the configuration, or make the code a shortcode.",
        ),
    ),
    (
        t("Notion", "Notion"),
        t(
            "输入 /embed，粘贴 iframe 里 src 的地址；高度用鼠标拖。",
            "Type /embed and paste the address in the src of the iframe; drag the frame to its height.",
        ),
    ),
];

/// What a parameter does.
fn about(name: &str) -> Text {
    match name {
        "v" => t("状态的版本；旧链接永远能打开。", "Version of the state; old links open for ever."),
        "lang" => t("语言：zh 或 en；也可写作 locale、language。", "Language: zh or en; locale and language do the same."),
        "theme" => t("明暗；auto 跟随系统。", "Colours; auto follows the system."),
        "accent" => t(
            "强调色，六位十六进制；在纸色上看不清时，自动调深或调浅，直到对比度有 4.5:1。",
            "The accent, six hexadecimal digits; made darker or lighter where it needs to be, until words in it have a contrast of 4.5:1.",
        ),
        "motion" => t("reduce：不自行播放，也没有过渡。", "reduce: nothing plays by itself or fades."),
        "step" => t("从导览的第几步开始。", "The step of the way through to begin with."),
        "preset" => t("从哪个预设开始。", "The preset to begin with."),
        "controls" => t(
            "all 全部；min 不要预设、导览、公式和说明；none 连控件也不要。",
            "all: everything; min: no presets, tour, formulas and notes; none: no controls either.",
        ),
        "show" => t("只显示这些图。", "Only these figures are shown."),
        "hide" => t(
            "不显示哪些部分：图或控件的名字，或 tour、presets、formulas、notes、question、top。同名时前面加上 panel-、control- 或 part-。",
            "What is not shown: names of figures and controls, or tour, presets, formulas, notes, question, top. Where two share a name, panel-, control- or part- before it says which.",
        ),
        "links" => t("0：链接只显示为文字。", "0: links are shown as words."),
        "predict" => t("1：有提问的一步，先猜才能继续。", "1: a step with a question goes on only after a guess."),
        "play" => t("打开时就播放。", "Plays when it opens."),
        "present" => t("打开就是课堂演示。", "Opens ready to be presented to a class."),
        "embed" => t("像嵌入时那样，没有站点的页眉。", "As an embed, without the line of the site."),
        "lti" => t("也向教学平台报告高度。", "Tells its height to teaching platforms too."),
        "origin" => t("消息只与这个来源的页面往来。", "Messages go to and come from pages of this origin only."),
        _ => Text::same(""),
    }
}

const MESSAGES: [(&str, Text); 13] = [
    ("setState {state, undoable?}", t("把名字写出来的那些值改掉，其余不动", "Changes the values that are named and no others")),
    ("getState, describe", t("状态，和是否在播放；一句话的描述", "The state, and whether it plays; a sentence about it")),
    ("reset, undo, redo", t("重置、撤销、重做", "Back to the start, undo, redo")),
    (
        "goTo {n}, answer {n?}",
        t("去第 n 步；答这一步的提问，不写 n 就是正确答案", "To a step; answers its question, rightly where n is absent"),
    ),
    ("preset {key}", t("去某个预设", "To a preset")),
    ("play, pause", t("播放；暂停", "Plays; pauses")),
    ("suspend, resume", t("停止计算；继续", "Computes no more; goes on")),
    (
        "setOptions {theme, lang, accent, motion}",
        t("换明暗、语言、强调色，要不要动", "Theme, language, accent, and whether anything moves"),
    ),
    ("export {format, panel?}", t("图或数据：svg、png、csv、json", "A figure or its numbers: svg, png, csv, json")),
    ("→ hello, ready, resize {height}", t("它在了；画好了；需要多高", "It is there; it has drawn; how high it is")),
    (
        "→ change {state, query, userInitiated, description}",
        t("状态变了，每秒至多十次", "The state has changed; at most ten a second"),
    ),
    ("→ step, predict", t("走到哪一步；猜了什么，对不对", "Which step; which guess, and whether it is right")),
    (
        "→ warning, error, reply {id, ok, result}",
        t("哪里不对；出了错；对带 id 的消息的回答", "What is wrong; a failure; the answer to a message with an id"),
    ),
];

/// The page in one language, as markup; nothing in it comes from a reader.
pub fn body(lang: Lang) -> String {
    let say = |text: Text| escape(text.get(lang));
    let forms = |form: Form| match form {
        Form::Flag => "0 · 1".to_owned(),
        Form::OneOf(words) => words.join(" · "),
        Form::Whole => "1, 2, 3 …".to_owned(),
        Form::List => "a,b,c".to_owned(),
        Form::Colour => "auto · rrggbb".to_owned(),
        Form::Words => "…".to_owned(),
    };
    let mut out = format!("<p>{}</p>\n", say(LEAD));
    let heading = |text: Text| format!("<h2>{}</h2>\n", say(text));
    out.push_str(&heading(t("在各种博客里", "In each kind of blog")));
    out.push_str("<dl>\n");
    for (name, how) in BLOGS {
        out.push_str(&format!("<dt>{}</dt><dd>{}</dd>\n", say(name), say(how)));
    }
    out.push_str("</dl>\n");
    out.push_str(&heading(t("地址里的参数", "Parameters of the address")));
    out.push_str(&format!(
        "<p>{}</p>\n<table>\n",
        say(t(
            "下面这些在每个演示里都一样；其余的名字是各个演示自己的控件，列在 /w/名字/widget.json 里。写错的值会退回默认，并告诉读者。",
            "These mean the same in every widget; all other names are its own controls, listed at /w/slug/widget.json. A wrong value falls back to the default, and the reader is told.",
        ))
    ));
    for Parameter { name, form, absent } in PARAMETERS {
        let absent = if absent.is_empty() { "–" } else { absent };
        out.push_str(&format!(
            "<tr><th scope=\"row\"><code>{name}</code></th><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            escape(&forms(form)),
            escape(absent),
            say(about(name))
        ));
    }
    out.push_str("</table>\n");
    out.push_str(&heading(t("用文字驱动它", "Driving it from the text")));
    out.push_str(&format!(
        "<p>{}</p>\n<pre tabindex=\"0\"><code>{}</code></pre>\n",
        say(t(
            "引入元素之后，文中的链接就能改动演示：data-yan-set 写状态，data-yan-step 去某一步，data-yan-preset 取某个预设。按住 Ctrl 点开仍是普通链接。",
            "With the element on the page, links in the text move the widget: data-yan-set takes a state, data-yan-step a step, data-yan-preset a preset. Opened with Ctrl they are links as ever.",
        )),
        escape(
            "<script type=\"module\" src=\"…/embed/v1/yan-suan.js\"></script>\n<yan-suan name=\"rope\" state=\"base=10000\"><a href=\"…/w/rope/\">RoPE</a></yan-suan>\n<a href=\"…/w/rope/?base=500000\" data-yan-set=\"base=500000\" data-yan-for=\"rope\">base 500 000</a>"
        )
    ));
    out.push_str(&heading(t("消息", "Messages")));
    out.push_str(&format!(
        "<p>{}</p>\n<table>\n",
        say(t(
            "不用元素也可以：向框里 postMessage 一个对象 {yansuan: 1, type, id?, …}。带箭头的是它发出来的。",
            "Without the element: post an object {yansuan: 1, type, id?, …} to the frame. Those with an arrow come from it.",
        ))
    ));
    for (name, what) in MESSAGES {
        out.push_str(&format!("<tr><th scope=\"row\"><code>{}</code></th><td>{}</td></tr>\n", escape(name), say(what)));
    }
    out.push_str("</table>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::player::host::COMMANDS;

    #[test]
    fn every_parameter_and_every_message_is_explained() {
        for Parameter { name, .. } in PARAMETERS {
            assert!(!about(name).zh.is_empty() && !about(name).en.is_empty(), "{name}");
        }
        let told = body(Lang::En);
        for name in COMMANDS.into_iter().filter(|name| *name != "destroy") {
            assert!(told.contains(name), "{name}");
        }
    }
}
