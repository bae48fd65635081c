//! Presets and the way through.

use super::state::{Law, State};
use crate::contract::step::{Ask, Preset, Step};
use crate::contract::text::{Text, t};

/// The named scenes.
pub const PRESETS: &[Preset<State>] = &[
    Preset {
        key: "zipf",
        name: t("Zipf：几个常见，一条长尾", "Zipf: a few loud, a long tail"),
        note: t("200 个 bug，第 i 常见的概率是 0.05/i^1.5。", "200 bugs; the one of rank i has probability 0.05/i^1.5."),
        set: |_| {},
    },
    Preset {
        key: "equal",
        name: t("一样常见：忽然找完", "All equal: suddenly all found"),
        note: t(
            "每个 bug 都是千分之一，几千次请求之后一个不剩。",
            "Each has a thousandth, and after some thousands of requests none is left.",
        ),
        set: |s| s.law = Law::Equal,
    },
    Preset {
        key: "two",
        name: t("两种频率：歇一阵又来", "Two scales: a pause, then more"),
        note: t(
            "40 个常见的很快找完，160 个罕见的要等到百万次请求。平的那一段不是太平。",
            "40 loud ones are soon found, 160 quiet ones wait for a million requests. The flat part is no peace.",
        ),
        set: |s| s.law = Law::TwoScale,
    },
    Preset {
        key: "worst",
        name: t("最坏的概率：碰到上限", "Worst case: up to the ceiling"),
        note: t(
            "概率都是 1/(N+1)，恰好在现在的 N 碰到上限。",
            "All have probability 1/(N+1), and just at the present N the rate touches the ceiling.",
        ),
        set: |s| {
            s.law = Law::Worst;
            s.worst = 10_000.0;
        },
    },
    Preset {
        key: "tail",
        name: t("五千个 bug：幂律", "Five thousand bugs: a power law"),
        note: t(
            "尾巴很长：请求从一万加到十万，bug 还会多到约 4.2 倍。M → ∞ 时趋于 10^(1/1.5) ≈ 4.6 倍。",
            "With a tail this long, going from ten thousand requests to a hundred thousand finds some 4.2 times the bugs. As M → ∞ it becomes 10^(1/1.5) ≈ 4.6.",
        ),
        set: |s| s.m = 5000,
    },
    Preset {
        key: "storm",
        name: t("五万用户：流量来了", "Fifty thousand users: the storm"),
        note: t(
            "并发 bug 全亮了；没有缓存，队列每秒多十几个。",
            "All races are lit; without a cache the queue grows by more than ten a second.",
        ),
        set: |s| {
            s.users = 50_000;
            s.is_racing = true;
        },
    },
    Preset {
        key: "list",
        name: t("自己的十个概率", "Your own ten"),
        note: t("每个 bug 一个概率；请换成你自己的，可以粘贴。", "A probability for each bug; put in your own, or paste them."),
        set: |s| s.law = Law::Own,
    },
];

