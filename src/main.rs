//! The program of the pages that play nothing: the front page, about. While one works on the site, it is the program of all pages,
//! so that a change is compiled once; in a release each widget's pages have a program of their own (`src/bin`), and their readers
//! load no other widget.

fn main() {
    yansuan::app::start(if cfg!(debug_assertions) { yansuan::widgets::SHELF } else { &[] });
}
