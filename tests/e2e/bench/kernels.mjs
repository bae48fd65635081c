// The kernels in JavaScript, each written as well as we can: typed arrays, nothing allocated in a run, the same algorithms. Each takes
// its input once, and returns a function that does the task and tells the number that the Rust kernel must arrive at too.

import FFT from "./fft.mjs";

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

/** Ten thousand data, most of them near the middle. */
const data = () =>
  Float64Array.from({ length: 10000 }, (_, at) => {
    const u = ((at * 7919) % 10000) / 5000 - 1;
    return 0.6 * u + 0.3 * u * u * u;
  });

/**
 * Adam on the 32 coefficients of a Fourier density. The coefficients k and 31 − k are taken together, around the middle frequency: both
 * need only one cosine and one sine, which turn on by a recurrence and are kept for the gradient. Two data at a time: their sums need not
 * wait for each other.
 */
function adam() {
  const x = data();
  const n = x.length;
  const [terms, pairs] = [32, 16];
  const [dc, ds] = [x.map((x) => Math.cos(Math.PI * x)), x.map((x) => Math.sin(Math.PI * x))];
  const [fc, fs] = [x.map((x) => Math.cos((Math.PI * x) / 2)), x.map((x) => Math.sin((Math.PI * x) / 2))];
  const [a, gradient] = [new Float64Array(2 * terms), new Float64Array(2 * terms)];
  const [mean, square] = [new Float64Array(2 * terms), new Float64Array(2 * terms)];
  const pair = new Float64Array(4 * pairs);
  const sums = new Float64Array(4 * pairs);
  const waves = new Float64Array(4 * pairs);

  const evaluate = () => {
    for (let mu = 0; mu < pairs; mu++) {
      const [low, high] = [2 * (15 - mu), 2 * (16 + mu)];
      pair[4 * mu] = a[low] + a[high];
      pair[4 * mu + 1] = a[low + 1] + a[high + 1];
      pair[4 * mu + 2] = a[high + 1] - a[low + 1];
      pair[4 * mu + 3] = a[low] - a[high];
    }
    sums.fill(0);
    let log = 0;
    for (let at = 0; at < n; at += 2) {
      const [dc0, ds0, dc1, ds1] = [dc[at], ds[at], dc[at + 1], ds[at + 1]];
      let c0 = fc[at];
      let s0 = fs[at];
      let c1 = fc[at + 1];
      let s1 = fs[at + 1];
      let re0 = 0;
      let im0 = 0;
      let re1 = 0;
      let im1 = 0;
      for (let mu = 0; mu < 4 * pairs; mu += 4) {
        waves[mu] = c0;
        waves[mu + 1] = s0;
        waves[mu + 2] = c1;
        waves[mu + 3] = s1;
        const pRe = pair[mu];
        const pIm = pair[mu + 1];
        const qRe = pair[mu + 2];
        const qIm = pair[mu + 3];
        re0 += pRe * c0 + qRe * s0;
        im0 += pIm * c0 + qIm * s0;
        re1 += pRe * c1 + qRe * s1;
        im1 += pIm * c1 + qIm * s1;
        const next0 = c0 * dc0 - s0 * ds0;
        s0 = c0 * ds0 + s0 * dc0;
        c0 = next0;
        const next1 = c1 * dc1 - s1 * ds1;
        s1 = c1 * ds1 + s1 * dc1;
        c1 = next1;
      }
      const square0 = re0 * re0 + im0 * im0;
      const square1 = re1 * re1 + im1 * im1;
      log += Math.log(square0 * square1);
      const factor0 = 1 / (n * square0);
      const factor1 = 1 / (n * square1);
      re0 *= factor0;
      im0 *= factor0;
      re1 *= factor1;
      im1 *= factor1;
      for (let mu = 0; mu < 4 * pairs; mu += 4) {
        const c = waves[mu];
        const s = waves[mu + 1];
        const d = waves[mu + 2];
        const t = waves[mu + 3];
        sums[mu] += c * re0 + d * re1;
        sums[mu + 1] += c * im0 + d * im1;
        sums[mu + 2] += s * re0 + t * re1;
        sums[mu + 3] += s * im0 + t * im1;
      }
    }
    let c0 = 0;
    for (let at = 0; at < 2 * terms; at++) c0 += a[at] * a[at];
    for (let mu = 0; mu < pairs; mu++) {
      const [cRe, cIm, sRe, sIm] = [sums[4 * mu], sums[4 * mu + 1], sums[4 * mu + 2], sums[4 * mu + 3]];
      const [low, high] = [2 * (15 - mu), 2 * (16 + mu)];
      gradient[low] = 2 * (a[low] / c0 - cRe - sIm);
      gradient[low + 1] = 2 * (a[low + 1] / c0 - cIm + sRe);
      gradient[high] = 2 * (a[high] / c0 - cRe + sIm);
      gradient[high + 1] = 2 * (a[high + 1] / c0 - cIm - sRe);
    }
    return Math.log(2 * c0) - log / n;
  };

  return () => {
    let norm = 0;
    for (let k = 0; k < terms; k++) {
      a[2 * k] = 1 / (k + 1);
      a[2 * k + 1] = (k % 3) / 10;
      norm += a[2 * k] ** 2 + a[2 * k + 1] ** 2;
    }
    for (let at = 0; at < 2 * terms; at++) a[at] *= Math.sqrt(terms / norm);
    mean.fill(0);
    square.fill(0);
    let [power1, power2] = [1, 1];
    let nll = evaluate();
    for (let step = 0; step < 100; step++) {
      power1 *= 0.9;
      power2 *= 0.999;
      for (let at = 0; at < 2 * terms; at++) {
        const g = gradient[at];
        mean[at] = 0.9 * mean[at] + (1 - 0.9) * g;
        square[at] = 0.999 * square[at] + (1 - 0.999) * g * g;
        a[at] -= (0.05 * mean[at]) / (1 - power1) / (Math.sqrt(square[at] / (1 - power2)) + 1e-8);
      }
      nll = evaluate();
    }
    return nll;
  };
}

