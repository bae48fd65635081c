//! The page for a class of one afternoon: steps of several widgets in an order in which each needs the ones before.

use crate::app::markup::{both, inline, link, one, place};
use crate::app::roads::built;
use crate::contract::step::StepFace;
use crate::contract::text::{Text, Words, t};

/// What it is about.
pub const LEAD: Text = t(
    "按次序读一遍：从分数到概率，从注意力到缓存，从位置到角度。每一站都是某个演示里的一步，点开就是那个画面；先让学生猜，再动手。",
    "Read in order: from scores to probabilities, from attention to its cache, from positions to angles. Each stop is a step of a widget, and its link opens just that scene. Let the class guess first, then move something.",
);

/// A stop of the afternoon.
struct Stop {
    /// The widget.
    slug: &'static str,
    /// The English title of the step, which finds it wherever it stands.
    step: &'static str,
    /// How long it takes.
    minutes: u32,
    /// What to do there.
    task: Text,
}

struct Part {
    title: Text,
    stops: &'static [Stop],
}

const fn stop(slug: &'static str, step: &'static str, minutes: u32, task: Text) -> Stop {
    Stop { slug, step, minutes, task }
}

/// After which part there is a pause, and how long it is.
const PAUSE: (usize, u32) = (2, 15);

/// How long the questions take.
const ASKING: u32 = 20;

