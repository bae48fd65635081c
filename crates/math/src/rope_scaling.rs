//! `rope_scaling`: how the configurations of released models write the editing of frequencies, read and written.

use crate::error::{Expected, MathError};
use crate::frequency_method::{FrequencyMethod, IndexRamp};
use crate::json::{Json, parse};
use crate::logit_factor::mscale;
use crate::trained_circles::TrainedCircles;

/// The most pairs of a list of factors.
const PAIRS_LIMIT: usize = 1 << 16;

/// Keys that every kind of scaling knows.
const COMMON: [&str; 6] =
    ["rope_type", "type", "rope_theta", "partial_rotary_factor", "original_max_position_embeddings", "max_position_embeddings"];

/// What the frequencies are edited by.
#[derive(Clone, Debug, PartialEq)]
pub enum Scaling {
    /// A method with a formula.
    Method(FrequencyMethod),
    /// LongRoPE: `θ'_i = θ_i/f_i` with a list of factors found by a search. Source: arXiv:2402.13753.
    Listed(Vec<f64>),
}

/// Something about a configuration that does not stop it from being read.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Remark {
    /// A key that this kind of scaling does not read.
    UnknownKey(String),
    /// A key that stands more than once; the first counts, though most readers take the last.
    RepeatedKey(String),
    /// Two keys that say different things; the first named counts.
    Contradiction(&'static str, &'static str),
}

/// A `rope_scaling` (in `transformers` 5: `rope_parameters`) that was read.
///
/// Source: `modeling_rope_utils.py` of `transformers`, by whose rules defaults are filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct RopeScaling {
    /// What edits the frequencies.
    pub scaling: Scaling,
    /// `s`; 1 where it is not given.
    pub factor: f64,
    /// What cosines and sines are multiplied by, so that logits are by its square.
    pub attention_factor: f64,
    /// `L_train`, if it is given.
    pub train: Option<usize>,
    /// The base, if it is given.
    pub base: Option<f64>,
    /// The rotated size of a head, if it is given.
    pub d: Option<usize>,
    /// What is odd about it.
    pub remarks: Vec<Remark>,
}

impl RopeScaling {
    /// Reads a `rope_scaling`, a whole configuration that has one (or `rope_parameters`), or its line alone.
    ///
    /// A configuration without one, or with `null`, is not scaled; of one for each kind of layer that of full attention is read. Keys whose value is `null` count as absent.
    ///
    /// # Errors
    /// [`MathError::BadJson`]; [`MathError::UnknownScaling`] (also for a type that is not named); [`MathError::MissingKeys`];
    /// [`MathError::BadKey`] for a value of the wrong kind or out of its range.
    pub fn parse(text: &str) -> Result<Self, MathError> {
        let trimmed = text.trim().trim_end_matches(',');
        let json = if trimmed.starts_with('"') { parse(&format!("{{{trimmed}}}"))? } else { parse(text)? };
        let inner = ["rope_scaling", "rope_parameters"].iter().find_map(|key| json.get(key));
        let (config, own) = match (&json, inner) {
            (Json::Object(outer), Some(Json::Object(own))) => (Fields(outer), Some(Fields(own).of_full_attention())),
            (Json::Object(outer), Some(Json::Null)) => (Fields(outer), None),
            (_, Some(_)) => return Err(bad("rope_scaling", Expected::Object)),
            (Json::Object(outer), None) if is_config(outer) => (Fields(outer), None),
            (Json::Object(own), None) => (Fields(&[]), Some(Fields(own))),
            _ => return Err(MathError::BadJson { line: 1, column: 1, problem: "a configuration is an object" }),
        };
        own.map_or_else(|| Self::plain(&config), |own| Self::read(&own, &config))
    }

    fn plain(config: &Fields) -> Result<Self, MathError> {
        Ok(Self {
            scaling: Scaling::Method(FrequencyMethod::None),
            factor: 1.0,
            attention_factor: 1.0,
            train: config.length("max_position_embeddings")?,
            base: config.base()?,
            d: config.head(1.0)?,
            remarks: Vec::new(),
        })
    }