/** EM on a mixture of eight. No largest term is subtracted: no datum is so far from every component that all densities vanish. */
function expectation() {
  const x = data();
  const n = x.length;
  const parts = 8;
  const [weight, mean, deviation] = [new Float64Array(parts), new Float64Array(parts), new Float64Array(parts)];
  const [scale, logWeight, term] = [new Float64Array(parts), new Float64Array(parts), new Float64Array(parts)];
  const [mass, first, second] = [new Float64Array(parts), new Float64Array(parts), new Float64Array(parts)];

  const responsibilities = () => {
    for (let k = 0; k < parts; k++) {
      scale[k] = Math.SQRT1_2 / deviation[k];
      logWeight[k] = Math.log(weight[k] / deviation[k]) - 0.5 * Math.log(2 * Math.PI);
    }
    mass.fill(0);
    first.fill(0);
    second.fill(0);
    let log = 0;
    for (let at = 0; at < n; at++) {
      const datum = x[at];
      let total = 0;
      for (let k = 0; k < parts; k++) {
        const z = (datum - mean[k]) * scale[k];
        const value = Math.exp(logWeight[k] - z * z);
        term[k] = value;
        total += value;
      }
      log += Math.log(total);
      const factor = 1 / (n * total);
      for (let k = 0; k < parts; k++) {
        const d = datum - mean[k];
        const share = term[k] * factor;
        const lever = share * d;
        mass[k] += share;
        first[k] += lever;
        second[k] += lever * d;
      }
    }
    return -log / n;
  };

  return () => {
    for (let k = 0; k < parts; k++) {
      weight[k] = 1 / parts;
      mean[k] = k / 4 - 0.9;
      deviation[k] = 0.1;
    }
    let nll = responsibilities();
    for (let round = 0; round < 50; round++) {
      let total = 0;
      for (let k = 0; k < parts; k++) total += mass[k];
      for (let k = 0; k < parts; k++) {
        const shift = first[k] / mass[k];
        weight[k] = mass[k] / total;
        mean[k] += shift;
        deviation[k] = Math.max(Math.sqrt(second[k] / mass[k] - shift * shift), 1e-6);
      }
      nll = responsibilities();
    }
    return nll;
  };
}

