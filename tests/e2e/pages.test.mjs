// What holds for the pages around the widgets: embeds, no script, links, silence.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DIST, frames, open, ready, start, watch } from "./browser.mjs";
import { serve } from "./server.mjs";

let stage;
before(async () => { stage = await start(); });
after(async () => { await stage.close(); });

test("an embed plays inside a sandbox on another origin, and leaves its host alone", async () => {
  const host = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>host</title><button id="before">before</button><div style="height:600px"></div>
    <iframe title="widget" sandbox="allow-scripts" width="720" height="600" src="${stage.site.origin}/embed/v1/softmax/?lang=en&step=4"></iframe><button id="after">after</button>`;
  const other = await serve("/nonexistent", { "/": host });
  const context = await stage.browser.newContext({ viewport: { width: 900, height: 700 } });
  const page = await context.newPage();
  const complaints = watch(page);
  try {
    await page.goto(other.origin);
    await page.focus("#before");
    const frame = page.frames().find((frame) => frame.url().includes("/embed/"));
    await frame.waitForSelector("canvas[id]");
    assert.equal(await page.evaluate(() => document.activeElement.id), "before", "the focus stays with the host");
    assert.equal(await page.evaluate(() => window.scrollY), 0, "the host does not scroll");
    await page.locator("iframe").scrollIntoViewIfNeeded();
    const draw = () => frame.evaluate(() => document.querySelector("#canvas-level").toDataURL());
    await frames(page);
    const before = await draw();
    const url = frame.url();
    await frame.focus("#control-tau");
    await frame.press("#control-tau", "End");
    await frames(page, 5);
    assert.notEqual(await draw(), before, "a slider moves the picture");
    assert.equal(frame.url(), url, "an embed leaves its address alone");
    assert.deepEqual(complaints, [], "the console is silent");
  } finally {
    await context.close();
    await other.close();
  }
});

test("without JavaScript there are the poster and the words, in both languages", async () => {
  for (const path of ["/w/softmax/", "/embed/v1/softmax/"]) {
    const { page, complaints, close } = await open(stage, path, { javaScriptEnabled: false });
    const poster = page.locator("img.poster");
    assert.ok(await poster.evaluate((img) => img.complete && img.naturalWidth > 0), "the poster is there");
    assert.match(await poster.getAttribute("alt"), /水位.*level/s);
    const words = await page.textContent("main");
    assert.match(words, /为什么会有零/);
    assert.match(words, /Why zeros/);
    assert.deepEqual(complaints, []);
    await close();
  }
});

test("every page has its title, description, canonical link, language and one heading", async () => {
  for (const path of ["/", "/about/", "/404/", "/w/softmax/", "/embed/v1/softmax/"]) {
    const html = await readFile(join(DIST, path, "index.html"), "utf8");
    assert.match(html, /<html lang="zh-CN">/, path);
    assert.match(html, /<title>[^<]{4,}<\/title>/, path);
    assert.match(html, /<meta name="description" content="[^"]{8,}">/, path);
    assert.match(html, /<link rel="canonical" href="https:\/\/[^"]+">/, path);
    assert.equal(html.match(/<h1/g).length, 1, path);
    assert.ok(!/<script(?![^>]*src=)/.test(html), `${path}: an inline script`);
    assert.ok(!/ style="/.test(html), `${path}: an inline style`);
  }
});

test("every link and picture of the static pages leads somewhere", async () => {
  for (const path of ["/", "/about/", "/404/", "/w/softmax/"]) {
    const html = await readFile(join(DIST, path, "index.html"), "utf8");
    for (const [, target] of html.matchAll(/(?:href|src|srcset)="(\/[^"]*)"/g)) {
      const response = await fetch(stage.site.origin + target);
      assert.equal(response.status, 200, `${path} → ${target}`);
    }
  }
});

test("nothing is asked of a third party", async () => {
  const context = await stage.browser.newContext();
  const page = await context.newPage();
  const hosts = new Set();
  page.on("request", (request) => hosts.add(new URL(request.url()).origin));
  for (const path of ["/", "/w/softmax/", "/about/"]) {
    await page.goto(stage.site.origin + path);
    await ready(page);
  }
  assert.deepEqual([...hosts].filter((origin) => origin !== stage.site.origin && origin !== "null"), []);
  await context.close();
});

test("nothing moves by itself, and an idle page asks for no frames", async () => {
  const { page, close } = await open(stage, "/w/softmax/");
  await frames(page, 5);
  const asked = await page.evaluate(() => new Promise((done) => {
    const real = window.requestAnimationFrame.bind(window);
    let count = 0;
    window.requestAnimationFrame = (run) => { count += 1; return real(run); };
    let left = 60;
    const tick = () => (left-- > 0 ? real(tick) : done(count));
    real(tick);
  }));
  assert.equal(asked, 0);
  await close();
});
