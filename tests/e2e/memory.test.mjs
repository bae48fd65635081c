// Memory: moving sliders leaves nothing behind, nor does a page that is left.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { calm, frames, open, ready, start, walkThrough } from "./browser.mjs";
import { pageOf, turn, widgets } from "./shelf.mjs";

let stage;
before(async () => { stage = await start(); });
after(async () => { await stage.close(); });

/** Keeps the memory of every program that the page starts. */
const KEEP = () => {
  const keep = (made) => { globalThis.programMemory = (made.instance ?? made).exports.memory; return made; };
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const real = WebAssembly[name].bind(WebAssembly);
    WebAssembly[name] = (...words) => real(...words).then(keep);
  }
};

/** What the page holds once nothing that can be collected is left. */
async function held(page, session) {
  const look = async () => {
    await session.send("HeapProfiler.collectGarbage");
    await frames(page);
    const { metrics } = await session.send("Performance.getMetrics");
    return (name) => metrics.find((each) => each.name === name).value;
  };
  // One collection frees what the next one finds: until nothing more goes.
  let metric = await look();
  for (let before = Infinity, round = 0; round < 12 && (round < 3 || metric("Nodes") < before); round++) {
    before = metric("Nodes");
    metric = await look();
  }
  return {
    wasm: await page.evaluate(() => globalThis.programMemory?.buffer.byteLength ?? 0),
    heap: metric("JSHeapUsedSize"),
    nodes: metric("Nodes"),
    listeners: metric("JSEventListeners"),
  };
}

async function measured(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  return session;
}

/** Moves all sliders that are shown, `count` times in all, a frame a move. */
async function slide(page, count) {
  return page.evaluate(async (count) => {
    const sliders = [...document.querySelectorAll("input[type=range]")].filter((slider) => slider.checkVisibility());
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    for (let at = 0; at < count; at++) {
      const slider = sliders[at % sliders.length];
      // Back and forth: every length of text and every number of marks comes again and again.
      slider.value = String((at * 37) % 1001);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      if (at % 16 === 15) slider.dispatchEvent(new Event("change", { bubbles: true }));
      await frame();
    }
    return sliders.length;
  }, count);
}

// Each commit looks at another.
for (const widget of turn(widgets, 1)) {
  test(`${widget.slug}: two thousand slider events leave nothing behind`, async () => {
    const { page, close } = await open(stage, pageOf(widget), { before: (context) => context.addInitScript(KEEP) });
    const session = await measured(page);
    await walkThrough(page);
    // The undo history is full, every buffer has been as long as it gets, the gaps between them have been as bad as they get (measured:
    // the last page of memory is taken before 3,000 events, and none in the 5,000 after that), and the browser has compiled what it will.
    // Each time the same moves, so that the page ends in the same state.
    for (let round = 0; round < 2; round++) assert.ok(await slide(page, 2000) > 0);
    await calm(page); // a long computation shows how far it is
    // How far long computations come between two moves is a matter of the machine, so a buffer may still be longer than ever once. What
    // is left behind by the moves themselves is left behind every time.
    let wrong = ["nothing was measured"];
    let before = await held(page, session);
    for (let round = 0; round < 4 && wrong.length; round++) {
      await slide(page, 2000);
      await calm(page);
      const last = await held(page, session);
      const grown = Object.fromEntries(Object.keys(before).map((name) => [name, last[name] - before[name]]));
      console.log(`gate · memory · ${widget.slug}: 2,000 slider events, wasm +${grown.wasm}, heap +${grown.heap}, nodes +${grown.nodes}, listeners +${grown.listeners}; wasm ${last.wasm >> 10} KiB`);
      wrong = Object.entries({ wasm: 0, heap: 64 * 1024, nodes: 0, listeners: 0 }).filter(([name, most]) => grown[name] > most).map(([name]) => `${name} grows by ${grown[name]}`);
      before = last;
    }
    assert.deepEqual(wrong, []);
    await close();
  });

  test(`${widget.slug}: fifty visits leave at most a megabyte`, async () => {
    const { page, close } = await open(stage, "/about/");
    const session = await measured(page);
    const visit = async () => {
      for (const path of [pageOf(widget), "/about/"]) {
        await page.goto(stage.site.origin + path);
        await ready(page);
      }
    };
    for (let warm = 0; warm < 5; warm++) await visit();
    const first = await held(page, session);
    for (let at = 0; at < 50; at++) await visit();
    const last = await held(page, session);
    console.log(`gate · memory · ${widget.slug}: 50 visits, heap +${last.heap - first.heap}, listeners +${last.listeners - first.listeners}`);
    assert.ok(last.heap - first.heap <= 1024 * 1024, `${last.heap - first.heap} bytes are left`);
    assert.ok(last.listeners - first.listeners <= 0, `${last.listeners - first.listeners} listeners are left`);
    await close();
  });
}
