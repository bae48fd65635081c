// `cargo xtask bench`: one table of ratios from one interleaved run. What is compared takes turns, so that whatever else the machine does
// meets all alike; a ratio is the median of the ratios of the turns, and its noise half the distance of their quartiles.
import { spawn } from "node:child_process";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { calm, frames, open, start, walkThrough } from "../browser.mjs";
import { serve } from "../server.mjs";
import { pageOf, widgets } from "../shelf.mjs";

const { values: options } = parseArgs({
  options: { turns: { type: "string", default: "15" }, only: { type: "string", default: "" }, events: { type: "string", default: "200" }, rates: { type: "string", default: "1,4" } },
});
const TURNS = Number(options.turns);
/** Seconds of processor time that one measurement takes, about. */
const SAMPLE = 0.08;
/** Pictures of a drawing in one measurement. */
const PICTURES = 40;
/** Events of a slider. */
const EVENTS = Number(options.events);

const sorted = (list) => [...list].sort((a, b) => a - b);
const quantile = (list, part) => { const all = sorted(list); const at = part * (all.length - 1); const low = Math.floor(at); return all[low] + (at - low) * ((all[low + 1] ?? all[low]) - all[low]); };
const median = (list) => quantile(list, 0.5);
const noise = (list) => (quantile(list, 0.75) - quantile(list, 0.25)) / 2 / median(list);
const geometric = (list) => Math.exp(list.reduce((sum, x) => sum + Math.log(x), 0) / list.length);

/** A number in three digits. */
const three = (x) => (x === 0 ? "0" : x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x >= 1 ? x.toFixed(2) : x.toFixed(3));
const times = (list) => `${three(median(list))} ±${Math.round(100 * noise(list))} %`;

/** Prints rows under a head, columns aligned. */
function table(title, head, rows) {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => String(row[column]).length)));
  const line = (row) => row.map((cell, column) => (column ? String(cell).padStart(widths[column]) : String(cell).padEnd(widths[column]))).join("  ");
  console.log(`\n${title}\n${line(head)}\n${widths.map((width) => "─".repeat(width)).join("  ")}`);
  for (const row of rows) console.log(line(row));
}

const misses = [];
/** How a figure stands to its goal. */
function against(what, figure, goal, unit = "") {
  if (figure > goal) misses.push(`${what}: ${three(figure)}${unit}, the goal is ${goal}${unit}`);
  return figure <= goal ? `≤ ${goal}${unit}` : `> ${goal}${unit}`;
}

/** Seconds that the main thread of a page has been on a processor. */
async function spent(session) {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "ThreadTime").value;
}

async function sessionOf(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  return session;
}

