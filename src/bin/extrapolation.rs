//! The program of this widget's pages.

fn main() {
    yansuan::app::start(&[&yansuan::widgets::extrapolation::Extrapolation]);
}
