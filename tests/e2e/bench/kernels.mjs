// The kernels in JavaScript, each written as well as we can: typed arrays, nothing allocated in a run, the same algorithms. Each takes
// its input once, and returns a function that does the task and tells the number that the Rust kernel must arrive at too.

/** The largest of a list, four at a time: the comparisons of one chain would wait for each other. */
function largest(x) {
  let [a, b, c, d] = [-Infinity, -Infinity, -Infinity, -Infinity];
  const whole = x.length - (x.length % 4);
  for (let at = 0; at < whole; at += 4) {
    if (x[at] > a) a = x[at];
    if (x[at + 1] > b) b = x[at + 1];
    if (x[at + 2] > c) c = x[at + 2];
    if (x[at + 3] > d) d = x[at + 3];
  }
  for (let at = whole; at < x.length; at++) if (x[at] > a) a = x[at];
  return Math.max(a, b, c, d);
}

const ends = (p) => p[0] + p[p.length - 1];

function softmax({ logits: x }) {
  const p = new Float64Array(x.length);
  return () => {
    const n = x.length;
    const max = largest(x);
    let total = 0;
    for (let at = 0; at < n; at++) {
      const weight = Math.exp(x[at] - max);
      p[at] = weight;
      total += weight;
    }
    const factor = 1 / total;
    for (let at = 0; at < n; at++) p[at] *= factor;
    return ends(p);
  };
}

/** The maps that leave few nonzero: what lies above `max − width` is found, solved, and put back at its places. */
function sparse({ logits: x }, width, weigh) {
  const p = new Float64Array(x.length);
  const places = new Int32Array(x.length);
  const depths = new Float64Array(x.length);
  return () => {
    const max = largest(x);
    const floor = max - width;
    let count = 0;
    for (let at = 0; at < x.length; at++) {
      if (x[at] > floor) {
        places[count] = at;
        depths[count] = x[at] - max;
        count += 1;
      }
    }
    const weights = weigh(depths, count);
    let total = 0;
    for (let at = 0; at < count; at++) total += weights[at];
    p.fill(0);
    for (let at = 0; at < count; at++) p[places[at]] = weights[at] / total;
    return ends(p);
  };
}

/** Michelot's iteration. */
function sparsemax(input) {
  const active = new Float64Array(input.logits.length);
  return sparse(input, 1, (depths, count) => {
    let left = count;
    for (let at = 0; at < count; at++) active[at] = depths[at];
    let level;
    for (;;) {
      let total = 0;
      for (let at = 0; at < left; at++) total += active[at];
      level = (total - 1) / left;
      let kept = 0;
      for (let at = 0; at < left; at++) if (active[at] > level) active[kept++] = active[at];
      if (kept === left) break;
      left = kept;
    }
    for (let at = 0; at < count; at++) active[at] = Math.max(depths[at] - level, 0);
    return active;
  });
}

/** The closed form over the sorted candidates; they are few for logits as spread as these. */
function entmax15(input) {
  const weights = new Float64Array(input.logits.length);
  return sparse(input, 2, (depths, count) => {
    const sorted = weights.subarray(0, count);
    for (let at = 0; at < count; at++) sorted[at] = -0.5 * depths[at];
    sorted.sort(); // the native order of typed arrays, so of the negated values
    let [mean, squares, level] = [0, 0, -1];
    for (let at = 0; at < count; at++) {
      const value = -sorted[at];
      const off = value - mean;
      mean += off / (at + 1);
      squares += off * (value - mean);
      const candidate = mean - Math.sqrt((1 - squares) / (at + 1));
      if (squares <= 1 && value >= candidate) level = candidate;
    }
    for (let at = 0; at < count; at++) weights[at] = Math.max(0.5 * depths[at] - level, 0) ** 2;
    return weights;
  });
}

/** Any α between 1 and 2: Newton's method on mass^β = 1, which is convex and nearly straight, from below. */
function entmax(input, alpha) {
  const beta = alpha - 1;
  const power = 1 / beta;
  const weights = new Float64Array(input.logits.length);
  return sparse(input, power, (depths, count) => {
    let left = count;
    for (let at = 0; at < count; at++) weights[at] = beta * depths[at];
    let level = -1;
    for (let pass = 0; pass < 60; pass++) {
      let [mass, slope, kept] = [0, 0, 0];
      for (let at = 0; at < left; at++) {
        const height = weights[at] - level;
        if (height > 0) {
          const weight = height ** power;
          mass += weight;
          slope += weight / height;
          weights[kept++] = weights[at];
        }
      }
      left = kept;
      const step = (mass - mass ** (1 - beta)) / slope;
      level += step;
      if (step <= 1e-16) break;
    }
    for (let at = 0; at < count; at++) weights[at] = Math.max(beta * depths[at] - level, 0) ** power;
    return weights;
  });
}

function paste({ paste: text }) {
  return () => {
    let total = 0;
    for (const line of text.split("\n")) {
      const number = Number(line);
      if (Number.isNaN(number)) throw new Error(line);
      total += number;
    }
    return total;
  };
}