    fn read(own: &Fields, config: &Fields) -> Result<Self, MathError> {
        let mut remarks = Vec::new();
        let kind = own.kind(&mut remarks)?;
        own.remark_keys(known_keys(kind), &mut remarks);
        let original = or(own.length("original_max_position_embeddings")?, config.length("original_max_position_embeddings")?);
        let longest = or(config.length("max_position_embeddings")?, own.length("max_position_embeddings")?);
        let factor = own.factor(kind, original, longest)?;
        if let (Some(original), Some(longest)) = (original, longest)
            && matches!(kind, "yarn" | "llama3" | "longrope")
            && (factor * original as f64 - longest as f64).abs() > 0.5
        {
            remarks.push(Remark::Contradiction("factor", "max_position_embeddings"));
        }
        let scaling = own.scaling(kind, factor)?;
        let attention_factor = own.attention_factor(kind, factor, original.or(longest), &mut remarks)?;
        let partial = or(own.number("partial_rotary_factor")?, config.number("partial_rotary_factor")?).unwrap_or(1.0);
        let listed = if let Scaling::Listed(factors) = &scaling { Some(2 * factors.len()) } else { None };
        Ok(Self {
            scaling,
            factor,
            attention_factor,
            train: original.or(longest),
            base: or(own.base()?, config.base()?),
            d: or(config.head(partial)?, listed),
            remarks,
        })
    }

    /// `θ'_i` for the circles of a head.
    ///
    /// # Errors
    /// Those of [`FrequencyMethod::frequencies`]; [`MathError::LengthMismatch`] if a list of factors is not as long as there are pairs.
    pub fn frequencies(&self, circles: &TrainedCircles) -> Result<Vec<f64>, MathError> {
        match &self.scaling {
            Scaling::Method(method) => method.frequencies(circles, self.factor),
            Scaling::Listed(factors) => {
                circles.check(factors)?;
                Ok(circles.theta().iter().zip(factors).map(|(theta, factor)| theta / factor).collect())
            }
        }
    }
}

/// Writes a method as a `rope_scaling` that reproduces its frequencies, and the factor on cosines and sines.
///
/// `Pi` is `linear`, YaRN as coded `yarn`, YaRN's shape in turns `llama3`, a change of base `default` with another `rope_theta`. What has
/// no name of its own (NTK-fixed and -mixed, ramps clamped elsewhere, a factor where the kind has none) is written as the list of a `longrope`,
/// the same for short and long texts. Dynamic NTK is `dynamic`, whose reader has to know the length of its text by itself.
///
/// # Errors
/// Those of [`FrequencyMethod::frequencies`]; [`MathError::ParameterOutOfRange`] (a factor that is not positive).
pub fn export(method: FrequencyMethod, circles: &TrainedCircles, scale: f64, attention_factor: f64) -> Result<String, MathError> {
    if !(attention_factor > 0.0 && attention_factor.is_finite()) {
        return Err(MathError::ParameterOutOfRange(attention_factor));
    }
    let ratios = method.ratios(circles, scale)?;
    let scale = scale.max(1.0);
    let plain = attention_factor == 1.0;
    let mut base = circles.base();
    let mut fields: Vec<(&str, String)> = Vec::new();
    match method {
        FrequencyMethod::None if plain => fields.push(("rope_type", text("default"))),
        FrequencyMethod::Pi if plain => fields.extend([("rope_type", text("linear")), ("factor", number(scale))]),
        FrequencyMethod::DynamicNtk { factor, .. } if plain => {
            fields.extend([("rope_type", text("dynamic")), ("factor", number(factor))]);
        }
        FrequencyMethod::Yarn { alpha, tau } if plain && alpha > 0.0 && tau > alpha => fields.extend([
            ("rope_type", text("llama3")),
            ("factor", number(scale)),
            ("low_freq_factor", number(alpha)),
            ("high_freq_factor", number(tau)),
        ]),
        FrequencyMethod::YarnCode(ramp) if !ramp.clamp_to_pairs => {
            fields.extend([("rope_type", text("yarn")), ("factor", number(scale))]);
            fields.extend([("beta_fast", number(ramp.fast)), ("beta_slow", number(ramp.slow))]);
            fields.extend([("truncate", ramp.truncate.to_string()), ("attention_factor", number(attention_factor))]);
        }
        FrequencyMethod::NtkOld | FrequencyMethod::NtkAware if plain => {
            fields.push(("rope_type", text("default")));
            base *= method.base_factor(circles, scale)?.unwrap_or(1.0);
        }
        _ => {
            let factors: Vec<f64> = ratios.iter().map(|ratio| 1.0 / ratio).collect();
            return export_listed(&factors, circles, scale, attention_factor);
        }
    }
    fields.extend([("rope_theta", number(base)), ("original_max_position_embeddings", circles.length().to_string())]);
    Ok(object(&fields))
}

