// What attention as an RNN brought to the player: a playhead over a length that changes, and cells that can be clicked and read.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { calm, open, start } from "./browser.mjs";

const PAGE = "/w/attention-rnn/?lang=en";
const STEP = "[data-control=s] input.number";

let stage;
before(async () => { stage = await start(); });
after(async () => { await stage.close(); });

/** Opens the page, plays a story on it, and holds the console to silence. */
async function story(path, options, play) {
  const { page, complaints, close } = await open(stage, path, { lang: "en", ...options });
  await play(page);
  assert.deepEqual(complaints, []);
  await close();
}

const step = (page) => page.inputValue(STEP).then(Number);

/** Waits until the playhead has passed a step. */
const past = (page, at) => page.waitForFunction(([field, at]) => Number(document.querySelector(field).value) > at, [STEP, at]);

test("the tape plays to its end and stops there; Home, End and arrows step", async () => {
  await story(`${PAGE}&tokens=4&s=6`, {}, async (page) => {
    await page.click("[data-control=s] .strong");
    await past(page, 9);
    await page.waitForFunction(() => document.querySelector("[data-control=s] .strong").textContent === "Play");
    assert.equal(await step(page), 10, "it ends with the last read of four tokens");
    await page.focus("[data-control=s] input[type=range]");
    await page.keyboard.press("Home");
    assert.equal(await step(page), 0);
    await page.keyboard.press("ArrowRight");
    assert.equal(await step(page), 1);
    await page.keyboard.press("End");
    assert.equal(await step(page), 10);
    await page.keyboard.press("ArrowLeft");
    await calm(page);
    assert.equal(await step(page), 9);
    await page.waitForFunction(() => new URLSearchParams(location.search).get("s") === "9");
  });
});

test("a key that is held is one step of undo, and a number is typed while it stands", async () => {
  await story(`${PAGE}&tokens=8&s=3`, {}, async (page) => {
    await page.focus("[data-control=s] input[type=range]");
    for (let turn = 0; turn < 5; turn += 1) await page.keyboard.down("ArrowRight");
    await page.keyboard.up("ArrowRight");
    assert.equal(await step(page), 8);
    await page.keyboard.press("Control+z");
    assert.equal(await step(page), 3);
    await page.click("[data-control=s] .strong");
    await past(page, 4);
    const field = page.locator("[data-control=s] input.number");
    await field.fill("30");
    await field.press("Enter");
    assert.equal(await step(page), 30);
    await calm(page);
    assert.deepEqual([await step(page), await page.textContent("[data-control=s] .strong")], [30, "Play"]);
  });
});

test("the dialog of the embed code leaves the controls as they were", async () => {
  await story(PAGE, {}, async (page) => {
    const chosen = () => page.locator("[data-control=form] input:checked").count();
    await page.click("[data-act=embed]");
    await page.waitForSelector("dialog[open] textarea");
    await page.locator("dialog[open] [name=embed-form]").last().check();
    await page.keyboard.press("Escape");
    assert.equal(await chosen(), 1);
    await page.locator("[data-control=form] input:not(:checked)").first().check();
    assert.deepEqual([await chosen(), await page.locator("dialog [name=embed-form]:checked").count()], [1, 1]);
  });
});

test("Space plays and pauses where no element has the focus", async () => {
  await story(`${PAGE}&tokens=32&s=0`, {}, async (page) => {
    await page.keyboard.press("Space");
    await past(page, 2);
    await page.keyboard.press("Space");
    await page.waitForFunction(() => document.querySelector("[data-control=s] .strong").textContent === "Play");
    const paused = await step(page);
    await calm(page);
    assert.equal(await step(page), paused);
  });
});

test("out of sight it stops", async () => {
  await story(`${PAGE}&tokens=32&s=0`, { width: 360, height: 640 }, async (page) => {
    await page.click("[data-control=s] .strong");
    await past(page, 1);
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await page.waitForFunction(() => document.querySelector("[data-control=s] .strong").textContent === "Play");
  });
});

test("with reduced motion it only steps", async () => {
  await story(PAGE, { reducedMotion: "reduce" }, async (page) => {
    assert.ok(await page.isDisabled("[data-control=s] .strong"));
    const before = await step(page);
    await page.getByRole("button", { name: "One on" }).first().click();
    assert.equal(await step(page), before + 1);
  });
});

test("fewer tokens shorten the tape, and the step stays on it", async () => {
  await story(`${PAGE}&tokens=6&s=21`, {}, async (page) => {
    await page.fill("[data-control=tokens] input.number", "3");
    await page.press("[data-control=tokens] input.number", "Enter");
    await calm(page);
    assert.equal(await step(page), 6);
    await page.focus("[data-control=s] input[type=range]");
    await page.keyboard.press("End");
    assert.equal(await step(page), 6);
  });
});

test("a click on a cell goes to its step, and the pointer reads its score", async () => {
  await story(`${PAGE}&tokens=4&s=1`, {}, async (page) => {
    const box = await page.locator("#canvas-triangle").boundingBox();
    // The lowest row, near its left end: the oldest key of the last query is the last step.
    await page.mouse.click(box.x + box.width * 0.1, box.y + box.height * 0.78);
    await page.waitForFunction((field) => document.querySelector(field).value === "10", STEP);
    assert.match(await page.textContent("#read-triangle"), /q₄ · k₁ = /);
  });
});

test("every step can be saved as a table", async () => {
  await story(`${PAGE}&tokens=4`, {}, async (page) => {
    await page.click("#panel-tape summary");
    // The table is made when the browser says that it is open.
    await page.waitForSelector("#panel-tape .table tbody tr");
    const head = await page.$$eval("#panel-tape .table th", (all) => all.map((each) => each.textContent));
    assert.deepEqual(head.slice(0, 7), ["s", "i", "t", "j", "score", "m", "z"]);
    assert.equal(await page.locator("#panel-tape .table tbody tr").count(), 10);
    for (const [label, ending, start] of [["CSV", "csv", "\ufeffs,i,t,j,score,m,z"], ["JSON", "json", "{"]]) {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.locator("#panel-tape").getByRole("button", { name: label, exact: true }).click(),
      ]);
      assert.equal(download.suggestedFilename(), `attention-rnn-tape.${ending}`);
      const text = await (await import("node:fs/promises")).readFile(await download.path(), "utf8");
      assert.ok(text.startsWith(start), text.slice(0, 60));
      if (ending === "json") assert.equal(JSON.parse(text).rows.length, 10);
    }
  });
});
