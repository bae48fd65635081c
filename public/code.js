// A QR code of a link, drawn here: no address leaves the device. ISO/IEC 18004, bytes, levels L and M, all forty versions.

// By version: correction bytes a block, and blocks.
const EACH = {
  L: [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, ...Array(14).fill(30)],
  M: [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, ...Array(19).fill(28)],
};
const BLOCKS = {
  L: [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25],
  M: [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49],
};
const LEVEL = { L: 1, M: 0 }; // as the format bits name them
const QUIET = 4; // modules of white around

/** Bytes of a version, data and correction together. */
function room(version) {
  const rows = Math.floor(version / 7) + 2;
  const bits = (16 * version + 128) * version + 64 - (version < 2 ? 0 : (25 * rows - 10) * rows - 55 + (version < 7 ? 0 : 36));
  return bits >> 3;
}

/** Bytes of a version for data. */
const capacity = (version, level) => room(version) - EACH[level][version - 1] * BLOCKS[level][version - 1];

/** Product in GF(256) with x⁸ + x⁴ + x³ + x² + 1. */
function times(a, b) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) product = ((product << 1) ^ ((product >> 7) * 0x11d)) ^ (((b >> bit) & 1) * a);
  return product;
}

/** The generator polynomial of a degree, without its leading one. */
function generator(degree) {
  const out = [...Array(degree - 1).fill(0), 1];
  for (let at = 0, root = 1; at < degree; at++, root = times(root, 2)) {
    for (let i = 0; i < degree; i++) out[i] = times(out[i], root) ^ (out[i + 1] ?? 0);
  }
  return out;
}

/** The correction bytes of a block. */
function correction(block, divisor) {
  const rest = Array(divisor.length).fill(0);
  for (const byte of block) {
    const factor = byte ^ rest.shift();
    rest.push(0);
    divisor.forEach((each, at) => { rest[at] ^= times(each, factor); });
  }
  return rest;
}

/** Data and correction of all blocks, in turn. */
function interleaved(data, version, level) {
  const [each, count, all] = [EACH[level][version - 1], BLOCKS[level][version - 1], room(version)];
  const short = Math.floor(all / count) - each;
  const long = all % count; // so many blocks have a byte more, the last ones
  const divisor = generator(each);
  const blocks = Array.from({ length: count }, (_, at) => {
    const from = at * short + Math.max(0, at - (count - long));
    return data.slice(from, from + short + (at < count - long ? 0 : 1));
  });
  const checks = blocks.map((block) => correction(block, divisor));
  const turns = (lists, length) => Array.from({ length }, (_, at) => lists.map((list) => list[at])).flat().filter((byte) => byte !== undefined);
  return [...turns(blocks, short + 1), ...turns(checks, each)];
}

/** The data bytes of a text: kind, length, bytes, end, filling. */
function packed(bytes, version, size) {
  const bits = [];
  const put = (value, count) => { for (let bit = count - 1; bit >= 0; bit--) bits.push((value >> bit) & 1); };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  put(0, Math.min(4, size * 8 - bits.length));
  put(0, -bits.length & 7);
  const out = Array.from({ length: bits.length / 8 }, (_, at) => bits.slice(8 * at, 8 * at + 8).reduce((byte, bit) => byte * 2 + bit));
  for (let filling = 0xec; out.length < size; filling ^= 0xec ^ 0x11) out.push(filling);
  return out;
}

const MASKS = [
  (x, y) => (x + y) % 2, (x, y) => y % 2, (x) => x % 3, (x, y) => (x + y) % 3, (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3), (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

/** The places of the small squares along a side. */
function alignments(version, size) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = version === 32 ? 26 : Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, at) => size - 7 - (count - 2 - at) * step)];
}

/** What does not depend on the data; `fixed` marks its modules. */
function frame(version, size) {
  const dark = Array.from({ length: size }, () => Array(size).fill(false));
  const fixed = Array.from({ length: size }, () => Array(size).fill(false));
  const set = (x, y, on) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    dark[y][x] = on;
    fixed[y][x] = true;
  };
  for (let at = 0; at < size; at++) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  const rings = (x, y, radius, isDark) => {
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) set(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  };
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) rings(x, y, 4, (ring) => ring !== 2 && ring !== 4);
  const places = alignments(version, size);
  const last = places.length - 1;
  places.forEach((x, i) => places.forEach((y, j) => {
    if (!((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0))) rings(x, y, 2, (ring) => ring !== 1);
  }));
  if (version >= 7) {
    let rest = version;
    for (let bit = 0; bit < 12; bit++) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
    const bits = (version << 12) | rest;
    for (let bit = 0; bit < 18; bit++) {
      const [a, b] = [size - 11 + (bit % 3), Math.floor(bit / 3)];
      set(a, b, Boolean((bits >> bit) & 1));
      set(b, a, Boolean((bits >> bit) & 1));
    }
  }
  return { dark, fixed, set };
}

