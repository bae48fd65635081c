//! What is computed from a state: two layouts, their kernels, and how every scheme fares.

use std::sync::Arc;

use yansuan_math::MathError;
use yansuan_math::axis::{Axes, Axis};
use yansuan_math::frequency_plan::{FrequencyPlan, Pair};
use yansuan_math::position_metrics::{BlockMetrics, Lamps};
use yansuan_math::rope::Point;
use yansuan_math::rope_kernel::{kernel, kernel_row};
use yansuan_math::scheme::Scheme;
use yansuan_math::segment::{Segment, frames_as_images};
use yansuan_math::token_layout::{Span, TokenLayout};

use super::state::{LAYOUTS, Layout, State};
use super::text;
use crate::contract::problem::Problem;
use crate::contract::script::Word;
use crate::contract::widget::{Budget, Progress};

/// A sequence under one scheme.
#[derive(Clone, Debug)]
pub struct Laid {
    pub scheme: Scheme,
    pub layout: TokenLayout,
    /// The pairs of its head.
    pub pairs: Vec<Pair>,
    /// S of the query against every token.
    pub kernel: Vec<f64>,
    /// S between query and key.
    pub between: f64,
}

impl Laid {
    /// The coordinates of a token as `[t, h, w]`; a scheme without time says 0 there.
    pub fn point(&self, token: usize) -> Point {
        Axis::ALL.map(|axis| self.layout.coordinates(axis).and_then(|all| all.get(token).copied()).unwrap_or(0.0))
    }

    /// The images and videos.
    pub fn pictures(&self) -> impl Iterator<Item = &Span> {
        self.layout.spans().iter().filter(|span| span.segment.is_visual())
    }

    /// The metrics of the last image or video.
    pub fn last_picture(&self) -> Option<BlockMetrics> {
        self.pictures().last().and_then(|span| BlockMetrics::new(span, self.scheme))
    }
}

/// How a scheme fares with the present sequence.
#[derive(Clone, Debug)]
pub struct Fares {
    pub layout: Layout,
    pub lamps: Lamps,
    pub last: Option<BlockMetrics>,
}

/// Everything that was computed.
#[derive(Clone, Debug)]
pub struct Solved {
    pub a: Laid,
    pub b: Laid,
    pub roster: Arc<[Fares]>,
    pub notes: Vec<Problem>,
}

/// On what the roster depends.
type Grounds = (Arc<[Word]>, Vec<Scheme>);

/// The work of the widget.
#[derive(Default)]
pub struct Work {
    state: Option<State>,
    pub solved: Option<Solved>,
    roster: Vec<Fares>,
    roster_of: Option<Grounds>,
}

impl Work {
    /// Goes on for at most the budget.
    pub fn go(&mut self, state: &State, budget: &Budget<'_>) -> Result<Progress, Problem> {
        let schemes: Vec<Scheme> = LAYOUTS.iter().map(|layout| state.scheme(*layout)).collect();
        let grounds = (state.sequence.clone(), schemes);
        if self.roster_of.as_ref() != Some(&grounds) {
            self.roster.clear();
            self.roster_of = Some(grounds);
        }
        if self.state.as_ref() != Some(state) {
            let roster: Arc<[Fares]> = self.solved.as_ref().map_or_else(|| [].into(), |solved| solved.roster.clone());
            self.solved = Some(solve(state, roster).map_err(|error| explain(&error))?);
            self.state = Some(state.clone());
        }
        // A scheme a slice: long sequences take some milliseconds each.
        let is_short = self.roster.len() < LAYOUTS.len();
        while let Some(layout) = LAYOUTS.get(self.roster.len()) {
            self.roster.push(fares(state, *layout).map_err(|error| explain(&error))?);
            if self.roster.len() < LAYOUTS.len() && !budget.left() {
                return Ok(Progress::Going(self.roster.len() as f64 / LAYOUTS.len() as f64));
            }
        }
        if let Some(solved) = self.solved.as_mut().filter(|_| is_short) {
            solved.roster = self.roster.as_slice().into();
        }
        Ok(Progress::Done)
    }
}