/** Dimensions and length of the S4 kernels, and what they begin with. */
const [D, LEN] = [64, 16384];
function parts({ stateSpace: all }) {
  const sizes = { a: D * D, c: D, b: D, omega: D, low: D, basis: 2 * D * D };
  let at = 0;
  return Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, all.subarray(at, (at += size))]));
}

/** Some numbers of a kernel, near and far. */
function sampled(kernel, length = kernel.length) {
  let sum = 0;
  for (let at = 0; at < length; at += 1024) sum += kernel[at];
  return sum;
}

/** An inverse transform of half a spectrum, by fft.js: the real parts of that of the whole one. */
function inverse(size) {
  const transform = new FFT(size);
  const [whole, out] = [transform.createComplexArray(), transform.createComplexArray()];
  return (half) => {
    for (let at = 0; at < size + 2; at++) whole[at] = half[at];
    for (let l = size / 2 + 1; l < size; l++) {
      whole[2 * l] = half[2 * (size - l)];
      whole[2 * l + 1] = -half[2 * (size - l) + 1];
    }
    transform.inverseTransform(out, whole);
    return out;
  };
}

function cauchy(input) {
  const { a, c, b, omega, low, basis } = parts(input);
  const eps = 1 / LEN;
  let [power, square] = [new Float64Array(D * D), new Float64Array(D * D)];
  const truncated = new Float64Array(D);
  const half = new Float64Array(LEN + 2);
  const back = inverse(LEN);
  const count = omega.filter((w) => w >= 0).length;
  const [w, uu, alpha, gamma] = [0, 1, 2, 3].map(() => new Float64Array(count));
  return () => {
    // Of Ā^L − I, whose square is small where ε is: (I + P)² = I + (2P + P²). All are lower triangles.
    for (let at = 0; at < D * D; at++) power[at] = a[at];
    for (let n = 0; n < D; n++) power[n * D + n] -= 1;
    for (let length = 1; length < LEN; length *= 2) {
      for (let row = 0; row < D; row++) {
        const line = square.subarray(row * D, row * D + row + 1);
        for (let column = 0; column <= row; column++) line[column] = 2 * power[row * D + column];
        for (let k = 0; k <= row; k++) {
          const factor = power[row * D + k];
          for (let column = 0; column <= k; column++) line[column] += factor * power[k * D + column];
        }
      }
      [power, square] = [square, power];
    }
    for (let column = 0; column < D; column++) {
      let sum = 0;
      for (let row = column; row < D; row++) sum -= power[row * D + column] * c[row];
      truncated[column] = sum;
    }
    let at = 0;
    for (let n = 0; n < D; n++) {
      if (omega[n] < 0) continue;
      let [br, bi, cr, ci] = [0, 0, 0, 0];
      for (let row = 0; row < D; row++) {
        const [re, im] = [basis[2 * (row * D + n)], -basis[2 * (row * D + n) + 1]];
        br += re * b[row];
        bi += im * b[row];
        cr += re * truncated[row];
        ci += im * truncated[row];
      }
      const share = omega[n] > 0 ? 2 : 1;
      const [re, im] = [cr * br + ci * bi, cr * bi - ci * br];
      w[at] = omega[n];
      uu[at] = share * low[n] * low[n];
      alpha[at] = share * re;
      gamma[at] = share * (0.5 * re - omega[n] * im);
      at += 1;
    }
    for (let l = 0; l < LEN / 2; l++) {
      const tangent = Math.tan((Math.PI * l) / LEN);
      const tau = (2 / eps) * tangent;
      const squared = tau * tau;
      let [ur, ui, sr, si] = [0, 0, 0, 0];
      for (let k = 0; k < count; k++) {
        const r = 0.25 + (w[k] - tau) * (w[k] + tau);
        const below = 1 / (r * r + squared);
        const [above, turned] = [r * below, squared * below];
        sr += gamma[k] * above + alpha[k] * turned;
        si += alpha[k] * above - gamma[k] * below;
        ur += uu[k] * (0.5 * above + turned);
        ui += uu[k] * (above - 0.5 * below);
      }
      si *= tau;
      ui *= tau;
      ur += 1;
      const scale = 1 / (ur * ur + ui * ui);
      const [re, im] = [(sr * ur + si * ui) * scale, (si * ur - sr * ui) * scale];
      half[2 * l] = re - im * tangent;
      half[2 * l + 1] = im + re * tangent;
    }
    let hole = 0;
    for (let n = 0; n < D; n++) hole += truncated[n] * b[n];
    half[LEN] = 0.5 * eps * hole;
    half[LEN + 1] = 0;
    const out = back(half);
    let sum = 0;
    for (let k = 0; k < LEN; k += 1024) sum += out[2 * k];
    return sum;
  };
}