const PARTS: [Part; 4] = [
    Part {
        title: t("从分数到概率", "From scores to probabilities"),
        stops: &[
            stop(
                "softmax",
                "Subtract the largest first",
                5,
                t(
                    "先估计 e¹⁰⁰⁰ 有多少位。再说明：所有分数减去同一个数，概率为什么不变。",
                    "Guess how many digits e¹⁰⁰⁰ has. Then say why no probability changes when one number is subtracted from all scores.",
                ),
            ),
            stop(
                "softmax",
                "Why zeros?",
                10,
                t(
                    "请一位同学指出三条水位线，并说出各自的 φ。哪一种会出现零？",
                    "Have somebody point at the three levels and name the φ of each. Which of them can give zero?",
                ),
            ),
            stop(
                "softmax",
                "Temperature",
                5,
                t(
                    "把 τ 调低，看哪条路先碰到三角形的边。记住 τ：后面还会用到 1/τ。",
                    "Lower τ and see which path meets an edge of the triangle first. Keep τ in mind: 1/τ comes back later.",
                ),
            ),
            stop(
                "softmax",
                "Let noise choose",
                8,
                t(
                    "先投票：哪一种噪声恰好给出 softmax？再播放，看频率走向哪里。",
                    "Vote first: which noise gives exactly softmax? Then play, and see where the shares go.",
                ),
            ),
        ],
    },
    Part {
        title: t("注意力：重读、存下，还是压缩", "Attention: read again, keep, or compress"),
        stops: &[
            stop(
                "attention-rnn",
                "Attention reads like that",
                8,
                t(
                    "一格一格走完一行，把分子 y 与分母 z 写在黑板上。",
                    "Walk one row cell by cell, and write the numerator y and the denominator z on the board.",
                ),
            ),
            stop(
                "attention-rnn",
                "The bare formula overflows",
                5,
                t(
                    "与第一站是同一个减法，只是这回边读边减。新的最大者来了，旧的和怎么办？",
                    "The subtraction of the first stop again, now while reading. What happens to the old sums when a new largest score arrives?",
                ),
            ),
            stop(
                "attention-rnn",
                "Flat memory, at a price",
                8,
                t(
                    "什么都不存的代价：先猜位数，再看读数。",
                    "What it costs to keep nothing: guess the number of digits, then look.",
                ),
            ),
            stop(
                "kv-cache",
                "What is cached, and how much",
                8,
                t(
                    "手算 32 × (128 + 128)，再乘层数和长度，与读数对照。",
                    "Compute 32 × (128 + 128) by hand, times layers and length, and compare with the reading.",
                ),
            ),
            stop(
                "kv-cache",
                "Low rank is not new",
                7,
                t("GQA 的“挑选”是怎样的矩阵？把它写出来。", "What matrix is the picking of GQA? Write it down."),
            ),
            stop(
                "s4",
                "A history in d numbers",
                8,
                t(
                    "第三条路：既不重读，也不全存。画一个信号，看它记住了什么，忘了什么。",
                    "A third way: neither read again nor keep everything. Draw a signal and see what is remembered and what is lost.",
                ),
            ),
        ],
    },
    Part {
        title: t("位置是角度", "Positions are angles"),
        stops: &[
            stop(
                "rope",
                "Vectors of different length have no difference",
                8,
                t(
                    "两根指针的夹角只看位置之差：请用和角公式验证一对分量。",
                    "The angle between two hands depends on the difference of positions: check it for one pair with the addition formulas.",
                ),
            ),
            stop(
                "rope",
                "RoPE-TV: put it in the middle",
                7,
                t(
                    "先在纸上求两边间隔相等的条件，再到图上核对。",
                    "Find on paper when the two gaps agree, then check on the map.",
                ),
            ),
            stop(
                "extrapolation",
                "It is the angle that is new, not the number",
                8,
                t(
                    "把距离拖过训练长度，数一数走出弧的有几个圆。为什么都是慢的？",
                    "Drag the distance past the trained length and count the circles that leave their arcs. Why only slow ones?",
                ),
            ),
            stop(
                "extrapolation",
                "Interpolation mends the far and breaks the near",
                7,
                t("除以 s 之后，相邻两个 token 隔多远？", "Divided by s, how far apart are two neighbours?"),
            ),
            stop(
                "extrapolation",
                "More keys, attention disperses",
                5,
                t("这里的 λ，就是第一部分的 1/τ。", "The λ here is the 1/τ of the first part."),
            ),
            stop(
                "kv-cache",
                "Rotation gets in the way",
                7,
                t(
                    "写出带 R 的分数，指出哪一步合并做不下去了。",
                    "Write the score with R in it, and find the place where merging stops.",
                ),
            ),
            stop(
                "kv-cache",
                "Decoupled: a small key of its own",
                5,
                t("多出来的 dᵣ 个数，换回了什么？", "What do the dᵣ more numbers buy?"),
            ),
        ],
    },
    Part {
        title: t("概率，再看两眼", "Two more looks at probability"),
        stops: &[
            stop(
                "fourier-density",
                "Cut off, it goes negative",
                5,
                t("为什么截断之后积分仍是 1，却会变负？", "Why is the integral still 1 when the density goes negative?"),
            ),
            stop(
                "fourier-density",
                "Take a squared length instead",
                7,
                t(
                    "转动一个系数，看曲线与密度怎样对应。曲线过原点时，密度如何？",
                    "Turn one coefficient, and see how curve and density belong together. What does the density do where the curve meets the origin?",
                ),
            ),
            stop(
                "cool-papers",
                "Launch day: a hundred times the users",
                6,
                t("把用户慢慢加多，看新的 bug 怎样越来越难遇到。", "Add users slowly, and see new bugs become harder to meet."),
            ),
            stop(
                "cool-papers",
                "Fix them all: what can still fail?",
                7,
                t(
                    "上限 M/(eN) 里的 e 从哪里来？对 x e⁻ˣ 求最大值。",
                    "Where does the e in the ceiling M/(eN) come from? Maximise x e⁻ˣ.",
                ),
            ),
        ],
    },
];

const QUESTIONS: [Text; 7] = [
    t(
        "所有分数减去同一个数，softmax 不变。sparsemax 呢，entmax 呢？水位线怎样移动？",
        "Softmax does not mind if one number is subtracted from all scores. Does sparsemax? Does entmax? Where does the level go?",
    ),
    t(
        "注意力的两个和可以分段算好再合并。合并时为什么要带上各段的最大值 m？",
        "The two sums of attention can be computed in parts and merged. Why must each part bring its largest score m?",
    ),
    t(
        "固定的状态会忘，缓存随长度增长，重算费时间。还有别的路吗？它得放弃什么？",
        "A fixed state forgets, a cache grows with the text, computing again takes time. Is there another way, and what would it give up?",
    ),
    t(
        "要外推到训练长度的四倍，改底数、除以 s、切窗口，各动了哪些指针？",
        "To reach four times the trained length: which hands are touched by a larger base, by dividing by s, by a window?",
    ),
    t(
        "矩阵可以吸收进查询，旋转为什么不行？假如所有距离都用同一个 R 呢？",
        "Matrices can be absorbed into the query. Why not rotation? And if R were the same for all distances?",
    ),
    t(
        "取指数与取平方都保证非负。各自容易写出怎样的分布，难以写出怎样的？",
        "Exponentials and squares both keep a density from going negative. Which shapes come easily to each, and which hardly at all?",
    ),
    t(
        "一百次请求都没有出错，能说失败率低于百分之一吗？要这样说，还缺什么假设？",
        "A hundred requests went well. May one say that fewer than one in a hundred fail? What would one have to assume?",
    ),
];

