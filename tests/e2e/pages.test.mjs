// What holds for the pages around the widgets: embeds, no script, links, silence.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DIST, frames, open, ready, start, walkThrough, watch } from "./browser.mjs";
import { serve } from "./server.mjs";
import { around, pageOf, widgets } from "./shelf.mjs";

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
  for (const path of [...around, "/w/softmax/", "/embed/v1/softmax/"]) {
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
  for (const path of [...around, ...widgets.map(pageOf)]) {
    const html = await readFile(join(DIST, path, "index.html"), "utf8");
    for (const [, target] of html.matchAll(/(?:href|src|srcset)="(\/[^"]*)"/g)) {
      const response = await fetch(stage.site.origin + target);
      assert.equal(response.status, 200, `${path} → ${target}`);
    }
  }
});

test("beside a link to a widget other sites find a picture of the right size", async () => {
  for (const widget of widgets) {
    const html = await readFile(join(DIST, pageOf(widget), "index.html"), "utf8");
    const [, address] = html.match(/<meta property="og:image" content="https:\/\/[^/]+(\/[^"]+)">/);
    const picture = await readFile(join(DIST, address));
    assert.deepEqual([picture.toString("latin1", 1, 4), picture.readUInt32BE(16), picture.readUInt32BE(20)], ["PNG", 1200, 630], address);
  }
});

test("the words of a page are in the reader's language alone once the program runs, and in both without it", async () => {
  for (const path of around) {
    const { page, complaints, close } = await open(stage, path, { lang: "en" });
    const shown = () => page.evaluate(() => [...document.querySelectorAll(".told [lang]")].filter((e) => e.checkVisibility()).map((e) => e.lang));
    assert.deepEqual([...new Set(await shown())], ["en"], path);
    assert.equal(await page.locator("h1:visible").count(), 1, path);
    await page.click("[data-act=language]");
    assert.deepEqual([...new Set(await shown())], ["zh-CN"], path);
    assert.deepEqual(complaints, [], path);
    await close();
    const still = await open(stage, path, { javaScriptEnabled: false });
    const text = await still.page.innerText("main");
    assert.ok(/\p{Script=Han}{4}/u.test(text) && /[a-z]{4} [a-z]{2}/.test(text), `${path}: both languages`);
    assert.equal(await still.page.locator(".find").filter({ visible: true }).count(), 0, "no field that does nothing");
    await still.close();
  }
});

test("the shelf shows each widget by its own figure, light or dark", async () => {
  for (const theme of ["light", "dark"]) {
    const { page, close } = await open(stage, "/", { theme });
    await walkThrough(page);
    const pictures = page.locator(".timeline img").filter({ visible: true });
    assert.equal(await pictures.count(), widgets.length);
    for (const each of await pictures.all()) {
      assert.match(await each.getAttribute("src"), new RegExp(`-${theme}\\.svg$`));
      assert.ok(await each.evaluate((img) => img.complete && img.naturalWidth > 0));
    }
    // All rows are equally high: the arcs of the roads end at them.
    const heights = await page.evaluate(() => [...document.querySelectorAll(".timeline > li")].map((row) => row.getBoundingClientRect().height));
    assert.ok(Math.max(...heights) - Math.min(...heights) < 1, `${heights}`);
    await close();
  }
});

test("roads lead from each widget to others, and back", async () => {
  for (const widget of widgets) {
    const { page, close } = await open(stage, pageOf(widget), { lang: "en" });
    const links = await page.locator(".roads a").evaluateAll((all) => all.map((a) => a.pathname));
    assert.ok(links.length > 0 && !links.includes(pageOf(widget)), widget.slug);
    for (const link of links) {
      const html = await readFile(join(DIST, link, "index.html"), "utf8");
      assert.ok(html.slice(html.indexOf("class=\"roads")).includes(`href="${pageOf(widget)}"`), `${link} leads back to ${widget.slug}`);
    }
    await close();
  }
});

