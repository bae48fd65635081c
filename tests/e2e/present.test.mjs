// Presenting to a class: a clicker leads through the steps, the question before its answer; notes, QR codes, a link for a lesson.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DIST, calm, frames, open, ready, start, watch } from "./browser.mjs";
import { pageOf, pick, seeded, widgets } from "./shelf.mjs";

const jsQR = createRequire(import.meta.url)("jsqr");

let stage;
before(async () => { stage = await start(); });
after(async () => { await stage.close(); });

const talkOf = async (widget) => JSON.parse(await readFile(join(DIST, "w", widget.slug, "talk.json"), "utf8"));
const count = (page) => page.textContent(".presenter .count");

for (const widget of widgets) {
  test(`${widget.slug}: a clicker leads through every step, and each question comes before its answer`, async () => {
    const talk = await talkOf(widget);
    const { page, complaints, close } = await open(stage, pageOf(widget), { lang: "en", width: 1280, height: 720 });
    await page.click("[data-script=present]");
    await page.waitForSelector(".presenter");
    await page.keyboard.press("n");
    assert.equal(await page.getAttribute("html", "data-theme"), "projector");
    for (let step = 1; step <= widget.steps; step++) {
      await page.keyboard.press("PageDown");
      await page.waitForFunction((step) => document.querySelector(".presenter .count").textContent.startsWith(`${step} /`), step);
      await calm(page);
      assert.equal(await page.textContent(".talk p"), talk[step - 1].en, "the notes of this very step");
      assert.equal(await page.locator(".house .panel:visible").count(), 1, "one figure");
      const { overflow, lowest } = await page.evaluate(() => ({
        overflow: document.documentElement.scrollWidth - innerWidth,
        lowest: document.querySelector(".panel.told canvas, .lead canvas").getBoundingClientRect().bottom,
      }));
      assert.ok(overflow <= 0, `step ${step} is ${overflow} px too wide`);
      assert.ok(lowest <= 720, `the figure of step ${step} ends at ${lowest}`);
      if (await page.locator(".ask").count()) {
        assert.equal(await page.locator(".ask .after").count(), 0, "no answer yet");
        await page.keyboard.press("PageDown");
        await page.waitForSelector(".ask .after");
        assert.match(await count(page), new RegExp(`^${step} /`), "the answer belongs to the same step");
      }
    }
    await page.keyboard.press("PageDown");
    await frames(page);
    assert.match(await count(page), new RegExp(`^${widget.steps} /`), "after the last step it stays");
    await page.keyboard.press("PageUp");
    await page.waitForFunction((step) => document.querySelector(".presenter .count").textContent.startsWith(`${step} /`), widget.steps - 1);
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !document.querySelector(".presenter") && document.documentElement.dataset.theme === "light");
    assert.ok(await page.isVisible(".top"), "the page is as it was");
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("the page turns wherever the focus is, letters typed into a field stay letters, and a full stop blanks", async () => {
  const { page, complaints, close } = await open(stage, "/w/softmax/?present=1", { lang: "zh" });
  await page.waitForSelector(".presenter");
  await page.locator(".rail input[type=range]:visible").first().focus();
  const before = await page.inputValue(".rail input.number >> nth=0");
  await page.keyboard.press("PageDown");
  await page.waitForFunction(() => document.querySelector(".presenter .count").textContent.startsWith("1 /"));
  await page.keyboard.press("PageUp");
  assert.equal(await page.inputValue(".rail input.number >> nth=0"), before, "the slider was not moved");
  await page.keyboard.press("ArrowRight");
  await frames(page);
  assert.notEqual(await page.inputValue(".rail input.number >> nth=0"), before, "arrows still move it");
  await page.locator(".rail input.number:visible").first().fill("0.");
  await page.keyboard.press("5");
  assert.ok(!(await page.isVisible(".blank")), "a full stop in a number is one");
  await page.keyboard.press("Enter");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press(".");
  assert.ok(await page.isVisible(".blank"));
  await page.keyboard.press("PageDown");
  assert.ok(!(await page.isVisible(".blank")), "any page key lights it again");
  assert.deepEqual(complaints, []);
  await close();
});

test("notes stand in a window of their own, with the next title and the time", async () => {
  const { page, complaints, close } = await open(stage, "/w/softmax/?present=1&step=2", { lang: "en" });
  const talk = await talkOf({ slug: "softmax" });
  await page.waitForSelector(".presenter");
  const [popup] = await Promise.all([page.context().waitForEvent("page"), page.keyboard.press("w")]);
  await popup.waitForFunction((note) => document.body.textContent.includes(note), talk[1].en);
  assert.match(await popup.textContent("h1"), /^2 \/ \d+ · Temperature$/);
  assert.match(await popup.textContent("body"), /Next: Sure of itself/);
  assert.match(await popup.textContent("#time"), /^0:\d\d$/);
  // A clicker speaks to the window in front; keys sent to one behind another may never be acknowledged.
  await page.bringToFront();
  await page.keyboard.press("PageDown");
  await popup.waitForFunction((note) => document.body.textContent.includes(note), talk[2].en);
  const closed = popup.waitForEvent("close");
  await page.keyboard.press("Escape");
  await closed;
  assert.deepEqual(complaints, []);
  await close();
});

/** What another reader reads in the modules of a code. */
function decoded(rows, scale = 4, quiet = 4) {
  const side = (rows.length + 2 * quiet) * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (rows[Math.floor(y / scale) - quiet]?.[Math.floor(x / scale) - quiet]) pixels.fill(0, 4 * (y * side + x), 4 * (y * side + x) + 3);
    }
  }
  return jsQR(pixels, side, side)?.data;
}