function powers(input) {
  const { a, c, b } = parts(input);
  const eps = 1 / LEN;
  // B̄ = (ε/2)(I + Ā)B, which is ε(I − εA/2)⁻¹B.
  const start = Float64Array.from({ length: D }, (_, row) => {
    let sum = b[row];
    for (let k = 0; k < D; k++) sum += a[row * D + k] * b[k];
    return 0.5 * eps * sum;
  });
  let [x, next] = [new Float64Array(D), new Float64Array(D)];
  const values = new Float64Array(LEN);
  return () => {
    x.set(start);
    for (let at = 0; at < LEN; at++) {
      let value = 0;
      for (let n = 0; n < D; n++) value += c[n] * x[n];
      values[at] = value;
      for (let row = 0; row < D; row++) {
        let sum = 0;
        for (let k = 0, place = row * D; k <= row; k++) sum += a[place + k] * x[k];
        next[row] = sum;
      }
      [x, next] = [next, x];
    }
    return sampled(values);
  };
}

function convolution() {
  const n = 65536;
  const [kernel, u] = [7919, 6271].map((factor) => Float64Array.from({ length: n }, (_, at) => (Math.imul(at, factor) >>> 0) % 1000 / 1000));
  const transform = new FFT(2 * n);
  const [left, right] = [0, 1].map(() => new Float64Array(2 * n));
  const [a, b, product] = [0, 1, 2].map(() => transform.createComplexArray());
  return () => {
    left.set(kernel);
    right.set(u);
    transform.realTransform(a, left);
    transform.realTransform(b, right);
    for (let at = 0; at <= 2 * n; at += 2) {
      product[at] = a[at] * b[at] - a[at + 1] * b[at + 1];
      product[at + 1] = a[at] * b[at + 1] + a[at + 1] * b[at];
    }
    transform.completeSpectrum(product);
    transform.inverseTransform(a, product);
    let sum = 0;
    for (let at = 0; at < n; at += 1024) sum += a[2 * at];
    return sum;
  };
}

function memory() {
  const u = Float64Array.from({ length: 10000 }, (_, at) => (Math.imul(at, 7919) >>> 0) % 1000 / 1000);
  const x = new Float64Array(D);
  return () => {
    x.fill(0);
    x[0] = u[0];
    for (let k = 1; k < u.length; k++) {
      const kappa = 2 * (k + 1);
      const ratio = (k + 1) / k;
      const keep = kappa * (1 + ratio);
      const input = (kappa * u[k]) / k;
      let sum = 0;
      for (let n = 0; n < D; n++) {
        const right = keep * x[n] + input;
        const pivot = 1 / (kappa + n + 1);
        x[n] = (right - sum) * pivot - ratio * x[n];
        sum = ((kappa - n) * sum + (2 * n + 1) * right) * pivot;
      }
    }
    let total = 0;
    for (let n = 0; n < D; n++) total += x[n] * Math.sqrt(2 * n + 1);
    return total;
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
  "Adam, 100 steps, 1e4 data × 32": adam,
  "EM, 50 rounds, 1e4 data × 8": expectation,
  "Cauchy kernel, 16384 × 64": cauchy,
  "power kernel, 16384 × 64": powers,
  "convolution of 65536": convolution,
  "online LegS, 10000 steps × 64": memory,
};