test("what is searched for is found, in both languages, and leads to its step or figure", async () => {
  for (const [lang, query, title, place] of [
    ["zh", "水位", "为什么会有零？", /^\/w\/softmax\/\?step=\d+$/],
    ["zh", "旋转挡在哪里", "旋转挡在中间", /^\/w\/kv-cache\/\?step=\d+$/],
    ["en", "temperatures", "Temperature", /^\/w\/softmax\/\?step=\d+$/],
    ["en", "failures near", "Two failures: near and far", /^\/w\/extrapolation\/#panel-/],
  ]) {
    const { page, complaints, close } = await open(stage, "/", { lang });
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await frames(page);
    assert.deepEqual(asked, [], "nothing of the search is loaded before it is wanted");
    await page.focus("#find");
    await page.keyboard.insertText(query); // at once, as an input method does: one list comes, and stays
    const link = page.locator(".found a", { hasText: title }).first();
    await link.waitFor();
    assert.ok(asked.some((url) => /search-[0-9a-f]{16}\.json$/.test(url)));
    assert.match(await page.textContent(".find [role=status]"), lang === "zh" ? /找到 \d+ 处/ : /\d+ found/);
    // By keyboard alone: down into the list, on to the link, and along it.
    while (!(await link.evaluate((a) => a === document.activeElement))) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => place.test(url.pathname + url.search + url.hash));
    await ready(page);
    if (page.url().includes("step=")) assert.equal(await page.textContent(".tour .step h2"), title);
    assert.deepEqual(complaints, []);
    await close();
  }
});

test("the field says when nothing is found, and Escape empties it", async () => {
  const { page, close } = await open(stage, "/", { lang: "en" });
  await page.focus("#find");
  await page.keyboard.type("zzzyx");
  await page.waitForFunction(() => /Nothing found/.test(document.querySelector(".find [role=status]").textContent));
  await page.keyboard.press("Escape");
  assert.equal(await page.inputValue("#find"), "");
  assert.equal(await page.textContent(".find [role=status]"), "");
  await close();
});

test("a link to a figure brings it into view", async () => {
  const { page, close } = await open(stage, "/w/softmax/#panel-jacobian");
  await frames(page, 5);
  const { top, bottom } = await page.evaluate(() => document.getElementById("panel-jacobian").getBoundingClientRect());
  assert.ok(top < 800 && bottom > 0, `${top} … ${bottom}`);
  await close();
});

test("each stop of the afternoon opens its step", async () => {
  const html = await readFile(join(DIST, "afternoon", "index.html"), "utf8");
  const stops = [...html.matchAll(/href="(\/w\/[^"]+\?step=\d+)"><span lang="zh-CN">([^<]+)</g)];
  assert.ok(stops.length > 15, `${stops.length}`);
  for (const [, address, title] of stops.filter((_, at) => at % 4 === 0)) {
    const { page, close } = await open(stage, address);
    assert.equal(await page.textContent(".tour .step h2"), title, address);
    await close();
  }
});

test("on paper there are no controls, every ground is white, and links are addresses", async () => {
  for (const path of around) {
    const { page, close } = await open(stage, path, { theme: "dark" });
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".top, .site, .find").filter({ visible: true }).count(), 0, path);
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor), "rgb(255, 255, 255)", path);
    assert.match(await page.innerText(".on-paper"), /^https:\/\//, path);
    assert.equal(await page.locator(".timeline .dark").filter({ visible: true }).count(), 0);
    await close();
  }
  const { page, close } = await open(stage, "/afternoon/");
  await page.emulateMedia({ media: "print" });
  assert.match(await page.evaluate(() => getComputedStyle(document.querySelector(".stops a"), "::after").content), /step=/);
  await close();
});

test("the sitemap lists every page, and the feed every widget", async () => {
  const sitemap = await readFile(join(DIST, "sitemap.xml"), "utf8");
  const listed = [...sitemap.matchAll(/<loc>https:\/\/[^/]+([^<]+)<\/loc>/g)].map((match) => match[1]);
  assert.deepEqual(listed.sort(), [...around.filter((path) => path !== "/404/"), ...widgets.map(pageOf)].sort());
  const feed = await readFile(join(DIST, "feed.xml"), "utf8");
  for (const widget of widgets) assert.ok(feed.includes(`${pageOf(widget)}</id>`), widget.slug);
  assert.match(await readFile(join(DIST, "robots.txt"), "utf8"), /^Sitemap: https:\/\/.*sitemap\.xml$/m);
  assert.match(await readFile(join(DIST, "index.html"), "utf8"), /<link rel="alternate" type="application\/atom\+xml" href="[^"]*feed\.xml"/);
});

test("nothing is asked of a third party", async () => {
  const context = await stage.browser.newContext();
  const page = await context.newPage();
  const hosts = new Set();
  page.on("request", (request) => hosts.add(new URL(request.url()).origin));
  for (const path of [...around, ...widgets.map(pageOf)]) {
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
