//! Every word of the widget, and its formulas.

use yansuan_tex::tex;

use crate::contract::control::Item;
use crate::contract::formula::Formula;
use crate::contract::panel::{Evidence, Panel, Size, Source, from};
use crate::contract::text::{Text, t};
use crate::contract::widget::{About, Check};

use Evidence::{Code, Ours, Post};

pub const ABOUT: About = About {
    slug: "cool-papers",
    title: t("用的人越多，bug 越多", "More users, more bugs"),
    question: t(
        "为什么用的人一多，bug 就冒出来？原文只讲了经历，没有公式；这里的数学是本站的。",
        "Why do bugs appear when more people come? The post tells the story and has no formula; this mathematics is ours, not the author's.",
    ),
    summary: t(
        "每个 bug 都在等一次碰巧撞上它的请求。同一条曲线先数 bug，再数下载：看它怎样变平，修好之后最多还会坏多少，缓存为什么救得了队列。公式是本站和文献的，不是原文的。",
        "Each bug waits for the request that happens to meet it. One curve counts bugs, then downloads: see how it flattens, how much can still fail once bugs are fixed, and why a cache rescues the queue. The formulas are ours and the literature's, not the post's.",
    ),
    version: 1,
    reading: &[
        (t("原文：Cool Papers 的开发体验", "The post (in Chinese)"), "https://kexue.fm/archives/9920"),
        (
            t("STADS：测试就是发现物种（Böhme，2018）", "STADS: testing as species discovery (Böhme, 2018)"),
            "https://arxiv.org/abs/1803.02130",
        ),
        (t("Good（1953）", "Good (1953)"), "https://doi.org/10.1093/biomet/40.3-4.237"),
        (t("arXiv 接口的使用条款", "Terms of use of the arXiv API"), "https://info.arxiv.org/help/api/tou.html"),
        (t("维基百科：M/D/1 排队", "Wikipedia: the queue M/D/1"), "https://en.wikipedia.org/wiki/M/D/1_queue"),
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
        "只有经历：用的人多了才看见许多 bug；抓取要排队，间隔固定；不少 bug 只在流量大时出现。没有公式，也没有这里的任何一个数",
        "The story only: many bugs showed when more people came; fetching goes through queues at a steady interval; many errors need heavy traffic. No formula, and none of the numbers here",
    ),
    from(
        Code,
        "文献：上限 M/(et)（Bishop 与 Bloomfield，1996）；早修少数常见的 bug 收益最大（Adams，1980）；f₁/N（Good，1953）与软件测试（Böhme，2018）；Chao（1984）；Goel–Okumoto（1979）、Littlewood（1981）、Musa–Okumoto（1984）；M/D/1 排队",
        "The literature: the bound M/(et) (Bishop and Bloomfield, 1996); most benefit comes from few loud defects fixed early (Adams, 1980); f₁/N (Good, 1953) and testing (Böhme, 2018); Chao (1984); Goel–Okumoto (1979), Littlewood (1981), Musa–Okumoto (1984); the queue M/D/1",
    ),
    from(
        Ours,
        "把 bug 和论文读成同一条曲线、上限的离散形式、并发 bug 的模型、放弃假设之后的式子，以及所有的数字：都是本站的选择与推导",
        "Reading bugs and papers by one curve, the discrete form of the bound, the model of races, the formulas without the assumptions, and all numbers are our choice and derivation",
    ),
];

pub const LAWS: &[Item] = &[
    Item { key: "zipf", name: Text::same("Zipf") },
    Item { key: "equal", name: t("都一样", "all equal") },
    Item { key: "two", name: t("两种频率", "two scales") },
    Item { key: "worst", name: t("最坏的", "worst case") },
    Item { key: "own", name: t("自己的", "your own") },
];

pub const BROKEN: &[Item] = &[
    Item { key: "independent", name: t("请求互不相干", "independent requests") },
    Item { key: "fixes", name: t("立刻修好", "instant, perfect fixes") },
    Item { key: "stationary", name: t("用法不变", "steady use") },
];

/// Label and help of a control.
pub type Words = (Text, Text);

pub const USERS_WORDS: Words =
    (t("每天的用户", "Users a day"), t("也可以在图里左右拖动圆圈。", "You may drag the ring in the figures, too."));