/// The way through.
pub const STEPS: &[Step<State>] = &[
    Step {
        title: t("五个朋友试用", "Five friends try it"),
        body: t(
            "程序里藏着 200 个 bug，有的常见，有的罕见。五个朋友用一天，一共 100 次请求，平均只撞上 6.6 个：看上去挺稳。\n先说清楚：原文是一篇开发随笔，没有公式；这里的数学是本站加的，不是作者的。",
            "The program hides 200 bugs, loud and quiet. Five friends use it for a day, 100 requests in all, and meet 6.6 of them on average: it looks solid.\nTo be clear: the post is a diary of development without a formula. This mathematics is ours, not the author's.",
        ),
        panel: "curve",
        set: |s| s.users = 5,
        ask: None,
    },
    Step {
        title: t("开放那天，用户一百倍", "Launch day: a hundred times the users"),
        body: t(
            "消息传开，用户从 5 变成 500。每个 bug 都在等一次碰巧撞上它的请求，请求多了，等到的就多。\n先猜一猜：bug 也会多一百倍吗？",
            "Word gets around, and 5 users become 500. Each bug waits for the request that happens to meet it; with more requests more of them are met.\nA guess first: a hundred times the bugs, too?",
        ),
        panel: "curve",
        set: |s| s.users = 5,
        ask: Some(Ask {
            question: t("用户一百倍，发现的 bug 变成几倍？", "A hundred times the users: how many times the bugs?"),
            answers: &[t("约 2 倍", "About 2"), t("约 15 倍", "About 15"), t("100 倍", "100")],
            right: 1,
            after: t(
                "从 6.6 个到 99.1 个，15 倍。常见的早就撞上了，新撞上的一个比一个罕见。",
                "From 6.6 to 99.1, 15 times as many. The loud ones had been met; each new one is quieter than those before.",
            ),
            reveal: |s| s.users = 500,
        }),
    },
    Step {
        title: t("全修好，还会坏多少", "Fix them all: what can still fail?"),
        body: t(
            "这一天本来每百次请求要失败 12 次。把发现的都修好，剩下的平均每千次失败 4.5 次：一半的 bug 还在，失败却不到原来的二十分之一。\n更要紧的是，有一条上限：M 个 bug，N 次请求之后，平均失败率不会高于 M/(eN)，不管它们怎样分布。",
            "This day began with 12 failures in a hundred requests. Fix all that was found, and 4.5 in a thousand remain on average: half of the bugs are still there, yet failures fell more than twentyfold.\nAnd there is a ceiling: with M bugs, after N requests, the mean failure rate is never above M/(eN), however they are distributed.",
        ),
        panel: "rate",
        set: |s| s.users = 500,
        ask: Some(Ask {
            question: t(
                "200 个 bug，一万次请求之后，换一批最坏的 bug，平均失败率最多多少？",
                "200 bugs, ten thousand requests: with the worst bugs there are, how high can the mean rate be?",
            ),
            answers: &[t("可以任意高", "As high as you like"), Text::same("0.74 %"), Text::same("20 %")],
            right: 1,
            after: t(
                "200/(e×10⁴) = 0.74 %。太常见的早被发现，太罕见的难得出现；最坏的恰好在中间，概率是 1/(N+1)，图里碰到上限的就是它们。",
                "200/(e×10⁴) = 0.74 %. Too loud ones were found long ago, too quiet ones hardly strike; the worst lie between, at 1/(N+1), and touch the ceiling in the figure.",
            ),
            reveal: |s| {
                s.law = Law::Worst;
                s.worst = 10_000.0;
            },
        }),
    },
    Step {
        title: t("头一周找到的，是常见的", "The first week finds the loud ones"),
        body: t(
            "把 bug 从常见到罕见排成一排，像条形码。左边几乎全满，越往右越稀。按“播放”，看条纹一天天往右长。\n最后那些不是没有了，只是难得一见。Adams 在 1980 年就指出：早修少数常见的，收益占了大半。",
            "Put the bugs in a row from loud to quiet, like a bar code. The left is nearly full, and it thins to the right. Play the days, and watch the stripes grow.\nThe last bugs are not gone, they are rare. As Adams found in 1980, most of the benefit comes from few loud ones, fixed early.",
        ),
        panel: "barcode",
        set: |s| {
            s.users = 50;
            s.days = 7;
        },
        ask: None,
    },
    Step {
        title: t("有些 bug，朋友永远碰不到", "Some bugs no friend can meet"),
        body: t(
            "并发 bug 要两次请求挤进同一个窗口。五个朋友一天才 100 次请求，窗口里几乎总是只有一个人。\n于是它有两个条件：有人走到，又有人紧跟着。",
            "A race needs two requests within one window. Five friends make 100 requests a day, and nearly always there is one of them alone.\nIt takes two things: somebody on the path, and somebody close behind.",
        ),
        panel: "traffic",
        set: |s| {
            s.users = 5;
            s.is_racing = true;
        },
        ask: Some(Ask {
            question: t(
                "用户变成一百倍，一秒窗口的并发 bug，每天的失败次数变成几倍？",
                "A hundred times the users: a race of one second then fails how many times as often in a day?",
            ),
            answers: &[t("100 倍", "100"), t("近一万倍", "Nearly 10,000"), t("约 15 倍", "About 15")],
            right: 1,
            after: t(
                "走到的人变成一百倍，紧跟着的机会又近一百倍。普通的 bug 只变成一百倍。",
                "A hundred times as many on the path, each with nearly a hundred times the chance of company. An ordinary bug fails only a hundred times as often.",
            ),
            reveal: |s| s.users = 500,
        }),
    },
    Step {
        title: t("再来一百倍", "A hundred times again"),
        body: t(
            "用户到了五万。普通的 bug 几乎全都见过了，可是一盏盏新灯亮起来：窗口只有一毫秒的并发 bug，现在每天出现两百多次。\n试用再久也没用：它们等的不是时间，是流量。",
            "Fifty thousand users. Nearly all ordinary bugs have been seen, yet new lamps light up: a race with a window of one millisecond now strikes more than two hundred times a day.\nA longer trial would not have helped: they wait for traffic, not for time.",
        ),
        panel: "lamps",
        set: |s| {
            s.users = 50_000;
            s.is_racing = true;
        },
        ask: None,
    },
    Step {
        title: t("缓存：同一条曲线", "The cache: the same curve"),
        body: t(
            "把 bug 换成 200 篇论文，常见换成热门。看过的论文存下来，下载就只在第一次：下载数正是 D(N)。\n让 bug 越来越难找的，也让下载越来越少。",
            "Read the bugs as 200 papers, and loudness as popularity. Keep what was fetched, and only the first click needs a download: their number is D(N).\nWhat makes bugs ever harder to find makes downloads ever fewer.",
        ),
        panel: "cache",
        set: |s| s.users = 500,
        ask: Some(Ask {
            question: t("五万用户，一百万次点击，要下载多少次？", "Fifty thousand users, a million clicks: how many downloads?"),
            answers: &[Text::same("200"), t("约 20000", "About 20,000"), t("一百万", "A million")],
            right: 0,
            after: t(
                "每篇一次，200 次，十分钟下完。没有缓存，三秒一次要下 34.7 天。",
                "One for each paper, 200, done in ten minutes. Without a cache, at three seconds each, they take 34.7 days.",
            ),
            reveal: |s| s.users = 50_000,
        }),
    },
    Step {
        title: t("一开门的队列", "The queue at the opening"),
        body: t(
            "原文的办法是排队：隔固定的时间取一次，谁也不催谁。新的一天，缓存是空的，五百人一起涌来，比平均密一百倍：平均排到 65 个。热门的很快都存下了，不到十分钟就排空。\n没有缓存的灰线贴着纵轴冲出图外，人潮不退就不回头。",
            "The post's remedy is a queue: one fetch at a steady interval, and nobody hurries. A new day, an empty cache, and five hundred come at once, a hundred times as dense as on average: 65 wait on average. The popular papers are soon kept, and within ten minutes the line is empty.\nThe grey line without a cache leaves the figure at once, close to the axis, and rises until the rush is over.",
        ),
        panel: "drain",
        set: |_| {},
        ask: None,
    },
    Step {
        title: t("快满的时候", "Close to full"),
        body: t(
            "没有缓存，720 个用户就让负荷到了一半。等待的公式里，分母是 1 − ρ。\n先猜，再看用户多八成会怎样。",
            "Without a cache, 720 users make a load of one half. The formula of the wait divides by 1 − ρ.\nGuess first, then see what 80 % more users do.",
        ),
        panel: "wait",
        set: |s| s.users = 720,
        ask: Some(Ask {
            question: t("负荷从 0.5 到 0.9，平均等待变成几倍？", "From a load of 0.5 to 0.9, how many times the mean wait?"),
            answers: &[t("1.8 倍", "1.8"), t("9 倍", "9"), t("90 倍", "90")],
            right: 1,
            after: t(
                "从 1.5 秒到 13.5 秒，9 倍。到 1 就没有尽头了；有缓存的那一点离得很远。",
                "From 1.5 to 13.5 seconds, 9 times. At 1 there is no end; the dot with a cache is far away.",
            ),
            reveal: |s| s.users = 1296,
        }),
    },
    Step {
        title: t("三个假设，说实话", "Three assumptions, honestly"),
        body: t(
            "一条这么强的上限，靠的是假设。用户重复自己，请求就白费了；修得慢、修不好，失败就留着；用法忽然变了，本来罕见的一下子常见起来。\n线穿过上限的地方，就是假设不成立的地方。",
            "A ceiling this strong rests on assumptions. If users repeat themselves, requests are wasted; if fixes come late or fail, failures stay; if use suddenly changes, what was quiet is loud at once.\nWhere a line goes through the ceiling, an assumption has failed.",
        ),
        panel: "whatif",
        set: |_| {},
        ask: None,
    },
];
