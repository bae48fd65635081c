// Random real input on the built pages: mouse, two fingers, keys, rubbish typed and pasted, resizing, language, theme.
// `cargo xtask fuzz [--events N] [--seed N] [--widget SLUG] [--replay FILE]`; a failure prints its seed, the shortest list of events
// that still fails (a file for --replay), and a link to the state before it.
import { writeFile, readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { calm, frames, open, pictures, start, walkThrough } from "./browser.mjs";
import { SHARE, pageOf, pick, seeded, widgets } from "./shelf.mjs";

/** Events between two looks at the page's health. */
const ROUND = 250;
/** Events that are sent without waiting for each. */
const BUNCH = 25;
/** Milliseconds that shortening a failing list may take. */
const PATIENCE = 90_000;

const KEYS = [
  "Tab", "Tab", "Tab", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown", " ", "Enter", "Escape", "Backspace", "Delete", "z", "y", "?", "a", ".", "n", "q",
];
const RUBBISH = [
  "NaN", "inf", "-inf", "1e999", "-3.5", "0", "12", "1,5", "<img src=x onerror=alert(1)>", "\u202e1.2", "٣", "99999999999999999999", "1 2 3\n4, five", "", "💥", "--", "0.30000000000000004",
];

/** Draws the events of a run; the same seed draws the same ones. */
export function drawn(seed, count) {
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    const [kind, at, x, y] = [random(), random(), random(), random()];
    const path = () => Array.from({ length: 1 + Math.floor(random() * 6) }, () => [random(), random()]);
    if (kind < 0.22) return { do: "drag", at, x, y, path: path() };
    if (kind < 0.36) return { do: "click", at };
    if (kind < 0.46) return { do: "move", x, y };
    if (kind < 0.72) return { do: "key", key: pick(random, KEYS), modifiers: random() < 0.15 ? pick(random, [1, 2, 8, 10]) : 0 };
    if (kind < 0.77) return { do: "type", at, text: pick(random, RUBBISH) };
    if (kind < 0.83) return { do: "fingers", points: [[x, y], [random(), random()]], path: path() };
    if (kind < 0.88) return { do: "tap", at };
    if (kind < 0.94) return { do: "wheel", x, y, by: (random() - 0.5) * 2400 };
    if (kind < 0.96) return { do: "paste", at, text: pick(random, RUBBISH) };
    if (kind < 0.985) return { do: "choose", what: pick(random, ["language", "theme", "undo", "redo", "reset", "details", "step", "preset"]), at };
    if (kind < 0.995) return { do: "scroll", y };
    return { do: "resize", width: 280 + Math.round(x * 1320), height: 400 + Math.round(y * 700) };
  });
}

/** Runs in the page before it: nothing leads away from it, neither a link nor a finger that sweeps across, the browser's "back". */
const STAY = () => {
  addEventListener("click", (event) => { if (event.target.closest?.("a[href]")) event.preventDefault(); }, true);
  addEventListener("DOMContentLoaded", () => { document.documentElement.style.overscrollBehaviorX = "none"; });
  window.open = () => null;
};

/** The boxes of what can be touched and is in the window, `[x, y, width, height]`. */
const boxes = () => {
  const top = document.querySelector("dialog[open]") ?? document;
  return [...top.querySelectorAll("button, input, select, textarea, summary, label, canvas, .handle, a")]
    .map((element) => element.getBoundingClientRect())
    .filter((box) => box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth)
    .map((box) => [box.x, box.y, box.width, box.height]);
};

