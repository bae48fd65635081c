//! Named scenes and the way through.

use std::sync::Arc;

use super::state::{IMAGE, Layout, Plan, State, TEXT, VIDEO, word};
use crate::contract::script::Word;
use crate::contract::step::{Ask, Preset, Step};
use crate::contract::text::{Text, t};
use yansuan_math::scheme::NextRule;

/// Text, an image, text.
fn image(before: u32, h: u32, w: u32, after: u32) -> Arc<[Word]> {
    [word(TEXT, &[before]), word(IMAGE, &[h, w]), word(TEXT, &[after])].into()
}

/// Text, a video, text.
fn video(before: u32, [frames, h, w]: [u32; 3], after: u32) -> Arc<[Word]> {
    [word(TEXT, &[before]), word(VIDEO, &[frames, h, w]), word(TEXT, &[after])].into()
}

pub const PRESETS: &[Preset<State>] = &[
    Preset {
        key: "figure",
        name: t("原文的图（推测）", "The post's figure (probably)"),
        note: t(
            "4 个字、3×4 的图像、3 个字；续接的文本在 17。",
            "Four words, a picture of 3×4, three words; text goes on at 17.",
        ),
        set: |s| s.sequence = image(4, 3, 4, 3),
    },
    Preset {
        key: "text",
        name: t("只有文本", "Text only"),
        note: t("一维 RoPE：一切的起点。", "RoPE-1D, where everything starts."),
        set: |s| {
            s.sequence = [word(TEXT, &[64])].into();
            s.query = 20;
            s.key = 12;
        },
    },
    Preset {
        key: "square",
        name: t("正方形", "Square"),
        note: t("h = w 时两个轴没有区别，直接接上也对称。", "With h = w the axes are alike, and even pasting in is symmetric."),
        set: |s| {
            s.sequence = image(4, 4, 4, 4);
            s.b = Layout::Naive2d;
        },
    },
    Preset {
        key: "banner",
        name: t("横幅", "Banner"),
        note: t("只有一行的图像。", "A picture of a single row."),
        set: |s| s.sequence = image(4, 1, 12, 4),
    },
    Preset {
        key: "portrait",
        name: t("竖图", "Portrait"),
        note: t("裁掉下半张之后，间距会不会变？", "Does the spacing change when the lower half is cropped away?"),
        set: |s| {
            s.sequence = image(4, 12, 5, 4);
            s.query = 30;
        },
    },
    Preset {
        key: "long-video",
        name: t("又小又长的视频", "A tiny, long video"),
        note: t(
            "64 帧，每帧 8×8：M-RoPE 左边连续，右边跳跃。",
            "64 frames of 8×8: M-RoPE is continuous on the left and jumps on the right.",
        ),
        set: |s| {
            s.sequence = video(8, [64, 8, 8], 8);
            s.a = Layout::Tv;
            s.b = Layout::Mrope;
            s.query = 2040;
        },
    },
    Preset {
        key: "cube",
        name: t("立方体", "Cube"),
        note: t(
            "n×n×n 的视频：M-RoPE 把 n³ 个 token 放进 n 个位置。",
            "A video of n×n×n: M-RoPE packs n³ tokens into n positions.",
        ),
        set: |s| {
            s.sequence = video(4, [8, 8, 8], 4);
            s.a = Layout::Mrope;
            s.b = Layout::Tv;
            s.query = 200;
        },
    },
    Preset {
        key: "touching",
        name: t("两张图相邻", "Two pictures touching"),
        note: t(
            "中间没有文本，两张图之间就没有任何标记隔开：原文建议用 [IMG] 与 [/IMG]。",
            "With no text between them, nothing marks where one picture ends: the posts propose [IMG] and [/IMG].",
        ),
        set: |s| {
            s.sequence = [word(TEXT, &[3]), word(IMAGE, &[3, 3]), word(IMAGE, &[3, 3]), word(TEXT, &[3])].into();
        },
    },
    Preset {
        key: "qwen",
        name: t("Qwen2-VL 的例子", "Qwen2-VL's docstring"),
        note: t(
            "视频 3×2×2 在前；按 4.45.2 版，后面的文本从 3 接起（从 0 数）；这里从 1 数，是 4。",
            "A video of 3×2×2 first; in 4.45.2 text then starts at 3, counted from 0; here, counted from 1, at 4.",
        ),
        set: |s| {
            s.sequence = video(0, [3, 2, 2], 5);
            s.a = Layout::Mrope;
            s.b = Layout::Tv;
            s.plan = Plan::Mrope;
            s.query = 12;
            s.key = 0;
        },
    },
];

