//! Reads a model's own `config.json`, as Hugging Face's library writes it, for what its cache is made of.

use crate::error::{Expected, MathError};
use crate::json::{Json, parse};
use crate::kv_cache::{AttentionKind, Heads, KvCache, SIZE_LIMIT, Window};
use crate::parameter_count::{Bias, Decoder, Experts, FeedForward, Norms, Projections};

/// Names of one size in the configurations of different families, that of most first.
type Names = &'static [&'static str];

const LAYERS: Names = &["num_hidden_layers", "n_layer", "num_layers", "n_layers"];
const D_MODEL: Names = &["hidden_size", "n_embd", "d_model", "dim"];
const HEADS: Names = &["num_attention_heads", "n_head", "n_heads"];
const GROUPS: Names = &["num_key_value_heads", "num_kv_heads", "multi_query_group_num", "n_head_kv", "n_kv_heads"];
const D_HEAD: Names = &["head_dim", "kv_channels", "d_head"];
const D_C: Names = &["kv_lora_rank"];
const D_R: Names = &["qk_rope_head_dim"];
const D_K: Names = &["qk_nope_head_dim"];
const D_V: Names = &["v_head_dim"];
const D_CQ: Names = &["q_lora_rank"];
const WINDOW: Names = &["sliding_window"];
const CONTEXT: Names = &["max_position_embeddings", "seq_length", "n_positions", "max_seq_len"];
const VOCABULARY: Names = &["padded_vocab_size", "vocab_size"];
const D_FF: Names = &["intermediate_size", "ffn_hidden_size", "n_inner", "inter_dim"];
const EXPERTS: Names = &["n_routed_experts", "num_local_experts", "num_experts"];
const ACTIVE: Names = &["num_experts_per_tok", "n_activated_experts"];
const SHARED: Names = &["n_shared_experts"];
const D_EXPERT: Names = &["moe_intermediate_size", "moe_inter_dim"];
const DENSE: Names = &["first_k_dense_replace", "n_dense_layers"];

/// What is said of a model by its configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelConfig {
    /// `model_type`, if it is there.
    pub family: Option<String>,
    /// Layers, heads, sharing, windows.
    pub cache: KvCache,
    /// Width of the hidden state.
    pub d_model: u32,
    /// Width of the latent vector of queries, if there is one.
    pub d_cq: Option<u32>,
    /// Tokens of the longest text, if told.
    pub context: Option<u64>,
    /// All sizes, if vocabulary and inner width are told. An estimate for families that the code does not know: it takes them for a
    /// LLaMA.
    pub decoder: Option<Decoder>,
    /// Keys that were missing and stood for by a default: every head has a group of its own, heads fill the hidden state, nothing is
    /// known of the context or the weights.
    pub assumed: Vec<&'static str>,
}

/// Reads a `config.json`. Unknown keys are ignored; a `text_config` within comes before what is around it.
///
/// # Errors
/// [`MathError::BadJson`]; [`MathError::MissingKeys`] naming all that have no default; [`MathError::BadKey`] for a value of the wrong
/// kind, and for layers of a kind that has no such cache; those of [`KvCache::check`].
pub fn read_config(text: &str) -> Result<ModelConfig, MathError> {
    let root = parse(text)?;
    if !matches!(root, Json::Object(_)) {
        return Err(MathError::BadJson { line: 1, column: 1, problem: "a configuration is an object" });
    }
    let mut fields = Fields { root: &root, missing: Vec::new(), assumed: Vec::new() };
    let [layers, d_model, count] = [fields.needed(LAYERS)?, fields.needed(D_MODEL)?, fields.needed(HEADS)?];
    let latent = match fields.size(D_C)? {
        Some(d_c) => Some((d_c, fields.needed(D_R)?, fields.needed(D_K)?, fields.needed(D_V)?)),
        None => None,
    };
    if !fields.missing.is_empty() {
        return Err(MathError::MissingKeys { keys: fields.missing });
    }
    let (heads, kind) = if let Some((d_c, d_r, d_k, d_v)) = latent {
        (Heads { count, d_k, d_v }, AttentionKind::Mla { d_c, d_r })
    } else {
        let d_head = fields.head_width(d_model, count)?;
        (Heads { count, d_k: d_head, d_v: d_head }, kind_of(fields.groups(count)?, count))
    };
    let cache = KvCache { layers, heads, kind, window: fields.window(layers)? };
    cache.check()?;
    let d_cq = if latent.is_some() { fields.size(D_CQ)? } else { None };
    let context = fields.size_or_assumed(CONTEXT)?.map(u64::from);
    let decoder = fields.decoder(&cache, d_model, d_cq)?;
    let family = fields.family().map(str::to_owned);
    Ok(ModelConfig { family, cache, d_model, d_cq, context, decoder, assumed: fields.assumed })
}