/** The native program, which answers one question at a time. */
function native(file) {
  const child = spawn(file, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (index, runs) => {
    child.stdin.write(`${index} ${runs}\n`);
    const { value } = await lines.next();
    const [seconds, result] = value.split(" ").map(Number);
    return { seconds, result };
  };
  return { ask, close: () => child.stdin.end() };
}

/** How many runs fill one measurement. The first ones warm it up: browsers compile twice. */
async function calibrated(measure) {
  let runs = 1;
  await measure(1);
  for (let seconds = 0; seconds < SAMPLE; ) {
    seconds = await measure(runs);
    if (seconds < SAMPLE) runs = Math.max(runs + 1, Math.ceil(Math.min(10, (1.2 * SAMPLE) / Math.max(seconds, 1e-4)) * runs));
  }
  return runs;
}

/** Takes turns; the time of one run for each who takes part, a list of turns. */
async function race(parts, turns = TURNS) {
  const runs = {};
  const laps = Object.fromEntries(Object.keys(parts).map((name) => [name, []]));
  for (const [name, measure] of Object.entries(parts)) runs[name] = await calibrated(measure);
  for (let turn = 0; turn < turns; turn++) {
    for (const [name, measure] of Object.entries(parts)) laps[name].push(await measure(runs[name]) / runs[name]);
  }
  return laps;
}

const ratios = (above, below) => above.map((time, turn) => time / below[turn]);

/** Kernels: natively, in WebAssembly, in JavaScript. */
async function kernels(page, session) {
  const machine = native(process.env.YANSUAN_BENCH_NATIVE);
  const rows = [];
  const [toNative, toScript] = [[], []];
  const goals = {
    "softmax, 1e6 logits": 2, "sparsemax, 1e6 logits": 1, "entmax-1.5, 1e6 logits": 6, "rotation of 4096 × 128": 0.3,
    "decay curve, 16384 × 64": 0.6, "causal attention, 1024 × 64": 7, "attention stream, 4096 keys × 64": 0.07,
    "Adam, 100 steps, 1e4 data × 32": 40, "EM, 50 rounds, 1e4 data × 8": 16,
    "Cauchy kernel, 16384 × 64": 1.3, "power kernel, 16384 × 64": 12, "convolution of 65536": 1.5, "online LegS, 10000 steps × 64": 3,
  };
  for (const [index, name] of (await page.evaluate(() => bench.names)).entries()) {
    const results = {};
    const inPage = (evaluate, key) => async (runs) => {
      const before = await spent(session);
      results[key] = await page.evaluate(evaluate, [index, name, runs]);
      return (await spent(session)) - before;
    };
    const laps = await race({
      native: async (runs) => { const { seconds, result } = await machine.ask(index, runs); results.native = result; return seconds; },
      wasm: inPage(([index, , runs]) => bench.wasm(index, runs), "wasm"),
      script: inPage(([, name, runs]) => bench.script(name, runs), "script"),
    });
    for (const key of ["wasm", "script"]) {
      const off = Math.abs(results[key] - results.native) / Math.max(1e-300, Math.abs(results.native));
      // Rotations are in single precision.
      if (!(off < 1e-5)) throw new Error(`${name}: ${key} arrives at ${results[key]}, the native kernel at ${results.native}`);
    }
    const [slow, fast] = [ratios(laps.wasm, laps.native), ratios(laps.script, laps.wasm)];
    toNative.push(median(slow));
    toScript.push(median(fast));
    const goal = goals[name] ? against(`${name}, ms`, 1e3 * median(laps.wasm), goals[name], " ms") : "";
    rows.push([name, three(1e3 * median(laps.native)), three(1e3 * median(laps.wasm)), three(1e3 * median(laps.script)), times(slow), against(`${name}, wasm / native`, median(slow), 1.5), times(fast), goal]);
    if (median(fast) < 1) misses.push(`${name}: slower than JavaScript (${three(median(fast))})`);
  }
  machine.close();
  rows.push(["geometric mean", "", "", "", three(geometric(toNative)), against("geometric mean, wasm / native", geometric(toNative), 1.25), three(geometric(toScript)), geometric(toScript) >= 4 ? "≥ 4" : "< 4"]);
  if (geometric(toScript) < 4) misses.push(`geometric mean of JavaScript / wasm: ${three(geometric(toScript))}, the goal is 4`);
  table("Kernels: processor time of one run, ms", ["kernel", "native", "wasm", "JS", "wasm / native", "goal", "JS / wasm", "goal, ms"], rows);
}

/** Redraws, above a page that draws nothing. */
async function drawings(page, session) {
  const names = await page.evaluate(() => bench.drawings);
  const laps = Object.fromEntries(names.map((name) => [name, []]));
  for (const name of names) await page.evaluate((name) => bench.draw(name, 60), name);
  for (let turn = 0; turn < TURNS; turn++) {
    for (const name of names) {
      const before = await spent(session);
      await page.evaluate(([name, count]) => bench.draw(name, count), [name, PICTURES]);
      laps[name].push(((await spent(session)) - before) / PICTURES);
    }
  }
  const above = (name) => laps[name].map((time, turn) => Math.max(1e-9, time - laps.nothing[turn]));
  const rows = [["nothing (an empty page)", three(1e3 * median(laps.nothing)), "", "", ""]];
  for (const [what, other, goal] of [
    ["lines", "canvas by hand", 1.1], ["lines", "uPlot", 0.6], ["dashed lines", "canvas by hand", 1.1], ["dashed lines", "uPlot", 0.6], ["heat map", "ImageData by hand", 1.1],
  ]) {
    const [ours, theirs] = [above(`${what}, ours`), above(`${what}, ${other}`)];
    const ratio = ratios(ours, theirs);
    rows.push([`${what} / ${other}`, three(1e3 * median(ours)), three(1e3 * median(theirs)), times(ratio), against(`${what} / ${other}`, median(ratio), goal)]);
  }
  table("Redraws: 5 × 1000 points, 256 × 256 values; processor time of the main thread above the empty page, ms", ["picture / compared with", "ours", "theirs", "ratio", "goal"], rows);
}

/** From the start of the page to a slider that moves a picture; it runs in the page before the program. */
const FIRST = () => {
  const look = new MutationObserver(() => {
    const canvas = document.querySelector("canvas[id]");
    const sliders = [...document.querySelectorAll("input[type=range]")].filter((slider) => slider.checkVisibility());
    if (!sliders.length || !canvas) return;
    look.disconnect();
    const frame = () => new Promise((next) => requestAnimationFrame(next));
    (async () => {
      // The first picture, then a move of a slider, then the next picture. A slider may stand at its end already, or move a figure
      // further down: then the next one is tried.
      while (canvas.width < 301) await frame();
      const before = canvas.toDataURL();
      for (let at = 0; ; at++) {
        const slider = sliders[Math.floor(at / 2) % sliders.length];
        slider.value = at % 2 ? slider.max : slider.min;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        for (let pictures = 0; pictures < 4; pictures++) {
          await frame();
          if (canvas.toDataURL() === before) continue;
          globalThis.firstLive = performance.now();
          return;
        }
      }
    })();
  });
  look.observe(document, { childList: true, subtree: true });
};

/** One visit: seconds until a slider is live, until something is painted, and of processor time. */
async function visit(context, address, { isSlow = false, isWidget = true } = {}) {
  const page = await context.newPage();
  const session = await sessionOf(page);
  if (isSlow) {
    await session.send("Network.enable");
    await session.send("Network.setCacheDisabled", { cacheDisabled: true });
    await session.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 });
    await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  }
  if (isWidget) await page.addInitScript(FIRST);
  await page.goto(address, { waitUntil: "load" });
  if (isWidget) await page.waitForFunction(() => globalThis.firstLive);
  else await frames(page, 1);
  const times = await page.evaluate(() => ({
    live: (globalThis.firstLive ?? performance.now()) / 1e3,
    painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime / 1e3,
  }));
  const seconds = await spent(session);
  await page.close();
  return { ...times, seconds };
}