pub const DAYS_WORDS: Words = (
    t("开放了几天", "Days so far"),
    t("0 就是还没有人来过；按播放，看一天天过去。", "0 means that nobody has come yet; play, and watch the days go by."),
);
pub const EACH_WORDS: Words =
    (t("每人每天的请求", "Requests per user per day"), t("点开一页，就是一次请求。", "Opening a page is a request."));
pub const LAW_WORDS: Words = (
    t("bug 有多常见", "How loud the bugs are"),
    t("越常见的 bug，一次请求越容易碰上它。", "The louder a bug, the likelier a request meets it."),
);
pub const M_WORDS: Words = (t("bug 的个数 M", "Bugs M"), t("程序里一共藏着多少。", "How many the program hides."));
pub const TOP_WORDS: Words = (
    t("最大的概率", "Loudest p"),
    t("最常见的那个 bug，每次请求以这个概率出现。", "The probability that a request meets the loudest bug."),
);
pub const S_WORDS: Words = (
    t("指数 s", "Exponent s"),
    t("第 i 常见的，概率是最大的除以 i 的 s 次方。", "The bug of rank i has the loudest p over i to the s."),
);
pub const P_WORDS: Words = (t("每个的概率 p", "p of each"), t("所有 bug 一样常见。", "All bugs are equally loud."));
pub const LOUD_WORDS: Words = (t("常见的有几个", "Loud bugs"), t("其余的都很罕见。", "All others are quiet."));
pub const HIGH_WORDS: Words =
    (t("常见的概率", "p of a loud one"), t("每次请求碰上它的概率。", "The probability that a request meets it."));
pub const LOW_WORDS: Words =
    (t("罕见的概率", "p of a quiet one"), t("每次请求碰上它的概率。", "The probability that a request meets it."));
pub const WORST_WORDS: Words = (
    t("在第几次请求最坏", "Worst after"),
    t("概率都取 1/(N+1)，在 N 次请求之后失败率最高。", "All have 1/(N+1), which fails most after N requests."),
);
pub const OWN_WORDS: Words = (
    t("自己的概率", "Your own p"),
    t(
        "每个 bug 一个数，在 0 与 1 之间，最多 5000 个；可以粘贴。",
        "A number from 0 to 1 for each bug, at most 5000; you may paste them.",
    ),
);
pub const SEED_WORDS: Words = (t("随机种子", "Seed"), t("决定“这一次”怎样发生。", "It decides how this one run goes."));
pub const RACES_WORDS: Words = (
    t("算上并发 bug", "With races"),
    t("再加 24 个只在流量大时才出现的 bug。", "24 more bugs that appear only under heavy traffic."),
);
pub const PATH_WORDS: Words = (
    t("走到那里的概率 q", "Path q"),
    t("一次请求走到出错的那段代码的概率。", "The probability that a request takes the faulty path."),
);
pub const WINDOW_WORDS: Words = (
    t("最长的窗口 w（秒）", "Longest window w (s)"),
    t(
        "这段时间里再来一次请求才会出错；最短的是它的千分之一。",
        "Another request within it triggers the bug; the shortest is a thousandth.",
    ),
);
pub const INTERVAL_WORDS: Words = (
    t("每次下载隔几秒", "Seconds a download"),
    t("arXiv 的接口要求至少隔三秒。", "The arXiv API asks for at least three seconds."),
);
pub const RUSH_WORDS: Words = (
    t("开门时有多挤", "Rush at the opening"),
    t(
        "新列表一出大家就来，点击是平均的几倍密。",
        "When a new list is out everybody comes: clicks so many times as dense as on average.",
    ),
);
pub const BROKEN_WORDS: Words =
    (t("放弃哪些假设", "Assumptions given up"), t("每放弃一个，就多一条线。", "Each that is given up adds a line."));
pub const BURST_WORDS: Words =
    (t("每次重复几遍", "Repeated"), t("重复的请求看不到新东西。", "Repeated requests see nothing new."));
pub const DELAY_WORDS: Words = (t("几天才修", "Days to a fix"), t("从报告到修好的时间。", "From the report to the fix."));
pub const FAILING_WORDS: Words =
    (t("修不好的比例", "Fixes that fail"), t("修了，bug 还在。", "The bug is still there afterwards."));

