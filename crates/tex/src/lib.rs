//! `tex!(r"…")`: a formula in LaTeX becomes MathML while the program is compiled.
//!
//! The converter runs on the machine that builds and is never shipped. Two commands are ours:
//! `\term{key}{body}` names a part of a formula, so that it can light up together with a mark of a
//! figure, and `\value{key}` is a place where the number of the moment stands.

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};
use proc_macro::{Literal, TokenStream, TokenTree};

/// MathML (a `&'static str`) of one LaTeX formula in display style.
///
/// # Errors
///
/// A formula that cannot be converted does not compile; the message names the place.
#[proc_macro]
pub fn tex(input: TokenStream) -> TokenStream {
    match literal(input).and_then(|latex| mathml(&latex)) {
        Ok(markup) => TokenTree::Literal(Literal::string(&markup)).into(),
        Err(message) => format!("compile_error!({message:?})").parse().unwrap_or_default(),
    }
}

fn literal(input: TokenStream) -> Result<String, String> {
    let mut tokens = input.into_iter();
    let (Some(TokenTree::Literal(token)), None) = (tokens.next(), tokens.next()) else {
        return Err("tex! takes one raw string literal".into());
    };
    let source = token.to_string();
    source
        .strip_prefix('r')
        .map(|rest| rest.trim_matches('#'))
        .and_then(|rest| rest.strip_prefix('"')?.strip_suffix('"'))
        .map(str::to_owned)
        .ok_or_else(|| "tex! takes a raw string: tex!(r\"…\")".into())
}

fn mathml(latex: &str) -> Result<String, String> {
    let converter =
        LatexToMathML::new(MathCoreConfig::default()).map_err(|error| format!("the converter does not start: {error:?}"))?;
    let marked = mark(latex)?;
    let markup =
        converter.convert_with_local_state(&marked, MathDisplay::Block).map_err(|error| format!("{error:?} in {latex}"))?.mathml;
    classed(&unmark(&markup))
}

/// The converter writes a few styles into attributes, which the pages' policy forbids: they become classes of the style sheet.
fn classed(markup: &str) -> Result<String, String> {
    const STYLES: [(&str, &str); 3] = [
        ("text-align: left;justify-items: start;padding-right: 0;padding-left:1em;", "cell-start cell-gap"),
        ("text-align: left;justify-items: start;padding-right: 0;", "cell-start"),
        ("margin-left:-0.16666667em;", "thin-back"),
    ];
    let mut out = markup.to_owned();
    for (style, class) in STYLES {
        out = out.replace(&format!(" style=\"{style}\""), &format!(" class=\"{class}\""));
    }
    match out.split_once(" style=\"").and_then(|(_, rest)| rest.split_once('"')) {
        Some((style, _)) => Err(format!("the style {style:?} needs a class: see `classed` in crates/tex")),
        None => Ok(out),
    }
}

/// Replaces our two commands by pieces of text that survive the conversion.
fn mark(latex: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = latex;
    while let Some(at) = rest.find(r"\term{").into_iter().chain(rest.find(r"\value{")).min() {
        out.push_str(&rest[..at]);
        let is_term = rest[at..].starts_with(r"\term");
        let (key, after) = group(&rest[at + if is_term { 5 } else { 6 }..], latex)?;
        if is_term {
            let (body, after) = group(after, latex)?;
            out.push_str(&format!(r"{{\text{{open:{key};}}{}\text{{shut;}}}}", mark(body)?));
            rest = after;
        } else {
            out.push_str(&format!(r"{{\text{{value:{key};}}}}"));
            rest = after;
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// Splits `{inside}after` at the matching brace.
fn group<'a>(text: &'a str, latex: &str) -> Result<(&'a str, &'a str), String> {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return if at == 0 {
                Err(format!("a group in braces is missing in {latex}"))
            } else {
                Ok((&text[1..at], &text[at + 1..]))
            };
        }
    }
    Err(format!("a brace is not closed in {latex}"))
}

fn unmark(markup: &str) -> String {
    let mut out = String::new();
    let mut rest = markup;
    while let Some(at) = rest.find("<mtext>") {
        out.push_str(&rest[..at]);
        let inside = &rest[at + 7..];
        let end = inside.find("</mtext>").unwrap_or(inside.len());
        let (text, after) = (&inside[..end], &inside[(end + 8).min(inside.len())..]);
        if let Some(key) = text.strip_prefix("open:").and_then(|t| t.strip_suffix(';')) {
            out.push_str(&format!("<mrow class=\"term\" data-term=\"{key}\">"));
        } else if text == "shut;" {
            out.push_str("</mrow>");
        } else if let Some(key) = text.strip_prefix("value:").and_then(|t| t.strip_suffix(';')) {
            out.push_str(&format!("<mn data-value=\"{key}\">\u{2007}</mn>"));
        } else {
            out.push_str(&rest[at..at + 7 + end + 8]);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_wraps_its_part_and_a_value_is_a_place() {
        let markup = mathml(r"p_i = \varphi(x_i - \term{level}{\lambda}) = \value{p1}").unwrap();
        assert!(markup.contains("<mrow class=\"term\" data-term=\"level\"><mi>λ</mi></mrow>"), "{markup}");
        assert!(markup.contains("<mn data-value=\"p1\">"), "{markup}");
        assert!(!markup.contains("open:") && !markup.contains("shut;"), "{markup}");
    }

    #[test]
    fn a_term_may_hold_a_term() {
        let markup = mathml(r"\term{a}{x + \term{b}{y^{2}}}").unwrap();
        assert_eq!(markup.matches("data-term").count(), 2, "{markup}");
        assert_eq!(markup.matches("<mrow").count(), markup.matches("</mrow>").count(), "{markup}");
    }

    #[test]
    fn no_style_attribute_is_left() {
        let markup = mathml(r"\varphi(t) = \begin{cases} e^{t} & \text{a} \\ t & \text{b} \end{cases} \!\left(x\right)").unwrap();
        assert!(!markup.contains("style=\"t") && !markup.contains("style=\"m"), "{markup}");
        assert!(markup.contains("class=\"cell-start"), "{markup}");
    }

    #[test]
    fn unknown_commands_and_open_braces_are_refused() {
        assert!(mathml(r"\nosuchcommand{x}").is_err());
        assert!(mathml(r"\term{a}{x").is_err());
    }
}
