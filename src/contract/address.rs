//! The state in the query of an address: read once, written with only what differs, sorted.

use super::problem::Problem;
use super::setting::Setting;
use super::shelf::DynWidget;
use super::text::{Lang, Words};

/// The longest query that is written; a state that needs more is not fully in its link.
pub const LONGEST: usize = 1500;

/// What an address asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Address {
    /// The values of the controls.
    pub setting: Setting,
    /// The guided step, from 0.
    pub step: Option<usize>,
    /// The language, if the address names one.
    pub lang: Option<Lang>,
    /// Sentences about what could not be read or had to be moved.
    pub notices: Vec<Problem>,
}

/// A written state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// `key=value&…`, sorted, without a question mark.
    pub query: String,
    /// Keys of controls whose values are too long for a link.
    pub left_out: Vec<&'static str>,
}

/// Reads the state of a query, with or without its question mark.
///
/// Unknown names are passed over; the last of several equal names counts; what is malformed falls back and what is out of
/// range is clamped, each with a sentence.
pub fn read(widget: &dyn DynWidget, query: &str) -> Address {
    over(widget, &widget.opening(), &Pairs::of(query))
}

/// Reads what pairs name over a setting, from the scene of a step or preset where they name one: what a host sets in a widget that plays.
pub fn over(widget: &dyn DynWidget, base: &Setting, pairs: &Pairs) -> Address {
    let mut notices = Vec::new();
    let step = pairs.get("step").and_then(|text| {
        let steps = widget.steps().len();
        let read = text.parse::<usize>().ok().filter(|step| (1..=steps).contains(step));
        if read.is_none() {
            notices.push(general(
                format!("没有第“{}”步；步骤从 1 到 {steps}。", super::control::excerpt(text)),
                format!("There is no step “{}”; steps go from 1 to {steps}.", super::control::excerpt(text)),
            ));
        }
        read.map(|step| step - 1)
    });
    let mut setting = step.map_or_else(|| base.clone(), |step| widget.step(step, false));
    if let Some(name) = pairs.get("preset") {
        if let Some(at) = widget.presets().iter().position(|preset| preset.key == name) {
            setting = widget.preset(at);
        } else {
            let keys: Vec<&str> = widget.presets().iter().map(|preset| preset.key).collect();
            notices.push(general(
                format!("没有名为“{}”的预设；可用的有 {}。", super::control::excerpt(name), keys.join("、")),
                format!("There is no preset “{}”; there are {}.", super::control::excerpt(name), keys.join(", ")),
            ));
        }
    }
    for (at, face) in widget.faces().iter().enumerate() {
        let Some(text) = pairs.get(face.key) else { continue };
        match face.read(text) {
            Ok(value) => setting.0[at] = value,
            Err(problem) => notices.push(problem),
        }
    }
    let (setting, moved) = widget.settle(&setting);
    notices.extend(moved);
    let lang = pairs.lang().map(Lang::of_tag);
    Address { setting, step, lang, notices }
}

/// Writes a state: only what differs from the scene it starts from (the opening one, or that of the step). What is too long for that
/// may be short beside a preset, which is then the scene it starts from.
pub fn write(widget: &dyn DynWidget, setting: &Setting, step: Option<usize>) -> Written {
    let base = step.map_or_else(|| widget.opening(), |step| widget.step(step, false));
    let written = differing(widget, setting, step, None, &base);
    if written.left_out.is_empty() {
        return written;
    }
    let presets = widget.presets().into_iter().enumerate();
    let mut others = presets.map(|(at, preset)| differing(widget, setting, step, Some(preset.key), &widget.preset(at)));
    others.find(|other| other.left_out.is_empty()).unwrap_or(written)
}