const fn panel(id: &'static str, title: Text, axes: (Text, Text), hint: Text, aspect: f64, source: Source) -> Panel {
    Panel { id, title, x: axes.0, y: axes.1, hint, aspect, size: Size::Half, legend: true, source }
}

/// The same panel across the stage.
const fn full(panel: Panel) -> Panel {
    Panel { size: Size::Full, ..panel }
}

const REQUESTS: Text = t("请求 N", "requests N");

pub const PANELS: &[Panel] = &[
    full(panel(
        "curve",
        t("发现了多少", "How many are found"),
        (REQUESTS, t("发现的 bug", "bugs found")),
        t(
            "拖动圆圈改变用户数。横轴每一格是十倍的请求；开头陡，是常见的 bug 先被撞上。",
            "Drag the ring to change the users. Each step to the right is ten times the requests; it is steep first because loud bugs are met first.",
        ),
        2.0,
        from(
            Ours,
            "占位曲线与 M 个独立的几何变量；十亿次请求也只抽 M 次",
            "The occupancy curve and M independent geometric numbers; a billion requests are M draws",
        ),
    )),
    panel(
        "rate",
        t("修好之后还会坏多少", "What can still fail"),
        (REQUESTS, t("每次请求失败", "failures a request")),
        t(
            "发现一个就修一个。不管 bug 怎样分布，平均线永远进不了灰色。圆点只用数得到的：恰好出现过一次的 bug。修好之后也要继续记报告，不然数不出来。",
            "Each bug is fixed when found. Whatever the bugs, the mean never enters the grey. Dots use what can be counted: bugs met exactly once; keep counting reports after the fix, or there is nothing to count.",
        ),
        1.35,
        from(
            Code,
            "上限：Bishop 与 Bloomfield 1996，离散形式是本站的；圆点：Good 1953，用于测试见 Böhme 2018",
            "Ceiling: Bishop and Bloomfield 1996, its discrete form ours; dots: Good 1953, for testing Böhme 2018",
        ),
    ),
    panel(
        "barcode",
        t("哪些被发现了", "Which are found"),
        (t("bug，从常见到罕见", "bugs, the loudest first"), t("被发现的机会", "chance to be found")),
        t(
            "每一道是一个发现了的 bug，空白是还没发现的。左边先满：头几天找到的都是常见的。",
            "Each stripe is a bug that was found, each gap one that was not. The left fills first: the first days find the loud ones.",
        ),
        1.35,
        from(
            Code,
            "常见的少而收益大：Adams 1980；图是本站的",
            "Few loud ones, most of the benefit: Adams 1980; the picture is ours",
        ),
    ),
    panel(
        "traffic",
        t("只在流量大时出现的 bug", "Bugs that need traffic"),
        (t("每天的用户", "users a day"), t("每天失败", "failures a day")),
        t(
            "并发 bug 要在窗口之内再来一次请求。用户十倍，它的次数百倍，直到窗口里总有人。",
            "A race needs another request within its window. Ten times the users, a hundred times the failures, until there is always somebody in the window.",
        ),
        1.35,
        from(
            Ours,
            "原文只说有这样的 bug；泊松到达是本站的假设",
            "The post only says that there are such bugs; Poisson arrivals are our assumption",
        ),
    ),
    panel(
        "lamps",
        t("并发 bug 一盏盏亮起", "Races light up one by one"),
        (t("窗口，从短到长", "window, short to long"), t("每天失败", "failures a day")),
        t(
            "横线是每天一次。五个朋友一盏也点不亮；用户越多，越短的窗口也亮了。",
            "The line is once a day. Five friends light none; with more users, ever shorter windows light up.",
        ),
        1.35,
        from(Ours, "窗口按比例均匀取 24 个", "24 windows at equal ratios"),
    ),
    panel(
        "cache",
        t("同一条曲线：点击与下载", "The same curve: clicks and downloads"),
        (t("点击 N", "clicks N"), t("下载", "downloads")),
        t(
            "把 bug 换成论文，常见换成热门：有人看过的不用再下载，下载数就是 D(N)。",
            "Read bugs as papers and loudness as popularity: what somebody has read is not fetched again, so downloads are D(N).",
        ),
        1.35,
        from(Ours, "同一张概率表，除以总和", "The same list of probabilities, divided by its sum"),
    ),
    panel(
        "drain",
        t("一开门的队列", "The queue at the opening"),
        (t("开门后的分钟", "minutes after the opening"), t("在排队的下载", "downloads in line")),
        t(
            "新的一天，缓存是空的，大家一起涌来；下载隔固定的时间一次。没有缓存，灰线一开始就冲出图外。",
            "A new day, an empty cache, and everybody comes at once; downloads go at a fixed interval. Without a cache the grey line leaves the figure at once.",
        ),
        1.35,
        from(Ours, "固定间隔的队列见原文；算式是本站的", "Queues at a fixed interval are the post's; the calculation is ours"),
    ),
    panel(
        "wait",
        t("排队：快满时", "Waiting: close to full"),
        (t("负荷 ρ", "load ρ"), t("等待（秒）", "wait (s)")),
        t(
            "负荷是平均每次间隔里来几个。接近 1 时等待猛涨，到了 1 就没有尽头。",
            "The load is how many come in one interval. Close to 1 the wait shoots up, and from 1 on it has no end.",
        ),
        1.35,
        from(
            Code,
            "M/D/1 排队（Pollaczek–Khinchine）；到达的是没下载过的论文",
            "The queue M/D/1 (Pollaczek–Khinchine); what arrives are papers not yet fetched",
        ),
    ),
    panel(
        "cousins",
        t("开头一样，后来各走各的", "Alike at first, then not"),
        (REQUESTS, t("发现的 bug", "bugs found")),
        t(
            "三种著名的模型，开头的失败率都与和式相同。它们对将来的说法不同：外推靠的是假设。",
            "Three well-known models begin with the same failure rate as the sum. What they say of later differs: to extrapolate is to assume.",
        ),
        1.35,
        from(
            Code,
            "Goel–Okumoto 1979、Littlewood 1981、Musa–Okumoto 1984；怎样对齐是本站的选择",
            "Goel–Okumoto 1979, Littlewood 1981, Musa–Okumoto 1984; how they are matched is our choice",
        ),
    ),
    full(panel(
        "whatif",
        t("三个假设，各值多少", "What three assumptions are worth"),
        (REQUESTS, t("每次请求失败", "failures a request")),
        t(
            "前面的一切都假设请求互不相干、发现了立刻修好、用法不变。放弃一个，线就高上去，甚至穿过上限。",
            "Everything above assumes independent requests, instant perfect fixes and steady use. Give one up and the line rises, even through the ceiling.",
        ),
        2.0,
        from(
            Ours,
            "每次只放弃一个；用法在此刻改变，概率重新发给各个 bug",
            "One at a time; use changes at this moment, when probabilities are dealt out anew",
        ),
    )),
];

