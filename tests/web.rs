//! The same numbers in the browser's arithmetic, and the rooms that need a browser.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use yansuan::browser::{clock, page, storage};
use yansuan::contract::address;
use yansuan::contract::panel::View;
use yansuan::contract::widget::{Budget, Progress};
use yansuan::widgets::SHELF;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn every_preset_draws_finite_numbers_in_the_browser() {
    for widget in SHELF {
        for at in 0..widget.presets().len() {
            let setting = widget.preset(at);
            let mut work = widget.begin();
            while let Ok(Progress::Going(_)) = widget.work(&setting, work.as_mut(), &Budget::unlimited()) {}
            for view in widget.scene(&setting, work.as_ref()).views {
                if let View::Figure(figure) = view {
                    assert!(figure.numbers().iter().all(|number| number.is_finite()));
                }
            }
        }
    }
}

#[wasm_bindgen_test]
fn lanes_of_the_browser_agree_with_the_reference() {
    // softmax, sparsemax and 1.5-entmax of (2, 1.2, 0.4, -0.3, -1.1); the first digits stand in the sketch of the page.
    let x = [2.0, 1.2, 0.4, -0.3, -1.1];
    let p = yansuan_math::softmax::softmax(&x, 1.0).unwrap();
    assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-15);
    let total: f64 = x.iter().map(|x: &f64| (x - 2.0).exp()).sum();
    assert!((p[1] - (-0.8_f64).exp() / total).abs() < 1e-15);
    let sparse = yansuan_math::sparsemax::sparsemax(&x).unwrap();
    assert!((sparse.p[0] - 0.9).abs() < 1e-15 && (sparse.level() - 1.1).abs() < 1e-15);
    let half = yansuan_math::entmax15::entmax15(&x).unwrap();
    assert!((half.p.iter().sum::<f64>() - 1.0).abs() < 1e-15 && half.support == 3);
}

#[wasm_bindgen_test]
fn a_query_of_the_browser_reads_as_natively() {
    let widget = SHELF[0];
    let read = address::read(widget, "?alpha=1.25&x=1,2,3");
    assert!(read.notices.is_empty());
    assert_eq!(address::write(widget, &read.setting, None).query, "alpha=1.25&x=1,2,3");
}

#[wasm_bindgen_test]
fn the_clock_runs_forward_and_storage_keeps_a_word() {
    let before = clock::now();
    assert!(clock::now() >= before);
    storage::keep("test", "word");
    assert_eq!(storage::recall("test").as_deref(), Some("word"));
    assert!(!page::address().is_empty());
}
