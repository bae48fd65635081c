//! What a teacher may say and ask at each step: `HiPPO` and S4. Files carry it, no program does.

use crate::contract::text::{Text, t};

/// A note a step.
pub const TALK: &[Text] = &[
    t(
        "先让大家说：只给一张照片，能不能预言它接下来怎么动？为什么还差一个速度？再把摩擦拖到 0。",
        "Ask first: from one photograph, can its motion be foretold? Why is a speed missing? Then drag friction to 0.",
    ),
    t(
        "播放影片，只留一种记忆再播一遍。请学生用一句话说出三种权重条的形状，再猜哪种记忆适合很长的文本。",
        "Play the film, then again with one memory. Students describe each strip of weight in a sentence, and guess which suits a very long text.",
    ),
    t(
        "在黑板上写出 3×3 的 A，请学生验证 Ae₀ = −B，再验证 A + Aᵀ = −I − vvᵀ。",
        "Write the 3 by 3 matrix on the board. Students check that Ae₀ = −B, and that A + Aᵀ = −I − vvᵀ.",
    ),
    t(
        "追问：换变量 τ = ln t，LegS 的方程变成什么？这就是原文的论证。",
        "Ask: with τ = ln t, what becomes of the equation of LegS? That is the post's argument.",
    ),
    t(
        "先投票再揭晓。之后把 ε 慢慢往小拖，请大家喊停：什么时候峰消失？答案在范数那个读数里。",
        "Vote, then reveal. Then drag ε down slowly until somebody calls that the hump is gone: the readout by norm says when.",
    ),
    t(
        "打开“用单精度算”，比较读数从多少变成多少。追问：实际训练用的是哪种精度？",
        "Switch on single precision and compare the readouts. Which precision do people train in?",
    ),
    t(
        "请学生在纸上画 L = 4 的四个根，各自投到竖轴的哪里。谁没有落点？",
        "Students draw the four roots for L = 4 and where each falls on the axis. Which one falls nowhere?",
    ),
    t(
        "把 L 改成 31 和 33：洞不见了。再改回 32，请学生用洛必达或者泰勒展开推出极限。",
        "Set L to 31 and to 33: the hole is gone. Back at 32, students derive the limit.",
    ),
    t(
        "把 d 从 4 拖到 32，看右图从哪里开始坏。追问：换成更高的精度，能救到多大的 d？",
        "Drag d from 4 to 32 and watch the right picture break. With more digits, how large could d be?",
    ),
    t(
        "先让大家画出变化的形状，再揭晓。一句话记住：卷积核就是“戳一下”的回声。",
        "Have them sketch the change first. One sentence to keep: the kernel is the echo of a poke.",
    ),
];