/** Plays events on a page; what is sent is not awaited one by one, as a hand does not wait either. */
async function play(page, session, events) {
  for (let from = 0; from < events.length; from += BUNCH) {
    const bunch = events.slice(from, from + BUNCH);
    const places = await page.evaluate(boxes);
    const size = page.viewportSize();
    const sent = [];
    const send = (method, parameters) => sent.push(session.send(method, parameters));
    const middle = (at) => {
      const box = places[Math.floor(at * places.length)];
      return box ? [box[0] + box[2] / 2, box[1] + box[3] / 2] : [size.width / 2, size.height / 2];
    };
    const within = ([x, y]) => [x * size.width, y * size.height];
    const mouse = (type, [x, y], more = {}) => send("Input.dispatchMouseEvent", { type, x, y, ...more });
    const button = { button: "left", clickCount: 1 };
    const touch = (type, points) => send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    for (const event of bunch) {
      if (event.do === "drag") {
        // Most drags begin on something, and stay near it.
        const [x, y] = middle(event.at);
        mouse("mousePressed", [x, y], button);
        for (const [dx, dy] of event.path) mouse("mouseMoved", [x + (dx - 0.5) * 400, y + (dy - 0.5) * 300], { buttons: 1 });
        mouse("mouseReleased", [x + (event.x - 0.5) * 400, y + (event.y - 0.5) * 300], button);
      } else if (event.do === "click") {
        mouse("mousePressed", middle(event.at), button);
        mouse("mouseReleased", middle(event.at), button);
      } else if (event.do === "move") {
        mouse("mouseMoved", within([event.x, event.y]));
      } else if (event.do === "key") {
        const text = event.key.length === 1 && event.modifiers === 0 ? event.key : undefined;
        send("Input.dispatchKeyEvent", { type: "keyDown", key: event.key, code: event.key, modifiers: event.modifiers, text: event.key === "Enter" ? "\r" : text });
        send("Input.dispatchKeyEvent", { type: "keyUp", key: event.key, code: event.key, modifiers: event.modifiers });
      } else if (event.do === "type") {
        mouse("mousePressed", middle(event.at), button);
        mouse("mouseReleased", middle(event.at), button);
        send("Input.insertText", { text: event.text });
        send("Input.dispatchKeyEvent", { type: "keyDown", key: "Enter", text: "\r" });
        send("Input.dispatchKeyEvent", { type: "keyUp", key: "Enter" });
      } else if (event.do === "fingers") {
        touch("touchStart", event.points.map(within));
        for (const [dx, dy] of event.path) touch("touchMove", event.points.map(([x, y]) => within([Math.min(1, x + dx / 8), Math.min(1, y + dy / 8)])));
        touch("touchEnd", []);
      } else if (event.do === "tap") {
        touch("touchStart", [middle(event.at)]);
        touch("touchEnd", []);
      } else if (event.do === "wheel") {
        mouse("mouseWheel", within([event.x, event.y]), { deltaX: 0, deltaY: event.by });
      } else {
        await arrived(page, sent.splice(0));
        await rare(page, event);
      }
    }
    await arrived(page, sent);
  }
}

/**
 * Waits until the browser has acknowledged what was sent, or has drawn as many pictures as in three seconds: now and then it never
 * acknowledges a touch or a move, though it goes on with all that follows.
 */
async function arrived(page, sent) {
  let isWaiting = true;
  const patience = async () => {
    for (let turn = 0; turn < 60 && isWaiting; turn += 1) await frames(page);
  };
  await Promise.race([Promise.all(sent), patience()]);
  isWaiting = false;
}

/** What needs more than a pointer or a key. */
async function rare(page, event) {
  if (event.do === "resize") return page.setViewportSize({ width: event.width, height: event.height });
  if (event.do === "scroll") return page.evaluate((y) => window.scrollTo(0, y * document.documentElement.scrollHeight), event.y);
  return page.evaluate(({ what, at, text }) => {
    const some = (selector) => { const all = [...document.querySelectorAll(selector)]; return all[Math.floor(at * all.length)]; };
    if (text !== undefined) {
      const data = new DataTransfer();
      data.setData("text", text);
      (document.activeElement ?? document.body).dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    } else if (what === "details") {
      const details = some("details");
      if (details) details.open = !details.open;
    } else {
      some({ step: ".beads button", preset: "[data-preset]" }[what] ?? `[data-act=${what}]`)?.click();
    }
  }, event);
}