pub const STEPS: &[Step<State>] = &[
    Step {
        title: t("不同长度的向量不能相减", "Vectors of different length have no difference"),
        body: t(
            "RoPE 把位置变成指针的角度：一对分量一根指针，转得有快有慢。两个 token 的内积只看指针之间的夹角，也就是位置之差。\n文本的位置是一个数，图像块要两个，视频要三个。一个数减两个数没有意义：困难就在这里。",
            "RoPE turns a position into the angles of hands, one for each pair of components, some fast and some slow. The product of two tokens depends on the angles between the hands, and so on the difference of positions.\nText needs one number, a patch two, video three. One number minus two numbers means nothing: that is the whole difficulty.",
        ),
        panel: "dials",
        set: |s| {
            s.sequence = [word(TEXT, &[64])].into();
            s.query = 20;
            s.key = 12;
            s.a = Layout::Flat;
            s.b = Layout::Tv;
        },
        ask: Some(Ask {
            question: t(
                "把查询和键都向后移 10 个位置，两根指针之间的夹角会怎样？",
                "Move query and key on by 10 positions each. What happens to the angles between their hands?",
            ),
            answers: &[
                t("变大", "They grow"),
                t("不变", "Nothing"),
                t("快的变，慢的不变", "Fast pairs change, slow ones do not"),
            ],
            right: 1,
            after: t(
                "两根指针转过同样的角度，夹角不变：内积里只剩位置之差。",
                "Both hands turn by the same angle: only the difference of positions is left in the product.",
            ),
            reveal: |s| {
                s.query = 30;
                s.key = 22;
            },
        }),
    },
    Step {
        title: t("拉平：最省事，也最难看", "Flatten: least trouble, least grace"),
        body: t(
            "把图像逐行拉成一串，当作文本。查询右边的块只隔 1 步，正下方的块却隔了一整行。\n核 S 在图像上因此出现条纹：同样相邻的两块，横着亲近，竖着疏远。",
            "Read the picture row by row and call it text. The patch to the right of the query is 1 step away, the patch below a whole row.\nSo the kernel S shows stripes on the picture: of two equal neighbours one is near, the other far.",
        ),
        panel: "field",
        set: |s| {
            s.sequence = image(4, 16, 16, 4);
            s.a = Layout::Flat;
            s.b = Layout::Tv;
            s.d = 128;
            s.query = 4 + 7 * 16 + 7;
            s.key = s.query + 16;
        },
        ask: None,
    },
    Step {
        title: t("让文本站到对角线上", "Put text on the diagonal"),
        body: t(
            "把所有 token 都升到二维，但纯文本的结果不能变，否则训练好的文本模型就作废了。\n比较两个分块对角矩阵：Rₙ 与 R₍ₙ,ₙ₎ 完全相同。所以第 n 个字站在 (n, n)。拖动 n，看两边何时一样。",
            "Lift every token to two dimensions, but pure text must come out as before, or a trained model is lost.\nCompare the two block-diagonal matrices: Rₙ and R₍ₙ,ₙ₎ are the same. So word n stands at (n, n). Move n and see when both sides agree.",
        ),
        panel: "matrix",
        set: |s| {
            s.query = 2;
            s.n = 8.0;
        },
        ask: Some(Ask {
            question: t(
                "查询是第 3 个字。n 等于几时两个矩阵相同？",
                "The query is word 3. For which n are the matrices the same?",
            ),
            answers: &[Text::same("1"), Text::same("3"), Text::same("6")],
            right: 1,
            after: t(
                "这个字在每个轴上的坐标都是 3，只有 n = 3 时每一对都转到同样的角度。",
                "The word has coordinate 3 on every axis; only n = 3 turns every pair by the same angle.",
            ),
            reveal: |s| s.n = 3.0,
        }),
    },
    Step {
        title: t("直接接上，总有一边不对称", "Paste it in, and one side is always off"),
        body: t(
            "把图像的行号列号接在最后一个字之后，再让文本从最大的坐标接着数。左边的间隔是 (1, 1)，右边却取决于形状。\n除非 h = w，无论 K 取多少，两个轴都不能同时对称。",
            "Let rows and columns go on after the last word, and text after the largest of them. The left gap is (1, 1); the right one depends on the shape.\nUnless h = w, no K makes both axes symmetric.",
        ),
        panel: "map",
        set: |s| {
            s.a = Layout::Naive2d;
            s.b = Layout::Tv;
        },
        ask: Some(Ask {
            question: t(
                "3×4 的图像直接接上，右边的间隔 (h, w) 是多少？",
                "A picture of 3×4 is pasted in. What is the right gap (h, w)?",
            ),
            answers: &[Text::same("(1, 1)"), Text::same("(2, 1)"), Text::same("(1, 2)")],
            right: 1,
            after: t(
                "文本从 max(h, w) = 4 之后接起，而行只用到 3：差了 1。",
                "Text goes on after max(h, w) = 4, while rows only reach 3: one short.",
            ),
            reveal: |_| {},
        }),
    },
    Step {
        title: t("RoPE-Tie：把图像拉开", "RoPE-Tie: stretch the picture"),
        body: t(
            "让图像从 L 开始，行距取 w+1，列距取 h+1：右边正好留下与左边一样的间隔。两个轴都对称了。\n代价有二：一个图像块不再相当于一个 token；间距取决于图像的大小。",
            "Let the picture start at L with rows w+1 apart and columns h+1 apart: the right gap then equals the left one, on both axes.\nTwo prices: a patch no longer counts as a token, and the spacing depends on the size of the picture.",
        ),
        panel: "map",
        set: |s| {
            s.a = Layout::TieV1;
            s.b = Layout::Naive2d;
        },
        ask: None,
    },
    Step {
        title: t("裁剪试验", "The cropping test"),
        body: t(
            "一张 8×8 的图像，裁掉下半张，剩下的内容没有变。但 RoPE-Tie 里左右相邻的两块，距离从 9 变成了 5。\n模型会把同样的内容看成不同的样子。间距应当与图像大小无关。",
            "Crop the lower half of a picture of 8×8; what is left has not changed. Yet in RoPE-Tie two neighbours in a row, 9 apart, are now 5 apart.\nThe model sees the same content differently. Spacing should not depend on the size of the picture.",
        ),
        panel: "crop",
        set: |s| {
            s.sequence = image(4, 8, 8, 4);
            s.a = Layout::TieV1;
            s.b = Layout::Tv;
            s.query = 20;
        },
        ask: None,
    },
    Step {
        title: t("RoPE-TV：把图像放到正中", "RoPE-TV: put it in the middle"),
        body: t(
            "间距固定为 1，再要求两件事：一个块相当于一个 token，两边间隔相同。剩下的未知数 β 就恰好可以解出。\n几何上只有一句话：图像的中心落在空位的中点。转动 u，从 RoPE-TV 走到等价的 RoPE-Tie：中心始终不动。",
            "Keep the spacing at 1 and demand two things: a patch counts as a token, and both gaps agree. That fixes β.\nIn geometry it is one sentence: the centre of the picture lies on the midpoint of the hole. Turn u from RoPE-TV to the equivalent RoPE-Tie: the centre never moves.",
        ),
        panel: "map",
        set: |s| {
            s.a = Layout::Dial;
            s.b = Layout::Tv;
            s.u = 0.0;
        },
        ask: Some(Ask {
            question: t("把 u 从 0 转到 1，什么不变？", "Turn u from 0 to 1. What stays?"),
            answers: &[
                t("块的间距", "The spacing"),
                t("图像的中心", "The centre of the picture"),
                t("左边的间隔", "The left gap"),
            ],
            right: 1,
            after: t(
                "间距变大，间隔变小，中心一直在空位的中点。",
                "The spacing grows, the gaps shrink, and the centre stays on the midpoint.",
            ),
            reveal: |s| s.u = 1.0,
        }),
    },
    Step {
        title: t("视频：时间该不该也对称？", "Video: should time be symmetric too?"),
        body: t(
            "同样的方程可以解到三维。但 β 里有帧数 t：还没看完，就不知道开头该放在哪里。再加一帧，前面所有的块都要挪动。\n作者觉得时间更像文本的方向，应当可以一直延续。M-RoPE、VideoRoPE 和逐帧成图都不动前面的块。",
            "The same equations work in three dimensions. But β now holds the number of frames: where the beginning stands is not known before the end. Add a frame, and every earlier patch moves.\nThe author finds that time is more like the direction of text and should stay open. M-RoPE, VideoRoPE and frames as images leave earlier patches alone.",
        ),
        panel: "frame",
        set: |s| {
            s.sequence = video(4, [4, 4, 4], 4);
            s.a = Layout::Tv;
            s.b = Layout::Mrope;
            s.query = 30;
        },
        ask: Some(Ask {
            question: t(
                "RoPE-TV 的视频加一帧，同一段视频内部的注意力变不变？",
                "Add a frame in RoPE-TV. Does attention inside the video change?",
            ),
            answers: &[t("变", "It does"), t("不变，变的是文本与视频之间", "No; only that between text and video")],
            right: 1,
            after: t(
                "前面的块一起平移，彼此之差不变；但已经转好的键要重算。",
                "Earlier patches move together, so their differences stay; but rotated keys in a cache go stale.",
            ),
            reveal: |s| s.sequence = video(4, [5, 4, 4], 4),
        }),
    },
    Step {
        title: t("谁做到了什么", "Who does what"),
        body: t(
            "三盏灯：兼容、对称、等价；第四盏是时间上能不能一直延续。前三盏里 M-RoPE 亮一盏，Tie 亮两盏，TV 全亮，却丢了第四盏。\n还有一个与位置无关的选择：频率怎么分。M-RoPE 把最快的给了时间，VideoRoPE 给最慢的，Qwen3-VL 各处都给一点。",
            "Three lamps: compatible, symmetric, equivalent; the fourth is whether time can go on for ever. Of the first three M-RoPE lights one, Tie two and TV all, but TV loses the fourth.\nA choice apart from positions is who gets which frequency: M-RoPE gives time the fastest, VideoRoPE the slowest, Qwen3-VL some of each.",
        ),
        panel: "lamps",
        set: |s| {
            s.sequence = video(8, [64, 8, 8], 8);
            s.a = Layout::Mrope;
            s.b = Layout::VideoRope;
            s.rule = NextRule::MaxSides;
            s.plan = Plan::Mrope;
            s.d = 128;
            s.query = 4000;
            s.key = 4104;
        },
        ask: None,
    },
];