/// Lays a sequence out; where the scheme has no time, frame by frame as images.
fn lay(segments: &[Segment], scheme: Scheme) -> Result<(TokenLayout, bool), MathError> {
    let has_video = segments.iter().any(|segment| matches!(segment, Segment::Video { .. }));
    if has_video && !scheme.has_time() {
        return TokenLayout::new(&frames_as_images(segments), scheme, 1).map(|layout| (layout, true));
    }
    TokenLayout::new(segments, scheme, 1).map(|layout| (layout, false))
}

fn fares(state: &State, layout: Layout) -> Result<Fares, MathError> {
    let (laid, _) = lay(&state.segments(), state.scheme(layout))?;
    let last = laid.spans().iter().rfind(|span| span.segment.is_visual());
    let last = last.and_then(|span| BlockMetrics::new(span, laid.scheme()));
    Ok(Fares { layout, lamps: Lamps::new(&laid), last })
}

fn solve(state: &State, roster: Arc<[Fares]>) -> Result<Solved, MathError> {
    let mut notes = Vec::new();
    let mut laid = |key: &'static str, layout: Layout| -> Result<Laid, MathError> {
        let scheme = state.scheme(layout);
        let (laid, is_split) = lay(&state.segments(), scheme)?;
        let mut plan = state.frequencies();
        if laid.axes() == Axes::Two && plan.axes() == Axes::Three {
            let name = text::SCHEMES[layout as usize].name;
            if plan != FrequencyPlan::Alternate(Axes::Three) {
                notes.push(Problem::at(
                    "plan",
                    format!("{} 没有时间轴，这种频率分配用不上；对它改用“轮流”。", name.zh),
                    format!("{} has no time axis, which these frequencies need; for it, “in turn” is used.", name.en),
                ));
            }
            plan = FrequencyPlan::Alternate(Axes::Two);
        }
        if is_split {
            let name = text::SCHEMES[layout as usize].name;
            notes.push(Problem::at(
                key,
                format!("{} 没有时间轴，视频的每一帧按一张图像处理。", name.zh),
                format!("{} has no time axis; each frame of a video stands as an image.", name.en),
            ));
        }
        let pairs = plan.pairs(state.d as usize, state.base)?;
        let kernel_of_query = kernel_row(&laid, &pairs, state.query)?;
        let mut laid = Laid { scheme, layout: laid, pairs, kernel: kernel_of_query, between: 0.0 };
        let (q, k) = (laid.point(state.query), laid.point(state.key));
        laid.between = kernel([q[0] - k[0], q[1] - k[1], q[2] - k[2]], &laid.pairs);
        Ok(laid)
    };
    let a = laid("a", state.a)?;
    let b = laid("b", state.b)?;
    for (key, each) in [("a", &a), ("b", &b)] {
        if each.last_picture().is_some_and(|metrics| metrics.resumes_early()) {
            notes.push(Problem::at(
                key,
                "图像之后的文本在某个轴上没有越过最后一块：位置倒退或重合。",
                "On some axis the text after the picture does not pass its last patch: positions run backwards or meet.",
            ));
        }
    }
    Ok(Solved { a, b, roster, notes })
}

/// A sentence for the reader.
pub fn explain(error: &MathError) -> Problem {
    match error {
        MathError::DimNotEven(d) => Problem::at(
            "d",
            format!("d = {d} 是奇数；分量两两成对，d 应为偶数。"),
            format!("d = {d} is odd; components come in pairs, so d must be even."),
        ),
        MathError::DimNotDivisible { .. } => Problem::at(
            "d",
            "d/2 不能被轴数整除，这种频率分配做不到；请换一个 d。",
            "d/2 is not divisible by the number of axes, which these frequencies need; choose another d.",
        ),
        MathError::SectionSum { .. } => Problem::at(
            "d",
            "各轴的对数之和应为 d/2；请换一个 d。",
            "The pairs of the axes must add up to d/2; choose another d.",
        ),
        MathError::BadBase(base) => {
            Problem::at("base", format!("底数 b = {base} 应大于 1。"), format!("The base b = {base} must be more than 1."))
        }
        other => Problem::at("seq", format!("算不出来：{other}。"), format!("This has no answer: {other}.")),
    }
}
