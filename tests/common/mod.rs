//! What several tests do with every widget: play a setting to its end, and go through the named scenes.

use yansuan::contract::setting::Setting;
use yansuan::contract::shelf::{DynWidget, Scene};
use yansuan::contract::widget::{Budget, Progress};

/// Everything that a setting shows, with long computations done.
pub fn play(widget: &dyn DynWidget, setting: &Setting) -> Scene {
    let mut work = widget.begin();
    let budget = Budget::unlimited();
    loop {
        match widget.work(setting, work.as_mut(), &budget) {
            Ok(Progress::Going(_)) => {}
            Ok(Progress::Done) => return widget.scene(setting, work.as_ref()),
            Err(problem) => panic!("{}: {}", widget.about().slug, problem.words.en),
        }
    }
}

/// Every named scene of a widget, with a name for messages.
pub fn scenes(widget: &dyn DynWidget) -> Vec<(String, Setting)> {
    let mut all = vec![("opening".to_owned(), widget.opening())];
    for (at, preset) in widget.presets().iter().enumerate() {
        all.push((format!("preset {}", preset.key), widget.preset(at)));
    }
    for at in 0..widget.steps().len() {
        all.push((format!("step {}", at + 1), widget.step(at, false)));
        all.push((format!("step {} answered", at + 1), widget.step(at, true)));
    }
    all
}