/** What is wrong with the page now, whatever a reader did; it runs inside. */
export const ailing = () => {
  const wrong = [];
  if (document.querySelector(".failure")) wrong.push(`the error card: ${document.querySelector(".failure textarea")?.value}`);
  // What a reader wrote is quoted as it was written.
  const said = [...document.querySelectorAll("[aria-label], [aria-valuetext]")].map((element) => `${element.getAttribute("aria-label")} ${element.getAttribute("aria-valuetext") ?? ""}`);
  const text = `${document.body.innerText} ${said.join(" ")}`.replaceAll(/“[^”]*”/g, "");
  for (const word of ["NaN", "undefined", "Infinity", "[object"]) if (text.includes(word)) wrong.push(`the page says ${word}: ${text.slice(Math.max(0, text.indexOf(word) - 40), text.indexOf(word) + 40)}`);
  // One that was hidden while somebody typed in it says its number when it is shown again; until then nobody reads it.
  for (const field of document.querySelectorAll("input.number, input.cell")) {
    if (field !== document.activeElement && field.checkVisibility() && !/^[−-]?(∞|[\d.]+(×10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)?)$/.test(field.value)) wrong.push(`the field ${field.closest("[data-control]")?.dataset.control ?? field.getAttribute("aria-label")} reads ${JSON.stringify(field.value)}`);
  }
  const { scrollWidth, clientWidth } = document.documentElement;
  if (clientWidth >= 320 && scrollWidth > clientWidth) {
    const scrolls = (element) => element && element !== document.body && (getComputedStyle(element).overflowX !== "visible" || scrolls(element.parentElement));
    const outside = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right + scrollX > clientWidth + 1 && !scrolls(element.parentElement));
    const names = outside.slice(-3).map((element) => `${element.tagName}.${element.className} in ${element.parentElement.className}`);
    wrong.push(`the page is ${scrollWidth - clientWidth} px wider than its window of ${clientWidth}, ${document.documentElement.dataset.theme}: ${names}`);
  }
  return wrong;
};

/** A page under attack. */
async function opened(stage, path) {
  const { page, complaints, close } = await open(stage, path, { hasTouch: true, before: (context) => context.addInitScript(STAY) });
  // A link that opens another window would put this one into the background, where no picture is drawn.
  page.context().on("page", (other) => { if (other !== page) other.close().catch(() => {}); });
  page.on("dialog", (dialog) => { complaints.push(`a dialog of the browser: ${dialog.message()}`); dialog.dismiss().catch(() => {}); });
  const session = await page.context().newCDPSession(page);
  const home = new URL(page.url()).pathname;
  const left = () => (new URL(page.url()).pathname === home ? [] : [`the page was left for ${page.url()}`]);
  const health = async () => [...complaints, ...left(), ...await page.evaluate(ailing)];
  // The address carries the state, but not that of an embed: there, whoever shared it has a link in the first dialog, which follows.
  const link = () => page.evaluate(() => document.querySelector("dialog:has(.code) textarea")?.value ?? location.href);
  return { page, session, health, left, link, close };
}

/** Whether the page still answers: after a reset, a key on a slider moves a picture. */
async function answers({ page, session }) {
  // Whoever presents leaves first: then everything is there again.
  await page.evaluate(() => document.querySelector(".presenter button:last-child")?.click());
  // Two fingers may have enlarged it.
  await session.send("Emulation.resetPageScaleFactor");
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.evaluate(() => { document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close()); });
  await page.click("[data-act=reset]");
  await page.evaluate(() => window.scrollTo(0, 0));
  await walkThrough(page);
  const sliders = page.locator(".rail input[type=range]:visible");
  await sliders.first().focus();
  await page.keyboard.press("Home");
  await calm(page);
  const low = await pictures(page);
  await page.keyboard.press("End");
  await calm(page);
  const high = await pictures(page);
  return Object.keys(high).some((id) => low[id] !== high[id]) ? [] : ["a key on the first slider moves no picture any more"];
}

/** Whether these events make a fresh page fail that begins at a state. */
async function fails(stage, path, events) {
  const under = await opened(stage, path);
  try {
    await play(under.page, under.session, events);
    await frames(under.page);
    return (await under.health()).length > 0;
  } catch {
    return true;
  } finally {
    await under.close();
  }
}