/// Writes a list of factors as the `rope_scaling` of a `longrope`, the same for short and long texts.
///
/// # Errors
/// [`MathError::LengthMismatch`] if there is not a factor for each pair; [`MathError::ParameterOutOfRange`] as [`export`].
pub fn export_listed(factors: &[f64], circles: &TrainedCircles, scale: f64, attention_factor: f64) -> Result<String, MathError> {
    circles.check(factors)?;
    if !(attention_factor > 0.0 && attention_factor.is_finite()) {
        return Err(MathError::ParameterOutOfRange(attention_factor));
    }
    let list = factors.iter().map(|factor| number(*factor)).collect::<Vec<_>>().join(", ");
    Ok(object(&[
        ("rope_type", text("longrope")),
        ("factor", number(scale.max(1.0))),
        ("short_factor", format!("[{list}]")),
        ("long_factor", format!("[{list}]")),
        ("attention_factor", number(attention_factor)),
        ("rope_theta", number(circles.base())),
        ("original_max_position_embeddings", circles.length().to_string()),
    ]))
}

fn object(fields: &[(&str, String)]) -> String {
    let lines: Vec<String> = fields.iter().map(|(key, value)| format!("  \"{key}\": {value}")).collect();
    format!("{{\n{}\n}}", lines.join(",\n"))
}

fn text(value: &str) -> String {
    format!("\"{value}\"")
}

/// As few digits as bring the number back, with a point: some readers insist on floats.
fn number(value: f64) -> String {
    format!("{value:?}")
}

fn or<T>(first: Option<T>, second: Option<T>) -> Option<T> {
    first.or(second)
}

/// Is it a configuration of a model, and not a `rope_scaling` itself?
fn is_config(fields: &[(String, Json)]) -> bool {
    let has = |key: &str| fields.iter().any(|(name, _)| name == key);
    !has("rope_type") && !has("type") && (has("rope_theta") || has("max_position_embeddings") || has("hidden_size"))
}

fn known_keys(kind: &str) -> &'static [&'static str] {
    match kind {
        "default" => &["mrope_section"],
        "yarn" => &["factor", "attention_factor", "beta_fast", "beta_slow", "mscale", "mscale_all_dim", "truncate"],
        "longrope" => &["factor", "attention_factor", "short_factor", "long_factor"],
        "llama3" => &["factor", "low_freq_factor", "high_freq_factor"],
        _ => &["factor"],
    }
}

fn bad(key: &str, expected: Expected) -> MathError {
    MathError::BadKey { key: key.into(), expected }
}

/// The keys of an object.
struct Fields<'a>(&'a [(String, Json)]);

