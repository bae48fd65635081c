//! Every word of the widget, and its formulas.

use yansuan_tex::tex;

use crate::contract::control::Item;
use crate::contract::formula::Formula;
use crate::contract::panel::{Evidence, Panel, Size, Source, from};
use crate::contract::script::{Size as WordSize, Vocable};
use crate::contract::text::{Text, t};
use crate::contract::widget::{About, Check};

use Evidence::{Code, Ours, Post};

pub const ABOUT: About = About {
    slug: "rope",
    title: t("一维、二维、三维的 RoPE", "RoPE in one, two and three dimensions"),
    question: t(
        "一张图片插在两段文字之间，它的每个小块该站在哪里？",
        "A picture stands between two pieces of text. Where does each of its patches stand?",
    ),
    summary: t(
        "用文本、图像和视频拼一个序列，看每种方案把每个 token 放在哪里，以及注意力因此看到什么。",
        "Build a sequence of text, images and video; see where each scheme puts every token, and what attention sees of it.",
    ),
    version: 1,
    reading: &[
        (t("原文：多模态位置编码", "The post: multimodal positions (in Chinese)"), "https://kexue.fm/archives/10352"),
        (t("前篇：RoPE-Tie", "Before it: RoPE-Tie (in Chinese)"), "https://kexue.fm/archives/10040"),
        (t("二维 RoPE 的由来", "Where RoPE-2D comes from (in Chinese)"), "https://kexue.fm/archives/8397"),
        (t("Qwen2-VL：M-RoPE（2024）", "Qwen2-VL: M-RoPE (2024)"), "https://arxiv.org/abs/2409.12191"),
        (t("VideoRoPE（2025）", "VideoRoPE (2025)"), "https://arxiv.org/abs/2502.05173"),
        (t("V2PE（2024）", "V2PE (2024)"), "https://arxiv.org/abs/2412.09616"),
        (t("RoFormer：RoPE（2021）", "RoFormer: RoPE (2021)"), "https://arxiv.org/abs/2104.09864"),
    ],
    checks: &[
        Check {
            what: t("与独立参考实现逐一核对的数值", "Numbers compared with an independent reference"),
            cases: super::CHECKED,
        },
        Check { what: t("随机性质检验，每条性质的次数", "Random trials of each property"), cases: 10_000 },
    ],
};

pub const SOURCES: &[Source] = &[
    from(
        Post,
        "RoPE-Tie、RoPE-TV 的位置公式，兼容、对称、等价三个要求，以及对视频的两难",
        "The positions of RoPE-Tie and RoPE-TV, the demands of compatibility, symmetry and equivalence, and the dilemma of video",
    ),
    from(
        Code,
        "M-RoPE：transformers 4.45.2 与 5.23.0（两版续接文本的规则不同，各自运行核对）；VideoRoPE、V2PE：公开代码",
        "M-RoPE: transformers 4.45.2 and 5.23.0, whose rules for the text that follows differ (each was run); VideoRoPE and V2PE: their published code",
    ),
    from(
        Ours,
        "“对称等于图像中心落在空位的中点”、在 TV 与 Tie 之间连续变化的旋钮 u、加一帧时的位移",
        "That symmetry means the centre of the image lies on the midpoint of the hole; the dial u between TV and Tie; what a new frame moves",
    ),
];

const fn size(zh: &'static str, en: &'static str, min: u32, max: u32, opening: u32) -> WordSize {
    WordSize { name: t(zh, en), min, max, opening }
}

/// The words of a sequence, in the order of [`super::state::TEXT`] and its neighbours.
pub const VOCABULARY: &[Vocable] = &[
    Vocable { key: "text", name: t("文本", "text"), sizes: &[size("字数", "length", 0, 65_536, 4)] },
    Vocable {
        key: "image",
        name: t("图像", "image"),
        sizes: &[size("行数", "rows", 1, 256, 3), size("列数", "columns", 1, 256, 4)],
    },
    Vocable {
        key: "video",
        name: t("视频", "video"),
        sizes: &[size("帧数", "frames", 1, 1024, 3), size("行数", "rows", 1, 256, 3), size("列数", "columns", 1, 256, 4)],
    },
];

