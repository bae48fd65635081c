//! Perturb-Max: the probability that a logit wins after independent noise was added to each.

use crate::error::MathError;
use crate::gauss_legendre::gauss_legendre;
use crate::logits::scan;
use crate::noise::Noise;
use crate::order::{order_descending, sort_ascending};
pub use crate::progress::Progress;
use crate::softmax::softmax;
use std::f64::consts::PI;
use std::sync::Arc;

/// Width of the cells of logits that are treated together.
const CELL: f64 = 0.5;

/// Chebyshev nodes of a cell. With [`CELL`] the kernels are interpolated to about 1e-14 (the nearest
/// singularity, that of the exponential noise, is kept half a unit away).
const CHEBYSHEV: usize = 20;

/// Cells deeper than this below the maximum have probability 0: `e^{−740}` is subnormal.
const CELLS: usize = 1480;

/// Up to this many logits the exponential noise is integrated as the polynomial it is.
const POLYNOMIAL_LIMIT: usize = 128;

/// Nodes of one Gauss–Legendre panel.
const PANEL: usize = 20;

/// The integral starts where `P(max(x + ε) ≤ t)` reaches `e^{−this}`: far below every tolerance.
const CUT: f64 = 80.0;

/// The same for uniform noise, whose tail is not used for relative accuracy.
const UNIFORM_CUT: f64 = 45.0;

/// Uniform noise: a run of logits is replaced by its nodes when the number times the width is at
/// most this: the kink of the run, as the level passes it, is then represented to a tenth of this.
const RUN: f64 = 2e-5;

/// The three Chebyshev nodes of a run.
const RUN_NODES: [f64; 3] = [-0.866_025_403_784_438_6, 0.0, 0.866_025_403_784_438_6];

/// Up to this many logits in a row stand for themselves.
const RUN_LEAST: usize = 4;

/// Perturb-Max `p_i = P(argmax_j (x_j + ε_j) = i)`.
///
/// Shape: as `x`; `−∞` is a mask (0). Absolute error below 1e-12, below 1e-9 for uniform noise with
/// thousands of logits near the top (Gumbel is softmax itself, exponential
/// noise up to 128 logits is an exact polynomial integral); renormalised to sum 1. See [`PerturbMax`]
/// for the method and for large `n`.
/// Source: <https://kexue.fm/archives/10145>; the quadratures are ours.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::EverythingMasked`], [`MathError::NotFinite`].
pub fn perturb_max(x: &[f64], noise: Noise) -> Result<Vec<f64>, MathError> {
    let mut run = PerturbMax::new(Arc::from(x), noise)?;
    while !run.step(usize::MAX).done {}
    Ok(run.into_probabilities())
}

