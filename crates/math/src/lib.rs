//! The numbers behind Yansuan: softmax and its alternatives, rotary positions, attention as a recurrence; one textbook notion a file.
//!
//! Kernels take numbers and return numbers: no text for readers, no pixels, no clock, no global,
//! no randomness but a seed. Logits are `f64`; `−∞` means *masked* (probability 0) wherever the
//! map allows it.
#![warn(missing_docs)]

pub mod am_softmax;
pub mod argmax;
pub mod attention;
pub mod attention_cost;
pub mod attention_kernel;
pub mod attention_state;
pub mod axis;
pub mod cross_entropy;
pub mod double_double;
pub mod entmax;
pub mod entmax15;
pub mod entropy;
pub mod error;
pub mod exp;
pub mod fenchel_young;
pub mod flash_tiles;
pub mod frequency_plan;
pub mod gauss_legendre;
pub mod jacobian;
pub mod lattice;
pub mod linear_attention;
pub mod log_sum_exp;
pub mod logits;
pub mod multi_state;
pub mod noise;
pub mod normal;
pub mod order;
pub mod parse;
pub mod perturb_max;
pub mod position_metrics;
pub mod race;
pub mod rational;
pub mod reading;
pub mod recursion;
pub mod rng;
pub mod rope;
pub mod rope_kernel;
pub mod rounding;
pub mod scheme;
pub mod segment;
pub mod softmax;
pub mod sparse_softmax;
pub mod sparsemax;
pub mod tape;
pub mod taylor_softmax;
pub mod threshold;
pub mod token_layout;
pub mod top_k_relaxed;

pub use error::MathError;