/// What differs from a scene, after the step and the preset that lead there.
fn differing(widget: &dyn DynWidget, setting: &Setting, step: Option<usize>, preset: Option<&str>, base: &Setting) -> Written {
    let mut parts = Pairs::default();
    if let Some(step) = step {
        parts.put("step".to_owned(), (step + 1).to_string());
    }
    if let Some(preset) = preset {
        parts.put("preset".to_owned(), preset.to_owned());
    }
    let mut left_out = Vec::new();
    for (face, (value, opening)) in widget.faces().iter().zip(setting.0.iter().zip(&base.0)) {
        if value == opening {
            continue;
        }
        // Long lists are measured before they are written: a million numbers would take a second.
        let too_long = value.vector().is_some_and(|numbers| numbers.len() > LONGEST / 2);
        let text = if too_long { String::new() } else { face.write(value) };
        if too_long || text.len() > LONGEST {
            left_out.push(face.key);
        } else {
            parts.put(face.key.to_owned(), text);
        }
    }
    Written { query: parts.query(), left_out }
}

/// The decoded pairs of a query, sorted by name; the last of several equal names counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// The pairs of a query, with or without its question mark.
    pub fn of(query: &str) -> Self {
        let mut pairs = Self::default();
        for part in query.trim_start_matches('?').split('&').filter(|part| !part.is_empty()) {
            let (name, text) = part.split_once('=').unwrap_or((part, ""));
            pairs.put(decode(name), decode(text));
        }
        pairs
    }

    /// Sets the text of a name.
    pub fn put(&mut self, name: String, text: String) {
        let at = self.0.partition_point(|pair| pair.0 < name);
        match self.0.get_mut(at).filter(|pair| pair.0 == name) {
            Some(pair) => pair.1 = text,
            None => self.0.insert(at, (name, text)),
        }
    }

    /// The text of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|pair| pair.0 == name).map(|pair| pair.1.as_str())
    }

    /// Whether a name stands for yes.
    pub fn is_on(&self, name: &str) -> bool {
        self.get(name) == Some("1")
    }

    /// The pairs in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// The tag of the language that is asked for, under any of the names that hosts use.
    pub fn lang(&self) -> Option<&str> {
        ["lang", "locale", "language"].into_iter().find_map(|name| self.get(name))
    }

    /// The pairs as a query, without a question mark.
    pub fn query(&self) -> String {
        self.0.iter().map(|(name, text)| format!("{}={}", encode(name), encode(text))).collect::<Vec<_>>().join("&")
    }
}

fn general(zh: String, en: String) -> Problem {
    Problem { field: None, words: Words::new(zh, en) }
}

/// Percent-encodes all but unreserved characters and the comma, which a query may hold and which keeps lists readable.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~,".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push('%');
            out.push_str(&format!("{byte:02X}"));
        }
    }
    out
}

/// Undoes percent-encoding; a broken escape stays as it is, bytes that are not UTF-8 become �.
pub fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%').then(|| bytes.get(at + 1..at + 3)).flatten();
        let byte = escape.filter(|two| two.iter().all(u8::is_ascii_hexdigit)).and_then(|two| std::str::from_utf8(two).ok());
        let byte = byte.and_then(|two| u8::from_str_radix(two, 16).ok());
        match (byte, bytes[at]) {
            (Some(byte), _) => {
                out.push(byte);
                at += 3;
            }
            (None, b'+') => {
                out.push(b' ');
                at += 1;
            }
            (None, other) => {
                out.push(other);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_round_trips_and_keeps_lists_readable() {
        for text in ["2,1.2,-0.3", "温度 τ=1&x", "100%", "a+b", "\u{1F600}"] {
            assert_eq!(decode(&encode(text)), text);
        }
        assert_eq!(encode("2,1.2"), "2,1.2");
        assert_eq!(decode("%+1%2"), "% 1%2", "a broken escape stays");
        let strange = Pairs::of("x=1&?t%26x=2");
        assert_eq!(Pairs::of(&strange.query()), strange, "names are encoded too");
    }

    #[test]
    fn broken_escapes_never_panic() {
        assert_eq!(decode("%"), "%");
        assert_eq!(decode("%4"), "%4");
        assert_eq!(decode("%zz%41"), "%zzA");
        assert_eq!(decode("%ff"), "\u{fffd}");
        assert_eq!(decode("%温"), "%温");
    }
}