pub const FORMULAS: &[Formula] = &[
    Formula {
        id: "occupancy",
        mathml: tex!(
            r"\term{found}{D(N)} = \sum_{i=1}^{M} \left[\term{chance}{1-(1-p_i)^N}\right] = \value{mean},\quad \operatorname{Var} = \sum_i (1-p_i)^N\left[1-(1-p_i)^N\right]"
        ),
        spoken: t(
            "D N 等于对所有 bug 求和，每项是一减去一减 p i 的 N 次方。",
            "D of N is the sum over all bugs of one minus one minus p i to the N.",
        ),
        caption: t("N 次请求发现几个", "What N requests find"),
        source: from(Ours, "", ""),
    },
    Formula {
        id: "ceiling",
        mathml: tex!(
            r"\term{rate}{\rho(N)} = \sum_i p_i(1-p_i)^N = D(N+1)-D(N) = \value{rate} \le M\frac{N^N}{(N+1)^{N+1}} < \term{ceiling}{\frac{M}{eN}} = \value{ceiling}"
        ),
        spoken: t(
            "剩余失败率 rho N 是 p i 乘一减 p i 的 N 次方之和，等于 D 的下一步；无论 p 怎样，都小于 M 除以 e N。",
            "The remaining rate rho of N is the sum of p i times one minus p i to the N, the next step of D; whatever the p, it is below M over e N.",
        ),
        caption: t("还会坏多少，最多多少", "What can still fail, and at most"),
        source: from(Code, "", ""),
    },
    Formula {
        id: "good-turing",
        mathml: tex!(
            r"\frac{E f_1(N)}{N} = \rho(N-1),\quad \term{good-turing}{\frac{f_1}{N}} = \value{gt},\quad f_0 \ge \frac{N-1}{N}\,\frac{f_1^2}{2 f_2} = \value{chao}"
        ),
        spoken: t(
            "恰好出现一次的 bug 数的期望除以 N，等于 rho N 减一；没见过的 f 零，Chao 的下界是 f 一的平方除以二 f 二。",
            "The expected count of bugs met exactly once, over N, is rho of N minus one; Chao's bound is f one squared over two f two.",
        ),
        caption: t("没见过的，由见过一次的估计", "The unseen, told by what was seen once"),
        source: from(Code, "", ""),
    },
    Formula {
        id: "power",
        mathml: tex!(
            r"p_i = p_{\max}\, i^{-s},\ s>1:\quad D(N) \approx \Gamma\!\left(1-\tfrac1s\right)(p_{\max}N)^{1/s} - \tfrac12 = \value{power}"
        ),
        spoken: t(
            "概率按 i 的负 s 次方下降时，发现的 bug 约为 N 的 s 分之一次方。",
            "With probabilities that fall as i to the minus s, the bugs found grow like N to the one over s.",
        ),
        caption: t("长尾：十倍用户，10 的 1/s 次方倍 bug", "Heavy tail: ten times the users, 10 to the 1/s times the bugs"),
        source: from(Ours, "", ""),
    },
    Formula {
        id: "downloads",
        mathml: tex!(
            r"\sum_i p_i = 1,\quad \term{downloads}{D(N)} = \value{downloads},\quad \Lambda_{\text{miss}} = \Lambda\,\rho(N)"
        ),
        spoken: t(
            "每次点击恰好要一篇论文时，下载数就是 D N，每次点击要下载的机会是 rho N。",
            "When each click asks for exactly one paper, downloads are D of N, and the chance that a click needs one is rho of N.",
        ),
        caption: t("同一条曲线，读作下载", "The same curve, read as downloads"),
        source: from(Ours, "", ""),
    },
    Formula {
        id: "race",
        mathml: tex!(
            r"\term{race}{p(\Lambda)} = q\left(1-e^{-\Lambda w}\right),\quad 86400\,\Lambda\, p(\Lambda) \approx 86400\, q w \Lambda^2"
        ),
        spoken: t(
            "并发 bug 的概率是 q 乘一减 e 的负 lambda w 次方；流量小时每天的次数与流量的平方成正比。",
            "A race has probability q times one minus e to the minus lambda w; with little traffic its failures a day grow with the square of it.",
        ),
        caption: t("需要流量的 bug", "Bugs that need traffic"),
        source: from(Ours, "", ""),
    },
    Formula {
        id: "wait",
        mathml: tex!(
            r"\rho = \Lambda D = \value{load},\quad \term{wait}{W_q} = \frac{\rho D}{2(1-\rho)},\quad P(W \le t) = (1-\rho)\sum_{j \le t/D} e^{-\Lambda(jD-t)}\frac{(\Lambda(jD-t))^j}{j!}"
        ),
        spoken: t(
            "负荷 rho 是到达率乘间隔；平均等待是 rho D 除以二倍的一减 rho。",
            "The load rho is arrivals times interval; the mean wait is rho D over twice one minus rho.",
        ),
        caption: t("固定间隔的队列", "A queue at a fixed interval"),
        source: from(Code, "", ""),
    },
    Formula {
        id: "cousins",
        mathml: tex!(
            r"M\left(1-e^{-\lambda t}\right),\quad M\left(1-\left(\frac{b}{b+t}\right)^{a}\right),\quad \frac{\ln(1+\lambda_0\theta t)}{\theta}"
        ),
        spoken: t("三种模型：指数的、伽马混合的、对数的。", "Three models: exponential, a gamma mixture, logarithmic."),
        caption: t("Goel–Okumoto、Littlewood、Musa–Okumoto", "Goel–Okumoto, Littlewood, Musa–Okumoto"),
        source: from(Code, "", ""),
    },
];
