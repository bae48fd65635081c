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

/** By the names of `crates/bench/src/kernels.rs`. */
export const KERNELS = {
  "softmax, 1e6 logits": softmax,
  "sparsemax, 1e6 logits": sparsemax,
  "entmax-1.5, 1e6 logits": entmax15,
  "entmax-1.3, 1e6 logits": (input) => entmax(input, 1.3),
  "reading 1e5 pasted numbers": paste,
};
