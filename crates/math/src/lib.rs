//! The numbers behind Yansuan: softmax and its alternatives, one textbook notion a file.
//!
//! Kernels take numbers and return numbers: no text for readers, no pixels, no clock, no global,
//! no randomness but a seed. Logits are `f64`; `−∞` means *masked* (probability 0) wherever the
//! map allows it.
#![warn(missing_docs)]

pub mod am_softmax;
pub mod argmax;
pub mod cross_entropy;
pub mod entmax;
pub mod entmax15;
pub mod entropy;
pub mod error;
pub mod exp;
pub mod fenchel_young;
pub mod gauss_legendre;
pub mod jacobian;
pub mod log_sum_exp;
pub mod logits;
pub mod noise;
pub mod normal;
pub mod order;
pub mod parse;
pub mod perturb_max;
pub mod race;
pub mod rng;
pub mod softmax;
pub mod sparse_softmax;
pub mod sparsemax;
pub mod taylor_softmax;
pub mod threshold;
pub mod top_k_relaxed;

pub use error::MathError;
