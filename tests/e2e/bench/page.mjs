// The page of the bench: everything that is compared stands on it, and is run when `bench.mjs` asks for it.
import init, { draw_heat, draw_lines, logits, names, paste, run, state_space } from "./yansuan_bench.js";
import { HEIGHT, SCALE, WIDTH, heat, lines, uplot } from "./drawings.mjs";
import { KERNELS } from "./kernels.mjs";

const [width, height] = [WIDTH * SCALE, HEIGHT * SCALE];
const stage = document.getElementById("stage");

/** A canvas of the one size. */
function canvas() {
  const made = document.createElement("canvas");
  made.style.width = `${WIDTH}px`;
  made.style.height = `${HEIGHT}px`;
  return made;
}

/** A drawing by the program, on a canvas of its own. */
const ours = (draw) => (place) => {
  const own = place.appendChild(canvas());
  return (moment) => draw(own, width, height, moment);
};

const byHand = (begin) => (place) => begin(place.appendChild(canvas()));

/** The colours of the ramp, read off one picture of the program, as numbers that a Uint32Array takes. */
function ramp() {
  const own = canvas();
  draw_heat(own, width, height, 22);
  const { data } = own.getContext("2d").getImageData(0, height / 2, width, 1);
  const seen = new Map();
  for (let at = 0; at < data.length; at += 4) seen.set(at / 4, (255 << 24) | (data[at + 2] << 16) | (data[at + 1] << 8) | data[at]);
  return Uint32Array.from({ length: 256 }, (_, at) => seen.get(Math.round((at / 255) * (width - 1))));
}

/** What is drawn, by name. Each gets a place on the page, and returns a function that draws the picture of a moment. */
const DRAWINGS = {
  nothing: () => () => {},
  "lines, ours": ours((own, w, h, moment) => draw_lines(own, w, h, moment, false)),
  "lines, canvas by hand": byHand((own) => lines(own, false)),
  "lines, uPlot": (place) => uplot(place, false),
  "dashed lines, ours": ours((own, w, h, moment) => draw_lines(own, w, h, moment, true)),
  "dashed lines, canvas by hand": byHand((own) => lines(own, true)),
  "dashed lines, uPlot": (place) => uplot(place, true),
  "heat map, ours": ours(draw_heat),
  "heat map, ImageData by hand": byHand((own) => heat(own, ramp())),
};

await init();
const input = { logits: logits(), paste: paste(), stateSpace: state_space() };
const tasks = {};
const places = {};

globalThis.bench = {
  names: names(),
  drawings: Object.keys(DRAWINGS),

  /** Runs a kernel of the program so many times; the number that it arrives at. */
  wasm: (index, runs) => run(index, runs),

  /** Runs its counterpart in JavaScript. */
  script(name, runs) {
    tasks[name] ??= KERNELS[name](input);
    let result;
    for (let at = 0; at < runs; at++) result = tasks[name]();
    return result;
  },

  /** Draws so many pictures, one a frame; only this drawing is on the screen. */
  async draw(name, count) {
    if (!places[name]) {
      const place = stage.appendChild(document.createElement("div"));
      places[name] = { place, draw: DRAWINGS[name](place) };
    }
    for (const [other, { place }] of Object.entries(places)) place.hidden = other !== name;
    const { draw } = places[name];
    for (let at = 0; at < count; at++) {
      await new Promise((next) => requestAnimationFrame(next));
      draw(at);
    }
    await new Promise((next) => requestAnimationFrame(next));
  },
};