pub const TOKEN: Text = t("token", "tokens");

pub const FLAT: Text = t("拉平（一维）", "flattened (1-D)");
pub const TYPESET: Text = t("排版式", "typeset");
pub const NAIVE: Text = t("直接接上", "pasted in");
pub const TIE: Text = Text::same("RoPE-Tie");
pub const TIE_EQ: Text = t("RoPE-Tie（等价）", "RoPE-Tie, equivalent");
pub const TV: Text = Text::same("RoPE-TV");
pub const TV_FRAMES: Text = t("RoPE-TV，逐帧成图", "RoPE-TV, frames as images");
pub const MROPE: Text = Text::same("M-RoPE");
pub const VIDEOROPE: Text = Text::same("VideoRoPE");
pub const V2PE: Text = Text::same("V2PE");
pub const DIAL: Text = t("旋钮 u：TV ↔ Tie", "dial u: TV ↔ Tie");

/// The relatives of M-RoPE: model, time coordinate, where text goes on, frequencies of a head of 128 (64 pairs).
pub const RELATIVES: [[Text; 4]; 5] = [
    [
        t("Qwen2-VL（4.45.2）", "Qwen2-VL (4.45.2)"),
        t("一帧一步：L + f", "a step a frame: L + f"),
        t("三轴最大值 + 1", "maximum of all three axes + 1"),
        t("t、h、w 相接：16、24、24 对", "t, then h, then w: 16, 24, 24 pairs"),
    ],
    [
        t("Qwen2-VL（5.23.0）", "Qwen2-VL (5.23.0)"),
        t("一帧一步：L + f", "a step a frame: L + f"),
        t(
            "h、w 的最大值 + 1；长视频的时间会超过后面的文本",
            "maximum of h and w + 1; a long video's time overtakes the text after it",
        ),
        t("同上", "as above"),
    ],
    [
        t("Qwen2.5-VL", "Qwen2.5-VL"),
        t(
            "绝对时间：⌊f · 每格秒数 · 每秒步数⌋；图像不缩放",
            "absolute time: ⌊f · seconds a grid · steps a second⌋; images unscaled",
        ),
        t("同 Qwen2-VL", "as in Qwen2-VL"),
        t("同上", "as above"),
    ],
    [
        t("Qwen2.5-Omni（TMRoPE）", "Qwen2.5-Omni (TMRoPE)"),
        t(
            "绝对时间：每步 40 毫秒；音频三轴相同，音视频按 2 秒一段交错",
            "absolute time, 40 ms a step; audio equal on all axes, audio and video interleaved by 2 s",
        ),
        t("同 Qwen2-VL", "as in Qwen2-VL"),
        t("同上", "as above"),
    ],
    [
        t("Qwen3-VL", "Qwen3-VL"),
        t("帧与帧之间写时间戳文本，每帧 t = 1", "timestamps as text between frames; each frame has t = 1"),
        t("每帧之后", "after each frame"),
        t("交错：t、h、w 各 24、20、20 对", "interleaved: 24, 20, 20 pairs for t, h, w"),
    ],
];

/// The schemes, in the order of [`super::state::Layout`].
pub const SCHEMES: &[Item] = &[
    Item { key: "flat", name: FLAT },
    Item { key: "typeset", name: TYPESET },
    Item { key: "naive2d", name: NAIVE },
    Item { key: "tie-v1", name: TIE },
    Item { key: "tie-v1-eq", name: TIE_EQ },
    Item { key: "tv", name: TV },
    Item { key: "tv-frames", name: TV_FRAMES },
    Item { key: "mrope", name: MROPE },
    Item { key: "videorope", name: VIDEOROPE },
    Item { key: "v2pe", name: V2PE },
    Item { key: "dial", name: DIAL },
];

pub const RULES: &[Item] = &[
    Item {
        key: "max-all", name: t("max(t, h, w)：原文，transformers 4.45.2", "max(t, h, w): the post, transformers 4.45.2")
    },
    Item { key: "max-hw", name: t("max(h, w)：transformers 5.23.0", "max(h, w): transformers 5.23.0") },
];

