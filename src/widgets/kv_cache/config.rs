//! A model's own `config.json`: pasted in, copied out.

use std::fmt::Write as _;

use yansuan_math::MathError;
use yansuan_math::json::{Json, parse};
use yansuan_math::kv_cache::{AttentionKind, KvCache};
use yansuan_math::model_config::{ModelConfig, read_config};
use yansuan_math::model_presets::MODELS;

use super::state::{OWN, Sharing, State, sharing_of};
use crate::contract::exchange::{Exchange, ExchangeFace, misread};
use crate::contract::text::{Text, Words};

/// The one format.
pub const EXCHANGES: &[Exchange<State>] = &[Exchange {
    face: ExchangeFace {
        key: "config",
        name: Text::same("config.json"),
        help: Text {
            zh: "粘贴任何模型自己的 config.json，缺什么会逐个说出；也可以把这里的模型写成一份。",
            en: "Paste any model's own config.json, and what it lacks is named; or take the model shown here as one.",
        },
    },
    read,
    write,
}];

/// Keys of counts that no library writes: only what is copied out here has them.
const PARAMETERS: &str = "num_parameters";
const ACTIVE: &str = "num_active_parameters";

fn read(state: &mut State, text: &str) -> Result<Vec<Words>, Words> {
    let config = read_config(text).map_err(|error| wrong(&error))?;
    let root = parse(text).map_err(|error| wrong(&error))?;
    let told = |key: &str| root.get(key).and_then(Json::as_f64).filter(|count| (1e6..=1e13).contains(count));
    let ModelConfig { cache, d_model, d_cq, context, decoder, ref assumed, .. } = config;
    check(&cache, d_model, d_cq)?;
    let mut said = Vec::new();
    let counted = decoder.map(|decoder| decoder.parameters());
    let before = state.parameters();
    let parameters = told(PARAMETERS).or(counted.map(|count| count.total as f64)).unwrap_or(before.0).clamp(1e6, 1e13);
    let active = told(ACTIVE).or(counted.map(|count| count.active as f64)).unwrap_or(before.1).clamp(1e6, 1e13);
    let is_told = told(PARAMETERS).is_some();
    // ChatGLM alone says how far its vocabulary is padded.
    let lacking = assumed.iter().map(|key| if *key == "padded_vocab_size" { "vocab_size" } else { key });
    let lacking: Vec<&str> = lacking.filter(|key| !is_told || !["vocab_size", "intermediate_size"].contains(key)).collect();
    if !lacking.is_empty() {
        let weights = if counted.is_none() && !is_told {
            ("；权重的大小因此不明，沿用原来的", "; so the size of the weights is not known and stays as it was")
        } else {
            ("", "")
        };
        said.push(Words::new(
            format!("没有写 {}，用的是通常的值{}。", lacking.join("、"), weights.0),
            format!("It does not say {}, and the usual stands for them{}.", lacking.join(", "), weights.1),
        ));
    }
    let known = MODELS.iter().position(|model| model.cache == cache && model.d_model == d_model);
    state.sharing = sharing_of(cache.kind);
    match cache.kind {
        AttentionKind::Gqa { groups } => state.groups = groups as usize,
        AttentionKind::Mla { d_c, d_r } => (state.d_c, state.d_r) = (d_c as usize, d_r as usize),
        AttentionKind::Mha | AttentionKind::Mqa => {}
    }
    let own = &mut state.own;
    (own.layers, own.heads) = (cache.layers as usize, cache.heads.count as usize);
    (own.d_k, own.d_v) = (cache.heads.d_k as usize, cache.heads.d_v as usize);
    (own.d_model, own.d_cq) = (d_model as usize, d_cq.unwrap_or(0) as usize);
    (own.local, own.window) = cache.window.map_or((0, 4096), |window| (window.layers as usize, window.tokens as usize));
    own.context = context.unwrap_or(own.context as u64) as usize;
    (own.parameters, own.active) = (parameters / 1e9, active / 1e9);
    state.model = OWN;
    // A model of the list is recognised, if its weights are what they are there.
    if let Some(at) = known.filter(|at| !is_told || (MODELS[*at].parameters as f64 - parameters).abs() < 1.0) {
        state.model = at;
        state.sharing = Sharing::Released;
    }
    Ok(said)
}

