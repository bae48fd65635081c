//! Presets and the way through.

use super::state::{Order, Rotation, Sharing, State};
use crate::contract::step::{Ask, Preset, Step};
use crate::contract::text::t;
use yansuan_math::model_presets::MODELS;

/// Chooses a model of the list.
fn model(s: &mut State, key: &str) {
    s.model = MODELS.iter().position(|model| model.key == key).unwrap_or(0);
}

/// DeepSeek-V2 on eight cards.
fn v2(s: &mut State) {
    model(s, "deepseek-v2");
    (s.devices, s.batch, s.tokens) = (8, 16, 32_768);
}

/// The named scenes.
pub const PRESETS: &[Preset<State>] = &[
    Preset {
        key: "llama2",
        name: t("LLaMA2-7B，一张卡", "LLaMA2-7B, one card"),
        note: t("MHA：每个 token 每层存 8192 个数。", "MHA: 8192 numbers per token per layer."),
        set: |s| model(s, "llama-2-7b"),
    },
    Preset {
        key: "llama3-long",
        name: t("Llama-3.1-70B，128K", "Llama-3.1-70B, 128K"),
        note: t("八张卡，8 组：缓存仍比许多模型大。", "Eight cards, 8 groups; the cache is still larger than many a model."),
        set: |s| {
            model(s, "llama-3-1-70b");
            (s.devices, s.batch, s.tokens, s.is_split) = (8, 8, 131_072, true);
        },
    },
    Preset {
        key: "v2",
        name: t("DeepSeek-V2，6 比特", "DeepSeek-V2, 6 bits"),
        note: t("报告里“93.3%”的那一个。", "The one of the report’s “93.3 %”."),
        set: |s| {
            v2(s);
            s.bits = 6;
        },
    },
    Preset {
        key: "v3",
        name: t("DeepSeek-V3，FP8", "DeepSeek-V3, FP8"),
        note: t(
            "8 比特的缓存配 8 位的算力：又回到屋脊附近。",
            "A cache of 8 bits with arithmetic of 8 bits: near the ridge again.",
        ),
        set: |s| {
            model(s, "deepseek-v3");
            (s.devices, s.batch, s.tokens, s.bits, s.is_fp8) = (16, 32, 32_768, 8, true);
        },
    },
    Preset {
        key: "window",
        name: t("Gemma-3-27B，窗口", "Gemma-3-27B, windows"),
        note: t("六层里五层只记最近 1024 个。", "Five of six layers keep the last 1024 tokens."),
        set: |s| {
            model(s, "gemma-3-27b");
            (s.tokens, s.batch) = (32_768, 4);
        },
    },
    Preset {
        key: "mqa",
        name: t("Falcon-7B，MQA", "Falcon-7B, MQA"),
        note: t("71 个头共用一份键和值。", "71 heads share one key and one value."),
        set: |s| model(s, "falcon-7b"),
    },
];

