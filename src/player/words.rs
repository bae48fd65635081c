//! The player's own words.

use crate::contract::panel::Evidence;
use crate::contract::text::Text;

macro_rules! words {
    ($($name:ident: $zh:literal, $en:literal;)*) => {
        $(
            #[doc = $en]
            pub const $name: Text = Text { zh: $zh, en: $en };
        )*

        /// Every word of the player, for the tests.
        pub const ALL: &[(&str, Text)] = &[$((stringify!($name), $name)),*];
    };
}

words! {
    HOME: "首页", "home";
    BRAND: "演算", "Yansuan";
    FOR_POST: "对应文章", "For the post";
    LANGUAGE: "English", "中文";
    LANGUAGE_LABEL: "Switch to English", "切换到中文";
    THEME: "配色", "Theme";
    THEME_LIGHT: "浅色", "Light";
    THEME_DARK: "深色", "Dark";
    THEME_PROJECTOR: "投影", "Projector";
    SHARE: "复制链接", "Copy link";
    EMBED: "嵌入代码", "Embed code";
    PRESENT: "课堂演示", "Present";
    LESSON: "课堂链接", "Lesson link";
    KEYS: "键盘操作", "Keyboard";
    COPIED: "已复制。", "Copied.";
    COPY_BY_HAND: "浏览器不让复制，请从框中选取。", "The browser does not allow copying; please select it here.";
    TOO_LONG: "数据太长，链接里放不下；请另存为 CSV。", "The data are too long for a link; please save them as CSV.";
    CLOSE: "关闭", "Close";
    COPY: "复制", "Copy";
    EMBED_HELP: "把这段代码粘进文章的 HTML，读者看到的就是现在这个状态。", "Paste this into the HTML of your post; readers see the present state.";
    EMBED_FORM: "写法", "Form";
    EMBED_ELEMENT: "元素（高度自动）", "element (finds its height)";
    EMBED_ADDRESS: "oEmbed 地址", "oEmbed address";
    EMBED_AMOUNT: "放多少", "How much of it";
    EMBED_ALL: "全部", "everything";
    EMBED_MAIN: "主图和控件", "main figure and controls";
    EMBED_ALONE: "只放主图", "main figure alone";
    EMBED_LANGUAGE: "语言", "Language";
    EMBED_HEIGHT: "高度（像素）", "Height (pixels)";
    EMBED_AUTO: "跟随系统", "as the system";
    EMBED_PREVIEW: "读者会看到的", "What readers will see";
    EMBED_MORE: "各种博客怎样放", "How to, for each kind of blog";
    AS_TEXT: "写成文字", "as text";
    EARLIER: "前移", "Earlier";
    TAKE_AWAY: "去掉", "Take away";
    UNDO: "撤销", "Undo";
    REDO: "重做", "Redo";
    RESET: "重置", "Reset";
    PRESETS: "预设", "Presets";
    CONTROLS: "控制", "Controls";
    STEPS: "导览", "Tour";
    START_TOUR: "开始导览", "Start the tour";
    PREVIOUS: "上一步", "Back";
    NEXT: "下一步", "Next";
    WHY: "指向或点按一个标记，这里说明原因。", "Point at a mark, or tap it: its reason stands here.";
    GUESS: "先猜一猜", "A guess first";
    RIGHT: "猜对了。", "Right.";
    WRONG: "不是这个。", "Not this one.";
    FREE: "也可以不看导览，直接拖动图中的圆点和右边的滑块。", "Or skip the tour: drag the circles in the figures and the sliders at the side.";
    FORMULAS: "公式与当前数值", "Formulas and their numbers now";
    COMPUTED: "如何计算", "How this is computed";
    SOURCES: "来源", "Sources";
    CHECKS: "这一版通过的检验", "What this build was checked against";
    COST: "上次计算用时", "Last calculation";
    READING: "延伸阅读", "Further reading";
    DATA: "来源与数据", "Source and data";
    SAVE_SVG: "SVG", "SVG";
    SAVE_PNG: "PNG", "PNG";
    SAVE_CSV: "CSV", "CSV";
    SAVE_JSON: "JSON", "JSON";
    ROWS_LEFT: "只列出前 200 行，CSV 中有全部。", "The first 200 rows; the CSV has all.";
    DISMISS: "知道了", "Dismiss";
    WORKING: "计算中", "Calculating";
    EDIT: "编辑全部", "Edit all";
    APPLY: "应用", "Apply";
    CANCEL: "取消", "Cancel";
    PASTE_HELP: "粘贴或输入最多 1,000,000 个数，用逗号、空格或换行分开；-inf 表示遮蔽。", "Paste or type up to 1,000,000 numbers, separated by commas, spaces or lines; -inf masks.";
    ADD: "添加一个", "Add one";
    REMOVE: "去掉末尾一个", "Remove the last";
    OPEN_FILE: "打开文件…", "Open a file…";
    NEW_SEED: "换一个", "Another";
    PLAY: "播放", "Play";
    PAUSE: "暂停", "Pause";
    STEP_BACK: "后退一步", "One back";
    STEP_ON: "前进一步", "One on";
    SPEED: "速度", "Speed";
    SHOW_IT: "看反例", "Show it";
    HOLDS: "成立", "holds";
    FAILS: "不成立", "does not hold";
    OPEN_PAGE: "在演算中打开", "Open in Yansuan";
    FROM_POST: "出自原文", "From the post";
    FROM_CODE: "出自代码或论文", "From code or a paper";
    FROM_US: "本站推导", "Our own derivation";
    KEY_ARROWS: "方向键：增减一格；Shift 十倍，Alt 十分之一", "Arrow keys: one step up or down; Shift ten, Alt a tenth";
    KEY_PAGES: "PageUp / PageDown：增减十格；Home / End：最小、最大", "PageUp / PageDown: ten steps; Home / End: smallest, largest";
    KEY_TAB: "Tab：依次走过滑块与图中可拖动的圆点", "Tab: through the sliders and the circles in the figures";
    KEY_TOUR: "在导览按钮上用左右方向键：上一步、下一步", "Left and right arrows on the tour's buttons: back and next";
    KEY_UNDO: "Ctrl+Z：撤销；Ctrl+Shift+Z：重做", "Ctrl+Z: undo; Ctrl+Shift+Z: redo";
    KEY_PLAY: "空格：播放与暂停", "Space: play and pause";
    KEY_HELP: "?：打开这份说明；Esc：关闭", "?: this list; Esc: close it";
    KEY_DOUBLE: "双击名称：恢复该项的初值", "Double-click a label: its first value";
}

/// The words for a kind of evidence.
pub const fn evidence(evidence: Evidence) -> Text {
    match evidence {
        Evidence::Post => FROM_POST,
        Evidence::Code => FROM_CODE,
        Evidence::Ours => FROM_US,
    }
}
