//! The only rooms that touch the browser.

pub mod canvas;
pub mod clipboard;
pub mod clock;
pub mod dom;
pub mod failure;
pub mod observe;
pub mod page;
pub mod save;
pub mod script;
pub mod storage;
