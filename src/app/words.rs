//! Words of the pages that several of them need; the others stand beside what they are about.

use crate::contract::text::Text;

/// What the site is, in a sentence.
pub const PROMISE: Text = Text {
    zh: "科学空间 2024 年的八篇文章，每篇配一个可以亲手摆弄的数学演示。",
    en: "Eight posts of the blog Scientific Spaces from 2024, each with a piece of mathematics to move by hand.",
};

/// What the site is, a little longer.
pub const LEAD: Text = Text {
    zh: "读公式时心里的那个“如果”，在这里动手就能看到：拖动一个数，图、公式与读数一同变化。计算全部在您的浏览器里进行，链接保存您看到的状态。",
    en: "The “what if” that comes to mind while reading a formula can be tried here: move a number, and figures, formulas and readouts follow. \
         Everything is computed in your browser, and a link keeps exactly what you see.",
};

/// What the pages around the widgets are called, by their paths.
pub const NAMES: [(&str, Text); 5] = [
    ("afternoon", Text { zh: "一个下午的课", en: "One afternoon" }),
    ("checks", Text { zh: "怎样核对", en: "How everything is checked" }),
    ("embedding", Text { zh: "放进自己的文章", en: "In a post of your own" }),
    ("about", Text { zh: "关于演算", en: "About Yansuan" }),
    ("404", NOT_FOUND),
];

/// Paragraphs of the page about the project.
pub const ABOUT_BODY: [Text; 5] = [
    Text {
        zh: "演算是科学空间（kexue.fm）部分文章的互动插图。它不复述文章，只让公式动起来；每一页都链接到原文，请先读原文。",
        en: "Yansuan is a set of interactive figures for posts of the blog Scientific Spaces (kexue.fm). It does not retell them; it lets their formulas move. Every page links to its post: please read that first.",
    },
    Text {
        zh: "每张图都注明出处：出自原文，出自代码或论文，或者是本站推导。本站推导不代表原文作者的观点。",
        en: "Every figure says where it comes from: from the post, from code or a paper, or our own derivation. What is our own is not a claim of the post's author.",
    },
    Text {
        zh: "所有计算都用 Rust 写成，编译为 WebAssembly，在您的浏览器里运行。数据不会离开您的设备，页面不请求任何第三方。",
        en: "Every calculation is written in Rust, compiled to WebAssembly, and runs in your browser. Your data never leave your device, and no page asks anything of a third party.",
    },
    Text {
        zh: "数值与独立的参考实现逐一核对，误差要求写在测试里；图像也与存档比对，改动之前要有人看过。",
        en: "Numbers are compared with an independent reference implementation at stated tolerances, and figures with an archive that changes only after somebody has looked.",
    },
    Text {
        zh: "源代码以 MIT 或 Apache-2.0 许可发布，任选其一。公式字体为 STIX Two Math（OFL）。",
        en: "The source code is licensed under MIT or Apache-2.0, at your choice. Formulas are set in STIX Two Math (OFL).",
    },
];

/// A page that does not exist.
pub const NOT_FOUND: Text = Text { zh: "没有这一页", en: "There is no such page" };

/// Back to the shelf.
pub const TO_SHELF: Text = Text { zh: "回到首页", en: "To the front page" };

/// Where the browser lacks what the program needs.
pub const NO_SIMD: Text = Text {
    zh: "这个浏览器不支持 WebAssembly SIMD，互动部分无法运行。2021 年 6 月以来的 Chrome、Edge、Firefox，以及 Safari 16.4 及更新的版本都可以。下面的图和文字仍可阅读。",
    en: "This browser has no WebAssembly SIMD, so the interactive part cannot run. Chrome, Edge and Firefox since June 2021 and Safari since 16.4 have it. The figure and the words below can still be read.",
};

/// Where the program could not be loaded.
pub const NO_PROGRAM: Text = Text {
    zh: "互动部分没能载入，可能是网络中断。请刷新页面重试；下面的图和文字仍可阅读。",
    en: "The interactive part could not be loaded; perhaps the network broke off. Please reload the page. The figure and the words below can still be read.",
};

/// Where scripts are switched off.
pub const NO_SCRIPT: Text = Text {
    zh: "互动部分需要 JavaScript 与 WebAssembly。下面的图和文字仍可阅读。",
    en: "The interactive part needs JavaScript and WebAssembly. The figure and the words below can still be read.",
};