pub const PLANS: &[Item] = &[
    Item { key: "alt", name: t("轮流", "in turn") },
    Item { key: "alt-sym", name: t("轮流，同频", "in turn, equal") },
    Item { key: "half", name: t("分段", "in parts") },
    Item { key: "mrope", name: t("M-RoPE：t、h、w 相接", "M-RoPE: t, then h, then w") },
    Item { key: "interleaved", name: t("Qwen3-VL：交错", "Qwen3-VL: interleaved") },
    Item { key: "videorope", name: t("VideoRoPE：t 最慢", "VideoRoPE: t slowest") },
];

pub const PAIRINGS: &[Item] = &[
    Item { key: "interleaved", name: t("相邻成对 (2i, 2i+1)", "neighbours (2i, 2i+1)") },
    Item { key: "half", name: t("前后成对 (i, i+d/2)", "halves (i, i+d/2)") },
];

pub const FORMATS: &[Item] = &[
    Item { key: "f64", name: Text::same("f64") },
    Item { key: "f32", name: Text::same("f32") },
    Item { key: "bf16", name: Text::same("bf16") },
    Item { key: "f16", name: Text::same("f16") },
];

/// Label and help of a control.
pub type Words = (Text, Text);

pub const SEQUENCE_WORDS: Words = (
    t("序列", "Sequence"),
    t("文本、图像、视频依次排列；image3x4 是 3 行 4 列。", "Text, images and video in order; image3x4 has 3 rows and 4 columns."),
);
pub const A_WORDS: Words = (t("方案 A", "Scheme A"), t("主图里的方案。", "The scheme of the main figure."));
pub const B_WORDS: Words = (t("方案 B", "Scheme B"), t("用来对照的方案。", "The scheme to compare it with."));
pub const U_WORDS: Words = (
    t("旋钮 u", "Dial u"),
    t(
        "0 是 RoPE-TV 的间距 1，1 是 RoPE-Tie（等价）的间距。",
        "0 is the spacing 1 of RoPE-TV, 1 the spacing of RoPE-Tie, equivalent.",
    ),
);
pub const RHO_WORDS: Words =
    (t("兑换率 ρ", "Exchange rate ρ"), t("一个图像块算几个文本 token。", "How many text tokens a patch counts as."));
pub const DELTA_WORDS: Words =
    (t("步长 δ", "Spacing δ"), t("VideoRoPE 的帧距，V2PE 的块距。", "Between frames in VideoRoPE, between patches in V2PE."));
pub const RULE_WORDS: Words = (
    t("续接文本", "Text goes on at"),
    t("M-RoPE 的图像之后，文本从哪里接着数。", "Where text goes on after a picture in M-RoPE."),
);
pub const QUERY_WORDS: Words =
    (t("查询 token", "Query token"), t("从 1 数起；也可以点图中的点。", "Counted from 1; clicking a dot chooses it too."));
pub const KEY_WORDS: Words =
    (t("键 token", "Key token"), t("与查询做内积的 token。", "The token that the query is compared with."));
pub const PLAN_WORDS: Words =
    (t("频率分配", "Frequencies"), t("每一对分量归哪个轴、转多快。", "Which axis turns each pair, and how fast."));
pub const D_WORDS: Words =
    (t("头维度 d", "Head size d"), t("每个注意力头的分量个数，偶数。", "Components of an attention head, an even number."));
pub const BASE_WORDS: Words = (t("底数 b", "Base b"), t("θᵢ = b^(−2i/d)。", "θᵢ = b^(−2i/d)."));
pub const N_WORDS: Words = (t("文本位置 n", "Text position n"), t("左边矩阵 Rₙ 的 n。", "The n of the left matrix Rₙ."));
pub const PAIRING_WORDS: Words = (
    t("分量配对", "Pairing"),
    t(
        "论文把相邻两个分量配成一对，许多代码把前后两半配成对；只差一个置换。",
        "Papers pair neighbours, much code pairs the two halves; they differ by a permutation.",
    ),
);
pub const FORMAT_WORDS: Words =
    (t("位置的数型", "Number type"), t("位置存成哪种浮点数。", "The floating-point type that positions are kept in."));
