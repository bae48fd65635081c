//! Real models: what their caches and weights are made of.

use crate::kv_cache::{AttentionKind, Heads, KvCache, Window};

/// Where the sizes of a model were read.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Source {
    /// The table of litgpt.
    Litgpt,
    /// `inference/configs` of DeepSeek-V3's repository.
    DeepSeek,
    /// The model's own `config.json`.
    HuggingFace,
}

impl Source {
    /// Address of the table, or of the site that has the model's file.
    pub const fn url(self) -> &'static str {
        match self {
            Self::Litgpt => "https://github.com/Lightning-AI/litgpt/blob/main/litgpt/config.py",
            Self::DeepSeek => "https://github.com/deepseek-ai/DeepSeek-V3/tree/main/inference/configs",
            Self::HuggingFace => "https://huggingface.co",
        }
    }
}

/// A model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModelPreset {
    /// Short name, an address: never renamed.
    pub key: &'static str,
    /// Name for readers, that of the source.
    pub name: &'static str,
    /// Layers, heads, sharing, windows.
    pub cache: KvCache,
    /// Width of the hidden state.
    pub d_model: u32,
    /// Width of the latent vector of queries, if there is one.
    pub d_cq: Option<u32>,
    /// Tokens of the longest text it was trained for. Longer ones can be computed with, at the reader's own risk.
    pub context: u64,
    /// Parameters, all; of Gemma 3 those for text.
    pub parameters: u64,
    /// Parameters that a token uses; the embedding whole.
    pub active_parameters: u64,
    /// Bits a parameter as released.
    pub weight_bits: u32,
    /// Where the sizes were read.
    pub source: Source,
}

impl ModelPreset {
    /// Bytes of the weights with so many bits a parameter.
    pub fn weight_bytes(&self, bits: u32) -> f64 {
        self.parameters as f64 * f64::from(bits) / 8.0
    }

    /// Bytes of the weights that a step for one text reads.
    pub fn active_weight_bytes(&self, bits: u32) -> f64 {
        self.active_parameters as f64 * f64::from(bits) / 8.0
    }
}

/// The model of a key.
pub fn model(key: &str) -> Option<&'static ModelPreset> {
    MODELS.iter().find(|model| model.key == key)
}

const fn heads(count: u32, width: u32) -> Heads {
    Heads { count, d_k: width, d_v: width }
}

