//! Rows and columns: views that are tables, and the numbers behind every figure.

use super::json::string;
use super::number;
use super::setting::Patch;
use super::text::{Lang, Text, Words};

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A number.
    Number(f64),
    /// Words, or nothing.
    Words(Words),
    /// Whether a property holds, why, and a scene that shows it.
    Verdict {
        /// Whether it holds.
        holds: bool,
        /// Why, in a sentence.
        why: Words,
        /// What to set to see it.
        show: Option<Patch>,
    },
}

/// A table with a head line.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Stable name in kebab-case; the name of the CSV file.
    pub id: String,
    /// The title.
    pub title: Words,
    /// The head line.
    pub head: Vec<Words>,
    /// The rows, each as long as the head.
    pub rows: Vec<Vec<Cell>>,
}

impl Cell {
    /// The cell as readers see it.
    pub fn show(&self, lang: Lang) -> String {
        match self {
            Self::Number(value) => number::short(*value, 5),
            Self::Words(words) => words.get(lang).into(),
            Self::Verdict { holds: true, .. } => "✓".into(),
            Self::Verdict { holds: false, .. } => "✗".into(),
        }
    }

    /// The cell in JSON, which has no number that is not finite.
    fn value(&self, lang: Lang) -> String {
        match self {
            Self::Number(value) if value.is_finite() => number::exact(*value),
            Self::Number(value) => string(&number::exact(*value)),
            Self::Words(words) => string(words.get(lang)),
            Self::Verdict { holds, .. } => holds.to_string(),
        }
    }

    fn field(&self, lang: Lang) -> String {
        match self {
            Self::Number(value) => number::exact(*value),
            Self::Words(words) => quoted(words.get(lang)),
            Self::Verdict { holds, .. } => u8::from(*holds).to_string(),
        }
    }
}

impl Table {
    /// The table as JSON: title, columns, and rows of numbers in full, words, and whether properties hold.
    pub fn json(&self, lang: Lang) -> String {
        let list = |items: Vec<String>| format!("[{}]", items.join(","));
        let words = |words: &Words| string(words.get(lang));
        let rows = self.rows.iter().map(|row| format!("\n  {}", list(row.iter().map(|cell| cell.value(lang)).collect())));
        format!(
            "{{\n \"id\": {},\n \"title\": {},\n \"columns\": {},\n \"rows\": {}\n}}\n",
            string(&self.id),
            words(&self.title),
            list(self.head.iter().map(words).collect()),
            list(rows.collect()),
        )
    }

    /// The table as CSV (RFC 4180), numbers in full.
    ///
    /// A field that a spreadsheet would take for a formula is led by an apostrophe.
    pub fn csv(&self, lang: Lang) -> String {
        let mut out = String::new();
        let head: Vec<String> = self.head.iter().map(|words| quoted(words.get(lang))).collect();
        out.push_str(&head.join(","));
        for row in &self.rows {
            out.push_str("\r\n");
            let fields: Vec<String> = row.iter().map(|cell| cell.field(lang)).collect();
            out.push_str(&fields.join(","));
        }
        out.push_str("\r\n");
        out
    }
}

/// A head line of fixed words.
pub fn head(words: &[Text]) -> Vec<Words> {
    words.iter().map(|text| Words::from(*text)).collect()
}

/// What is the same in every language: a symbol, or a number spelled out.
impl From<String> for Cell {
    fn from(symbol: String) -> Self {
        Self::Words(Words::same(symbol))
    }
}

/// Words whose translation is fixed.
impl From<Text> for Cell {
    fn from(text: Text) -> Self {
        Self::Words(text.into())
    }
}

fn quoted(field: &str) -> String {
    let safe = if field.starts_with(['=', '+', '@', '-', '\t']) { format!("'{field}") } else { field.to_owned() };
    if safe.contains([',', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_and_json_quote_what_would_break_them() {
        let table = Table {
            id: "t".into(),
            title: Words::same("t"),
            head: vec![Words::same("a,b"), Words::same("say \"x\"")],
            rows: vec![vec![Cell::Number(0.1 + 0.2), Cell::Words(Words::same("=1+1"))]],
        };
        assert_eq!(
            table.json(Lang::En),
            "{\n \"id\": \"t\",\n \"title\": \"t\",\n \"columns\": [\"a,b\",\"say \\\"x\\\"\"],\n \"rows\": [\n  [0.30000000000000004,\"=1+1\"]]\n}\n"
        );
        assert_eq!(table.csv(Lang::En), "\"a,b\",\"say \"\"x\"\"\"\r\n0.30000000000000004,'=1+1\r\n");
    }
}