const frequencies = () => Float64Array.from({ length: 64 }, (_, i) => 1e4 ** (-i / 64));

/** Steps of a recurrence after which the angle is computed anew, so that its error does not grow. */
const RESYNC = 64;

/** Rotates neighbouring pairs row by row; cosines and sines turn on by a recurrence. */
function rotateRows(x, theta) {
  const pairs = theta.length;
  const [cos, sin] = [new Float64Array(pairs), new Float64Array(pairs)];
  const [stepCos, stepSin] = [theta.map(Math.cos), theta.map(Math.sin)];
  for (let row = 0, at = 0; at < x.length; row++) {
    if (row % RESYNC === 0) {
      for (let pair = 0; pair < pairs; pair++) {
        cos[pair] = Math.cos(row * theta[pair]);
        sin[pair] = Math.sin(row * theta[pair]);
      }
    }
    for (let pair = 0; pair < pairs; pair++, at += 2) {
      const c = cos[pair];
      const s = sin[pair];
      const a = x[at];
      const b = x[at + 1];
      x[at] = a * c - b * s;
      x[at + 1] = a * s + b * c;
      cos[pair] = c * stepCos[pair] - s * stepSin[pair];
      sin[pair] = s * stepCos[pair] + c * stepSin[pair];
    }
  }
}

function rotation() {
  const theta = frequencies();
  const x = Float32Array.from({ length: 4096 * 128 }, (_, at) => ((at * 7919) % 1000) / 1000);
  const first = x.slice();
  rotateRows(first, theta);
  const check = first.subarray(-128).reduce((sum, value) => sum + value, 0);
  return () => {
    rotateRows(x, theta);
    return check;
  };
}

/** Chebyshev's recurrence: cos((n + 1)θ) = 2 cos θ cos nθ − cos((n − 1)θ). */
function decay() {
  const theta = frequencies();
  const curve = new Float64Array(16384);
  return () => {
    curve.fill(0);
    for (const angle of theta) {
      const twice = 2 * Math.cos(angle);
      for (let from = 0; from < curve.length; from += 2 * RESYNC) {
        let before = Math.cos((from - 1) * angle);
        let now = Math.cos(from * angle);
        for (let at = from; at < from + 2 * RESYNC; at++) {
          curve[at] += now;
          const next = twice * now - before;
          before = now;
          now = next;
        }
      }
    }
    for (let at = 0; at < curve.length; at++) curve[at] /= theta.length;
    return curve[12345];
  };
}

/** A cosine for each row and each column of the picture, not for each patch. */
function row() {
  const theta = frequencies();
  const [rows, columns] = [new Float64Array(64), new Float64Array(64)];
  const result = new Float64Array(4096);
  return () => {
    const [ownRow, ownColumn] = [2000 >> 6, 2000 & 63];
    rows.fill(0);
    columns.fill(0);
    for (let pair = 0; pair < 64; pair++) {
      const [sums, own] = pair % 2 ? [columns, ownColumn] : [rows, ownRow];
      for (let at = 0; at < 64; at++) sums[at] += Math.cos((at - own) * theta[pair]);
    }
    for (let at = 0; at < 4096; at++) result[at] = (rows[at >> 6] + columns[at & 63]) / 64;
    return result[77];
  };
}

/** Numbers that differ from row to row, in thousandths above a floor. */
const thousandths = (rows, factor, floor) =>
  Float32Array.from({ length: rows * 64 }, (_, at) => ((at * factor) % 1000) / 1000 + floor);

const lastRow = (outputs) => outputs.subarray(-64).reduce((sum, value) => sum + value, 0);

/** Keys whose scores are taken before their values are added: both stay in the cache, and the online softmax turns once a tile. */
const TILE = 64;

/** Turns the scores of a tile into weights against the largest so far; `state` holds that and the sum of all weights. */
function weigh(scores, size, state, sums) {
  let top = state[0];
  for (let at = 0; at < size; at++) if (scores[at] > top) top = scores[at];
  let total = state[1];
  if (top > state[0]) {
    const factor = Math.exp(state[0] - top);
    total *= factor;
    for (let x = 0; x < 64; x++) sums[x] *= factor;
    state[0] = top;
  }
  for (let at = 0; at < size; at++) {
    const weight = Math.exp(scores[at] - top);
    scores[at] = weight;
    total += weight;
  }
  state[1] = total;
}

/** What one query of the online softmax needs. */
const accumulator = () => ({ scores: new Float64Array(TILE), sums: new Float64Array(64), state: new Float64Array(2) });

function begin({ sums, state }) {
  sums.fill(0);
  state[0] = -Infinity;
  state[1] = 0;
}

