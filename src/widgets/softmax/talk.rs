//! What a teacher may say and ask at each step: softmax and its alternatives. Files carry it, no program does.

use crate::contract::text::Text;

/// A note a step.
pub const TALK: &[Text] = &[
    Text {
        zh: "先请大家估计 e¹⁰⁰⁰ 有多少位（435 位），再看读数。追问：减去最小的那个分数行不行？",
        en: "Ask how many digits e¹⁰⁰⁰ has (435) before anyone looks at the readouts. Then: would subtracting the smallest score do as well?",
    },
    Text {
        zh: "把 τ 从大拖到小之前，先请学生说点会往哪里走。在 sparsemax 碰到边的一刻停住：从这里起，第三个概率恰好是零。",
        en: "Before τ goes down, let the class say where the dot will go. Stop where sparsemax meets the edge: from there the third probability is exactly zero.",
    },
    Text {
        zh: "把第一个分数往上拖，看整张矩阵变淡。可以联系训练：一层注意力一旦认定了一个位置，就很难再教它改主意。",
        en: "Drag the first score up and watch the whole matrix fade. The link to training: attention that has made up its mind is hard to teach.",
    },
    Text {
        zh: "先投票，再揭晓。一个手势很管用：手掌当作水位慢慢升起，露出水面的才分到概率。",
        en: "Vote first, then reveal. A gesture helps: a flat hand is the level and rises slowly; only what is above it gets a share.",
    },
    Text {
        zh: "请一位同学上来拖。提示：水位太低，合计大于 1；太高，小于 1；所以只有一处。",
        en: "Let a student drag. A hint: too low and the sum is above 1, too high and it is below, so there is just one place.",
    },
    Text {
        zh: "慢慢移动 α，请大家数着：第几个概率先变成零？在 1.5 处停一停，那里有闭式解。",
        en: "Move α slowly and let the class count which probability reaches zero next. Pause at 1.5, where there is a closed form.",
    },
    Text {
        zh: "这一步讲的是测试：边界上的输入最容易漏掉。可以请学生自己代入 x = [2, 0]，算一遍判别式。",
        en: "This step is about testing: inputs on a boundary are the ones that get forgotten. Students can put in x = [2, 0] and work out the discriminant.",
    },
    Text {
        zh: "播放之前先问：抽 20 次够不够？抽到 200 次，一半左右的频率仍有三四个百分点的误差。",
        en: "Before pressing play, ask whether 20 draws are enough. Even after 200, a share near one half is still uncertain by three or four points.",
    },
    Text {
        zh: "时间充裕时再讲。把 k 改成 3，问：哪一个分数最先顶到 1？",
        en: "Only if there is time. Set k to 3 and ask which score hits 1 first.",
    },
];
