//! Text as JSON writes it. Programs are shipped, so there is no crate for four lines.

/// A string in JSON, with its quotation marks.
pub fn string(text: &str) -> String {
    let escaped = |letter: char| match letter {
        '"' | '\\' => format!("\\{letter}"),
        letter if letter < ' ' => format!("\\u{:04x}", letter as u32),
        letter => letter.to_string(),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

/// An object of fields that are JSON already.
pub fn object(fields: &[(&str, String)]) -> String {
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{}:{value}", string(name))).collect();
    format!("{{{}}}", fields.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_and_read_back() {
        let text = "a \"word\", a \\ and\na line, 演算";
        let read: serde_json::Value = serde_json::from_str(&object(&[("x", string(text))])).expect("this is JSON");
        assert_eq!(read["x"], text);
    }
}