/** Two queries by four keys at a time: each key is loaded once for both, and eight sums need not wait for each other. */
function attention() {
  const [q, k, v] = [thousandths(1024, 7919, -0.5), thousandths(1024, 6271, -0.5), thousandths(1024, 5077, 0)];
  const out = new Float32Array(1024 * 64);
  const [first, second] = [accumulator(), accumulator()];

  const scores = (query, tile, size) => {
    const [one, two] = [first.scores, second.scores];
    for (let key = 0; key < size; key += 4) {
      const row = (tile + key) * 64;
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      let e = 0;
      let f = 0;
      let g = 0;
      let h = 0;
      for (let x = 0; x < 64; x++) {
        const upper = q[query + x];
        const lower = q[query + 64 + x];
        const k0 = k[row + x];
        const k1 = k[row + 64 + x];
        const k2 = k[row + 128 + x];
        const k3 = k[row + 192 + x];
        a += upper * k0;
        b += upper * k1;
        c += upper * k2;
        d += upper * k3;
        e += lower * k0;
        f += lower * k1;
        g += lower * k2;
        h += lower * k3;
      }
      one[key] = a;
      one[key + 1] = b;
      one[key + 2] = c;
      one[key + 3] = d;
      two[key] = e;
      two[key + 1] = f;
      two[key + 2] = g;
      two[key + 3] = h;
    }
  };

  const values = (tile, size) => {
    const [one, two, upper, lower] = [first.scores, second.scores, first.sums, second.sums];
    for (let key = 0; key < size; key += 4) {
      const row = (tile + key) * 64;
      const a = one[key];
      const b = one[key + 1];
      const c = one[key + 2];
      const d = one[key + 3];
      const e = two[key];
      const f = two[key + 1];
      const g = two[key + 2];
      const h = two[key + 3];
      for (let x = 0; x < 64; x++) {
        const v0 = v[row + x];
        const v1 = v[row + 64 + x];
        const v2 = v[row + 128 + x];
        const v3 = v[row + 192 + x];
        upper[x] += a * v0 + b * v1 + (c * v2 + d * v3);
        lower[x] += e * v0 + f * v1 + (g * v2 + h * v3);
      }
    }
  };

  return () => {
    for (let row = 0; row < 1024; row += 2) {
      begin(first);
      begin(second);
      const count = row + 2;
      for (let tile = 0; tile < count; tile += TILE) {
        const size = Math.min(TILE, count - tile);
        const padded = (size + 3) & ~3;
        scores(row * 64, tile, padded);
        // What comes after a query is not read: beyond both, and the second query itself by the first.
        first.scores.fill(-Infinity, tile + size === count ? size - 1 : size);
        second.scores.fill(-Infinity, size);
        weigh(first.scores, padded, first.state, first.sums);
        weigh(second.scores, padded, second.state, second.sums);
        values(tile, padded);
      }
      const [above, below] = [1 / first.state[1], 1 / second.state[1]];
      for (let x = 0; x < 64; x++) {
        out[row * 64 + x] = first.sums[x] * above;
        out[row * 64 + 64 + x] = second.sums[x] * below;
      }
    }
    return lastRow(out);
  };
}

/** A single query, four keys at a time. */
function stream() {
  const [q, k, v] = [thousandths(1, 7919, -0.5), thousandths(4096, 6271, -0.5), thousandths(4096, 5077, 0)];
  const out = new Float32Array(64);
  const only = accumulator();
  return () => {
    const { scores, sums, state } = only;
    begin(only);
    for (let tile = 0; tile < 4096; tile += TILE) {
      for (let key = 0; key < TILE; key += 4) {
        const row = (tile + key) * 64;
        let a = 0;
        let b = 0;
        let c = 0;
        let d = 0;
        for (let x = 0; x < 64; x++) {
          const value = q[x];
          a += value * k[row + x];
          b += value * k[row + 64 + x];
          c += value * k[row + 128 + x];
          d += value * k[row + 192 + x];
        }
        scores[key] = a;
        scores[key + 1] = b;
        scores[key + 2] = c;
        scores[key + 3] = d;
      }
      weigh(scores, TILE, state, sums);
      for (let key = 0; key < TILE; key += 4) {
        const row = (tile + key) * 64;
        const a = scores[key];
        const b = scores[key + 1];
        const c = scores[key + 2];
        const d = scores[key + 3];
        for (let x = 0; x < 64; x++) sums[x] += a * v[row + x] + b * v[row + 64 + x] + (c * v[row + 128 + x] + d * v[row + 192 + x]);
      }
    }
    const factor = 1 / state[1];
    for (let x = 0; x < 64; x++) out[x] = sums[x] * factor;
    return lastRow(out);
  };
}

/** By the names of `crates/bench/src/kernels.rs`. */
export const KERNELS = {
  "softmax, 1e6 logits": softmax,
  "sparsemax, 1e6 logits": sparsemax,
  "entmax-1.5, 1e6 logits": entmax15,
  "entmax-1.3, 1e6 logits": (input) => entmax(input, 1.3),
  "reading 1e5 pasted numbers": paste,
  "rotation of 4096 × 128": rotation,
  "decay curve, 16384 × 64": decay,
  "kernel row, 4096 tokens × 64": row,
  "causal attention, 1024 × 64": attention,
  "attention stream, 4096 keys × 64": stream,
};