/// Whether the sliders can show such a model.
fn check(cache: &KvCache, d_model: u32, d_cq: Option<u32>) -> Result<(), Words> {
    let limits = [
        ("num_hidden_layers", cache.layers, 256),
        ("num_attention_heads", cache.heads.count, 256),
        ("head_dim", cache.heads.d_k.max(cache.heads.d_v), 512),
        ("hidden_size", d_model, 65_536),
        ("q_lora_rank", d_cq.unwrap_or(0), 16_384),
        ("sliding_window", cache.window.map_or(1, |window| window.tokens), 1_000_000),
    ];
    let latent = match cache.kind {
        AttentionKind::Mla { d_c, d_r } => [("kv_lora_rank", d_c, 4096), ("qk_rope_head_dim", d_r, 256)],
        AttentionKind::Gqa { groups } => [("num_key_value_heads", groups, 128), ("", 0, 0)],
        _ => [("", 0, 0); 2],
    };
    let most = |(key, value, limit): &(&'static str, u32, u32)| (value > limit).then_some((*key, *value, *limit));
    match limits.iter().chain(&latent).find_map(most) {
        Some((key, value, limit)) => Err(Words::new(
            format!("{key} 是 {value}，这里最多只能画到 {limit}。"),
            format!("{key} is {value}; here it can be {limit} at most."),
        )),
        None => match cache.kind {
            AttentionKind::Mla { d_c, .. } if d_c < 16 => Err(Words::new(
                format!("kv_lora_rank 是 {d_c}，这里至少要 16。"),
                format!("kv_lora_rank is {d_c}; here it is 16 at least."),
            )),
            _ => Ok(()),
        },
    }
}

fn write(state: &State) -> Result<String, Words> {
    let cache = state.cache();
    let heads = cache.heads;
    let mut out = String::from("{\n");
    let mut line = |key: &str, value: &dyn std::fmt::Display| {
        // Writing into a String cannot fail.
        let _ = writeln!(out, "  \"{key}\": {value},");
    };
    line("num_hidden_layers", &cache.layers);
    line("hidden_size", &state.preset().map_or(state.own.d_model, |model| model.d_model as usize));
    line("num_attention_heads", &heads.count);
    if let AttentionKind::Mla { d_c, d_r } = cache.kind {
        line("kv_lora_rank", &d_c);
        line("qk_rope_head_dim", &d_r);
        line("qk_nope_head_dim", &heads.d_k);
        line("v_head_dim", &heads.d_v);
        let d_cq = state.preset().map_or(state.own.d_cq, |model| model.d_cq.unwrap_or(0) as usize);
        if d_cq > 0 {
            line("q_lora_rank", &d_cq);
        }
    } else if heads.d_k == heads.d_v {
        line("num_key_value_heads", &cache.kind.groups(heads).unwrap_or(heads.count));
        line("head_dim", &heads.d_k);
    } else {
        return Err(Words::new(
            "键与值宽度不同，除了 MLA，config.json 写不出来。",
            "Keys and values differ in width, which a config.json can say of MLA only.",
        ));
    }
    if let Some(window) = cache.window {
        line("sliding_window", &window.tokens);
        line("use_sliding_window", &true);
        let full = cache.layers - window.layers;
        let kind = |layer: u32| if layer < full { "\"full_attention\"" } else { "\"sliding_attention\"" };
        let kinds: Vec<&str> = (0..cache.layers).map(kind).collect();
        line("layer_types", &format_args!("[{}]", kinds.join(", ")));
    }
    line("max_position_embeddings", &state.context());
    let (parameters, active) = state.parameters();
    line(PARAMETERS, &parameters.round());
    let _ = write!(out, "  \"{ACTIVE}\": {}\n}}\n", active.round());
    Ok(out)
}

fn wrong(error: &MathError) -> Words {
    misread(error).unwrap_or_else(|| match error {
        MathError::GroupsDoNotDivide { heads, groups, divisors } => {
            let list: Vec<String> = divisors.iter().map(u32::to_string).collect();
            Words::new(
                format!("{groups} 组分不匀 {heads} 个头；能用的是 {}。", list.join("、")),
                format!("{groups} groups do not divide {heads} heads; {} do.", list.join(", ")),
            )
        }
        other => Words::new(format!("这样的模型没法画：{other}。"), format!("Such a model cannot be shown: {other}.")),
    })
}