/** Level and mask, twice, and the module that is always dark. */
function name(set, size, level, mask) {
  const word = (LEVEL[level] << 3) | mask;
  let rest = word;
  for (let bit = 0; bit < 10; bit++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  const bits = ((word << 10) | rest) ^ 0x5412;
  for (let bit = 0; bit < 15; bit++) {
    const on = Boolean((bits >> bit) & 1);
    if (bit < 8) set(8, bit < 6 ? bit : bit + 1, on);
    else set(bit === 8 ? 7 : 14 - bit, 8, on);
    if (bit < 8) set(size - 1 - bit, 8, on);
    else set(8, size - 15 + bit, on);
  }
  set(8, size - 8, true);
}

/** How hard a pattern is to read: runs, squares of one colour, too much of one. */
function penalty(dark) {
  const size = dark.length;
  let sum = 0;
  let count = 0;
  for (let a = 0; a < size; a++) {
    for (const at of [(b) => dark[a][b], (b) => dark[b][a]]) {
      for (let b = 1, run = 1; b < size; b++) {
        run = at(b) === at(b - 1) ? run + 1 : 1;
        if (run === 5) sum += 3;
        else if (run > 5) sum += 1;
      }
    }
    for (let b = 0; b < size; b++) {
      count += dark[a][b];
      if (a && b && dark[a][b] === dark[a - 1][b] && dark[a][b] === dark[a][b - 1] && dark[a][b] === dark[a - 1][b - 1]) sum += 3;
    }
  }
  return sum + 10 * Math.floor(Math.abs(20 * count - 10 * size * size) / (size * size));
}

/** The modules of a text, rows from the top, true where dark; undefined where the text is too long for any code. */
export function modules(text) {
  const bytes = new TextEncoder().encode(text);
  const needed = (version) => bytes.length + (version < 10 ? 2 : 3);
  let version = 1;
  while (version <= 40 && needed(version) > capacity(version, "L")) version++;
  if (version > 40) return undefined;
  // The stronger level where it costs no module.
  const level = needed(version) <= capacity(version, "M") ? "M" : "L";
  const size = 17 + 4 * version;
  const data = interleaved(packed([...bytes], version, capacity(version, level)), version, level);
  const { dark, fixed, set } = frame(version, size);
  name(set, size, level, 0);
  let bit = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let down = 0; down < size; down++) {
      for (const x of [right, right - 1]) {
        const y = ((right + 1) & 2) === 0 ? size - 1 - down : down;
        if (fixed[y][x]) continue;
        dark[y][x] = Boolean((data[bit >> 3] >> (7 - (bit & 7))) & 1); // beyond the last byte: light
        bit++;
      }
    }
  }
  const masked = (mask) => dark.map((row, y) => row.map((on, x) => (fixed[y][x] ? on : on !== (MASKS[mask](x, y) === 0))));
  const tried = MASKS.map((_, mask) => {
    const found = masked(mask);
    name((x, y, on) => { found[y][x] = on; }, size, level, mask);
    return found;
  });
  const marks = tried.map(penalty);
  return tried[marks.indexOf(Math.min(...marks))];
}

/** The code as a picture with a name for those who cannot see it; undefined where the text is too long. */
export function picture(text, label) {
  const rows = modules(text);
  if (!rows) return undefined;
  const make = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const size = rows.length + 2 * QUIET;
  const svg = make("svg", { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges" });
  const path = rows.map((row, y) => row.map((on, x) => (on ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : "")).join("")).join("");
  svg.append(make("rect", { width: size, height: size, fill: "#fff" }), make("path", { d: path, fill: "#000" }));
  return svg;
}

const WORDS = {
  zh: { label: "这个链接的二维码", long: "链接太长，放不进二维码；请复制它。" },
  en: { label: "QR code of this link", long: "The link is too long for a QR code; please copy it." },
};

/** Puts the code of a link into a place, or says why there is none. */
export function draw(place, link) {
  const words = WORDS[document.documentElement.lang.slice(0, 2)] ?? WORDS.zh;
  place.replaceChildren(picture(link, words.label) ?? words.long);
}

/** The dialog with the link has been opened. */
export function run() {
  // Until this script has come, another one may have taken its place.
  const [place, field] = [".code", "textarea"].map((part) => document.querySelector(`dialog[open] ${part}`));
  if (place && field) draw(place, field.value);
}
