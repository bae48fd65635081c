//! The one error type of the crate: every variant bears the numbers that explain it.

use thiserror::Error;

/// What the value of a key in a model's configuration should be.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum Expected {
    /// A size of a model.
    #[error("a whole number from 1 to 16777216")]
    Size,
    /// A length, a width or a count.
    #[error("a whole number from 1")]
    Whole,
    /// A width of heads that rotates in pairs.
    #[error("an even number from 2")]
    Even,
    /// A number of any size.
    #[error("a number")]
    Number,
    /// A number with a bound that it may not reach.
    #[error("a number above {0}")]
    Above(f64),
    /// A number with a bound that it may reach.
    #[error("a number from {0}")]
    From(f64),
    /// A number that goes with another key's.
    #[error("a number from that of {0}")]
    FromKey(&'static str),
    /// A number that goes with another key's, which it may not reach.
    #[error("a number above that of {0}")]
    AboveKey(&'static str),
    /// A part of a whole.
    #[error("a number above 0, at most 1")]
    Part,
    /// A switch.
    #[error("true or false")]
    Flag,
    /// A name.
    #[error("a word in quotation marks")]
    Word,
    /// Another level of keys.
    #[error("an object, or null")]
    Object,
    /// A count of heads where their width is not given.
    #[error("a divisor of hidden_size, with head_dim missing")]
    Divisor,
    /// The kinds of a model's layers.
    #[error("a list of full_attention and sliding_attention, one for each layer")]
    LayerKinds,
    /// The factors of frequencies, one for each pair.
    #[error("a list of numbers above 0, one for each pair")]
    Factors,
}

/// Why the mathematics has no answer.
///
/// The messages are for developers; what a reader sees is worded by the widgets.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum MathError {
    /// There are no logits.
    #[error("no numbers were given")]
    Empty,

    /// Every logit is `−∞`.
    #[error("every logit is masked")]
    EverythingMasked,

    /// A logit is `NaN` or `+∞`.
    #[error("the number at index {index} is {value}")]
    NotFinite {
        /// 0-based index of the first offender.
        index: usize,
        /// The offender itself.
        value: f64,
    },

    /// A logit is `−∞` where the map has no notion of a mask (Taylor softmax, cosines).
    #[error("the number at index {index} is masked, which this map does not allow")]
    MaskedNotAllowed {
        /// 0-based index of the first offender.
        index: usize,
    },

    /// The target of a loss is masked, so its loss is infinite.
    #[error("the target {target} is masked")]
    TargetMasked {
        /// 0-based index of the target.
        target: usize,
    },

    /// The target of a loss is not the index of a logit.
    #[error("the target {target} is outside of 0..{len}")]
    TargetOutOfRange {
        /// 0-based index of the target.
        target: usize,
        /// Number of logits.
        len: usize,
    },

    /// A temperature that is zero, negative or `NaN`.
    #[error("the temperature {0} is not positive")]
    TemperatureNotPositive(f64),

    /// An entmax `α` that is zero, negative or `NaN`.
    #[error("α = {0} is not positive")]
    AlphaNotPositive(f64),

    /// A factor or margin of a loss that is not a finite number of the required sign.
    #[error("the parameter {0} is out of its range")]
    ParameterOutOfRange(f64),

    /// A Taylor order that is odd or 0, so that the polynomial is not positive or is constant.
    #[error("the order {0} is not a positive even number")]
    OrderNotEven(u32),

    /// A Taylor order whose factorial overflows.
    #[error("the order {order} is above {limit}")]
    OrderTooLarge {
        /// The order asked for.
        order: u32,
        /// The largest order allowed.
        limit: u32,
    },

    /// `k = 0` where some entries must be kept.
    #[error("k must be at least 1")]
    KeepNone,

    /// A derivative does not fit into `f64`: `p^(2−α)` overflows for the given `α`.
    #[error("the derivative at α = {alpha} overflows")]
    DerivativeOverflow {
        /// The entmax `α`.
        alpha: f64,
    },

    /// More numbers than the operation is meant for.
    #[error("more than {limit} numbers")]
    TooMany {
        /// The largest count allowed.
        limit: usize,
    },

    /// Two inputs that belong together differ in length.
    #[error("lengths {left} and {right} differ")]
    LengthMismatch {
        /// Length of the first input.
        left: usize,
        /// Length of the second input.
        right: usize,
    },

    /// A piece of pasted text is neither a finite number nor `-inf`.
    #[error("number {position} (line {line}, column {column}) is {token:?}")]
    BadToken {
        /// 1-based ordinal of the number.
        position: usize,
        /// 1-based line.
        line: usize,
        /// 1-based column, in characters.
        column: usize,
        /// The token, cut to [`crate::parse::TOKEN_CAP`] characters.
        token: String,
    },

    /// The size of a head that is odd or 0, so that it has no pairs to rotate.
    #[error("the head size {0} is not a positive even number")]
    DimNotEven(usize),

    /// The pairs of a head cannot be shared evenly among the axes.
    #[error("{pairs} pairs are no multiple of {parts}")]
    DimNotDivisible {
        /// Half of the head size.
        pairs: usize,
        /// Number of axes.
        parts: usize,
    },

    /// The sections of a frequency plan do not add up to the pairs of the head.
    #[error("the sections add up to {sum}, not to {pairs}")]
    SectionSum {
        /// Sum of the sections.
        sum: u64,
        /// Half of the head size.
        pairs: usize,
    },

    /// A base of frequencies that is not a finite number above 1.
    #[error("the base {0} is not above 1")]
    BadBase(f64),

    /// An image or a video without a frame, a row or a column.
    #[error("segment {segment} has no patches")]
    EmptyGrid {
        /// 0-based index of the first offender.
        segment: usize,
    },

    /// A video under a scheme with only rows and columns. Its frames can be laid out as images:
    /// [`frames_as_images`](crate::segment::frames_as_images).
    #[error("segment {segment} is a video, and the scheme has no time axis")]
    NoTimeAxis {
        /// 0-based index of the first offender.
        segment: usize,
    },

    /// A frequency plan reads an axis that the layout does not have.
    #[error("the frequency plan reads the axis {axis}, which the layout does not have")]
    AxisMissing {
        /// Letter of the axis.
        axis: char,
    },

    /// More tokens than a layout is meant for.
    #[error("{tokens} tokens are more than {limit}")]
    TooManyTokens {
        /// Number of tokens; `u64::MAX` stands for whatever is more.
        tokens: u64,
        /// The largest count allowed.
        limit: u64,
    },

    /// A matrix has not as many numbers as its rows and columns say.
    #[error("{field} has {found} numbers, not {expected}")]
    ShapeMismatch {
        /// Name of the matrix: `q`, `k`, `v`, `emb`, `Wq` and so on.
        field: &'static str,
        /// Rows times columns; `usize::MAX` stands for whatever is more.
        expected: usize,
        /// Count of the numbers given.
        found: usize,
    },

    /// An entry of a named matrix, or a named number, that is not finite.
    #[error("{field}, at index {index}, is {value}")]
    EntryNotFinite {
        /// Name of the matrix or number.
        field: &'static str,
        /// 0-based index of the first offender, row by row.
        index: usize,
        /// The offender itself.
        value: f64,
    },

    /// The score of a query and a key is `NaN` or infinite, though both are finite.
    #[error("the score of query {query} and key {key} is {value}")]
    NonFiniteScore {
        /// 0-based index of the query.
        query: usize,
        /// 0-based index of the key.
        key: usize,
        /// The score.
        value: f64,
    },

    /// A query that may read no key: its normaliser is 0.
    #[error("row {row} reads no key")]
    EmptyRow {
        /// 0-based index of the query.
        row: usize,
    },

    /// A computation refused before its start, because it would evaluate too many scores.
    #[error("{scores} scores are more than {limit}")]
    TooManySteps {
        /// The exact count in decimal digits; as text, so that who names errors need not carry arithmetic of any length.
        scores: String,
        /// The largest count allowed.
        limit: u64,
    },

    /// A cache that may keep no state at all.
    #[error("the cache must keep at least 1 state")]
    CapBelowOne,

    /// A layer to keep that the model does not have.
    #[error("layer {layer} of {layers} cannot be kept")]
    NoSuchLayer {
        /// The layer asked for; 0 stands for the embedding.
        layer: u64,
        /// Number of layers.
        layers: u64,
    },

    /// Fourier coefficients that are all zero: their density cannot be normalised.
    #[error("every coefficient is zero")]
    EveryCoefficientZero,

    /// A weight or a height that is negative.
    #[error("{field}, at index {index}, is {value}, which is negative")]
    EntryNegative {
        /// Name of the list.
        field: &'static str,
        /// 0-based index of the first offender.
        index: usize,
        /// The offender itself.
        value: f64,
    },

    /// Weights or heights that are all zero.
    #[error("{field} has no mass")]
    NoMass {
        /// Name of the list.
        field: &'static str,
    },

    /// A scale that is not a finite positive number, such as that of data which are all the same.
    #[error("the scale {0} is not positive")]
    ScaleNotPositive(f64),

    /// Every datum lies outside of the interval on which the density lives.
    #[error("all {count} data are outside of −1..=1")]
    EverythingOutside {
        /// How many.
        count: usize,
    },

    /// NTK-aware scaling of a head of a single pair: its exponent `d/(d − 2)` does not exist.
    #[error("NTK-aware scaling has no exponent for a head of size 2")]
    NtkUndefined,

    /// A window, a slope, a group or a length below 1.
    #[error("{field} is {value}, which is below 1")]
    BelowOne {
        /// Its letter in the posts: `w`, `k`, `G`, `n` and so on.
        field: &'static str,
        /// The offender itself.
        value: f64,
    },

    /// A trained length that is too short to ask this of.
    #[error("the trained length {length} is below {least}")]
    TrainedLengthTooShort {
        /// The length given.
        length: usize,
        /// The least one.
        least: usize,
    },

    /// A kind of scaling that is not known here.
    #[error("the scaling {0:?} is not known")]
    UnknownScaling(String),

    /// A probability that is `NaN` or outside of `0..=1`.
    #[error("the probability at index {index} is {value}")]
    NotProbability {
        /// 0-based index of the first offender.
        index: usize,
        /// The offender itself.
        value: f64,
    },

    /// A size that is 0 where there must be something.
    #[error("{field} is 0")]
    SizeZero {
        /// Name of the size, such as `heads` or `d_k`.
        field: &'static str,
    },

    /// A size above what it may be.
    #[error("{field} is {value}, more than {limit}")]
    SizeTooLarge {
        /// Name of the size.
        field: &'static str,
        /// The size asked for.
        value: u64,
        /// The largest allowed.
        limit: u64,
    },

    /// Heads that cannot be shared evenly among the groups of grouped-query attention.
    #[error("{heads} heads cannot be shared among {groups} groups, only among one of {divisors:?}")]
    GroupsDoNotDivide {
        /// Number of query heads.
        heads: u32,
        /// Number of groups asked for.
        groups: u32,
        /// Every count of groups that is possible, ascending.
        divisors: Vec<u32>,
    },

    /// A text that is not JSON.
    #[error("line {line}, column {column}: {problem}")]
    BadJson {
        /// 1-based line.
        line: usize,
        /// 1-based column, in characters.
        column: usize,
        /// What is wrong there.
        problem: &'static str,
    },

    /// A model's configuration that leaves out what no default can stand for.
    #[error("the configuration lacks {}", keys.join(", "))]
    MissingKeys {
        /// All that are missing, by the names of Hugging Face.
        keys: Vec<&'static str>,
    },

    /// A key of a model's configuration whose value is not what it should be.
    #[error("the configuration's {key} is not {expected}")]
    BadKey {
        /// The key as written there.
        key: String,
        /// What it should be.
        expected: Expected,
    },

    /// A step of time that is zero, negative or `NaN`.
    #[error("the step {0} is not positive")]
    StepNotPositive(f64),

    /// A matrix without an inverse that floating point can find.
    #[error("pivot {pivot} of the elimination is 0 or not finite")]
    Singular {
        /// 0-based index of the pivot; the size of the matrix if it is the result that overflows.
        pivot: usize,
    },
}
