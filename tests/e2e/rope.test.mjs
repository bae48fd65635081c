// What RoPE brought to the player: scripts built from chips or written, dots that can be clicked, choices as a list.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { calm, open, pictures, start } from "./browser.mjs";

const PAGE = "/w/rope/?lang=en";

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

const SCRIPT = "[data-control=seq] input.script";
const tokens = (page) => page.textContent("[data-readout=tokens] dd");

/** Waits until the sequence is written so. */
const written = (page, script) => page.waitForFunction(([field, text]) => document.querySelector(field).value === text, [SCRIPT, script]);

test("a sequence is typed; a word that is wrong is named, stays to be mended, and changes nothing", async () => {
  await story(PAGE, {}, async (page) => {
    await page.fill(SCRIPT, "TEXT2，image2×5 text1");
    await page.press(SCRIPT, "Enter");
    await written(page, "text2 image2x5 text1");
    await calm(page);
    assert.equal(await tokens(page), "13");
    assert.equal(await page.locator("[data-control=seq] .word").count(), 3);
    await page.fill(SCRIPT, "text2 sound3");
    await page.press(SCRIPT, "Enter");
    await page.waitForFunction(() => document.querySelector("#wrong-seq").textContent.includes("sound"));
    assert.equal(await page.inputValue(SCRIPT), "text2 sound3");
    assert.equal(await tokens(page), "13");
  });
});

test("chips add, resize, move and take away, by pointer and by keys, and undo takes each back", async () => {
  await story(PAGE, {}, async (page) => {
    await page.locator("[data-control=seq] .chips .chip").last().click();
    await written(page, "text4 image3x4 text3 video3x3x4");
    const rows = page.locator("[data-control=seq] .word").nth(1).locator("input.size").first();
    await rows.focus();
    await page.keyboard.press("ArrowUp");
    await written(page, "text4 image4x4 text3 video3x3x4");
    assert.ok(await rows.evaluate((field) => field === document.activeElement), "the field keeps the focus");
    await page.locator("[data-control=seq] .word").nth(1).getByRole("button", { name: "Earlier" }).click();
    await written(page, "image4x4 text4 text3 video3x3x4");
    await page.locator("[data-control=seq] .word").nth(3).getByRole("button", { name: "Take away" }).click();
    await written(page, "image4x4 text4 text3");
    for (let step = 0; step < 4; step++) await page.click("[data-act=undo]");
    await written(page, "text4 image3x4 text3");
  });
});

test("a click on a dot makes it the query everywhere, and Enter does so under the cursor of the keys", async () => {
  await story(PAGE, {}, async (page) => {
    const canvas = page.locator("#canvas-map");
    const box = await canvas.boundingBox();
    const read = () => page.textContent("#read-map");
    // Along the diagonal of the plot until the readout names the first word after the picture.
    let found = false;
    for (let part = 0.5; part < 1 && !found; part += 0.004) {
      await page.mouse.move(box.x + box.width * (0.28 + 0.46 * part), box.y + box.height * (0.03 + 0.87 * part));
      found = (await read()).includes("(17, 17)");
    }
    assert.ok(found, "the word after the picture is at (17, 17)");
    await page.mouse.down();
    await page.mouse.up();
    await page.waitForFunction(() => location.search.includes("query=17"));
    await calm(page);
    assert.equal(await page.textContent("[data-readout=query-at] dd"), "(17, 17, 17)");
    await page.click("[data-act=undo]");
    await canvas.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("[data-control=query] input.number").value !== "10");
  });
});

test("a scheme is chosen from the list, and the map follows", async () => {
  await story(PAGE, {}, async (page) => {
    await calm(page);
    const before = await pictures(page);
    await page.selectOption("#control-a", "flat");
    await page.waitForFunction(() => location.search.includes("a=flat"));
    await calm(page);
    assert.notEqual((await pictures(page))["canvas-map"], before["canvas-map"]);
    assert.equal(await page.textContent("[data-readout=query-at] dd"), "10");
  });
});
