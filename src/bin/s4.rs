//! The program of this widget's pages.

fn main() {
    yansuan::app::start(&[&yansuan::widgets::s4::S4]);
}
