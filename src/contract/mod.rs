//! What a widget is: pure types that the shelf, the player, the plots and the tests share.

pub mod address;
pub mod control;
pub mod exchange;
pub mod figure;
pub mod formula;
pub mod json;
pub mod kept;
pub mod number;
pub mod panel;
pub mod parameter;
pub mod problem;
pub mod readout;
pub mod script;
pub mod setting;
pub mod shelf;
pub mod step;
pub mod table;
pub mod text;
pub mod value;
pub mod widget;