impl Fields<'_> {
    /// Where windows and full attention are scaled apart, the latter's: it is what meets the length.
    fn of_full_attention(self) -> Self {
        let full = self.0.iter().find(|(key, _)| key == "full_attention").map(|(_, value)| value);
        if let Some(Json::Object(fields)) = full { Self(fields) } else { self }
    }

    fn get(&self, key: &str) -> Option<&Json> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value).filter(|value| **value != Json::Null)
    }

    fn number(&self, key: &str) -> Result<Option<f64>, MathError> {
        self.get(key).map(|value| value.as_f64().ok_or_else(|| bad(key, Expected::Number))).transpose()
    }

    /// A number that must be above a bound.
    fn above(&self, key: &str, bound: f64) -> Result<Option<f64>, MathError> {
        let value = self.number(key)?;
        if value.is_some_and(|value| value <= bound) { Err(bad(key, Expected::Above(bound))) } else { Ok(value) }
    }

    fn length(&self, key: &str) -> Result<Option<usize>, MathError> {
        let Some(value) = self.number(key)? else { return Ok(None) };
        if value >= 1.0 && value.fract() == 0.0 && value <= f64::from(u32::MAX) {
            Ok(Some(value as usize))
        } else {
            Err(bad(key, Expected::Whole))
        }
    }

    fn base(&self) -> Result<Option<f64>, MathError> {
        self.above("rope_theta", 1.0)
    }

    /// The part of a head that is rotated.
    fn head(&self, partial: f64) -> Result<Option<usize>, MathError> {
        let size = if let Some(size) = self.length("head_dim")? {
            Some(size)
        } else {
            let (hidden, heads) = (self.length("hidden_size")?, self.length("num_attention_heads")?);
            hidden.zip(heads).map(|(hidden, heads)| hidden / heads)
        };
        if !(partial > 0.0 && partial <= 1.0) {
            return Err(bad("partial_rotary_factor", Expected::Part));
        }
        let rotated = size.map(|size| (size as f64 * partial) as usize);
        if rotated.is_some_and(|d| d == 0 || !d.is_multiple_of(2)) { Err(bad("head_dim", Expected::Even)) } else { Ok(rotated) }
    }

    fn kind(&self, remarks: &mut Vec<Remark>) -> Result<&'static str, MathError> {
        let name = |key: &str| self.get(key).map(|value| value.as_str().ok_or_else(|| bad(key, Expected::Word))).transpose();
        let (new, old) = (name("rope_type")?, name("type")?);
        let known = |name: &str| match name {
            "default" | "mrope" => Some("default"),
            "linear" => Some("linear"),
            "dynamic" => Some("dynamic"),
            "yarn" => Some("yarn"),
            "longrope" | "su" => Some("longrope"),
            "llama3" => Some("llama3"),
            _ => None,
        };
        let named = new.or(old).unwrap_or_default();
        let kind = known(named).ok_or_else(|| MathError::UnknownScaling(named.chars().take(64).collect()))?;
        if let (Some(_), Some(old)) = (new, old)
            && known(old) != Some(kind)
        {
            remarks.push(Remark::Contradiction("rope_type", "type"));
        }
        Ok(kind)
    }

    fn remark_keys(&self, known: &[&str], remarks: &mut Vec<Remark>) {
        for (place, (key, _)) in self.0.iter().enumerate() {
            let before = self.0[..place].iter().filter(|(name, _)| name == key).count();
            if before == 1 {
                remarks.push(Remark::RepeatedKey(key.clone()));
            } else if before == 0 && !COMMON.contains(&key.as_str()) && !known.contains(&key.as_str()) {
                remarks.push(Remark::UnknownKey(key.clone()));
            }
        }
    }

    fn factor(&self, kind: &str, original: Option<usize>, longest: Option<usize>) -> Result<f64, MathError> {
        if kind == "default" {
            return Ok(1.0);
        }
        let given = self.number("factor")?;
        if given.is_some_and(|factor| factor < 1.0) {
            return Err(bad("factor", Expected::From(1.0)));
        }
        // As LongRoPE's own configurations, which leave it to the two lengths.
        let ratio =
            longest.zip(original).map(|(longest, original)| longest as f64 / original as f64).filter(|ratio| *ratio >= 1.0);
        given
            .or(ratio.filter(|_| kind == "longrope" || kind == "yarn"))
            .ok_or_else(|| MathError::MissingKeys { keys: vec!["factor"] })
    }

    fn scaling(&self, kind: &str, factor: f64) -> Result<Scaling, MathError> {
        let method = match kind {
            "default" => FrequencyMethod::None,
            "linear" => FrequencyMethod::Pi,
            // The length is what a text has now: none longer than in training, until somebody knows better.
            "dynamic" => FrequencyMethod::DynamicNtk { factor, length: 0 },
            "yarn" => {
                // The code's `or`: 0 counts as absent.
                let end = |key, default| self.number(key).map(|value| value.filter(|value| *value != 0.0).unwrap_or(default));
                let (fast, slow) = (end("beta_fast", 32.0)?, end("beta_slow", 1.0)?);
                if slow <= 0.0 {
                    return Err(bad("beta_slow", Expected::Above(0.0)));
                }
                if fast < slow {
                    return Err(bad("beta_fast", Expected::FromKey("beta_slow")));
                }
                let truncate = match self.get("truncate") {
                    None => true,
                    Some(Json::Bool(truncate)) => *truncate,
                    Some(_) => return Err(bad("truncate", Expected::Flag)),
                };
                FrequencyMethod::YarnCode(IndexRamp { fast, slow, truncate, clamp_to_pairs: false })
            }
            "llama3" => {
                let need = |key| self.above(key, 0.0)?.ok_or_else(|| MathError::MissingKeys { keys: vec![key] });
                let (alpha, tau) = (need("low_freq_factor")?, need("high_freq_factor")?);
                need("original_max_position_embeddings")?;
                if tau <= alpha {
                    return Err(bad("high_freq_factor", Expected::AboveKey("low_freq_factor")));
                }
                FrequencyMethod::Yarn { alpha, tau }
            }
            _ => return self.listed(factor),
        };
        Ok(Scaling::Method(method))
    }

    fn listed(&self, factor: f64) -> Result<Scaling, MathError> {
        let key = if factor > 1.0 { "long_factor" } else { "short_factor" };
        let Some(Json::Array(values)) = self.get(key) else {
            return Err(if self.get(key).is_some() {
                bad(key, Expected::Factors)
            } else {
                MathError::MissingKeys { keys: vec![key] }
            });
        };
        let factors: Option<Vec<f64>> = values.iter().map(|value| value.as_f64().filter(|value| *value > 0.0)).collect();
        let fits = factors.filter(|factors| (1..=PAIRS_LIMIT).contains(&factors.len()));
        fits.map(Scaling::Listed).ok_or_else(|| bad(key, Expected::Factors))
    }

    /// YaRN's `mscale` and LongRoPE's `√(1 + ln s/ln L_train)`, unless it is given.
    fn attention_factor(
        &self,
        kind: &str,
        factor: f64,
        train: Option<usize>,
        remarks: &mut Vec<Remark>,
    ) -> Result<f64, MathError> {
        if !matches!(kind, "yarn" | "longrope") {
            return Ok(1.0);
        }
        let given = self.above("attention_factor", 0.0)?;
        let (m, all) = (self.above("mscale", 0.0)?, self.above("mscale_all_dim", 0.0)?);
        let own = match (kind, m.zip(all)) {
            ("yarn", Some((m, all))) => mscale(factor, m) / mscale(factor, all),
            ("yarn", None) => mscale(factor, 1.0),
            _ => train.filter(|&train| train > 1).map_or(1.0, |train| (1.0 + factor.ln() / (train as f64).ln()).sqrt()),
        };
        if given.is_some() && m.zip(all).is_some() {
            remarks.push(Remark::Contradiction("attention_factor", "mscale"));
        }
        Ok(given.unwrap_or(own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circles() -> TrainedCircles {
        TrainedCircles::new(128, 1e4, 4096).expect("legal")
    }

    #[test]
    fn what_is_written_is_read_again() {
        let near = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a / b - 1.0).abs() < 1e-13);
        for method in [
            FrequencyMethod::None,
            FrequencyMethod::Pi,
            FrequencyMethod::NtkOld,
            FrequencyMethod::NtkAware,
            FrequencyMethod::NtkFixed,
            FrequencyMethod::NTK_MIXED,
            FrequencyMethod::YARN,
            FrequencyMethod::YARN_CODE,
            FrequencyMethod::YarnCode(IndexRamp { truncate: false, clamp_to_pairs: true, ..IndexRamp::YARN }),
            FrequencyMethod::LLAMA3,
            FrequencyMethod::DynamicNtk { factor: 2.0, length: 0 },
        ] {
            for attention_factor in [1.0, 1.25] {
                let written = export(method, &circles(), 4.0, attention_factor).expect("legal");
                let read = RopeScaling::parse(&written).expect("readable");
                let own = TrainedCircles::new(128, read.base.expect("given"), 4096).expect("legal");
                let frequencies = read.frequencies(&own).expect("legal");
                assert!(near(&frequencies, &method.frequencies(&circles(), 4.0).expect("legal")), "{method:?} {written}");
                assert_eq!((read.attention_factor, read.remarks.len()), (attention_factor, 0), "{written}");
            }
        }
    }

    #[test]
    fn a_configuration_of_a_model_is_read() {
        let read = RopeScaling::parse(
            "{\"hidden_size\": 4096, \"num_attention_heads\": 32, \"rope_theta\": 500000.0, \"max_position_embeddings\": 131072,
              \"rope_scaling\": {\"factor\": 8.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,
              \"original_max_position_embeddings\": 8192, \"rope_type\": \"llama3\"}}",
        )
        .expect("readable");
        assert_eq!(read.scaling, Scaling::Method(FrequencyMethod::LLAMA3));
        assert_eq!((read.train, read.base, read.d, read.factor), (Some(8192), Some(5e5), Some(128), 8.0));
        // Llama 3.1 itself: 8 × 8192 is half of what it claims.
        assert_eq!(read.remarks, [Remark::Contradiction("factor", "max_position_embeddings")]);
    }

    #[test]
    fn a_line_alone_and_a_model_without_scaling_are_read() {
        let line = "\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4.0, \"original_max_position_embeddings\": 4096},";
        let read = RopeScaling::parse(line).expect("readable");
        assert_eq!((&read.scaling, read.attention_factor), (&Scaling::Method(FrequencyMethod::YARN_CODE), mscale(4.0, 1.0)));
        let layers = "{\"rope_parameters\": {\"sliding_attention\": {\"rope_type\": \"default\"},
            \"full_attention\": {\"rope_type\": \"linear\", \"factor\": 8.0, \"rope_theta\": 1000000}}}";
        let read = RopeScaling::parse(layers).expect("readable");
        assert_eq!((read.scaling, read.factor, read.base), (Scaling::Method(FrequencyMethod::Pi), 8.0, Some(1e6)));
        for config in ["{\"rope_scaling\": null, \"head_dim\": 64}", "{\"hidden_size\": 64, \"num_attention_heads\": 1}"] {
            let read = RopeScaling::parse(config).expect("readable");
            assert_eq!((&read.scaling, read.d), (&Scaling::Method(FrequencyMethod::None), Some(64)));
        }
    }

    #[test]
    fn factors_of_cosines_that_are_not_given_are_those_of_the_code() {
        let factor = |text: &str| RopeScaling::parse(text).expect("readable").attention_factor;
        assert_eq!(factor("{\"rope_type\": \"linear\", \"factor\": 4}"), 1.0);
        assert_eq!(factor("{\"rope_type\": \"yarn\", \"factor\": 40}"), 0.1 * 40.0_f64.ln() + 1.0);
        // DeepSeek's two that cancel, and two that do not.
        assert_eq!(factor("{\"type\": \"yarn\", \"factor\": 40, \"mscale\": 0.707, \"mscale_all_dim\": 0.707}"), 1.0);
        let both = factor("{\"type\": \"yarn\", \"factor\": 40, \"mscale\": 1.0, \"mscale_all_dim\": 0.5}");
        assert_eq!(both, mscale(40.0, 1.0) / mscale(40.0, 0.5));
        // LongRoPE's √(1 + ln s/ln L_train) at 4 times 4096, whose s comes from the two lengths.
        let long = "{\"max_position_embeddings\": 16384, \"original_max_position_embeddings\": 4096, \"rope_scaling\":
            {\"type\": \"su\", \"short_factor\": [1.0, 1.0], \"long_factor\": [1.0, 4.0]}}";
        assert!((factor(long) - (7.0_f64 / 6.0).sqrt()).abs() < 1e-15);
        let read = RopeScaling::parse(long).expect("readable");
        assert_eq!((read.scaling, read.factor, read.d), (Scaling::Listed(vec![1.0, 4.0]), 4.0, Some(4)));
    }

    #[test]
    fn odd_keys_are_named() {
        let read = RopeScaling::parse(
            "{\"rope_type\": \"yarn\", \"type\": \"linear\", \"factor\": 2, \"factor\": 3, \"beta_fats\": 1, \"attention_factor\": 1.5,
              \"mscale\": 1, \"mscale_all_dim\": 0.5, \"beta_fast\": null}",
        )
        .expect("readable");
        let expected = [
            Remark::Contradiction("rope_type", "type"),
            Remark::RepeatedKey("factor".into()),
            Remark::UnknownKey("beta_fats".into()),
            Remark::Contradiction("attention_factor", "mscale"),
        ];
        assert_eq!((read.remarks.as_slice(), read.factor, read.attention_factor), (expected.as_slice(), 2.0, 1.5));
    }

    #[test]
    fn what_cannot_be_used_is_refused_by_its_key() {
        let bad = |text: &str, key: &str, expected| {
            assert_eq!(RopeScaling::parse(text), Err(MathError::BadKey { key: key.into(), expected }), "{text}");
        };
        bad("{\"rope_type\": \"linear\", \"factor\": \"4\"}", "factor", Expected::Number);
        bad("{\"rope_type\": \"linear\", \"factor\": 0.5}", "factor", Expected::From(1.0));
        bad("{\"rope_type\": 3}", "rope_type", Expected::Word);
        bad(
            "{\"rope_type\": \"yarn\", \"factor\": 4, \"beta_fast\": 1, \"beta_slow\": 2}",
            "beta_fast",
            Expected::FromKey("beta_slow"),
        );
        bad("{\"rope_type\": \"yarn\", \"factor\": 4, \"truncate\": 0}", "truncate", Expected::Flag);
        bad("{\"rope_type\": \"longrope\", \"factor\": 4, \"long_factor\": [1, 0]}", "long_factor", Expected::Factors);
        bad("{\"rope_type\": \"default\", \"rope_theta\": 1}", "rope_theta", Expected::Above(1.0));
        bad("{\"rope_scaling\": 3}", "rope_scaling", Expected::Object);
        bad("{\"rope_scaling\": null, \"head_dim\": 7}", "head_dim", Expected::Even);
        bad(
            "{\"rope_type\": \"llama3\", \"factor\": 4, \"low_freq_factor\": 4, \"high_freq_factor\": 4, \"original_max_position_embeddings\": 9}",
            "high_freq_factor",
            Expected::AboveKey("low_freq_factor"),
        );
        let missing =
            |text: &str, key| assert_eq!(RopeScaling::parse(text), Err(MathError::MissingKeys { keys: vec![key] }), "{text}");
        missing("{\"rope_type\": \"linear\"}", "factor");
        missing("{\"rope_type\": \"llama3\", \"factor\": 4, \"high_freq_factor\": 4}", "low_freq_factor");
        missing("{\"rope_type\": \"longrope\", \"factor\": 4}", "long_factor");
        assert_eq!(RopeScaling::parse("{\"rope_type\": \"ntk\"}"), Err(MathError::UnknownScaling("ntk".into())));
        assert_eq!(RopeScaling::parse("{}"), Err(MathError::UnknownScaling(String::new())));
        assert!(matches!(RopeScaling::parse("[]"), Err(MathError::BadJson { .. })));
    }
}
