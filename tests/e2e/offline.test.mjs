// Without a network: a widget as one file on a stick, the pages that have been seen, and a page on paper.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cp, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DIST, calm, frames, open, pictures, ready, start, watch } from "./browser.mjs";
import { serve } from "./server.mjs";
import { pageOf, widgets } from "./shelf.mjs";

let stage;
before(async () => { stage = await start(); });
after(async () => { await stage.close(); });

for (const widget of widgets) {
  test(`${widget.slug}: one file of at most a megabyte plays by a double click`, async () => {
    const file = join(DIST, "offline", `${widget.slug}.html`);
    const { size } = await stat(file);
    console.log(`gate · offline · ${widget.slug}: ${size} bytes (limit 1000000)`);
    assert.ok(size <= 1e6, `${size} bytes`);
    const context = await stage.browser.newContext({ locale: "en-GB", offline: true });
    const page = await context.newPage();
    const complaints = watch(page);
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    await ready(page);
    await calm(page);
    const before = await pictures(page);
    await page.locator("input[type=range]:visible").first().focus();
    await page.keyboard.press("Home");
    await calm(page);
    await page.keyboard.press("End");
    await calm(page);
    assert.notDeepEqual(await pictures(page), before, "a slider moves a picture");
    assert.ok(await page.evaluate(() => document.fonts.ready.then(() => document.querySelector("math") !== null)), "formulas are there");
    await page.click("[data-act=share]");
    assert.match(await page.inputValue("dialog[open] textarea"), /^https:\/\/yansuan\.example\/w\//, "a link leads to the site");
    assert.deepEqual(asked.filter((address) => !/^(file|data|blob):/.test(address)), [], "nothing is asked of a network");
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

/** A visit that keeps what it has seen. */
async function visited(site, path) {
  const context = await stage.browser.newContext({ locale: "en-GB", serviceWorkers: "allow" });
  const page = await context.newPage();
  await page.goto(site.origin + path);
  await ready(page);
  await page.waitForFunction(async () => {
    const cache = await caches.open("/");
    const kept = (await cache.keys()).map(({ url }) => url);
    return navigator.serviceWorker.controller && kept.some((url) => url.endsWith("_bg.wasm")) && kept.some((url) => url.endsWith("/"));
  });
  return { context, page };
}

test("a page that was seen once is there without a network, and plays", async (t) => {
  const site = await serve(DIST);
  const { context, page } = await visited(site, pageOf(widgets[0]));
  t.after(() => context.close());
  await site.close();
  await context.setOffline(true);
  await page.goto(`${site.origin}${pageOf(widgets[0])}?lang=en&step=2`);
  await ready(page);
  assert.equal(await page.getAttribute("html", "lang"), "en");
  assert.ok(await page.locator("canvas[id]").count() > 0);
  // A page that was never seen is not invented.
  await assert.rejects(page.goto(site.origin + pageOf(widgets[1])));
});

/** A visit to a site of its own, whose files the test may change; it ends with the test, whatever becomes of it. */
async function visitedCopy(t) {
  const folder = await mkdtemp(join(tmpdir(), "yansuan-"));
  await cp(DIST, folder, { recursive: true });
  const site = await serve(folder);
  t.after(async () => { await site.close(); await rm(folder, { recursive: true }); });
  const { context, page } = await visited(site, pageOf(widgets[0]));
  t.after(() => context.close());
  return { folder, page };
}

test("a new build forgets the old one whole: no page is a mixture of two", async (t) => {
  const { folder, page } = await visitedCopy(t);
  const kept = () => page.evaluate(async () => (await (await caches.open("/")).keys()).map(({ url }) => new URL(url).pathname));
  const old = (await kept()).find((path) => path.endsWith("_bg.wasm"));
  const worker = await readFile(join(folder, "sw.js"), "utf8");
  assert.ok(worker.includes(old.slice(1)), "the worker knows the files of its build");
  await writeFile(join(folder, "sw.js"), worker.replace(`"${old.slice(1)}",`, "").replace(`,"${old.slice(1)}"`, ""));
  await page.evaluate(() => navigator.serviceWorker.ready.then((registration) => registration.update()));
  await page.waitForFunction(async (old) => {
    const paths = (await (await caches.open("/")).keys()).map(({ url }) => new URL(url).pathname);
    return !paths.includes(old) && !paths.some((path) => path.endsWith("/"));
  }, old);
  assert.ok((await kept()).length > 0, "what both builds have stays");
});

test("a page of the new build that was open before its worker is kept by it", async (t) => {
  const { folder, page } = await visitedCopy(t);
  const file = join(folder, "sw.js");
  await writeFile(file, `${await readFile(file, "utf8")}\n// another build`);
  await page.evaluate(async () => {
    const taken = new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
    await (await navigator.serviceWorker.ready).update();
    await taken;
  });
  await page.waitForFunction(async () => (await (await caches.open("/")).keys()).some(({ url }) => new URL(url).pathname === location.pathname));
});

test("on paper there are the figures of the moment as lines, with their link", async () => {
  const { page, complaints, close } = await open(stage, "/w/softmax/?tau=2", { lang: "en" });
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await frames(page);
  const figures = await page.locator(".paper svg[role=img]").count();
  assert.equal(figures, await page.locator(".house canvas[id]").count(), "every figure");
  assert.ok(await page.locator(".paper svg").first().isVisible());
  assert.ok(!(await page.locator(".house").isVisible()));
  assert.match(await page.textContent(".paper > p"), /\/w\/softmax\/\?tau=2$/);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await frames(page);
  assert.equal(await page.locator(".paper svg").count(), 0, "and nothing is left of it");
  assert.deepEqual(complaints, []);
  await close();
});
