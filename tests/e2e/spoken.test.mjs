// What a screen reader is told: nothing on load, at most one message each half second, and every number that the page shows.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { frames, open, start } from "./browser.mjs";
import { pageOf, widgets } from "./shelf.mjs";

/** Milliseconds that must lie between two messages. */
const APART = 500;

let stage;
before(async () => { stage = await start(); });
after(async () => { await stage.close(); });

/** Notes every message of a live region, with the page's own time. */
const LISTEN = () => {
  globalThis.told = [];
  const live = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.("[aria-live]:not([aria-live=off]), [role=status], [role=alert], output");
  new MutationObserver((records) => {
    for (const target of new Set(records.map(({ target }) => live(target)).filter(Boolean))) {
      const words = target.textContent.trim();
      if (words) globalThis.told.push({ at: performance.now(), where: target.id || target.className || target.tagName, words });
    }
  }).observe(document, { childList: true, characterData: true, subtree: true });
};

const told = (page) => page.evaluate(() => globalThis.told.splice(0));

/** Moves the first slider of the rail, as a hand would that never rests. */
const slide = (page, part) => page.evaluate((part) => {
  const slider = [...document.querySelectorAll(".rail input[type=range]")].find((slider) => slider.checkVisibility());
  slider.value = String(Number(slider.min) + part * (Number(slider.max) - Number(slider.min)));
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}, part);

for (const widget of widgets) {
  for (const lang of ["zh", "en"]) {
    test(`${widget.slug}, ${lang}: one message each half second, with every number`, async () => {
      const { page, close } = await open(stage, pageOf(widget), {
        lang, before: async (context) => { await context.clock.install(); await context.addInitScript(LISTEN); },
      });
      await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1000));
      await page.clock.runFor(2000);
      // The list of the page's own words is written while it is built; nothing is announced after it stands.
      assert.deepEqual((await told(page)).filter(({ where }) => where === "spoken"), [], "nothing is announced on load");

      for (let at = 0; at < 80; at++) {
        await slide(page, ((at * 37) % 101) / 100);
        await page.clock.runFor(50);
      }
      await page.clock.runFor(1500);
      const messages = await told(page);
      assert.ok(messages.length >= 3, `a long gesture is told on the way: ${messages.length} messages`);
      const near = messages.slice(1).filter((message, at) => message.at - messages[at].at < APART);
      assert.deepEqual(near, [], "two messages within half a second");

      for (const part of [0, 0.3, 0.6, 1]) {
        const shown = () => page.$$eval("[data-readout] dd", (all) => all.map((each) => each.textContent));
        const before = { shown: await shown(), said: await page.textContent("#spoken") };
        await slide(page, part);
        await page.clock.runFor(1500);
        const now = { shown: await shown(), said: await page.textContent("#spoken") };
        for (const words of now.shown) assert.ok(now.said.includes(words), `“${words}” is not in “${now.said}”`);
        if (before.shown.join() !== now.shown.join()) assert.notEqual(now.said, before.said, "a number has changed, and nothing is said");
      }
      console.log(`gate · spoken · ${widget.slug} ${lang}: ${messages.length} messages in 4 s of dragging, at least ${Math.round(Math.min(...messages.slice(1).map((message, at) => message.at - messages[at].at)))} ms apart`);
      await close();
    });
  }

  const playhead = widget.controls.find(({ kind }) => kind === "playhead");
  if (playhead) {
    test(`${widget.slug}: a playhead says nothing while it plays, and one thing when it stops`, async () => {
      const { page, close } = await open(stage, `${pageOf(widget)}?${playhead.key}=0`, {
        lang: "en", height: 4200, before: async (context) => { await context.clock.install(); await context.addInitScript(LISTEN); },
      });
      await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1000));
      const toggle = () => page.evaluate((key) => document.querySelector(`[data-control=${key}] .strong`).click(), playhead.key);
      const place = () => page.inputValue(`[data-control=${playhead.key}] input.number`);
      await told(page);
      await toggle();
      await page.clock.runFor(100);
      const early = await place();
      await page.clock.runFor(3000);
      assert.notEqual(await place(), early, "it plays");
      assert.deepEqual((await told(page)).filter(({ at }) => at > 0), [], "while it plays");
      await toggle();
      await page.clock.runFor(3000);
      assert.equal((await told(page)).length, 1, "when it has stopped");
      await close();
    });
  }
}

test("hovering over a figure reads it out without a storm of messages", async () => {
  const { page, close } = await open(stage, pageOf(widgets[0]), { lang: "en", before: (context) => context.addInitScript(LISTEN) });
  await frames(page);
  const box = await page.locator("canvas[id]").first().boundingBox();
  await told(page);
  for (let at = 0; at < 40; at++) await page.mouse.move(box.x + (box.width * at) / 40, box.y + box.height / 2);
  await frames(page);
  // An `output` is a live region of its own accord; the figures' are not, their canvas is described by them.
  const storm = await page.$$eval("output", (all) => all.filter((each) => each.getAttribute("aria-live") !== "off").map((each) => each.id));
  assert.deepEqual(storm, [], "readings of a pointer are not announced");
  await close();
});