const fn kind_of(groups: u32, heads: u32) -> AttentionKind {
    if groups == heads {
        AttentionKind::Mha
    } else if groups == 1 {
        AttentionKind::Mqa
    } else {
        AttentionKind::Gqa { groups }
    }
}

struct Fields<'a> {
    root: &'a Json,
    missing: Vec<&'static str>,
    assumed: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// The value of a key; `null` is as good as absent.
    fn get(&self, key: &str) -> Option<&'a Json> {
        let inner = self.root.get("text_config").and_then(|inner| inner.get(key));
        inner.or_else(|| self.root.get(key)).filter(|value| !value.is_null())
    }

    /// A size by the first of its names that is there; 0 is as good as absent (DeepSeek's `"q_lora_rank": 0`).
    fn size(&self, names: Names) -> Result<Option<u32>, MathError> {
        let Some((key, value)) = names.iter().find_map(|&key| Some((key, self.get(key)?))) else { return Ok(None) };
        match value.as_u64().map(u32::try_from) {
            Some(Ok(size)) if size <= SIZE_LIMIT => Ok((size > 0).then_some(size)),
            _ => Err(MathError::BadKey { key: key.to_owned(), expected: Expected::Size }),
        }
    }

    /// A size that must be there; its absence is noted, and 1 returned meanwhile.
    fn needed(&mut self, names: Names) -> Result<u32, MathError> {
        let size = self.size(names)?;
        if size.is_none() {
            self.missing.extend(names.first());
        }
        Ok(size.unwrap_or(1))
    }

    /// A size whose absence is noted among the assumptions.
    fn size_or_assumed(&mut self, names: Names) -> Result<Option<u32>, MathError> {
        let size = self.size(names)?;
        if size.is_none() {
            self.assumed.extend(names.first());
        }
        Ok(size)
    }

    fn flag(&self, key: &str) -> Result<Option<bool>, MathError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        match value.as_bool() {
            Some(flag) => Ok(Some(flag)),
            None => Err(MathError::BadKey { key: key.to_owned(), expected: Expected::Flag }),
        }
    }

    fn family(&self) -> Option<&'a str> {
        self.get("model_type").and_then(Json::as_str)
    }

    fn is_of(&self, families: &[&str]) -> bool {
        self.family().is_some_and(|family| families.iter().any(|name| family.starts_with(name)))
    }

    fn head_width(&mut self, d_model: u32, heads: u32) -> Result<u32, MathError> {
        match self.size_or_assumed(D_HEAD)? {
            Some(width) => Ok(width),
            None if d_model.is_multiple_of(heads) => Ok(d_model / heads),
            None => Err(MathError::BadKey { key: HEADS[0].to_owned(), expected: Expected::Divisor }),
        }
    }

    /// Heads of keys and values, by the rules of each family.
    fn groups(&mut self, heads: u32) -> Result<u32, MathError> {
        // Falcon and GPTBigCode: `multi_query` alone decides, unless the newer architecture counts heads.
        let multi_query = self.flag("multi_query")?;
        if multi_query == Some(true) && self.flag("new_decoder_architecture")? != Some(true) {
            return Ok(1);
        }
        // ChatGLM: the count of groups is there even where it is not used.
        if self.flag("multi_query_attention")? == Some(false) || (multi_query == Some(false) && !self.is_of(&["falcon"])) {
            return Ok(heads);
        }
        Ok(self.size_or_assumed(GROUPS)?.unwrap_or(heads))
    }

    fn window(&self, layers: u32) -> Result<Option<Window>, MathError> {
        let Some(tokens) = self.size(WINDOW)? else { return Ok(None) };
        // Qwen's configurations name a window that is not used unless they say so.
        if !self.flag("use_sliding_window")?.unwrap_or(!self.is_of(&["qwen"])) {
            return Ok(None);
        }
        let local = self.local_layers(layers)?.min(layers);
        Ok((local > 0).then_some(Window { layers: local, tokens }))
    }

    /// How many layers have the window.
    fn local_layers(&self, layers: u32) -> Result<u32, MathError> {
        if let Some(value) = self.get("layer_types") {
            let bad = || MathError::BadKey { key: "layer_types".to_owned(), expected: Expected::LayerKinds };
            let kinds = value.as_array().filter(|kinds| kinds.len() == layers as usize).ok_or_else(bad)?;
            let mut local = 0;
            for kind in kinds {
                match kind.as_str() {
                    Some("sliding_attention") => local += 1,
                    Some("full_attention") => {}
                    _ => return Err(bad()),
                }
            }
            return Ok(local);
        }
        // Gemma 3: the last of every six layers is global. Gemma 2: the first of every two is local.
        let default = if self.is_of(&["gemma3"]) { Some(6) } else { None };
        if let Some(pattern) = self.size(&["sliding_window_pattern"])?.or(default) {
            return Ok(layers - layers / pattern);
        }
        if self.is_of(&["gemma2"]) {
            return Ok(layers.div_ceil(2));
        }
        // Qwen 2: the layers from this one on.
        Ok(layers - self.size(&["max_window_layers"])?.unwrap_or(0).min(layers))
    }

    /// All sizes, if vocabulary and inner width are there.
    fn decoder(&mut self, cache: &KvCache, d_model: u32, d_cq: Option<u32>) -> Result<Option<Decoder>, MathError> {
        let (vocabulary, d_ff) = (self.size_or_assumed(VOCABULARY)?, self.inner_width(d_model)?);
        let (Some(vocabulary), Some(d_ff)) = (vocabulary, d_ff) else { return Ok(None) };
        let families = ["gemma", "falcon", "gpt2", "gpt_bigcode", "bloom"];
        let tied = self.flag("tie_word_embeddings")?.unwrap_or_else(|| self.is_of(&families));
        let plain = self.is_of(&["falcon", "gpt2", "gpt_neox", "gpt_bigcode", "bloom", "starcoder2"]);
        let falcon_7b = self.is_of(&["falcon"]) && self.flag("new_decoder_architecture")? != Some(true);
        let per_layer = if self.is_of(&["gemma2", "gemma3"]) {
            4
        } else if falcon_7b {
            1
        } else {
            2
        };
        Ok(Some(Decoder {
            vocabulary,
            d_model,
            layers: cache.layers,
            tied,
            norms: Norms { per_layer, bias: plain },
            attention: self.projections(cache, d_cq)?,
            feed_forward: self.feed_forward(d_ff, plain, cache.layers)?,
        }))
    }

    fn inner_width(&mut self, d_model: u32) -> Result<Option<u32>, MathError> {
        if self.is_of(&["falcon", "gpt2", "gpt_bigcode", "bloom"]) {
            // They leave it out, and four times the hidden state is meant.
            return Ok(Some(self.size(D_FF)?.unwrap_or(d_model.saturating_mul(4))));
        }
        self.size_or_assumed(D_FF)
    }

    fn projections(&self, cache: &KvCache, d_cq: Option<u32>) -> Result<Projections, MathError> {
        let Heads { count: heads, d_k, d_v } = cache.heads;
        if let AttentionKind::Mla { d_c, d_r } = cache.kind {
            return Ok(Projections::Latent { heads, d_k, d_v, d_c, d_r, d_cq });
        }
        let groups = cache.kind.groups(cache.heads).unwrap_or(heads);
        let all =
            self.is_of(&["gpt2", "gpt_neox", "gpt_bigcode", "bloom", "starcoder2"]) || self.flag("attention_bias")? == Some(true);
        let inputs = self.is_of(&["qwen2"]) || self.flag("add_qkv_bias")? == Some(true);
        let bias = if all {
            Bias::All
        } else if inputs {
            Bias::Inputs
        } else {
            Bias::None
        };
        Ok(Projections::Grouped { heads, groups, d_head: d_k, bias, normed: self.is_of(&["qwen3", "gemma3"]) })
    }

    fn feed_forward(&self, d_ff: u32, plain: bool, layers: u32) -> Result<FeedForward, MathError> {
        if plain {
            return Ok(FeedForward::Plain { d_ff, bias: !self.is_of(&["falcon"]) });
        }
        let Some(routed) = self.size(EXPERTS)? else { return Ok(FeedForward::Gated { d_ff }) };
        Ok(FeedForward::Experts(Experts {
            dense_layers: self.size(DENSE)?.unwrap_or(0).min(layers),
            d_ff,
            routed,
            active: self.size(ACTIVE)?.unwrap_or(routed).min(routed),
            shared: self.size(SHARED)?.unwrap_or(0),
            d_expert: self.size(D_EXPERT)?.unwrap_or(d_ff),
            router_bias: self.is_of(&["deepseek_v3"]),
        }))
    }
}
