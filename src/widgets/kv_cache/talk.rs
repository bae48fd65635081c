//! What a teacher may say and ask at each step: the cache from MHA to MLA. Files carry it, no program does.

use crate::contract::text::{Text, t};

/// A note a step.
pub const TALK: &[Text] = &[
    t(
        "先问：写下一个字时，旧的查询还用得着吗？再请大家估一估，16 条 4096 个 token 的文本，缓存有多少 GB。",
        "Ask first: does the next word need the old queries? Then let everybody guess how many GB the cache of 16 texts of 4096 tokens is.",
    ),
    t("拖动组数，请学生说出 g = h 和 g = 1 时各叫什么。", "Drag the groups; students say what g = h and g = 1 are called."),
    t(
        "卡数从 1 拖到 16，看 GQA-8 的缓存什么时候不再变小。",
        "Drag the cards from 1 to 16 and watch when the cache of GQA-8 stops shrinking.",
    ),
    t(
        "把“改成一般的矩阵”慢慢拖大，问：误差不再是 0，是坏事吗？不是，模型本来就可以学别的矩阵。",
        "Drag towards general matrices. The error is no longer 0: is that bad? No, a model is free to learn other matrices.",
    ),
    t(
        "在黑板上写 (xW_q)(cW_k)ᵀ，请学生移动括号。这一步就是全部的秘密。",
        "Write (xW_q)(cW_k)ᵀ on the board and let a student move the brackets. That is the whole secret.",
    ),
    t(
        "请学生找出四个矩阵里第一处不同的格子，再说为什么不能事先合并。",
        "Students find the first tile that differs among the four matrices, and say why they cannot be merged beforehand.",
    ),
    t(
        "提醒：点落在线上，是因为旋转的那一小段没有参加吸收。",
        "A reminder: the dots lie on the line because the small rotated part takes no part in absorption.",
    ),
    t(
        "先投票再揭晓，多数人会选运算少的那种。追问：换成 A100，瓶颈会不会换？",
        "Vote, then reveal; most will choose the one with fewer operations. And then: on an A100, does the limit change?",
    ),
    t(
        "换几个种子，请大家记下哪种最差。再把共同部分拖大。",
        "Change the seed a few times and note which form is worst. Then drag what rows have in common.",
    ),
    t(
        "一句话记住：报告里的百分比，先问它数的是元素还是字节。",
        "One sentence to keep: of any percentage, ask whether it counts numbers or bytes.",
    ),
];