/** The shortest part of a list that still fails, as far as patience goes. */
async function shortest(list, failing) {
  const end = Date.now() + PATIENCE;
  let left = list;
  for (let part = Math.ceil(left.length / 2); part >= 1; part = part === 1 ? 0 : Math.ceil(part / 2)) {
    for (let at = 0; at < left.length && Date.now() < end;) {
      const rest = [...left.slice(0, at), ...left.slice(at + part)];
      if (await failing(rest)) left = rest;
      else at += part;
    }
  }
  return left;
}

/** Attacks one widget, on its own page or another; returns nothing if it stands, else the report. */
export async function attack(stage, widget, { seed, events, path = pageOf(widget), tell = () => {} }) {
  const list = drawn(seed, events);
  const under = await opened(stage, path);
  let before = path;
  try {
    for (let at = 0; at < list.length; at += ROUND) {
      const round = list.slice(at, at + ROUND);
      let wrong;
      try {
        await play(under.page, under.session, round);
        await frames(under.page);
        wrong = await under.health();
      } catch (error) {
        wrong = [String(error), ...under.left()];
      }
      if (wrong.length) return await report(stage, widget, { seed, at, round, wrong, before });
      const link = new URL(await under.link());
      before = link.pathname + link.search;
      tell(at + round.length, under);
    }
    const wrong = [...await answers(under), ...await under.health()];
    return wrong.length ? report(stage, widget, { seed, at: list.length, round: [], wrong, before }) : undefined;
  } finally {
    await under.close();
  }
}

async function report(stage, widget, { seed, at, round, wrong, before }) {
  const again = round.length > 0 && await fails(stage, before, round);
  const left = again ? await shortest(round, (events) => fails(stage, before, events)) : round;
  const file = new URL(`../../shots/fuzz-${widget.slug}-${seed}.json`, import.meta.url).pathname;
  await writeFile(file, JSON.stringify({ path: before, events: left }, null, 1)).catch(() => {});
  return [
    `${widget.slug} fell between events ${at} and ${at + round.length} of seed ${seed}:`, ...wrong.slice(0, 5).map((line) => `  ${line}`),
    `The state before: ${before}`,
    again ? `From there these ${left.length} events do it:` : "From there the same events do not do it again; the last ones were:",
    ...left.slice(-30).map((event) => `  ${JSON.stringify(event)}`),
    `Replay: cargo xtask fuzz --replay ${file.replace(/^.*\/shots\//, "shots/")}`,
  ].join("\n");
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { values } = parseArgs({ options: { events: { type: "string", default: "20000" }, seed: { type: "string", default: String(SHARE) }, widget: { type: "string" }, replay: { type: "string" } } });
  const stage = await start();
  let failed = false;
  if (values.replay) {
    const { path, events } = JSON.parse(await readFile(values.replay, "utf8"));
    failed = await fails(stage, path, events);
    console.log(failed ? `It fails: ${path}` : `It holds: ${path}`);
  } else {
    for (const widget of widgets.filter(({ slug }) => !values.widget || slug === values.widget)) {
      const begun = Date.now();
      const heaps = [];
      const tell = async (count, { session }) => {
        if (count % 10_000) return;
        await session.send("HeapProfiler.collectGarbage");
        const { usedSize } = await session.send("Runtime.getHeapUsage");
        heaps.push(usedSize);
        console.log(`${widget.slug}: ${count} events, ${Math.round((Date.now() - begun) / 1000)} s, heap ${(usedSize / 1048576).toFixed(2)} MiB`);
      };
      const found = await attack(stage, widget, { seed: Number(values.seed), events: Number(values.events), tell });
      failed ||= Boolean(found);
      console.log(found ?? `gate · fuzz (browser) · ${widget.slug}: ${values.events} events, seed ${values.seed}, 0 complaints`);
    }
  }
  await stage.close();
  process.exit(failed ? 1 : 0);
}