test("what is drawn as a QR code is read back letter by letter, at every size", async () => {
  const { modules } = await import("../../public/code.js");
  const random = seeded(7);
  const letters = [..."abcdefghijklmnopqrstuvwxyz0123456789=&,.-/?:%"];
  const longest = [17, 32, 53, 78, 106, 134, 154, 192, 230, 271, 321, 367, 425, 458, 520, 586, 644, 718, 792, 858, 929, 1003, 1091, 1171, 1273, 1367, 1465, 1528, 1628, 1732, 1840, 1952, 2068, 2188, 2303, 2431, 2563, 2699, 2809, 2953];
  for (const [at, length] of longest.entries()) {
    const text = Array.from({ length }, () => pick(random, letters)).join("");
    const rows = modules(text);
    assert.equal(rows.length, 21 + 4 * at, `${length} bytes fill version ${at + 1}`);
    // The reader's table has a wrong number for version 23: it looks for a square at 74, and the standard has 78.
    if (at + 1 !== 23) assert.equal(decoded(rows), text, `version ${at + 1}`);
  }
  assert.equal(decoded(modules("演算 https://yansuan.example/")), "演算 https://yansuan.example/");
  assert.equal(modules("x".repeat(2954)), undefined);
});

/** The text of the code that the page shows. */
const shown = (page, place) => page.evaluate((place) => {
  const size = document.querySelector(`${place} svg`).viewBox.baseVal.width - 8;
  const rows = Array.from({ length: size }, () => Array(size).fill(false));
  for (const [, x, y] of document.querySelector(`${place} path`).getAttribute("d").matchAll(/M(\d+) (\d+)/g)) rows[y - 4][x - 4] = true;
  return rows;
}, place).then((rows) => decoded(rows));

test("the dialog with the link, and a key while presenting, show its code", async () => {
  const { page, complaints, close } = await open(stage, "/w/softmax/?tau=2", { lang: "en" });
  await page.click("[data-act=share]");
  await page.waitForSelector("dialog[open] .code svg");
  assert.equal(await shown(page, "dialog[open] .code"), await page.inputValue("dialog[open] textarea"));
  await page.keyboard.press("Escape");
  await page.click("[data-script=present]");
  await page.waitForSelector(".presenter");
  await page.keyboard.press("q");
  await page.waitForSelector(".sheet[open] svg");
  assert.match(await shown(page, ".sheet"), /\/w\/softmax\/\?tau=2$/);
  await page.keyboard.press("q");
  await page.waitForSelector(".sheet:not([open])", { state: "attached" });
  await page.keyboard.press("q");
  await page.waitForSelector(".sheet[open] svg");
  await page.keyboard.press("Escape");
  await frames(page);
  assert.ok(await page.isVisible(".presenter"), "Escape closes the code first");
  assert.deepEqual(complaints, []);
  await close();
});

