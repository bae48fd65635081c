// What Fourier densities brought to the player: a fit that is watched, a drawing that is fitted, and a file that falls on the page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { calm, frames, open, pictures, start } from "./browser.mjs";

const PAGE = "/w/fourier-density/?lang=en";
const ITERATION = "[data-control=iteration] input.number";

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

const readout = (page, key) => page.textContent(`[data-readout=${key}] dd`);
/** A readout as a number; a true minus sign is one. */
const number = async (page, key) => Number((await readout(page, key)).replace("−", "-"));

test("a fit plays downhill, and the link says which iteration", async () => {
  await story(`${PAGE}&from=trimodal&penalty=none&iteration=1`, { height: 1400 }, async (page) => {
    await calm(page);
    const early = await number(page, "nll");
    await page.click("[data-control=iteration] .strong");
    await page.waitForFunction((field) => Number(document.querySelector(field).value) > 8, ITERATION);
    await page.click("[data-control=iteration] .strong");
    await calm(page);
    assert.ok(await number(page, "nll") < early, "further on, the likelihood is better");
    const at = await page.inputValue(ITERATION);
    await page.waitForFunction((at) => new URLSearchParams(location.search).get("iteration") === at, at);
  });
});

test("a slider that moves starts the fit anew, and its picture does not wait for the race", async () => {
  await story(`${PAGE}&from=notebook&n=20000&iteration=400`, { height: 1400 }, async (page) => {
    await calm(page);
    const before = await pictures(page);
    await page.focus("[data-control=degree] input[type=range]");
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction((old) => document.querySelector("#canvas-density").toDataURL() !== old, before["canvas-density"]);
    assert.ok(await page.locator("progress").count() > 0, "the rest is still being computed");
    await calm(page);
    assert.equal(await page.locator("progress").count(), 0);
  });
});

test("a density is drawn by pointer and by keys, and the link carries it", async () => {
  await story(`${PAGE}&preset=draw`, { height: 1400 }, async (page) => {
    await calm(page);
    const handle = page.locator("#panel-density .handle").nth(5);
    const box = await handle.boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y - 60, { steps: 4 });
    await page.mouse.up();
    await calm(page);
    const drawn = await page.$$eval("[data-control=heights] input.cell", (all) => all.map((each) => Number(each.value)));
    assert.ok(drawn[5] > 0.7, `the sixth height rose from 0.4 to ${drawn[5]}`);
    await handle.focus();
    await page.keyboard.press("ArrowDown");
    await calm(page);
    assert.ok(Number(await page.inputValue("[data-control=heights] input.cell >> nth=5")) < drawn[5]);
    await page.waitForFunction(() => new URLSearchParams(location.search).get("heights")?.split(",").length === 11);
  });
});

/** Lets a file fall on an element, as a reader's hand would. */
async function letFall(page, selector, name, text) {
  await page.evaluate(([selector, name, text]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], name, { type: "text/csv" }));
    const target = document.querySelector(selector);
    for (const kind of ["dragover", "drop"]) {
      const event = new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true });
      target.dispatchEvent(event);
      if (!event.defaultPrevented) throw new Error(`the browser would open the file itself (${kind})`);
    }
  }, [selector, name, text]);
}

test("a CSV that falls on the page is fitted; outsiders are counted and bad rows named", async () => {
  await story(`${PAGE}&from=own`, { height: 1400 }, async (page) => {
    assert.equal(await readout(page, "nll"), "no data");
    await letFall(page, "[data-control=data] fieldset", "mine.csv", `${Array.from({ length: 20000 }, (_, i) => Math.sin(i) * 1.25).join("\n")}\n`);
    await page.waitForFunction(() => document.querySelector("[data-control=data] .count").textContent.replaceAll(/\s/g, "").includes("20000"));
    await calm(page);
    const outside = Array.from({ length: 20000 }, (_, i) => Math.sin(i) * 1.25).filter((x) => Math.abs(x) > 1).length;
    const said = async () => (await page.textContent("main")).replaceAll(/[\s\u202f]/g, "");
    assert.ok((await said()).includes(`Of20000numbers${outside}lieoutside`), "each one outside is counted");
    await page.getByRole("radio", { name: "rescaled to fit" }).check();
    // The sentence goes when the fit anew has come so far.
    await page.waitForFunction(() => !/lie\s+outside/.test(document.querySelector("main").textContent));
    await letFall(page, "[data-control=data] fieldset", "bad.csv", "0.1\n0.2\nthree\n0.4\n");
    await page.waitForFunction(() => document.querySelector("#wrong-data").textContent.includes("three"));
    assert.match(await page.textContent("#wrong-data"), /line 3/);
    await frames(page);
    assert.match((await page.textContent("[data-control=data] .count")).replaceAll(/\s/g, ""), /20000/, "what was there stays");
  });
});

test("roots are mirrored by a slider and by a press: the wave and its coefficients change, the density does not", async () => {
  await story(PAGE, { height: 3200 }, async (page) => {
    const told = (key) => page.locator(`[data-readout=${key}] dd`).innerText();
    await calm(page); // the opening fit goes on after the page plays, and draws as it goes
    const before = await pictures(page);
    assert.equal(await told("drift"), "0");
    await page.locator("[data-control=mirrored] input[type=range]").focus();
    for (let at = 0; at < 3; at++) await page.keyboard.press("ArrowRight");
    await calm(page);
    const after = await pictures(page);
    const changed = Object.keys(after).filter((id) => after[id] !== before[id]).sort();
    assert.deepEqual(changed, ["canvas-phasors", "canvas-roots", "canvas-wave"]);
    assert.match(await told("waves"), /^2[⁰¹²³⁴⁵⁶⁷⁸⁹]+$/);
    assert.match(await told("drift"), /×10⁻¹[³⁴⁵⁶⁷⁸⁹]$/);
  });
});
