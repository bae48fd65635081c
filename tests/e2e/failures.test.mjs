// When something fails that is not the reader's fault, the page says so or carries on.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { calm, frames, open, pictures, ready, start, walkThrough, watch } from "./browser.mjs";
import { serve } from "./server.mjs";
import { pageOf, widgets } from "./shelf.mjs";

let stage;
before(async () => { stage = await start(); });
after(async () => { await stage.close(); });

/** The first slider of a page, moved to one of its ends. */
const slide = (page, key) => page.locator("input[type=range]:visible").first().press(key);

for (const widget of widgets) {
  test(`${widget.slug}: a browser without SIMD, or one that cannot load the program, says so and keeps poster and words`, async () => {
    for (const [reason, prepare] of [
      ["simd", (page) => page.addInitScript(() => { WebAssembly.validate = () => false; })],
      ["load", (page) => page.route("**/*.wasm", (route) => route.abort())],
      ["load", (page) => page.route(new RegExp(`/${widget.slug}-[0-9a-f]{16}\\.js$`), (route) => route.fulfill({ status: 404, body: "gone" }))],
      ["load", (page) => page.route("**/*.wasm", (route) => route.fulfill({ status: 200, contentType: "application/wasm", body: "half a program" }))],
    ]) {
      const context = await stage.browser.newContext();
      const page = await context.newPage();
      await prepare(page);
      await page.goto(stage.site.origin + pageOf(widget));
      await page.waitForSelector(`#yansuan-failure:not([hidden]) [data-reason=${reason}]:not([hidden])`);
      assert.ok(await page.isVisible("img.poster"));
      assert.ok((await page.innerText("main")).length > 400, "the words stay");
      await context.close();
    }
  });

  test(`${widget.slug}: a panic shows a card with a way back and a report, on its own page only`, async () => {
    const frame = (id) => `<iframe title="${id}" id="${id}" width="700" height="500" src="${stage.site.origin}/embed/v1/${widget.slug}/"></iframe>`;
    const host = `<!doctype html><link rel="icon" href="data:,"><title>host</title>${frame("a")}${frame("b")}`;
    const other = await serve("/nonexistent", { "/": host });
    const context = await stage.browser.newContext({ viewport: { width: 900, height: 1200 } });
    const page = await context.newPage();
    try {
      await page.goto(other.origin);
      const [a, b] = await Promise.all(["#a", "#b"].map(async (id) => (await page.waitForSelector(id)).contentFrame()));
      await Promise.all([a, b].map((frame) => frame.waitForSelector("canvas[id]")));
      await a.evaluate(() => { try { window.dispatchEvent(new Event("yansuan:drill")); } catch {} });
      await a.waitForSelector(".failure");
      assert.match(await a.inputValue(".failure textarea"), /drill/);
      // In so low a window the slider and the figure are not in view together.
      const drawn = async (key) => {
        await slide(b, key);
        await walkThrough(b);
        await calm(b);
        return pictures(b);
      };
      const before = await drawn("Home");
      assert.notDeepEqual(await drawn("End"), before, "the other widget is alive");
      await a.click(".failure a.button");
      await a.waitForSelector("canvas[id]");
    } finally {
      await context.close();
      await other.close();
    }
  });

  test(`${widget.slug}: storage that throws, a clipboard that refuses, and an address that may not change`, async () => {
    const { page, complaints, close } = await open(stage, pageOf(widget), {
      lang: "en",
      before: (context) => context.addInitScript(() => {
        for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });
        Object.defineProperty(navigator, "clipboard", { value: { writeText: () => Promise.reject(new DOMException("no", "NotAllowedError")) } });
        History.prototype.replaceState = () => { throw new DOMException("too often", "SecurityError"); };
      }),
    });
    await page.click("[data-act=language]");
    await page.click("[data-act=language]");
    await page.click("[data-act=theme]");
    await slide(page, "End");
    await page.click("[data-act=share]");
    await page.click("dialog[open] .strong");
    await page.waitForFunction(() => /does not allow copying/.test(document.querySelector("dialog[open] [aria-live]").textContent));
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`${widget.slug}: a canvas that the browser takes away is drawn again when it comes back, and the page plays meanwhile`, async () => {
    const { page, complaints, close } = await open(stage, pageOf(widget), {
      before: (context) => context.addInitScript(() => {
        const real = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function context(...words) { return globalThis.isLost ? null : real.apply(this, words); };
      }),
    });
    await calm(page);
    const before = await pictures(page);
    const drawn = (await page.evaluate(() => [...document.querySelectorAll("canvas[id]")].filter((canvas) => canvas.getBoundingClientRect().top < innerHeight).map((canvas) => canvas.id)));
    assert.ok(drawn.length > 0);
    const said = await page.innerText("main");
    await page.evaluate(() => {
      globalThis.isLost = true;
      for (const canvas of document.querySelectorAll("canvas[id]")) {
        canvas.width = canvas.width; // wipes it, as the browser does
        canvas.dispatchEvent(new Event("contextlost"));
      }
    });
    assert.notEqual((await pictures(page))[drawn[0]], before[drawn[0]], "the picture is gone");
    await slide(page, "End");
    await calm(page);
    assert.notEqual(await page.innerText("main"), said, "the numbers still follow");
    await page.click("[data-act=undo]");
    await calm(page);
    await page.evaluate(() => {
      globalThis.isLost = false;
      for (const canvas of document.querySelectorAll("canvas[id]")) canvas.dispatchEvent(new Event("contextrestored"));
    });
    await frames(page);
    const again = await pictures(page);
    for (const id of drawn) assert.equal(again[id], before[id], `${id} is drawn again`);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("a panic on one page leaves the others of the site alone", async () => {
  const context = await stage.browser.newContext();
  const page = await context.newPage();
  await page.goto(stage.site.origin + pageOf(widgets[0]));
  await ready(page);
  await page.evaluate(() => { try { window.dispatchEvent(new Event("yansuan:drill")); } catch {} });
  await page.waitForSelector(".failure");
  const complaints = watch(page);
  await page.goto(`${stage.site.origin}/`);
  await ready(page);
  assert.deepEqual(complaints, []);
  await context.close();
});