test("a lesson shows the figures and controls that were ticked, in the state of the moment", async () => {
  const { page, complaints, close } = await open(stage, "/w/softmax/?tau=2", { lang: "en" });
  await page.click("[data-script=lesson]");
  await page.waitForSelector("dialog[open].lesson");
  await page.uncheck("dialog [name=jacobian]");
  await page.uncheck("dialog [name=tau]");
  await page.uncheck("dialog [name=notes]");
  const link = await page.inputValue("dialog[open] textarea");
  assert.match(link, /\?tau=2&hide=jacobian,tau,notes&lang=en$/);
  assert.equal(await shown(page, "dialog[open] .code"), link);
  for (const box of await page.locator("dialog.lesson fieldset >> nth=0").locator("input").all()) await box.uncheck();
  assert.match(await page.textContent("dialog.lesson"), /One figure must stay\./);
  await page.check("dialog [name=simplex]");
  assert.match(await page.inputValue("dialog[open] textarea"), /show=simplex&hide=tau,notes/);
  await page.goto(link);
  await ready(page);
  assert.equal(await page.locator("#panel-jacobian, [data-control=tau], .notes").count(), 0);
  assert.ok(await page.isVisible("#panel-probabilities"));
  assert.deepEqual(complaints, []);
  await close();
});

test("of a figure and a control that share a name, a lesson leaves out the one that was meant", async () => {
  const { page, complaints, close } = await open(stage, "/w/extrapolation/", { lang: "en" });
  await page.click("[data-script=lesson]");
  await page.waitForSelector("dialog[open].lesson");
  await page.locator("dialog.lesson fieldset >> nth=0").locator("[name=base]").uncheck();
  const link = await page.inputValue("dialog[open] textarea");
  assert.match(link, /\?hide=panel-base&lang=en$/);
  await page.goto(link);
  await ready(page);
  assert.deepEqual([await page.locator("#panel-base").count(), await page.locator("[data-control=base]").count()], [0, 1]);
  await page.goto(`${stage.site.origin}/w/cool-papers/?lang=en&hide=control-top`);
  await ready(page);
  assert.deepEqual([await page.locator("header.top").count(), await page.locator("[data-control=top]").count()], [1, 0]);
  assert.deepEqual(complaints, []);
  await close();
});

test("the code that a class sees keeps how its page is to be, but not that it is presented", async () => {
  const { page, complaints, close } = await open(stage, "/w/softmax/?tau=2&present=1&predict=1&links=0", { lang: "en" });
  await page.waitForSelector(".presenter");
  await page.keyboard.press("q");
  await page.waitForSelector(".sheet[open] svg");
  assert.match(await page.textContent(".sheet p"), /\/w\/softmax\/\?tau=2&predict=1&links=0$|\/w\/softmax\/\?tau=2&links=0&predict=1$/);
  assert.deepEqual(complaints, []);
  await close();
});

test("a lesson without a top line may open ready to be presented", async () => {
  const { page, complaints, close } = await open(stage, "/w/softmax/?hide=top&present=1", { lang: "en" });
  await page.waitForSelector(".presenter");
  assert.equal(await page.locator("header.top").count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

test("a notes window that was closed comes back with its notes, and hears the clicker", async () => {
  const { page, complaints, close } = await open(stage, "/w/softmax/?present=1&step=2", { lang: "en" });
  await page.waitForSelector(".presenter");
  const opened = async () => (await Promise.all([page.context().waitForEvent("page"), page.keyboard.press("w")]))[0];
  const first = await opened();
  await first.waitForSelector("h1");
  await first.close();
  await page.bringToFront();
  const second = await opened();
  await second.waitForSelector("h1");
  await second.bringToFront();
  await second.keyboard.press("PageDown");
  await second.waitForFunction(() => document.querySelector("h1").textContent.startsWith("3 / "));
  assert.deepEqual(complaints, []);
  await close();
});

test("from a file on a stick it presents too, with notes, codes and lessons", async () => {
  const context = await stage.browser.newContext({ locale: "zh-CN", offline: true });
  const page = await context.newPage();
  const complaints = watch(page);
  await page.goto(`${pathToFileURL(join(DIST, "offline", "softmax.html")).href}?present=1&step=1`);
  await page.waitForSelector(".presenter");
  await page.keyboard.press("n");
  assert.equal(await page.textContent(".talk p"), (await talkOf({ slug: "softmax" }))[0].zh);
  await page.keyboard.press("Escape");
  await page.click("[data-script=lesson]");
  await page.waitForSelector("dialog[open].lesson");
  assert.match(await page.inputValue("dialog[open] textarea"), /^https:\/\/yansuan\.example\/w\/softmax\/\?step=1&lang=zh$/);
  assert.equal(await shown(page, "dialog[open] .code"), await page.inputValue("dialog[open] textarea"));
  assert.deepEqual(complaints, []);
  await context.close();
});