pub const YAW_WORDS: Words = (t("水平转角", "Yaw"), t("度。", "Degrees."));
pub const PITCH_WORDS: Words = (t("俯角", "Pitch"), t("度。", "Degrees."));

const fn panel(id: &'static str, title: Text, axes: (Text, Text), hint: Text, aspect: f64, size: Size, source: Source) -> Panel {
    Panel { id, title, x: axes.0, y: axes.1, hint, aspect, size, legend: false, source }
}

/// The same panel with its marks listed above the figure.
const fn listed(panel: Panel) -> Panel {
    Panel { legend: true, ..panel }
}

const NONE: Text = Text::same("");
const W_AXIS: Text = t("w（列）", "w (column)");
const H_AXIS: Text = t("h（行），向下", "h (row), downwards");

pub const PANELS: &[Panel] = &[
    listed(panel(
        "map",
        t("地图：方案 A", "The map: scheme A"),
        (W_AXIS, H_AXIS),
        t(
            "点选一个 token 作查询。文本在对角线上；箭头是图像与两侧文本的间隔，十字是图像中心，圆圈是空位的中点。",
            "Click a token to make it the query. Text lies on the diagonal; arrows are the gaps beside a picture, the cross is its centre, the ring the midpoint of the hole.",
        ),
        1.5,
        Size::Full,
        from(
            Post,
            "10352 与 10040 的位置公式；“中心落在中点”是我们的推导",
            "The positions of posts 10352 and 10040; that the centre lies on the midpoint is our derivation",
        ),
    )),
    panel(
        "map-b",
        t("地图：方案 B", "The map: scheme B"),
        (W_AXIS, H_AXIS),
        t("同一序列，另一种方案；坐标轴各取所需。", "The same sequence under the other scheme, on axes of its own."),
        1.2,
        Size::Half,
        from(
            Post,
            "10352 与 10040；M-RoPE、VideoRoPE、V2PE 按各自的代码",
            "Posts 10352 and 10040; M-RoPE, VideoRoPE and V2PE by their code",
        ),
    ),
    listed(panel(
        "strips",
        t("坐标随阅读顺序的变化", "Coordinates in reading order"),
        (t("阅读顺序", "reading order"), t("方案 A 的坐标", "coordinates of scheme A")),
        t("t、h、w 三个坐标各是一条线；文本处三线合一。", "One line each for t, h and w; on text the three are one."),
        1.2,
        Size::Half,
        from(Post, "10352 第 3 至 6 节", "Post 10352, sections 3 to 6"),
    )),
    listed(panel(
        "space",
        t("三维视图", "In space"),
        (NONE, NONE),
        t(
            "t 向右，w 向里，h 向下。转动它：文本仍是一条直线。",
            "t to the right, w into the page, h down. Turn it: text stays one straight line.",
        ),
        1.2,
        Size::Half,
        from(Post, "10352 的三维位置", "The positions in three dimensions of post 10352"),
    )),
    panel(
        "dials",
        t("每一对分量是一根指针", "Each pair is a hand"),
        (NONE, NONE),
        t(
            "彩色的指针是查询，另一根是键；夹角只取决于两个位置之差。",
            "The coloured hand is the query, the other one the key; the angle between them depends on the difference of positions alone.",
        ),
        1.6,
        Size::Half,
        from(Post, "RoPE 的定义；10352 第 1 节", "The definition of RoPE; post 10352, section 1"),
    ),
    listed(panel(
        "kernel",
        t("相对位置的核 S(Δ)", "The kernel S(Δ)"),
        (t("阅读顺序", "reading order"), Text::same("S")),
        t("查询与每个 token 的接近程度：1 表示位置相同。", "How near each token is to the query: 1 means the same position."),
        1.6,
        Size::Half,
        from(Ours, "q = k、每对长度为 1 时的注意力分数", "The attention logit for q = k with unit pairs"),
    )),
    panel(
        "field",
        t("核在图像上", "The kernel on the picture"),
        (t("列", "column"), t("行，向下", "row, downwards")),
        t(
            "同一张图上各块的 S。拉平时，正下方的块要隔 w 步，出现条纹。",
            "S of each patch of one picture. Flattened, the patch below is w steps away, and stripes appear.",
        ),
        1.3,
        Size::Half,
        from(Ours, "同上，逐块", "As above, patch by patch"),
    ),
    panel(
        "matrix",
        t("旋转矩阵：文本与图像", "The rotation matrices: text and picture"),
        (NONE, NONE),
        t(
            "从快到慢取几对：左边 Rₙ，右边是查询位置的 R。当 t = h = w = n 时两边完全相同：这就是向后兼容。",
            "Some pairs from fast to slow: Rₙ on the left, R at the query's position on the right. They are the same exactly when t = h = w = n: that is compatibility.",
        ),
        2.0,
        Size::Full,
        from(Post, "10352 第 2 节", "Post 10352, section 2"),
    ),
    listed(panel(
        "frequencies",
        t("频率分给哪个轴", "Which axis gets which frequency"),
        (t("第 i 对，从快到慢", "pair i, from fast to slow"), t("在当前范围内转过的圈数", "turns over the present extent")),
        t(
            "高过 1 圈的指针会绕回来，远近就可能混淆；远低于 1 圈的分不清近处。",
            "A hand above 1 turn comes round again and may confuse far with near; one far below cannot tell neighbours apart.",
        ),
        2.0,
        Size::Full,
        from(
            Code,
            "M-RoPE：transformers；Qwen3-VL 与 VideoRoPE：公开代码；“轮流”“分段”：原文",
            "M-RoPE: transformers; Qwen3-VL and VideoRoPE: their code; in turn, in parts: the posts",
        ),
    )),
    listed(panel(
        "crop",
        t("裁掉下半张", "Crop away the lower half"),
        (NONE, t("相邻两块的坐标差", "distance of two neighbours")),
        t(
            "同样相邻的两块，裁剪前后的距离。间距随图像大小变化的方案，会把同一内容看成不同的样子。",
            "The same two neighbours before and after. Where spacing depends on the size of the picture, the same content looks different.",
        ),
        1.5,
        Size::Half,
        from(Post, "10352 第 4 节的裁剪论证", "The cropping argument of post 10352, section 4"),
    )),
    panel(
        "frame",
        t("再加一帧", "Add a frame"),
        (t("第一帧左上块的位移", "shift of the first patch of the first frame"), NONE),
        t(
            "箭头从现在的位置指到多一帧之后的位置；没有箭头就是没有动。",
            "Arrows lead from the present position to that with one frame more; no arrow means nothing moved.",
        ),
        1.5,
        Size::Half,
        from(
            Ours,
            "由位置公式推出；“要先知道帧数”是原文的疑虑",
            "Follows from the positions; that the number of frames must be known first is the post's own doubt",
        ),
    ),
    listed(panel(
        "precision",
        t("专家：相位误差", "Experts: the error of the phase"),
        (t("第 i 对", "pair i"), t("|误差|，弧度", "|error|, radians")),
        t(
            "位置存成所选数型、θ 与乘积取 f32 时，每一对的相位差多少。",
            "How far the phase of each pair is off when the position has the chosen type and θ and the product are f32.",
        ),
        2.4,
        Size::Full,
        from(Ours, "逐位模拟舍入", "Rounding simulated to the bit"),
    )),
    panel(
        "lamps",
        t("谁满足哪个要求", "Who meets which demand"),
        (NONE, NONE),
        t("点 ✗，把该方案放到地图 A 上看。", "Press ✗ to put that scheme on map A."),
        1.0,
        Size::Full,
        from(
            Post,
            "三个要求出自 10352；“时间开放”一栏由我们补充",
            "The three demands are from post 10352; “open in time” is ours",
        ),
    ),
    panel(
        "relatives",
        t("M-RoPE 的亲属", "The relatives of M-RoPE"),
        (NONE, NONE),
        t(
            "同一套坐标 (t, h, w)，各家只在时间怎么数、文本从哪里接、频率怎么分上不同。",
            "All use the coordinates (t, h, w); they differ in how time is counted, where text goes on, and who gets which frequency.",
        ),
        1.0,
        Size::Full,
        from(
            Code,
            "transformers 里各模型的位置代码；Qwen2-VL 在 4.45.2 与 5.23.0 两版里运行过，其余只读过代码",
            "The positions in the code of transformers; Qwen2-VL was run in versions 4.45.2 and 5.23.0, the others were read",
        ),
    ),
    panel(
        "numbers",
        t("专家：查询与键", "Experts: query and key"),
        (NONE, NONE),
        t(
            "位置、它在各数型里的样子，以及 (R_m q)·(R_n k)。",
            "The positions, what the number types make of them, and (R_m q)·(R_n k).",
        ),
        1.0,
        Size::Full,
        from(Ours, "q 与 k 由种子 1 与 2 生成", "q and k are drawn from seeds 1 and 2"),
    ),
];

