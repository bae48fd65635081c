//! The eight posts of 2024, in the order of their dates.

use crate::contract::text::Text;

/// One post of the blog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Post {
    /// The slug of its widget.
    pub slug: &'static str,
    /// Its number at the blog.
    pub number: u32,
    /// Its date, ISO 8601.
    pub date: &'static str,
    /// Its title; the English one is our translation.
    pub title: Text,
    /// What its widget lets a reader do, in one sentence.
    pub promise: Text,
}

impl Post {
    /// The address of the post.
    pub fn address(&self) -> String {
        format!("https://kexue.fm/archives/{}", self.number)
    }

    /// The date as each language writes it.
    pub fn day(&self) -> crate::contract::text::Words {
        let mut parts = self.date.split('-').map(|part| part.parse::<usize>().unwrap_or(0));
        let (year, month, day) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        let name = MONTHS.get(month.wrapping_sub(1)).copied().unwrap_or("");
        crate::contract::text::Words::new(format!("{year} 年 {month} 月 {day} 日"), format!("{day} {name} {year}"))
    }

    /// The part of its year that had passed, 0 to 1.
    pub fn part_of_year(&self) -> f64 {
        const BEFORE: [u32; 12] = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335];
        let mut parts = self.date.split('-').skip(1).map(|part| part.parse::<u32>().unwrap_or(1));
        let (month, day) = (parts.next().unwrap_or(1), parts.next().unwrap_or(1));
        f64::from(BEFORE.get(month as usize - 1).copied().unwrap_or(0) + day - 1) / 366.0
    }
}

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// The post of a slug.
pub fn of_slug(slug: &str) -> Option<&'static Post> {
    POSTS.iter().find(|post| post.slug == slug)
}

/// All posts, the oldest first.
pub const POSTS: &[Post] = &[
    Post {
        slug: "cool-papers",
        number: 9920,
        date: "2024-01-01",
        title: Text {
            zh: "新年快乐！记录一下 Cool Papers 的开发体验", en: "Happy New Year! Notes on developing Cool Papers"
        },
        promise: Text { zh: "为什么用的人越多，发现的问题越多。", en: "Why more users find more bugs." },
    },
    Post {
        slug: "extrapolation",
        number: 9948,
        date: "2024-01-26",
        title: Text {
            zh: "Transformer 升级之路：16、“复盘”长度外推技术",
            en: "Upgrading the Transformer, 16: length extrapolation reviewed",
        },
        promise: Text {
            zh: "十几种免训练的长度外推方法，各自为什么有效。",
            en: "More than a dozen training-free ways to longer contexts, and why each works.",
        },
    },
    Post {
        slug: "fourier-density",
        number: 10007,
        date: "2024-03-07",
        title: Text {
            zh: "用傅里叶级数拟合一维概率密度函数", en: "Fitting a density on the line with Fourier series"
        },
        promise: Text { zh: "用滑块拟合一条概率密度曲线。", en: "Fit a density with sliders." },
    },
    Post {
        slug: "attention-rnn",
        number: 10017,
        date: "2024-03-18",
        title: Text {
            zh: "时空之章：将 Attention 视为平方复杂度的 RNN",
            en: "A chapter of time and space: attention as an RNN of quadratic cost",
        },
        promise: Text {
            zh: "一步一步，把因果注意力当作 RNN 来走。", en: "Step through causal attention as a recurrence."
        },
    },
    Post {
        slug: "kv-cache",
        number: 10091,
        date: "2024-05-13",
        title: Text {
            zh: "缓存与效果的极限拉扯：从 MHA、MQA、GQA 到 MLA",
            en: "Cache against quality: from MHA, MQA and GQA to MLA",
        },
        promise: Text {
            zh: "KV 缓存占多少显存，又怎样被压缩。", en: "What a KV cache costs, and the algebra that shrinks it."
        },
    },
    Post {
        slug: "softmax",
        number: 10145,
        date: "2024-06-14",
        title: Text {
            zh: "通向概率分布之路：盘点 Softmax 及其替代品",
            en: "Roads to a distribution: softmax and its alternatives",
        },
        promise: Text {
            zh: "把分数变成概率的几种办法，其中三种同出一条水位线。",
            en: "Ways from scores to probabilities, three of them one idea of a water level.",
        },
    },
    Post {
        slug: "s4",
        number: 10162,
        date: "2024-06-20",
        title: Text {
            zh: "重温 SSM（三）：HiPPO 的高效计算（S4）", en: "SSM revisited, 3: computing HiPPO efficiently (S4)"
        },
        promise: Text {
            zh: "看一个状态空间模型怎样记住整段信号。", en: "Watch a state space model remember a signal."
        },
    },
    Post {
        slug: "rope",
        number: 10352,
        date: "2024-09-06",
        title: Text {
            zh: "“闭门造车”之多模态思路浅谈（三）：位置编码", en: "Thoughts on multimodality, 3: position encodings"
        },
        promise: Text {
            zh: "一维、二维、三维的旋转位置编码，自己摆一遍。",
            en: "RoPE in one, two and three dimensions, laid out by hand.",
        },
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_stand_in_the_order_of_their_dates() {
        assert_eq!(POSTS.len(), 8);
        assert!(POSTS.windows(2).all(|pair| pair[0].date < pair[1].date && pair[0].part_of_year() < pair[1].part_of_year()));
    }

    #[test]
    fn dates_read_as_each_language_writes_them() {
        let day = of_slug("softmax").unwrap().day();
        assert_eq!((day.zh.as_str(), day.en.as_str()), ("2024 年 6 月 14 日", "14 June 2024"));
    }
}
