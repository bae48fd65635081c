//! What a teacher may say and ask at each step: RoPE in 1, 2 and 3 dimensions. Files carry it, no program does.

use crate::contract::text::Text;

/// A note a step.
pub const TALK: &[Text] = &[
    Text {
        zh: "两条手臂就是两根指针：一起转，夹角不变。追问：如果只有查询往后移呢？",
        en: "Two arms make two hands: turned together, the angle stays. And if only the query moves on?",
    },
    Text {
        zh: "先请学生指出离查询最近的四个块，再看核 S 上它们有多亮。条纹就是答案。",
        en: "Let the class point out the four nearest patches first, then see how bright they are in S. The stripes are the answer.",
    },
    Text {
        zh: "先投票，再揭晓。“兼容”的分量在于：训练好的文本模型一个参数都不用改。",
        en: "Vote first, then reveal. What compatible means in practice: a trained text model keeps every parameter.",
    },
    Text {
        zh: "请大家在纸上写出左右两边的间隔，再与图核对。把图像改成正方形，看不对称怎样消失。",
        en: "Everyone writes down both gaps before looking. Then make the picture square and watch the asymmetry vanish.",
    },
    Text {
        zh: "改动图像的高和宽，看右边的间隔怎样跟着变。追问：代价落在谁身上？",
        en: "Change height and width and follow the right gap. Then ask who pays for it.",
    },
    Text {
        zh: "用手遮住图像的下半张，问：剩下的内容变了吗？再比较两种排法里的距离。",
        en: "Cover the lower half of the picture with a hand: has the rest changed? Then compare the distances of the two layouts.",
    },
    Text {
        zh: "揭晓之前请大家盯住图像的中心。转动 u 的时候，不动的只有它。",
        en: "Before the answer, have everybody watch the centre of the picture. While u turns, nothing else stays in place.",
    },
    Text {
        zh: "这里没有标准答案，适合讨论：时间更像空间，还是更像文字？",
        en: "There is no official answer here; it makes a good debate. Is time more like space, or more like text?",
    },
    Text {
        zh: "四盏灯可以当作小结。请学生分别为监控视频和一本漫画选一种排法，并说出理由。",
        en: "The lamps serve as a summary. Let students choose a layout for a surveillance film and for a comic book, with reasons.",
    },
];
