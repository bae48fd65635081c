// The widgets of the built site, as their manifests describe them, and states of them drawn by a seed.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DIST } from "./browser.mjs";

/** Every widget of the site. */
export const widgets = await Promise.all(
  (await readdir(join(DIST, "w"))).sort().map(async (slug) => JSON.parse(await readFile(join(DIST, "w", slug, "widget.json"), "utf8"))),
);

/** The address of a widget's page. */
export const pageOf = (widget) => `/w/${widget.slug}/`;

/** The pages around the widgets. */
export const around = ["/", "/afternoon/", "/checks/", "/about/", "/embedding/", "/404/"];

/** Every page of the site that is no widget's own. */
export const otherPages = () => [...around, ...widgets.map((widget) => `/embed/v1/${widget.slug}/`)];

/** The seed of this commit: other states each time, the same ones for the same commit. */
export const SHARE = Number(process.env.YANSUAN_SHARE ?? 0);

/** Whether everything is looked at, with `cargo xtask test --full`. */
export const IS_FULL = process.env.YANSUAN_FULL === "1";

/** The part of a long list that this run looks at: one of so many, or all of it. */
export const share = (list, parts) => (IS_FULL ? list : list.filter((_, at) => at % parts === SHARE % parts));

/** As many of a list as have their turn in this run, neighbours from another place on each time; or all. */
export const turn = (list, count) => (IS_FULL ? list : list.slice(0, count).map((_, at) => list[(SHARE + at) % list.length]));

/** A generator of numbers from 0 to 1 (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** One of a list. */
export const pick = (random, list) => list[Math.floor(random() * list.length)];

/** A legal value of a control, as addresses write it. */
export function randomValue(control, random) {
  switch (control.kind) {
    case "slider": {
      const at = random();
      // A slider whose range depends on the state shows little of a long legal one: mostly small numbers matter.
      const max = control.scale === "integer" && control.max > 1000 ? 12 : control.max;
      const value = control.scale === "log" ? control.min * (max / control.min) ** at : control.min + at * (max - control.min);
      return control.scale === "integer" ? String(Math.round(value)) : value.toPrecision(4);
    }
    case "toggle": return random() < 0.5 ? "0" : "1";
    case "choice": return pick(random, control.items);
    case "several": {
      const some = control.items.filter(() => random() < 0.5);
      return (some.length ? some : [pick(random, control.items)]).join(",");
    }
    case "vector": {
      const count = 1 + Math.floor(random() * Math.min(control.fields, 12));
      const numbers = Array.from({ length: count }, () => (control.from + random() * (control.to - control.from)).toFixed(1));
      return numbers.join(",");
    }
    case "script": {
      // Small sizes: a random long script would be over its limit more often than not.
      const word = ({ key, sizes }) => key + sizes.map(([min, max]) => min + Math.floor(random() * Math.min(9, max - min + 1))).join("x");
      return Array.from({ length: 1 + Math.floor(random() * 4) }, () => word(pick(random, control.words))).join(",");
    }
    case "seed": return String(Math.floor(random() * 1000));
    case "playhead": return String(Math.floor(random() ** 2 * Math.min(control.last, 2000)));
    default: throw new Error(`no random value is known for a ${control.kind}`);
  }
}

/** The query of a random state: about half of the controls differ from the opening scene, sometimes of a step or a preset. */
export function randomQuery(widget, random) {
  const parts = widget.controls.filter(() => random() < 0.5).map((control) => `${control.key}=${randomValue(control, random)}`);
  if (random() < 0.3) parts.push(`step=${1 + Math.floor(random() * widget.steps)}`);
  else if (random() < 0.3) parts.push(`preset=${pick(random, widget.presets).key}`);
  return parts.join("&");
}
