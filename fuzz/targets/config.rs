//! Configurations of models as readers paste them: what is read can be computed with, and what is wrong is said at a place that exists.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yansuan::player::session::Session;
use yansuan::widgets::SHELF;
use yansuan_math::error::MathError;
use yansuan_math::model_config::read_config;
use yansuan_math::rope_scaling::{RopeScaling, Scaling};

fuzz_target!(|text: &str| {
    if let Err(MathError::BadJson { line, column, .. }) = read_config(text) {
        assert!(line >= 1 && line <= text.matches('\n').count() + 1 && column >= 1, "the place exists");
    }
    if let Ok(read) = RopeScaling::parse(text) {
        assert!(read.factor.is_finite() && read.attention_factor.is_finite(), "a number without a value");
        assert!(read.base.is_none_or(f64::is_finite));
        if let Scaling::Listed(factors) = read.scaling {
            assert!(factors.iter().all(|factor| *factor > 0.0), "a frequency that nothing divides");
        }
    }
    for widget in SHELF {
        for at in 0..widget.exchanges().len() {
            let mut session = Session::open(*widget, "");
            if session.exchange(at, text) {
                let (settled, _) = widget.settle(&session.setting);
                assert_eq!(settled, session.setting, "what was taken in is legal");
            } else {
                assert!(session.refused.is_some_and(|problem| !problem.words.zh.is_empty() && !problem.words.en.is_empty()));
            }
        }
    }
});