pub const FORMULAS: &[Formula] = &[
    Formula {
        id: "rotation",
        mathml: tex!(
            r"(\mathcal{R}_{p}\,q)^{\top}(\mathcal{R}_{p'}\,k) = q^{\top}\mathcal{R}_{p'-p}\,k,\quad \term{kernel}{S(\Delta)} = \frac{2}{d}\sum_i \cos(\Delta_{a(i)}\theta_i) = \value{kernel}"
        ),
        spoken: t(
            "p 处的 q 与 p 撇处的 k 的内积只取决于 p 撇减 p；核 S 是各对余弦的平均。",
            "The inner product of q at p and k at p prime depends on p prime minus p alone; the kernel S is the mean of the cosines of all pairs.",
        ),
        caption: t("RoPE 把位置变成差（S：查询与键之间）", "RoPE turns positions into differences (S between query and key)"),
        source: from(Post, "", ""),
    },
    Formula {
        id: "tv",
        mathml: tex!(r"\beta_h = L + \tfrac{wh - h}{2},\quad \beta_w = L + \tfrac{wh - w}{2},\quad (\beta_h + r,\ \beta_w + c)"),
        spoken: t(
            "RoPE-TV：β h 等于 L 加二分之 w h 减 h；β w 等于 L 加二分之 w h 减 w；第 r 行第 c 列的块在 β h 加 r、β w 加 c。",
            "RoPE-TV: beta h is L plus half of w h minus h, beta w is L plus half of w h minus w; the patch of row r and column c is at beta h plus r, beta w plus c.",
        ),
        caption: t("RoPE-TV：间距 1，两边对称", "RoPE-TV: spacing 1, the same on both sides"),
        source: from(Post, "", ""),
    },
    Formula {
        id: "centre",
        mathml: tex!(
            r"\mathrm{pos}_a(i) = \term{centre}{L + \tfrac{E+1}{2}} + \left(i - \tfrac{n_a+1}{2}\right)\gamma_a,\quad \term{hole}{E} = K - L - 1 = \value{hole},\quad N = \value{patches}"
        ),
        spoken: t(
            "对称的方案都是：L 加二分之 E 加一，再加 i 减二分之 n a 加一乘 γ a；E 是 K 减 L 减 1。",
            "Every symmetric scheme is L plus half of E plus one, plus i minus half of n a plus one, times gamma a; E is K minus L minus one.",
        ),
        caption: t(
            "对称 ⇔ 中心在空位的中点（A 的最后一张图像）",
            "symmetric ⇔ the centre is the midpoint of the hole (last picture of A)",
        ),
        source: from(Ours, "", ""),
    },
    Formula {
        id: "dial",
        mathml: tex!(r"\gamma_a = 1 + \term{dial}{u}\left(\frac{E+1}{n_a+1} - 1\right),\quad E = \rho N"),
        spoken: t(
            "γ a 等于 1 加 u 乘以 E 加一除以 n a 加一再减 1；E 等于 ρ N。",
            "gamma a is one plus u times E plus one over n a plus one, minus one; E is rho N.",
        ),
        caption: t("u = 0 是 RoPE-TV，u = 1 是 RoPE-Tie（等价）", "u = 0 is RoPE-TV, u = 1 is RoPE-Tie, equivalent"),
        source: from(Ours, "", ""),
    },
];
