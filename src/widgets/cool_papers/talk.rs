//! What a teacher may say and ask at each step: more users, more bugs. Files carry it, no program does.

use crate::contract::text::{Text, t};

/// A note a step.
pub const TALK: &[Text] = &[
    t(
        "先换几次种子，看“这一次”怎样落在均值两边。强调一句：随笔里没有这些式子。",
        "Change the seed a few times and watch the run stray about the mean. Say it once more: the post has none of these formulas.",
    ),
    t(
        "先投票再揭晓。然后把 s 拖到 3 和 0.5，问：什么样的程序，用户多了 bug 就多得厉害？",
        "Vote, then reveal. Then drag s to 3 and to 0.5: for which programs do more users find many more bugs?",
    ),
    t(
        "请学生对 p(1−p)^N 求导，自己得出 1/(N+1)。再把 bug 的分布逐个换一遍，看线怎样也越不过上限。",
        "Let students differentiate p(1−p)^N and find 1/(N+1). Then go through all distributions: no line gets above the ceiling.",
    ),
    t(
        "从第 0 天开始播放，看条纹怎样从左往右长。问：什么时候可以说“没有 bug 了”？",
        "Play from day 0 and watch the stripes grow from the left. When may one say that no bug is left?",
    ),
    t(
        "请大家在对数坐标上读斜率：普通的是 1，并发的先是 2，后来也变成 1。为什么会变？",
        "Read the slopes on the logarithmic axes: 1 for an ordinary bug, 2 for a race, later 1 too. Why does it change?",
    ),
    t(
        "讨论：测试环境怎样才能提前点亮这些灯？压测就是人为地造流量。",
        "Discuss: how can a test light these lamps early? A load test is traffic made on purpose.",
    ),
    t(
        "问：热度更不均匀，缓存更有用还是更没用？拖 s 看看，再对照找 bug 的那条曲线。",
        "Is a cache of more or of less use when popularity is more uneven? Drag s, and compare with the curve of bugs.",
    ),
    t(
        "把间隔从 3 秒拖到 30 秒，看排空的时间；上界总是间隔乘以论文数。",
        "Drag the interval from 3 to 30 seconds and watch when the line is empty; it is never later than the interval times the papers.",
    ),
    t(
        "猜完之后继续拖用户数，越过 1，看空心点走进斜线区。追问：服务时间固定，平均等待为什么只有指数分布时（M/M/1）的一半？",
        "After the guess drag the users on beyond 1 and see the ring enter the hatching. Why is the wait half of that with exponential service times (M/M/1)?",
    ),
    t(
        "分三组，各辩护一个假设，再各说一个它不成立的真实例子。",
        "Three groups, each defends one assumption, then tells a real case in which it fails.",
    ),
];
