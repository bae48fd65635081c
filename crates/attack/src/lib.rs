//! What attacks every widget of the shelf with random events and addresses, natively. The program of this package does so at random,
//! and the targets in `fuzz/` look for what no chance finds.
//!
//! - `event`: what a reader can do, drawn at random
//! - `field`: a widget under attack: events happen to the player's own session, and what must hold is looked at
//! - `check`: what must hold of a scene
//! - `query`: random and mutated addresses
//! - `shrink`: the shortest list of events that still fails

pub mod check;
pub mod event;
pub mod field;
pub mod query;
pub mod shrink;