/** The first live slider, warm and on a slow line with a slow processor. */
async function starts(stage, site) {
  const rows = [];
  const context = await stage.browser.newContext({ viewport: { width: 1280, height: 800 } });
  for (const widget of widgets) {
    const address = site.origin + pageOf(widget);
    const laps = { empty: [], warm: [], slow: [] };
    await visit(context, address);
    for (let turn = 0; turn < Math.ceil(TURNS / 2); turn++) {
      laps.empty.push(await visit(context, `${site.origin}/empty`, { isWidget: false }));
      laps.warm.push(await visit(context, address));
      laps.slow.push(await visit(context, address, { isSlow: true }));
    }
    const of = (who, what) => laps[who].map((each) => each[what]);
    const pair = ratios(of("warm", "live"), of("empty", "live"));
    rows.push([`${widget.slug}, warm: first live slider`, three(1e3 * median(of("warm", "live"))), three(1e3 * median(of("empty", "live"))), times(pair), against(`${widget.slug}, warm start`, 1e3 * median(of("warm", "live")), 400, " ms")]);
    rows.push([`${widget.slug}, warm: processor time`, three(1e3 * median(of("warm", "seconds"))), three(1e3 * median(of("empty", "seconds"))), times(ratios(of("warm", "seconds"), of("empty", "seconds"))), ""]);
    rows.push([`${widget.slug}, slow line, 4 × throttle: painted`, three(1e3 * median(of("slow", "painted"))), "", "", against(`${widget.slug}, painted on a slow line`, 1e3 * median(of("slow", "painted")), 1000, " ms")]);
    rows.push([`${widget.slug}, slow line, 4 × throttle: live`, three(1e3 * median(of("slow", "live"))), "", "", against(`${widget.slug}, live on a slow line`, 1e3 * median(of("slow", "live")), 3000, " ms")]);
  }
  await context.close();
  table("Start: from the navigation, ms (slow: 1.6 Mbit/s, 150 ms, nothing cached, brotli)", ["what", "ours", "empty page", "ratio", "goal"], rows);
}

/** Keeps the milliseconds from each key until its picture is on the screen; it runs in the page. */
const LATENCY = () => {
  const waiting = new Map();
  globalThis.latencies = [];
  globalThis.longTasks = 0;
  globalThis.until = (count) => new Promise((done) => (globalThis.latencies.length >= count ? done() : waiting.set(count, done)));
  new PerformanceObserver((list) => { globalThis.longTasks += list.getEntries().length; }).observe({ entryTypes: ["longtask"] });
  addEventListener("keydown", ({ timeStamp }) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      // After the frame: the program's own callback has run in it, and the picture has been handed on.
      port1.onmessage = () => waiting.get(globalThis.latencies.push(performance.now() - timeStamp))?.();
      port2.postMessage(0);
    });
  }, true);
};

