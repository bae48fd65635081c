//! A figure onto any plotters backend, in the colours of a theme.

pub mod colour;
pub mod frame;
pub mod heat;
pub mod legend;
pub mod probe;
pub mod render;
pub mod surface;
pub mod svg;
pub mod table;
pub mod theme;
pub mod ticks;
