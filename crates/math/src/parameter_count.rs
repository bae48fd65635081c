//! How many parameters a decoder-only transformer has, from its sizes.

use crate::kv_cache::SIZE_LIMIT;

/// The projections of attention.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Projections {
    /// Queries, grouped keys and values, output.
    Grouped {
        /// Query heads.
        heads: u32,
        /// Heads of keys and values.
        groups: u32,
        /// Width of a head.
        d_head: u32,
        /// Which projections have a bias.
        bias: Bias,
        /// Whether queries and keys are normalised, with weights for one head each.
        normed: bool,
    },
    /// Multi-head latent attention as released by DeepSeek, with a norm on each latent vector.
    Latent {
        /// Query heads.
        heads: u32,
        /// Width of a key without its rotated part.
        d_k: u32,
        /// Width of a value.
        d_v: u32,
        /// Width of the latent vector of keys and values.
        d_c: u32,
        /// Width of the rotated key.
        d_r: u32,
        /// Width of the latent vector of queries, if there is one.
        d_cq: Option<u32>,
    },
}

/// Which projections of attention have a bias.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Bias {
    /// None.
    None,
    /// Queries, keys and values.
    Inputs,
    /// The output too.
    All,
}

/// The feed-forward layers.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum FeedForward {
    /// Three matrices: `SwiGLU`, `GeGLU`.
    Gated {
        /// Inner width.
        d_ff: u32,
    },
    /// Two matrices.
    Plain {
        /// Inner width.
        d_ff: u32,
        /// Whether both have a bias.
        bias: bool,
    },
    /// Gated experts behind a router, and some layers without.
    Experts(Experts),
}

/// A mixture of gated experts.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Experts {
    /// Layers at the beginning that are plainly gated.
    pub dense_layers: u32,
    /// Their inner width.
    pub d_ff: u32,
    /// Experts to choose from.
    pub routed: u32,
    /// How many of them a token uses.
    pub active: u32,
    /// Experts that every token uses.
    pub shared: u32,
    /// Inner width of an expert.
    pub d_expert: u32,
    /// Whether the router has a bias for each expert, as DeepSeek-V3's.
    pub router_bias: bool,
}

/// Norms of a layer and the last one.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Norms {
    /// In each layer: 2, 4 for Gemma 2 and 3, 1 for Falcon-7B.
    pub per_layer: u32,
    /// Whether they have a bias beside the weight.
    pub bias: bool,
}

/// The sizes of a decoder-only transformer with rotary positions.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Decoder {
    /// Rows of the embedding.
    pub vocabulary: u32,
    /// Width of the hidden state.
    pub d_model: u32,
    /// Layers.
    pub layers: u32,
    /// Whether the output layer is the embedding.
    pub tied: bool,
    /// Norms.
    pub norms: Norms,
    /// Attention.
    pub attention: Projections,
    /// Feed-forward layers.
    pub feed_forward: FeedForward,
}

/// Parameters.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Parameters {
    /// All.
    pub total: u64,
    /// Those a token uses: fewer where there are experts. The embedding counts whole.
    pub active: u64,
}

impl Decoder {
    /// The sizes of a LLaMA: untied, gated, without biases, two norms a layer.
    ///
    /// Its count is `2Vd + L(2d·h·d_h + 2d·g·d_h + 3d·d_ff + 2d) + d`, 6 738 415 616 for LLaMA2-7B.
    pub const fn llama(
        (vocabulary, d_model, layers): (u32, u32, u32),
        (heads, groups, d_head): (u32, u32, u32),
        d_ff: u32,
    ) -> Self {
        Self {
            vocabulary,
            d_model,
            layers,
            tied: false,
            norms: Norms { per_layer: 2, bias: false },
            attention: Projections::Grouped { heads, groups, d_head, bias: Bias::None, normed: false },
            feed_forward: FeedForward::Gated { d_ff },
        }
    }

    /// Counts them. Saturates at `u64::MAX`; sizes above [`SIZE_LIMIT`] count as that.
    ///
    /// Source: the modules of each family's released code. The totals of LLaMA2-7B, Mixtral, Gemma-2-9B, Qwen2.5-7B, Qwen3-8B, phi-4,
    /// pythia-12B, ChatGLM2-6B, DeepSeek-V2-Lite, V2 and V3 are the published ones to the last parameter; Falcon's files hold its tied
    /// output layer once more.
    pub fn parameters(&self) -> Parameters {
        let (d, layers) = (wide(self.d_model), wide(self.layers));
        let embedding = wide(self.vocabulary) * d * if self.tied { 1 } else { 2 };
        let norm = d * if self.norms.bias { 2 } else { 1 };
        let common = embedding + norm + layers * (self.attention.count(d) + wide(self.norms.per_layer) * norm);
        let both = |count: u128| (count, count);
        let (total, active) = match self.feed_forward {
            FeedForward::Gated { d_ff } => both(layers * gated(d, d_ff)),
            FeedForward::Plain { d_ff, bias } => both(layers * (2 * d * wide(d_ff) + if bias { wide(d_ff) + d } else { 0 })),
            FeedForward::Experts(experts) => experts.count(d, self.layers),
        };
        let narrow = |count: u128| u64::try_from(count).unwrap_or(u64::MAX);
        Parameters { total: narrow(common + total), active: narrow(common + active) }
    }
}

fn wide(size: u32) -> u128 {
    size.min(SIZE_LIMIT).into()
}

fn gated(d: u128, d_ff: u32) -> u128 {
    3 * d * wide(d_ff)
}

impl Projections {
    fn count(self, d: u128) -> u128 {
        match self {
            Self::Grouped { heads, groups, d_head, bias, normed } => {
                let (queries, keys) = (wide(heads) * wide(d_head), wide(groups) * wide(d_head));
                let bias = match bias {
                    Bias::None => 0,
                    Bias::Inputs => queries + 2 * keys,
                    Bias::All => queries + 2 * keys + d,
                };
                2 * d * (queries + keys) + bias + if normed { 2 * wide(d_head) } else { 0 }
            }
            Self::Latent { heads, d_k, d_v, d_c, d_r, d_cq } => {
                let [h, d_k, d_v, d_c, d_r] = [heads, d_k, d_v, d_c, d_r].map(wide);
                let width = h * (d_k + d_r);
                let queries = match d_cq.map(wide) {
                    Some(d_cq) => d_cq * (d + 1 + width),
                    None => d * width,
                };
                queries + d * (d_c + d_r) + d_c + d_c * h * (d_k + d_v) + h * d_v * d
            }
        }
    }
}

impl Experts {
    fn count(self, d: u128, layers: u32) -> (u128, u128) {
        let dense = self.dense_layers.min(layers);
        let expert = gated(d, self.d_expert);
        let router = wide(self.routed) * (d + u128::from(self.router_bias));
        let of = |experts: u128| {
            wide(dense) * gated(d, self.d_ff) + wide(layers - dense) * (router + (experts + wide(self.shared)) * expert)
        };
        (of(wide(self.routed)), of(wide(self.active)))
    }
}