/// The models of the widget.
///
/// Cache sizes and most contexts are those of the sources. Contexts of Llama 2, Gemma and Mistral-7B are `max_position_embeddings`
/// of their `config.json` (not looked up anew), which litgpt leaves out (and for Mistral, whose window it did not implement, cuts to 4096); those of
/// DeepSeek-V2-Lite, V2 and V3 are the model cards', likewise. Parameters are counted from the sizes
/// ([`Decoder::parameters`](crate::parameter_count::Decoder::parameters)).
pub const MODELS: [ModelPreset; 27] = [
    ModelPreset {
        key: "llama-2-7b",
        name: "Llama-2-7b-hf",
        cache: KvCache { layers: 32, heads: heads(32, 128), kind: AttentionKind::Mha, window: None },
        d_model: 4096,
        d_cq: None,
        context: 4096,
        parameters: 6_738_415_616,
        active_parameters: 6_738_415_616,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "llama-2-70b",
        name: "Llama-2-70b-hf",
        cache: KvCache { layers: 80, heads: heads(64, 128), kind: AttentionKind::Gqa { groups: 8 }, window: None },
        d_model: 8192,
        d_cq: None,
        context: 4096,
        parameters: 68_976_648_192,
        active_parameters: 68_976_648_192,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "llama-3-8b",
        name: "Llama-3-8B",
        cache: KvCache { layers: 32, heads: heads(32, 128), kind: AttentionKind::Gqa { groups: 8 }, window: None },
        d_model: 4096,
        d_cq: None,
        context: 8192,
        parameters: 8_030_261_248,
        active_parameters: 8_030_261_248,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "llama-3-1-70b",
        name: "Llama-3.1-70B",
        cache: KvCache { layers: 80, heads: heads(64, 128), kind: AttentionKind::Gqa { groups: 8 }, window: None },
        d_model: 8192,
        d_cq: None,
        context: 131_072,
        parameters: 70_553_706_496,
        active_parameters: 70_553_706_496,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "llama-3-1-405b",
        name: "Llama-3.1-405B",
        cache: KvCache { layers: 126, heads: heads(128, 128), kind: AttentionKind::Gqa { groups: 8 }, window: None },
        d_model: 16_384,
        d_cq: None,
        context: 131_072,
        parameters: 405_853_388_800,
        active_parameters: 405_853_388_800,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "mistral-7b",
        name: "Mistral-7B-v0.1",
        cache: KvCache {
            layers: 32,
            heads: heads(32, 128),
            kind: AttentionKind::Gqa { groups: 8 },
            window: Some(Window { layers: 32, tokens: 4096 }),
        },
        d_model: 4096,
        d_cq: None,
        context: 32_768,
        parameters: 7_241_732_096,
        active_parameters: 7_241_732_096,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "mixtral-8x7b",
        name: "Mixtral-8x7B-v0.1",
        cache: KvCache { layers: 32, heads: heads(32, 128), kind: AttentionKind::Gqa { groups: 8 }, window: None },
        d_model: 4096,
        d_cq: None,
        context: 32_768,
        parameters: 46_702_792_704,
        active_parameters: 12_879_925_248,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "falcon-7b",
        name: "falcon-7b",
        cache: KvCache { layers: 32, heads: heads(71, 64), kind: AttentionKind::Mqa, window: None },
        d_model: 4544,
        d_cq: None,
        context: 2048,
        parameters: 6_921_720_704,
        active_parameters: 6_921_720_704,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "falcon-40b",
        name: "falcon-40b",
        cache: KvCache { layers: 60, heads: heads(128, 64), kind: AttentionKind::Gqa { groups: 8 }, window: None },
        d_model: 8192,
        d_cq: None,
        context: 2048,
        parameters: 41_303_293_952,
        active_parameters: 41_303_293_952,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "gemma-2b",
        name: "Gemma-2b",
        cache: KvCache { layers: 18, heads: heads(8, 256), kind: AttentionKind::Mqa, window: None },
        d_model: 2048,
        d_cq: None,
        context: 8192,
        parameters: 2_506_172_416,
        active_parameters: 2_506_172_416,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "gemma-7b",
        name: "Gemma-7b",
        cache: KvCache { layers: 28, heads: heads(16, 256), kind: AttentionKind::Mha, window: None },
        d_model: 3072,
        d_cq: None,
        context: 8192,
        parameters: 8_537_680_896,
        active_parameters: 8_537_680_896,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "gemma-2-9b",
        name: "Gemma-2-9b",
        cache: KvCache {
            layers: 42,
            heads: heads(16, 256),
            kind: AttentionKind::Gqa { groups: 8 },
            window: Some(Window { layers: 21, tokens: 4096 }),
        },
        d_model: 3584,
        d_cq: None,
        context: 8192,
        parameters: 9_241_705_984,
        active_parameters: 9_241_705_984,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "gemma-2-27b",
        name: "Gemma-2-27b",
        cache: KvCache {
            layers: 46,
            heads: heads(32, 128),
            kind: AttentionKind::Gqa { groups: 16 },
            window: Some(Window { layers: 23, tokens: 4096 }),
        },
        d_model: 4608,
        d_cq: None,
        context: 8192,
        parameters: 27_227_128_320,
        active_parameters: 27_227_128_320,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "gemma-3-27b",
        name: "Gemma-3-27b-it",
        cache: KvCache {
            layers: 62,
            heads: heads(32, 128),
            kind: AttentionKind::Gqa { groups: 16 },
            window: Some(Window { layers: 52, tokens: 1024 }),
        },
        d_model: 5376,
        d_cq: None,
        context: 131_072,
        parameters: 27_009_002_240,
        active_parameters: 27_009_002_240,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "gemma-3-12b",
        name: "Gemma-3-12b-it",
        cache: KvCache {
            layers: 48,
            heads: heads(16, 256),
            kind: AttentionKind::Gqa { groups: 8 },
            window: Some(Window { layers: 40, tokens: 1024 }),
        },
        d_model: 3840,
        d_cq: None,
        context: 131_072,
        parameters: 11_765_788_416,
        active_parameters: 11_765_788_416,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "gemma-3-4b",
        name: "Gemma-3-4b-it",
        cache: KvCache {
            layers: 34,
            heads: heads(8, 256),
            kind: AttentionKind::Gqa { groups: 4 },
            window: Some(Window { layers: 29, tokens: 1024 }),
        },
        d_model: 2560,
        d_cq: None,
        context: 131_072,
        parameters: 3_880_099_328,
        active_parameters: 3_880_099_328,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "qwen2-5-7b",
        name: "Qwen2.5-7B",
        cache: KvCache { layers: 28, heads: heads(28, 128), kind: AttentionKind::Gqa { groups: 4 }, window: None },
        d_model: 3584,
        d_cq: None,
        context: 131_072,
        parameters: 7_615_616_512,
        active_parameters: 7_615_616_512,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "qwen2-5-72b",
        name: "Qwen2.5-72B",
        cache: KvCache { layers: 80, heads: heads(64, 128), kind: AttentionKind::Gqa { groups: 8 }, window: None },
        d_model: 8192,
        d_cq: None,
        context: 131_072,
        parameters: 72_706_203_648,
        active_parameters: 72_706_203_648,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "qwen3-8b",
        name: "Qwen3-8B",
        cache: KvCache { layers: 36, heads: heads(32, 128), kind: AttentionKind::Gqa { groups: 8 }, window: None },
        d_model: 4096,
        d_cq: None,
        context: 40_960,
        parameters: 8_190_735_360,
        active_parameters: 8_190_735_360,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "qwen3-32b",
        name: "Qwen3-32B",
        cache: KvCache { layers: 64, heads: heads(64, 128), kind: AttentionKind::Gqa { groups: 8 }, window: None },
        d_model: 5120,
        d_cq: None,
        context: 40_960,
        parameters: 32_762_123_264,
        active_parameters: 32_762_123_264,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "phi-4",
        name: "phi-4",
        cache: KvCache { layers: 40, heads: heads(40, 128), kind: AttentionKind::Gqa { groups: 10 }, window: None },
        d_model: 5120,
        d_cq: None,
        context: 16_384,
        parameters: 14_659_507_200,
        active_parameters: 14_659_507_200,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "pythia-12b",
        name: "pythia-12b",
        cache: KvCache { layers: 36, heads: heads(40, 128), kind: AttentionKind::Mha, window: None },
        d_model: 5120,
        d_cq: None,
        context: 2048,
        parameters: 11_846_072_320,
        active_parameters: 11_846_072_320,
        weight_bits: 16,
        source: Source::Litgpt,
    },
    ModelPreset {
        key: "deepseek-67b",
        name: "DeepSeek-67B",
        cache: KvCache { layers: 95, heads: heads(64, 128), kind: AttentionKind::Gqa { groups: 8 }, window: None },
        d_model: 8192,
        d_cq: None,
        context: 4096,
        parameters: 67_425_001_472,
        active_parameters: 67_425_001_472,
        weight_bits: 16,
        source: Source::HuggingFace,
    },
    ModelPreset {
        key: "chatglm2-6b",
        name: "ChatGLM2-6B",
        cache: KvCache { layers: 28, heads: heads(32, 128), kind: AttentionKind::Gqa { groups: 2 }, window: None },
        d_model: 4096,
        d_cq: None,
        context: 32_768,
        parameters: 6_243_584_000,
        active_parameters: 6_243_584_000,
        weight_bits: 16,
        source: Source::HuggingFace,
    },
    ModelPreset {
        key: "deepseek-v2-lite",
        name: "DeepSeek-V2-Lite (16B)",
        cache: KvCache { layers: 27, heads: heads(16, 128), kind: AttentionKind::Mla { d_c: 512, d_r: 64 }, window: None },
        d_model: 2048,
        d_cq: None,
        context: 32_768,
        parameters: 15_706_484_224,
        active_parameters: 2_661_150_208,
        weight_bits: 16,
        source: Source::DeepSeek,
    },
    ModelPreset {
        key: "deepseek-v2",
        name: "DeepSeek-V2 (236B)",
        cache: KvCache { layers: 60, heads: heads(128, 128), kind: AttentionKind::Mla { d_c: 512, d_r: 64 }, window: None },
        d_model: 5120,
        d_cq: Some(1536),
        context: 131_072,
        parameters: 235_741_434_880,
        active_parameters: 21_375_800_320,
        weight_bits: 16,
        source: Source::DeepSeek,
    },
    ModelPreset {
        key: "deepseek-v3",
        name: "DeepSeek-V3 (671B)",
        cache: KvCache { layers: 61, heads: heads(128, 128), kind: AttentionKind::Mla { d_c: 512, d_r: 64 }, window: None },
        d_model: 7168,
        d_cq: Some(1536),
        context: 131_072,
        parameters: 671_026_419_200,
        active_parameters: 37_552_297_472,
        weight_bits: 8,
        source: Source::DeepSeek,
    },
];