/// The step of a stop and its number, from 1; `None` where its widget is not built.
fn found(stop: &Stop) -> Option<(usize, StepFace)> {
    let mut steps = built(stop.slug)?.steps().into_iter().enumerate();
    steps.find(|(_, step)| step.title.en == stop.step).map(|(at, step)| (at + 1, step))
}

fn minutes(count: u32) -> Words {
    Words::new(format!("{count} 分钟"), format!("{count} minutes"))
}

fn length(part: &Part) -> u32 {
    part.stops.iter().filter(|stop| found(stop).is_some()).map(|stop| stop.minutes).sum()
}

/// What the page says below its name.
pub fn body(base: &str) -> String {
    let total = PARTS.iter().map(length).sum::<u32>() + PAUSE.1 + ASKING;
    let mut out = both("p", LEAD);
    let (hours, rest) = (total / 60, total % 60);
    out.push_str(&both(
        "p",
        Words::new(
            format!("连同休息与提问，共 {hours} 小时 {rest} 分钟。"),
            format!("With the pause and the questions it takes {hours} hours and {rest} minutes."),
        ),
    ));
    for (number, part) in PARTS.iter().enumerate() {
        out.push_str(&heading(
            Words::new(format!("{}　{}", number + 1, part.title.zh), format!("{}  {}", number + 1, part.title.en)),
            length(part),
        ));
        out.push_str("<ol class=\"stops\">\n");
        out.extend(part.stops.iter().filter_map(|stop| item(stop, base)));
        out.push_str("</ol>\n");
        if number + 1 == PAUSE.0 {
            out.push_str(&heading(t("休息", "Pause"), PAUSE.1));
        }
    }
    out.push_str(&heading(t("最后的问题", "Questions to end with"), ASKING));
    out.push_str("<ol class=\"asked\">\n");
    out.extend(QUESTIONS.iter().map(|question| one("li", *question)));
    out + "</ol>\n"
}

fn heading(words: impl Into<Words>, count: u32) -> String {
    format!("<h2>{} <small>{}</small></h2>\n", inline(words), inline(minutes(count)))
}

fn item(stop: &Stop, base: &str) -> Option<String> {
    let (number, step) = found(stop)?;
    let title = built(stop.slug)?.about().title;
    let asked = step.ask.map_or_else(String::new, |ask| {
        format!(
            "<p class=\"ask\">{}</p>",
            inline(Words::new(format!("问：{}", ask.question.zh), format!("Ask: {}", ask.question.en)))
        )
    });
    Some(format!(
        "<li>{} <small>{} · {}</small><p>{}</p>{asked}</li>\n",
        link(&place(base, stop.slug, &format!("?step={number}")), step.title),
        inline(title),
        inline(minutes(stop.minutes)),
        inline(stop.task),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::posts;

    #[test]
    fn every_stop_is_a_step_of_its_widget_and_the_afternoon_is_one() {
        for stop in PARTS.iter().flat_map(|part| part.stops) {
            assert!(posts::of_slug(stop.slug).is_some(), "{}", stop.slug);
            assert!(built(stop.slug).is_none() || found(stop).is_some(), "{} has no step “{}”", stop.slug, stop.step);
        }
        let longest = PARTS.iter().flat_map(|part| part.stops).map(|stop| stop.minutes).sum::<u32>() + PAUSE.1 + ASKING;
        assert!((150..=200).contains(&longest), "{longest} minutes");
    }

    #[test]
    fn its_links_lead_to_steps() {
        let body = body("/");
        let links = body.matches("href=\"/w/").count();
        assert_eq!(links, body.matches("/?step=").count());
        assert_eq!(links, PARTS.iter().flat_map(|part| part.stops).filter(|stop| found(stop).is_some()).count());
    }
}