/// Perturb-Max in slices, for a large number of logits.
///
/// With `S(t) = Σ_j ln F(t − x_j)`, the logarithm of `P(max(x + ε) ≤ t)`, and the reversed hazard
/// `r = f/F`, it is `p_i = ∫ r(t − x_i) e^{S(t)} dt`: one grid in `t` serves all logits, `O(Qn)` instead of
/// `O(Qn²)`. The grid:
///
/// * normal and logistic: trapezoid, which converges exponentially for analytic integrands;
/// * Laplace: Gauss–Legendre, split at the logits that lie where `e^S` is not negligible (at most
///   some hundred, each of them costs `ln 2`), and panels in `e^{−t}` above the maximum;
/// * uniform: Gauss–Legendre, split at `x_j + 1`, where the integrand is a polynomial between;
/// * exponential: Gauss–Legendre in `s = e^{−t}`, where the integrand is the polynomial
///   `q_i ∏_{j≠i}(1 − q_j s)`, `q = e^{x − max}`.
///
/// Both sums are over smooth functions of `x_j`; so all logits of a cell half a unit wide are replaced
/// by 20 Chebyshev nodes, once to form `S` and, transposed, once to read off `p`. That leaves
/// `O(20n)` and a constant. Uniform noise has a kink at `x_j + 1` instead, but only the top logits
/// matter; a great many of them are replaced in runs so short that the kink is below 1e-6 (which
/// leaves an absolute error below 1e-9).
#[derive(Clone, Debug)]
pub struct PerturbMax {
    x: Arc<[f64]>,
    noise: Noise,
    max: f64,
    /// Quadrature nodes, relative to the maximum, and their weights.
    nodes: Vec<f64>,
    weights: Vec<f64>,
    /// `S` at the nodes while it is summed; then `weight·e^S`.
    logs: Vec<f64>,
    /// What each cell's logits are represented by.
    cells: Vec<Cell>,
    /// Indices of the logits that are sites of their own; they are the first sites.
    direct: Vec<u32>,
    /// Uniform noise: the logits that matter, with the run of sites each is read off from.
    members: Vec<Member>,
    /// Positions relative to the maximum at which the kernels are evaluated.
    sites: Vec<f64>,
    /// How many logits each site stands for (fractional and of either sign for Chebyshev nodes).
    loads: Vec<f64>,
    /// `∫ r(t − site) e^S dt`; for the Chebyshev nodes of a cell turned into coefficients at last.
    values: Vec<f64>,
    p: Vec<f64>,
    stage: Stage,
    next: usize,
    spent: f64,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stage {
    /// Sum the Chebyshev moments of the logits.
    Gather,
    /// Sum `S` over the sites.
    Logs,
    /// Integrate for each site.
    Integrate,
    /// Interpolate for each logit.
    Spread,
    Done,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Cell {
    /// No logits, or none that can win.
    Nothing,
    /// Each logit is a site.
    Direct,
    /// The 20 sites from here on.
    Proxy(usize),
}

/// A logit that can win by uniform noise.
#[derive(Clone, Copy, Debug)]
struct Member {
    /// Its index.
    i: u32,
    /// The first site of its run.
    first: usize,
    /// Its place in the run, `−1..=1`; `NaN` when the run is one site.
    s: f64,
}

impl Member {
    /// Lagrange polynomials of the run's nodes at the member's place.
    fn shares(&self) -> [f64; 3] {
        if self.s.is_nan() {
            return [1.0, 0.0, 0.0];
        }
        let [low, _, high] = RUN_NODES;
        let square = high * high;
        let s = self.s;
        [s * (s - high) / (2.0 * square), 1.0 - s * s / square, s * (s - low) / (2.0 * square)]
    }
}

/// Where the run of sorted depths that begins at `begin` ends.
fn run_end(depths: &[(f64, u32)], begin: usize, limit: f64) -> usize {
    let top = depths[begin].0;
    let mut tied = begin + 1;
    while tied < depths.len() && depths[tied].0 >= top {
        tied += 1;
    }
    let mut end = tied;
    while end < depths.len() && (end + 1 - begin) as f64 * (top - depths[end].0) <= limit {
        end += 1;
    }
    // Ties are one site; a few distinct logits are better off on their own.
    if end - tied <= RUN_LEAST { tied } else { end }
}

impl PerturbMax {
    /// Prepares the sums; `O(n)`, a few milliseconds for a million logits.
    ///
    /// # Errors
    /// [`MathError::Empty`], [`MathError::EverythingMasked`], [`MathError::NotFinite`].
    pub fn new(x: Arc<[f64]>, noise: Noise) -> Result<Self, MathError> {
        Self::with_run(x, noise, RUN)
    }

    fn with_run(x: Arc<[f64]>, noise: Noise, run_limit: f64) -> Result<Self, MathError> {
        let max = scan(&x)?.max;
        let mut run = Self {
            x,
            noise,
            max,
            nodes: Vec::new(),
            weights: Vec::new(),
            logs: Vec::new(),
            cells: Vec::new(),
            direct: Vec::new(),
            members: Vec::new(),
            sites: Vec::new(),
            loads: Vec::new(),
            values: Vec::new(),
            p: Vec::new(),
            stage: Stage::Gather,
            next: 0,
            spent: 0.0,
        };
        if noise == Noise::Gumbel {
            run.p = softmax(&run.x, 1.0)?;
            run.stage = Stage::Done;
        } else {
            run.prepare(run_limit);
        }
        Ok(run)
    }

    /// Does up to `budget` evaluations of the noise's functions (20 to 50 ns each), at least one
    /// logit's worth, and says how far the work is.
    pub fn step(&mut self, budget: usize) -> Progress {
        let mut left = budget.max(1);
        while left > 0 && self.stage != Stage::Done {
            let cost = match self.stage {
                Stage::Gather => self.gather(left),
                Stage::Logs => self.sum_logs(left),
                Stage::Integrate => self.integrate(left),
                Stage::Spread => self.spread(left),
                Stage::Done => 0,
            };
            self.spent += cost as f64;
            left = left.saturating_sub(cost);
        }
        self.progress()
    }

    /// How far the work is.
    pub fn progress(&self) -> Progress {
        let done = self.stage == Stage::Done;
        let total = 2.0 * (self.x.len() as f64 + self.sites.len() as f64 * self.nodes.len() as f64);
        // The estimate may be a little short: never promise the end before it is there.
        let fraction = if done { 1.0 } else { (self.spent / total.max(1.0)).min(0.99) };
        Progress { done, fraction }
    }

    /// The probabilities, or `None` before [`Progress::done`].
    pub fn probabilities(&self) -> Option<&[f64]> {
        (self.stage == Stage::Done).then_some(&self.p)
    }

    fn into_probabilities(self) -> Vec<f64> {
        self.p
    }

    /// Chooses cells, quadrature and sites.
    fn prepare(&mut self, run_limit: f64) {
        self.p = vec![0.0; self.x.len()];
        if self.noise == Noise::Uniform {
            self.prepare_uniform(run_limit);
        } else {
            self.prepare_smooth();
        }
        self.logs = vec![0.0; self.nodes.len()];
        self.values = vec![0.0; self.sites.len()];
    }

    fn prepare_smooth(&mut self) {
        let mut counts = vec![0_usize; CELLS];
        for &value in self.x.iter() {
            if let Some(cell) = cell_of(value - self.max) {
                counts[cell] += 1;
            }
        }
        let n: usize = counts.iter().sum();
        let low = self.lower_end(&counts, n);
        self.cells = self.choose_cells(&counts, low);
        for (i, &value) in self.x.iter().enumerate() {
            let depth = value - self.max;
            if let Some(cell) = cell_of(depth)
                && self.cells[cell] == Cell::Direct
            {
                self.direct.push(i as u32);
                self.sites.push(depth);
            }
        }
        self.loads = vec![1.0; self.sites.len()];
        self.choose_nodes(n, low, &counts);
        for cell in 0..CELLS {
            if let Cell::Proxy(first) = &mut self.cells[cell] {
                *first = self.sites.len();
                self.sites.extend((0..CHEBYSHEV).map(|k| cell_centre(cell) + 0.5 * CELL * chebyshev_node(k)));
                self.loads.extend([0.0; CHEBYSHEV]);
            }
        }
    }

    /// Where to start integrating: an upper bound of `S` is below `−CUT` further left.
    fn lower_end(&self, counts: &[usize], n: usize) -> f64 {
        let few: Vec<f64> = if n <= 512 { self.x.iter().map(|&value| value - self.max).collect() } else { Vec::new() };
        let bound = |t: f64| -> f64 {
            if few.is_empty() {
                // The logits of a cell are not below its lower edge.
                let terms = counts.iter().enumerate().filter(|&(_, &count)| count > 0);
                terms.map(|(cell, &count)| count as f64 * self.noise.ln_cdf(t - cell_centre(cell) + 0.5 * CELL)).sum()
            } else {
                few.iter().map(|&depth| self.noise.ln_cdf(t - depth)).sum()
            }
        };
        // Nothing is left of these: F(−100) < e^{−80} for every noise.
        let (mut low, mut high) = (if self.noise == Noise::Exponential { 0.0 } else { -100.0 }, 50.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if bound(middle) < -CUT {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }

    fn choose_cells(&self, counts: &[usize], low: f64) -> Vec<Cell> {
        // The kernels are smooth in x only so far below t.
        let margin = match self.noise {
            Noise::Laplace => Some(0.0),
            Noise::Exponential => Some(0.5),
            _ => None,
        };
        let choose = |(cell, &count): (usize, &usize)| {
            let top = cell_centre(cell) + 0.5 * CELL;
            if count == 0 || (self.noise == Noise::Uniform && top + 1.0 < low) {
                Cell::Nothing
            } else if self.noise == Noise::Uniform || count <= CHEBYSHEV || margin.is_some_and(|margin| top > low - margin) {
                Cell::Direct
            } else {
                Cell::Proxy(0)
            }
        };
        counts.iter().enumerate().map(choose).collect()
    }

    fn choose_nodes(&mut self, n: usize, low: f64, counts: &[usize]) {
        // ln of an upper bound of Σ e^{x − max}.
        let spread: f64 = counts
            .iter()
            .enumerate()
            .map(|(cell, &count)| count as f64 * (cell_centre(cell) + 0.5 * CELL).exp())
            .sum::<f64>()
            .max(1.0);
        match self.noise {
            // The steps leave errors of e^{−2πd/h} with d the half-width of the strip where the
            // integrand is tame: π/2 (logistic, many logits), about 0.3 (normal, a million).
            Noise::Normal => self.trapezoid(low, 10.0, 0.05),
            Noise::Logistic => self.trapezoid(low, spread.ln() + 45.0, 0.2),
            Noise::Laplace => {
                let mut breaks: Vec<f64> = self.sites.iter().copied().filter(|&depth| depth > low && depth < 0.0).collect();
                breaks.extend([low, 0.0]);
                sort_ascending(&mut breaks);
                if low < 0.0 {
                    for pair in breaks.windows(2) {
                        let pieces = (pair[1] - pair[0]).ceil().max(1.0);
                        self.panels(pair[0], pair[1], pieces as usize, PANEL);
                    }
                }
                self.panels_in_exponential((-low.max(0.0)).exp(), spread);
            }
            Noise::Exponential if n <= POLYNOMIAL_LIMIT => self.panel_in_exponential(0.0, 1.0, n.div_ceil(2)),
            Noise::Exponential => self.panels_in_exponential((-low.max(0.0)).exp(), spread),
            Noise::Gumbel | Noise::Uniform => {}
        }
    }

    fn trapezoid(&mut self, low: f64, high: f64, step: f64) {
        let count = ((high - low) / step).ceil() as usize;
        self.nodes = (0..=count).map(|k| low + k as f64 * step).collect();
        self.weights = vec![step; count + 1];
    }

    /// Gauss–Legendre on equal pieces of `low..high`.
    fn panels(&mut self, low: f64, high: f64, pieces: usize, order: usize) {
        if high <= low {
            return;
        }
        let (nodes, weights) = gauss_legendre(order);
        let half = 0.5 * (high - low) / pieces as f64;
        for piece in 0..pieces {
            let centre = low + half * (2 * piece + 1) as f64;
            self.nodes.extend(nodes.iter().map(|node| centre + half * node));
            self.weights.extend(weights.iter().map(|weight| half * weight));
        }
    }

    /// Gauss–Legendre in `s = e^{−t}` on `low..high`; `dt = ds/s`.
    fn panel_in_exponential(&mut self, low: f64, high: f64, order: usize) {
        let (nodes, weights) = gauss_legendre(order);
        let (centre, half) = (f64::midpoint(low, high), 0.5 * (high - low));
        for (node, weight) in nodes.iter().zip(weights) {
            let s = centre + half * node;
            self.nodes.push(-s.ln());
            self.weights.push(half * weight / s);
        }
    }

    /// Panels halving from `s = high` down to where `e^S` is nearly 1, and one to 0.
    fn panels_in_exponential(&mut self, high: f64, spread: f64) {
        let mut high = high;
        while high * spread > 2.0 {
            self.panel_in_exponential(0.5 * high, high, PANEL);
            high *= 0.5;
        }
        self.panel_in_exponential(0.0, high, PANEL);
    }

    /// Uniform noise: the logits that matter, in runs, and panels between their breakpoints.
    fn prepare_uniform(&mut self, run_limit: f64) {
        let floor = self.uniform_floor();
        let near: Vec<u32> = (0..self.x.len() as u32).filter(|&i| self.x[i as usize] - self.max > floor).collect();
        let depth_of = |i: u32| self.x[i as usize] - self.max;
        let order = order_descending(&near.iter().map(|&i| depth_of(i)).collect::<Vec<f64>>());
        let mut depths: Vec<(f64, u32)> = order.into_iter().map(|at| near[at as usize]).map(|i| (depth_of(i), i)).collect();
        // ln u ≤ u − 1, so S(t) ≤ −Σ(1 − u)₊: where that sum reaches the cut nothing is left.
        let (mut total, mut low) = (0.0, 0.0_f64);
        for (k, &(depth, _)) in depths.iter().enumerate() {
            if total - k as f64 * depth > UNIFORM_CUT {
                low = (total - UNIFORM_CUT) / k as f64 + 1.0;
                depths.truncate(k);
                break;
            }
            total += depth;
        }
        let mut breaks = Vec::new();
        let mut begin = 0;
        while begin < depths.len() {
            let end = run_end(&depths, begin, run_limit);
            let (top, bottom) = (depths[begin].0, depths[end - 1].0);
            let (centre, half) = (f64::midpoint(top, bottom), 0.5 * (top - bottom));
            let first = self.sites.len();
            if half > 0.0 {
                self.sites.extend(RUN_NODES.map(|node| centre + half * node));
                self.loads.extend([0.0; 3]);
            } else {
                self.sites.push(centre);
                self.loads.push(0.0);
            }
            for &(depth, i) in &depths[begin..end] {
                let member = Member { i, first, s: if half > 0.0 { (depth - centre) / half } else { f64::NAN } };
                for (load, share) in self.loads[first..].iter_mut().zip(member.shares()) {
                    *load += share;
                }
                self.members.push(member);
            }
            // At the sites too: their own integrals end there, with a jump and not with a mere kink.
            breaks.extend([top + 1.0, bottom + 1.0]);
            breaks.extend(self.sites[first..].iter().map(|site| site + 1.0));
            begin = end;
        }
        self.uniform_panels(low.max(0.0), breaks, &depths);
        self.stage = Stage::Logs;
    }

    /// A depth below which no logit can win by uniform noise; a coarse bound that needs no sorting.
    fn uniform_floor(&self) -> f64 {
        const BINS: usize = 4096;
        let mut counts = vec![0_u32; BINS];
        for &value in self.x.iter() {
            let bin = (self.max - value) * BINS as f64;
            if bin < BINS as f64 {
                counts[bin as usize] += 1;
            }
        }
        // As in `prepare_uniform`, with each logit at the lower edge of its bin.
        let (mut count, mut excess) = (0.0, 0.0);
        for (bin, &more) in counts.iter().enumerate() {
            excess += count / BINS as f64;
            if excess > UNIFORM_CUT {
                return -(bin as f64 + 1.0) / BINS as f64;
            }
            count += f64::from(more);
        }
        -1.0
    }

    /// Between the breakpoints `x_j + 1` the integrand is a polynomial whose degree is the number of
    /// logits above `t − 1`.
    fn uniform_panels(&mut self, low: f64, mut breaks: Vec<f64>, depths: &[(f64, u32)]) {
        sort_ascending(&mut breaks);
        breaks.dedup();
        let mut active = depths.len();
        let mut begin = low;
        for end in breaks {
            // The logits that are still below 1 over the panel: depth + 1 ≥ end.
            while active > 0 && depths[active - 1].0 + 1.0 < end {
                active -= 1;
            }
            if end > begin {
                // ln of how much the product can change over the panel; infinite at begin = 0.
                let change = active as f64 * (end / begin).ln();
                if active <= 2 * PANEL {
                    self.panels(begin, end, 1, active.div_ceil(2).max(1));
                } else if change < 0.1 {
                    // m nodes leave about change^{2m}/(2m)!, less than 1e-13 of the panel.
                    self.panels(begin, end, 1, if change < 0.02 { 3 } else { 5 });
                } else {
                    let pieces = (change / 8.0).ceil().clamp(1.0, 64.0) as usize;
                    self.panels(begin, end, pieces, PANEL);
                }
                begin = end;
            }
        }
    }

    fn gather(&mut self, budget: usize) -> usize {
        let end = self.next.saturating_add(budget).min(self.x.len());
        for &value in &self.x[self.next..end] {
            let depth = value - self.max;
            if let Some(cell) = cell_of(depth)
                && let Cell::Proxy(first) = self.cells[cell]
            {
                let s = (depth - cell_centre(cell)) / (0.5 * CELL);
                // Moments Σ T_k(s), by the recurrence T_{k+1} = 2sT_k − T_{k−1}.
                let moments = &mut self.loads[first..first + CHEBYSHEV];
                let (mut previous, mut current) = (s, 1.0);
                for moment in moments {
                    *moment += current;
                    (previous, current) = (current, 2.0 * s * current - previous);
                }
            }
        }
        let cost = end - self.next;
        self.next = end;
        if end == self.x.len() {
            let (chunks, _) = self.loads[self.direct.len()..].as_chunks_mut();
            chunks.iter_mut().for_each(moments_to_loads);
            self.advance(Stage::Logs);
        }
        cost
    }

    fn sum_logs(&mut self, budget: usize) -> usize {
        let per_site = self.nodes.len().max(1);
        let end = self.next.saturating_add((budget / per_site).max(1)).min(self.sites.len());
        for site in self.next..end {
            let (position, load) = (self.sites[site], self.loads[site]);
            let reach = self.reach(position);
            for (log, &node) in self.logs.iter_mut().zip(&self.nodes[..reach]) {
                *log += load * self.noise.ln_cdf(node - position);
            }
        }
        let cost = (end - self.next) * per_site;
        self.next = end;
        if end == self.sites.len() {
            for (log, &weight) in self.logs.iter_mut().zip(&self.weights) {
                *log = weight * log.exp();
            }
            self.advance(Stage::Integrate);
        }
        cost
    }

    /// How many nodes a site has to do with: uniform noise ends (and its nodes rise).
    fn reach(&self, position: f64) -> usize {
        if self.noise == Noise::Uniform { self.nodes.partition_point(|&node| node < position + 1.0) } else { self.nodes.len() }
    }

    fn integrate(&mut self, budget: usize) -> usize {
        let per_site = self.nodes.len().max(1);
        let end = self.next.saturating_add((budget / per_site).max(1)).min(self.sites.len());
        for site in self.next..end {
            let position = self.sites[site];
            let reach = self.reach(position);
            let terms = self.nodes[..reach].iter().zip(&self.logs).filter(|&(_, &mass)| mass > 0.0);
            self.values[site] = terms.map(|(&node, &mass)| mass * self.noise.reversed_hazard(node - position)).sum();
        }
        let cost = (end - self.next) * per_site;
        self.next = end;
        if end == self.sites.len() {
            if self.noise != Noise::Uniform {
                let (chunks, _) = self.values[self.direct.len()..].as_chunks_mut();
                chunks.iter_mut().for_each(values_to_coefficients);
            }
            self.advance(Stage::Spread);
        }
        cost
    }

    fn spread(&mut self, budget: usize) -> usize {
        let end = self.next.saturating_add(budget).min(self.x.len());
        for i in self.next..end {
            let depth = self.x[i] - self.max;
            if let Some(cell) = cell_of(depth)
                && let Some(&Cell::Proxy(first)) = self.cells.get(cell)
            {
                let s = (depth - cell_centre(cell)) / (0.5 * CELL);
                let coefficients = &self.values[first..first + CHEBYSHEV];
                let mut value = 0.0;
                let (mut previous, mut current) = (s, 1.0);
                for coefficient in coefficients {
                    value += coefficient * current;
                    (previous, current) = (current, 2.0 * s * current - previous);
                }
                self.p[i] = value.max(0.0);
            }
        }
        let cost = end - self.next;
        self.next = end;
        if end == self.x.len() {
            for (&i, &value) in self.direct.iter().zip(&self.values) {
                self.p[i as usize] = value;
            }
            for member in &self.members {
                let terms = member.shares().into_iter().zip(&self.values[member.first..]);
                self.p[member.i as usize] = terms.map(|(share, value)| share * value).sum::<f64>().max(0.0);
            }
            let total = crate::exp::sum(&self.p);
            crate::exp::scale_in_place(&mut self.p, 1.0 / total);
            self.advance(Stage::Done);
        }
        cost
    }

    fn advance(&mut self, stage: Stage) {
        self.stage = stage;
        self.next = 0;
    }
}

/// The cell of a depth `x − max`, or `None` for a mask or what is as good as masked.
fn cell_of(depth: f64) -> Option<usize> {
    let cell = -depth / CELL;
    (cell < CELLS as f64).then_some(cell as usize)
}

fn cell_centre(cell: usize) -> f64 {
    -CELL * (cell as f64 + 0.5)
}

/// Chebyshev node `cos(π(k + ½)/20)`.
fn chebyshev_node(k: usize) -> f64 {
    (PI * (k as f64 + 0.5) / CHEBYSHEV as f64).cos()
}

/// `T_j` at the `k`-th node.
fn chebyshev_at(j: usize, k: usize) -> f64 {
    (PI * j as f64 * (k as f64 + 0.5) / CHEBYSHEV as f64).cos()
}

/// Sums `Σ_i T_j(s_i)` to sums of Lagrange polynomials `Σ_i L_k(s_i)`.
fn moments_to_loads(moments: &mut [f64; CHEBYSHEV]) {
    let loads: Vec<f64> = (0..CHEBYSHEV)
        .map(|k| {
            let terms = moments.iter().enumerate().skip(1);
            let tail: f64 = terms.map(|(j, moment)| moment * chebyshev_at(j, k)).sum();
            (moments[0] + 2.0 * tail) / CHEBYSHEV as f64
        })
        .collect();
    moments.copy_from_slice(&loads);
}

/// Values at the nodes to Chebyshev coefficients of the interpolant.
fn values_to_coefficients(values: &mut [f64; CHEBYSHEV]) {
    let coefficients: Vec<f64> = (0..CHEBYSHEV)
        .map(|j| {
            let total: f64 = values.iter().enumerate().map(|(k, value)| value * chebyshev_at(j, k)).sum();
            total * if j == 0 { 1.0 } else { 2.0 } / CHEBYSHEV as f64
        })
        .collect();
    values.copy_from_slice(&coefficients);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::SplitMix64;

    /// `∫ f(t − x_i) ∏_{j≠i} F(t − x_j) dt` for each `i`, with no shared grid, no cells and no tricks:
    /// Gauss–Legendre between all points where any factor could have a kink.
    fn reference(x: &[f64], noise: Noise) -> Vec<f64> {
        let (nodes, weights) = gauss_legendre(12);
        let max = x.iter().copied().fold(f64::MIN, f64::max);
        let mut breaks: Vec<f64> = (-40..=180_i32).map(|k| max + 0.25 * f64::from(k)).collect();
        // Where many logits are close together the product is steep just above them.
        breaks.extend((-50..=150_i32).map(|k| max + 0.02 * f64::from(k)));
        breaks.extend(x.iter().flat_map(|&value| [value, value + 1.0]));
        breaks.retain(|&t| t >= max - 10.0);
        breaks.sort_by(f64::total_cmp);
        let mut p = vec![0.0; x.len()];
        for pair in breaks.windows(2) {
            let half = 0.5 * (pair[1] - pair[0]);
            for (node, weight) in nodes.iter().zip(&weights) {
                let t = pair[0] + half * (1.0 + node);
                let log: f64 = x.iter().map(|value| noise.ln_cdf(t - value)).sum();
                if log < -60.0 {
                    continue;
                }
                for (p, value) in p.iter_mut().zip(x) {
                    let others = (log - noise.ln_cdf(t - value)).exp();
                    let term = weight * half * noise.density(t - value) * others;
                    *p += if term.is_nan() { 0.0 } else { term };
                }
            }
        }
        p
    }

    fn worst(a: &[f64], b: &[f64]) -> f64 {
        a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }

    /// 300 logits: enough for cells to be replaced by Chebyshev nodes.
    #[test]
    fn cells_and_shared_grids_agree_with_the_plain_integral() {
        let mut rng = SplitMix64::new(4);
        for scale in [0.0, 0.1, 1.0, 3.0] {
            let x: Vec<f64> = (0..300).map(|_| scale * rng.normal()).collect();
            for noise in Noise::ALL {
                let p = perturb_max(&x, noise).expect("legal");
                let off = worst(&p, &reference(&x, noise));
                assert!(off < 1e-12, "{noise:?}, scale {scale}: {off:e}");
            }
        }
    }

    #[test]
    fn a_dominating_logit_over_a_crowd_is_handled() {
        let mut rng = SplitMix64::new(6);
        let mut x: Vec<f64> = (0..200).map(|_| -3.0 + 0.2 * rng.uniform()).collect();
        x.push(0.0);
        for noise in Noise::ALL {
            let p = perturb_max(&x, noise).expect("legal");
            let off = worst(&p, &reference(&x, noise));
            assert!(off < 1e-12, "{noise:?}: {off:e}");
        }
        // The crowd just inside of the reach of uniform noise.
        let x: Vec<f64> = (0..200).map(|_| -0.99 + 0.02 * rng.uniform()).chain([0.0]).collect();
        let p = perturb_max(&x, Noise::Uniform).expect("legal");
        assert!(worst(&p, &reference(&x, Noise::Uniform)) < 1e-12);
    }

    /// So many logits near the top that runs of them share their sites, against no runs.
    #[test]
    fn runs_of_uniform_noise_are_harmless() {
        let mut rng = SplitMix64::new(12);
        for spread in [1e-6, 1e-4, 1.5e-3] {
            let x: Arc<[f64]> = (0..3000).map(|_| spread * rng.uniform()).chain([1.0 - spread]).collect();
            // With and without a leader that gives the crowd's kinks another weight.
            for x in [x.clone(), Arc::from(&x[..3000])] {
                let run = |run: f64| {
                    let mut solver = PerturbMax::with_run(x.clone(), Noise::Uniform, run).expect("legal");
                    while !solver.step(usize::MAX).done {}
                    (solver.sites.len(), solver.p)
                };
                let ((few, p), (all, exact)) = (run(RUN), run(0.0));
                assert!(few * 2 < all, "spread {spread}: {few} of {all} sites");
                assert!(worst(&p, &exact) < 1e-9, "spread {spread}: {:e}", worst(&p, &exact));
            }
        }
    }

    #[test]
    fn equal_logits_share_whatever_their_number() {
        for n in [1, 2, 7, 64, 128, 129, 1000, 100_000] {
            for noise in Noise::ALL {
                let p = perturb_max(&vec![1e300; n], noise).expect("legal");
                let off = p.iter().map(|p| (p * n as f64 - 1.0).abs()).fold(0.0, f64::max);
                assert!(off < 1e-12, "{noise:?} {n}: {off:e}");
            }
        }
    }

    #[test]
    fn slices_give_the_same_as_one_go() {
        let mut rng = SplitMix64::new(3);
        let x: Arc<[f64]> = (0..2000).map(|_| rng.normal()).collect();
        for noise in Noise::ALL {
            let whole = perturb_max(&x, noise).expect("legal");
            let mut run = PerturbMax::new(x.clone(), noise).expect("legal");
            let mut last = run.progress().fraction;
            let mut steps = 0;
            while !run.progress().done {
                assert_eq!(run.probabilities(), None);
                let progress = run.step(1000);
                assert!(progress.fraction >= last && progress.fraction <= 1.0, "{noise:?}");
                last = progress.fraction;
                steps += 1;
            }
            assert!(steps > 10 || noise == Noise::Gumbel, "{noise:?}");
            assert_eq!(run.probabilities(), Some(whole.as_slice()), "{noise:?}");
            assert!(run.step(1).done);
        }
    }

    #[test]
    fn uniform_noise_has_exact_zeros() {
        let p = perturb_max(&[0.0, 1.0, 0.5, f64::NEG_INFINITY], Noise::Uniform).expect("legal");
        assert!(p[0].abs() <= 0.0 && p[3].abs() <= 0.0, "{p:?}");
        assert!((p[2] - 0.125).abs() < 1e-15);
    }
}