/** From a key on each slider to its picture. */
async function latencies(stage) {
  const rows = [];
  for (const widget of widgets) {
    for (const rate of options.rates.split(",").map(Number)) {
      const { page, close } = await open(stage, pageOf(widget), { before: (context) => context.addInitScript(LATENCY) });
      const session = await sessionOf(page);
      await walkThrough(page);
      await calm(page);
      await session.send("Emulation.setCPUThrottlingRate", { rate });
      // By their names: moving one may show or hide others.
      const sliders = await page.locator("input[type=range]:visible").evaluateAll((all) => all.map(({ id }) => id));
      const worst = { p95: 0, name: "" };
      const all = [];
      let longTasks = 0;
      let seconds = 0;
      for (const id of sliders) {
        const slider = page.locator(`[id="${id}"]`);
        if (!(await slider.isVisible())) continue;
        await slider.focus();
        await calm(page);
        await page.evaluate(() => { globalThis.latencies.length = 0; globalThis.longTasks = 0; });
        const before = await spent(session);
        for (let event = 0; event < EVENTS; event++) {
          const key = event % 40 < 20 ? "ArrowRight" : "ArrowLeft";
          await session.send("Input.dispatchKeyEvent", { type: "keyDown", key, code: key });
          await page.evaluate((count) => globalThis.until(count), event + 1);
        }
        seconds += (await spent(session)) - before;
        const { list, long } = await page.evaluate(() => ({ list: globalThis.latencies, long: globalThis.longTasks }));
        longTasks += long;
        all.push(...list);
        const p95 = quantile(list, 0.95);
        if (p95 > worst.p95) Object.assign(worst, { p95, name: id });
      }
      const goal = rate === 1 ? 8 : 33;
      rows.push([`${widget.slug}, ${rate} × throttle, ${sliders.length} sliders`, three(median(all)), three(quantile(all, 0.95)), against(`${widget.slug}, input to picture at ${rate} ×, p95`, quantile(all, 0.95), goal, " ms"), `${three(worst.p95)} (${worst.name})`, longTasks, three((1e3 * seconds) / all.length)]);
      if (longTasks) misses.push(`${widget.slug}: ${longTasks} tasks of more than 50 ms at ${rate} ×`);
      await close();
    }
  }
  table(`Input to picture: ${EVENTS} keys on every slider, ms`, ["widget", "median", "p95", "goal", "worst slider, p95", "long tasks", "CPU an event"], rows);
}

const folder = process.env.YANSUAN_BENCH_WEB;
await mkdir(folder, { recursive: true });
const here = new URL(".", import.meta.url).pathname;
for (const name of ["page.mjs", "drawings.mjs", "kernels.mjs"]) await copyFile(join(here, name), join(folder, name));
await copyFile(join(createRequire(import.meta.url).resolve("uplot"), "../uPlot.esm.js"), join(folder, "uPlot.mjs"));
// It is written for Node's older kind of module.
const fft = await readFile(createRequire(import.meta.url).resolve("fft.js"), "utf8");
await writeFile(join(folder, "fft.mjs"), fft.replace("module.exports = FFT", "export default FFT"));
const HTML = `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>bench</title>`;
const stage = await start({}, { isPaced: false });
const compressed = await serve(process.env.YANSUAN_DIST, { "/empty": HTML }, { isCompressed: true });
const own = await serve(folder, { "/": `${HTML}<div id="stage"></div><script type="module" src="/page.mjs"></script>` });

const load = loadavg()[0];
const wants = (part) => !options.only || options.only.split(",").includes(part);
if (wants("kernels") || wants("drawings")) {
  const context = await stage.browser.newContext({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 });
  const page = await context.newPage();
  page.on("pageerror", (error) => { throw error; });
  await page.goto(own.origin);
  await page.waitForFunction(() => globalThis.bench);
  const session = await sessionOf(page);
  if (wants("kernels")) await kernels(page, session);
  if (wants("drawings")) await drawings(page, session);
  await context.close();
}
if (wants("starts")) await starts(stage, compressed);
if (wants("latencies")) await latencies(stage);

console.log(`\n${stage.browser.version()} on ${cpus().length} × ${cpus()[0].model}; ${TURNS} turns. Load of the machine before: ${load.toFixed(2)}, after: ${loadavg()[0].toFixed(2)}`);
console.log("± is half the distance of the quartiles of the turns' ratios: a difference smaller than that says nothing.");
console.log(misses.length ? `\nShort of its goal:\n${misses.map((line) => `  ${line}`).join("\n")}` : "\nEvery goal is reached.");
await stage.close();
await compressed.close();
await own.close();