/// Guided steps.
pub const STEPS: &[Step<State>] = &[
    Step {
        title: t("缓存了什么，占多少", "What is cached, and how much"),
        body: t(
            "写下一个 token，要把它的查询与之前所有的键相乘，再按权重加起所有的值。旧的键和值不会变，存下来就不必重算：LLaMA2-7B 每层每个 token 有 32 × (128 + 128) = 8192 个数。\n16 条 4096 个 token 的文本，缓存是 34.4 GB，权重才 13.5 GB。拖动文本长度，看它什么时候撞上显存。",
            "To write the next token its query meets all earlier keys, and the weights add up all earlier values. Those never change, so they are kept instead of made again: in LLaMA2-7B, 32 × (128 + 128) = 8192 numbers per token per layer.\nFor 16 texts of 4096 tokens the cache is 34.4 GB, beside 13.5 GB of weights. Drag the length until it meets the memory.",
        ),
        panel: "memory",
        set: |_| {},
        ask: None,
    },
    Step {
        title: t("共用，就少存", "Share, and keep less"),
        body: t(
            "MQA 让所有头共用一份键和值，缓存变成 1/h；GQA 分成 g 组，变成 g/h。拖动组数，看下面涂色的宽度。\n组数必须整除头数；不能整除时，这里会列出能用的数。",
            "MQA lets all heads share one key and value: 1/h of the cache. GQA makes g groups: g/h. Drag the groups and watch the coloured width below.\nGroups must divide the heads; where they do not, the counts that do are listed.",
        ),
        panel: "sharing",
        set: |s| {
            s.sharing = Sharing::Gqa;
            s.groups = 4;
        },
        ask: None,
    },
    Step {
        title: t("为什么常常是 8 组", "Why it is often 8 groups"),
        body: t(
            "一台机器常有 8 张卡。8 组正好每卡一组，谁也不必存别人的；再少，就有卡要存同样的一份。\n这一句是我们的补充：MQA 与 MLA 的缓存分不开，每张卡都有一份。",
            "A machine often has 8 cards. Eight groups are one for each; with fewer, some cards keep the same one.\nOur own remark: the caches of MQA and MLA cannot be dealt out, so every card has a copy.",
        ),
        panel: "memory",
        set: |s| {
            model(s, "llama-2-70b");
            (s.devices, s.is_split, s.batch) = (8, true, 64);
        },
        ask: None,
    },
    Step {
        title: t("低秩不是新东西", "Low rank is not new"),
        body: t(
            "GQA 可以这样看：先把 x 投影成 c，也就是所有组的键和值排在一起；每个头再从 c 里挑出自己的那一组。挑选也是矩阵乘法，只是矩阵里只有 0 和 1。\nMLA 把挑选换成一般的矩阵。拖动“改成一般的矩阵”，从一种走到另一种。",
            "GQA may be seen like this: x is projected to c, all keys and values of all groups side by side, and each head picks its group out of c. Picking is a matrix product too, with a matrix of zeros and ones.\nMLA lets those matrices be general. Drag “Towards general matrices” from the one to the other.",
        ),
        panel: "selector",
        set: |_| {},
        ask: None,
    },
    Step {
        title: t("把 W_k 搬到查询那边", "Move W_k to the query"),
        body: t(
            "一般的矩阵做出来的键，每个头都不一样，缓存岂不又变大了？不会：分数是 (xW_q)(cW_k)ᵀ，括号移一移，就是 (xW_qW_kᵀ)cᵀ。\n键不必做出来，只存 c；值的 W_v 也可以等到最后再乘。比较“训练形式”与“吸收”，输出只差舍入。",
            "With general matrices each head has keys of its own: does the cache not grow again? It does not. A score is (xW_q)(cW_k)ᵀ; move the brackets, and it is (xW_qW_kᵀ)cᵀ.\nKeys need not be made, only c is kept, and W_v can wait until the end. Compare “as trained” and “absorbed”: the outputs differ by rounding alone.",
        ),
        panel: "algebra",
        set: |s| s.order = Order::Serial,
        ask: None,
    },
    Step {
        title: t("旋转挡在中间", "Rotation gets in the way"),
        body: t(
            "加上旋转位置编码，分数中间多了一个 R，它随距离而变：合并出的矩阵每个距离一个，不能事先做好。\n如果硬用一个，只有距离 0 是对的，输出就变了。",
            "With rotary positions there is an R in the middle of a score, and it depends on the lag: each lag has a merged matrix of its own, and none can be made beforehand.\nIf one is used all the same, only lag 0 is right, and the output changes.",
        ),
        panel: "merged",
        set: |s| {
            s.order = Order::Merged;
            s.rotation = Rotation::Whole;
        },
        ask: None,
    },
    Step {
        title: t("解耦：另配一小段键", "Decoupled: a small key of its own"),
        body: t(
            "MLA 的办法是把位置放到另一小段里：q 和 k 各加 d_r 个分量，旋转只作用于它们，k 的这一段所有头共用。\n其余部分照样吸收，缓存只多 d_r 个数。图上的点是从缓存算的，落在训练形式的线上。",
            "MLA puts positions into a small part of their own: q and k get d_r more components, only those are rotated, and all heads share that of k.\nThe rest is absorbed as before, and the cache grows by d_r numbers only. The dots, computed from the cache, lie on the line of training.",
        ),
        panel: "lag",
        set: |s| {
            s.order = Order::Serial;
            s.rotation = Rotation::Decoupled;
        },
        ask: None,
    },
    Step {
        title: t("一个模型，两种形式", "One model, two forms"),
        body: t(
            "训练和读入提示词时，所有 token 一起算，受算力限制，用展开成 k、v 的形式：像 MHA，头宽 d_k + d_r。\n逐个生成时也可以用吸收的形式：像 MQA，头宽 d_c + d_r，运算是前者的 3.4 倍，读的字节却少得多。",
            "Training, and reading a prompt, handle all tokens at once and are limited by arithmetic: they use the form with k and v made, like MHA with heads d_k + d_r wide.\nWriting one by one can use the absorbed form, like MQA with heads d_c + d_r wide: 3.4 times the operations, and far fewer bytes.",
        ),
        panel: "time",
        set: v2,
        ask: Some(Ask {
            question: t(
                "DeepSeek-V2 生成下一个 token，哪种形式更快？",
                "DeepSeek-V2 writes the next token: which form is faster?",
            ),
            answers: &[
                t("展开成 k、v：运算不到三分之一", "with k and v made: under a third of the operations"),
                t("吸收，直接读 c", "absorbed, reading c"),
                t("一样快", "both the same"),
            ],
            right: 1,
            after: t(
                "解码受带宽限制。展开形式每读一个字节只做 1 次运算，算力闲着；吸收形式做 241.8 次，接近 H100 的屋脊 295，正好把它用满。头数不影响缓存，却要花运算：换成 A100，或缓存用 8 比特而乘法仍用 BF16，瓶颈就变成算力。",
                "Bandwidth limits decoding. With k and v made there is 1 operation a byte and the arithmetic idles; absorbed there are 241.8, near the ridge of an H100 at 295, which is just filled. Heads are free in the cache and not in operations: on an A100, or with a cache of 8 bits and products still in BF16, arithmetic becomes the limit.",
            ),
            reveal: |s| s.order = Order::Serial,
        }),
    },
    Step {
        title: t("合并会损失精度吗", "Does merging lose precision"),
        body: t(
            "原文提醒：先把 W_qW_kᵀ 合并再舍入到 BF16，会损失精度。用随机的矩阵试，三种乘法的相对误差都在 2.35‰ 上下，哪种最差全凭运气。\n差别出现在会抵消的地方：把“各行的共同部分”拖大，只有合并的那种变坏。这是我们的实验。",
            "The post warns that merging W_qW_kᵀ and then rounding it to BF16 loses precision. With random matrices all three ways are off by about 2.35 thousandths, and which is worst is chance.\nThe difference comes where things cancel: drag what the rows have in common, and only the merged form gets worse. The experiment is ours.",
        ),
        panel: "rounding",
        set: |s| s.common = 16.0,
        ask: None,
    },
    Step {
        title: t("93.3% 从哪里来", "Where 93.3 % comes from"),
        body: t(
            "报告说 DeepSeek-V2 的缓存比 DeepSeek-67B 少 93.3%。每个 token 的元素从 194 560 个变成 34 560 个，只少 82.2%。\n报告另一处说缓存平均量化到 6 比特。34 560 × 6 比对 194 560 × 16，正好是 93.3%。把两处连起来，是我们的推断。",
            "The report says that the cache of DeepSeek-V2 is 93.3 % smaller than that of DeepSeek-67B. A token has 34 560 numbers instead of 194 560, which is 82.2 % fewer.\nElsewhere it says that the cache is quantised to 6 bits on average, and 34 560 × 6 beside 194 560 × 16 is just 93.3 %. That the one explains the other is our inference.",
        ),
        panel: "waterfall",
        set: |s| {
            v2(s);
            s.bits = 6;
        },
        ask: None,
    },
];
