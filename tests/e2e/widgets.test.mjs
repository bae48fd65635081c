// What holds for every widget on its page: sliders, keys, links, undo, language, theme, voices, narrow screens.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFile } from "node:fs/promises";
import { frames, open, pictures, start, walkThrough } from "./browser.mjs";
import { around } from "./shelf.mjs";

const PAGE = "/w/softmax/";
let stage;
before(async () => { stage = await start(); });
after(async () => { await stage.close(); });

/** Opens a page, runs the story, and expects that nothing was reported to the console. */
async function story(path, options, tell) {
  const opened = await open(stage, path, options);
  try {
    await tell(opened.page);
    assert.deepEqual(opened.complaints, [], "the console is silent");
  } finally {
    await opened.close();
  }
}

const changed = (before, after) => Object.keys(after).filter((id) => before[id] !== after[id]);

test("every slider moves a picture, from end to end", async () => {
  // Every map is shown, so that every control matters.
  await story(`${PAGE}?maps=softmax,sparsemax,entmax,taylor,sparse,perturb&focus=entmax`, { height: 4200 }, async (page) => {
    await walkThrough(page);
    const sliders = page.locator("input[type=range]");
    const count = await sliders.count();
    assert.ok(count >= 7, `${count} sliders`);
    for (let at = 0; at < count; at++) {
      const slider = sliders.nth(at);
      const name = await slider.getAttribute("id");
      await slider.focus();
      await page.keyboard.press("Home");
      await frames(page);
      const low = await pictures(page);
      await page.keyboard.press("End");
      await page.waitForFunction(() => !document.querySelector("progress"));
      await frames(page);
      assert.notEqual(changed(low, await pictures(page)).length, 0, `${name} moves no picture`);
      await page.click("[data-act=reset]");
      await page.goto(page.url().split("?")[0] + "?maps=softmax,sparsemax,entmax,taylor,sparse,perturb&focus=entmax");
      await page.waitForSelector("canvas[id]");
      await walkThrough(page);
    }
  });
});

test("keys go the right way: Up, Right and PageUp increase, Home and End are the ends", async () => {
  await story(PAGE, {}, async (page) => {
    const value = () => page.inputValue("[data-control=alpha] input.number").then(Number);
    await page.focus("#control-alpha");
    for (const [up, down] of [["ArrowUp", "ArrowDown"], ["ArrowRight", "ArrowLeft"], ["PageUp", "PageDown"]]) {
      const before = await value();
      await page.keyboard.press(up);
      const more = await value();
      assert.ok(more > before, `${up} increases`);
      await page.keyboard.press(down);
      assert.ok(await value() < more, `${down} decreases`);
    }
    await page.keyboard.press("Home");
    assert.equal(await value(), 1);
    await page.keyboard.press("End");
    assert.equal(await value(), 4);
  });
});

test("a handle moves by keys and by dragging, and the score follows", async () => {
  await story(PAGE, {}, async (page) => {
    const handle = page.locator("#panel-level .handle").first();
    const score = () => page.inputValue("[data-control=x] .cell >> nth=0").then((text) => Number(text.replace("−", "-")));
    await handle.focus();
    await page.keyboard.press("ArrowUp");
    assert.equal(await score(), 2.1);
    await page.keyboard.press("Shift+ArrowDown");
    assert.equal(await score(), 1.1);
    const box = await handle.boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, y + 30, { steps: 4 });
    await page.mouse.up();
    await frames(page);
    assert.ok(await score() < 1.1, "down is less");
    await page.click("[data-act=undo]");
    assert.equal(await score(), 1.1, "a drag is undone as one");
  });
});

test("the keyboard alone completes the way through, guesses included", async () => {
  await story(PAGE, {}, async (page) => {
    await page.locator(".moves .strong").focus();
    await page.keyboard.press("Enter");
    const count = await page.locator(".beads button").count();
    assert.ok(count >= 5 && count <= 10);
    for (let step = 1; step <= count; step++) {
      await page.waitForSelector(`.beads li:nth-child(${step}) button[aria-current=step]`);
      assert.ok(page.url().includes(`step=${step}`) || await page.waitForFunction((n) => location.search.includes(`step=${n}`), step));
      if (await page.locator(".ask").count()) {
        await page.locator(".ask .answer").first().focus();
        await page.keyboard.press("Enter");
        await page.waitForSelector(".ask .after");
        assert.equal(await page.locator(".answer.right").count(), 1);
      }
      if (step < count) {
        await page.locator(".beads button[aria-current=step]").focus();
        await page.keyboard.press("ArrowRight");
      }
    }
  });
});

test("a link carries the exact state, and a bad one says what it changed", async () => {
  await story(`${PAGE}?alpha=2.5&x=1,0.25,-3&tau=0.5&lang=en`, {}, async (page) => {
    assert.equal(await page.inputValue("[data-control=alpha] input.number"), "2.50");
    assert.equal(await page.locator("[data-control=x] .cell").count(), 3);
    assert.ok(await page.locator(".notice").isHidden());
    await page.focus("#control-tau");
    await page.keyboard.press("Home");
    await page.waitForFunction(() => location.search === "?alpha=2.5&lang=en&tau=0.01&x=1,0.25,-3");
  });
  await story(`${PAGE}?alpha=99&tau=abc&lang=en`, {}, async (page) => {
    const said = await page.textContent(".notice");
    assert.match(said, /99/);
    assert.match(said, /Temperature.*abc/);
    await page.click(".notice .button");
    assert.ok(await page.locator(".notice").isHidden());
  });
});

test("undo, redo and reset travel through gestures", async () => {
  await story(PAGE, {}, async (page) => {
    const value = () => page.inputValue("[data-control=tau] input.number");
    await page.focus("#control-tau");
    await page.keyboard.press("End");
    assert.equal(await value(), "10.00");
    await page.keyboard.press("Control+z");
    assert.equal(await value(), "1.00");
    await page.keyboard.press("Control+Shift+z");
    assert.equal(await value(), "10.00");
    await page.click("[data-act=reset]");
    assert.equal(await value(), "1.00");
    await page.click("[data-act=undo]");
    assert.equal(await value(), "10.00");
  });
});

test("language and theme change everything at once and are kept", async () => {
  await story(PAGE, { lang: "zh" }, async (page) => {
    await walkThrough(page);
    const before = await pictures(page);
    assert.match(await page.textContent("h1"), /概率/);
    await page.click("[data-act=language]");
    await frames(page);
    assert.match(await page.textContent("h1"), /probabilities/);
    assert.equal(await page.getAttribute("html", "lang"), "en");
    const chinese = await page.evaluate(() => [...document.querySelectorAll("main *")].filter((e) => e.childElementCount === 0 && /[\u4e00-\u9fff]/.test(e.textContent) && !e.closest("[lang=zh-CN]")).map((e) => e.textContent));
    assert.deepEqual(chinese, [], "no Chinese is left in the English page");
    await page.click("[data-act=theme]");
    await frames(page);
    assert.equal(await page.getAttribute("html", "data-theme"), "dark");
    assert.ok(changed(before, await pictures(page)).includes("canvas-level"));
    await page.reload();
    await page.waitForSelector("canvas[id]");
    assert.equal(await page.getAttribute("html", "data-theme"), "dark");
    assert.equal(await page.getAttribute("html", "lang"), "en");
  });
});

test("a typed number that cannot be read is said at its field, and the old one stays", async () => {
  await story(`${PAGE}?lang=en`, {}, async (page) => {
    await page.fill("[data-control=tau] input.number", "warm");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("#wrong-tau").textContent.includes("warm"));
    assert.equal(await page.inputValue("[data-control=tau] input.number"), "1.00");
    await page.fill("[data-control=x] .cell >> nth=0", "NaN");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("#wrong-x").textContent.includes("NaN"));
  });
});

test("an arrow goes on from what has just been typed", async () => {
  await story(PAGE, {}, async (page) => {
    const cell = page.locator("[data-control=x] .cell").first();
    await cell.fill("3");
    await cell.press("ArrowUp");
    assert.equal(await cell.inputValue(), "3.1");
  });
});

test("a field that is hidden while it is being emptied says its number when it comes back", async () => {
  await story("/w/kv-cache/?kind=mla", {}, async (page) => {
    const field = page.locator("[data-control=dc] input.number");
    const number = await field.inputValue();
    const kinds = page.locator("[data-control=kind] input");
    const latent = await kinds.evaluateAll((ticks) => ticks.findIndex((tick) => tick.checked));
    await field.fill("");
    // By script: a pointer would take the focus from the field, and a browser tells that.
    await kinds.first().evaluate((tick) => tick.click());
    await field.waitFor({ state: "hidden" });
    await page.waitForFunction(() => document.activeElement === document.body);
    await kinds.nth(latent).evaluate((tick) => tick.click());
    await field.waitFor({ state: "visible" });
    assert.equal(await field.inputValue(), number);
  });
});

test("what is typed stays while a race plays, and steps that look alike still have their links", async () => {
  await story(`${PAGE}?draws=0`, { height: 4200 }, async (page) => {
    await page.click("[data-control=draws] .strong");
    await page.focus("[data-control=tau] input.number");
    await page.keyboard.type("2.5");
    await page.waitForFunction(() => Number(document.querySelector("[data-control=draws] input.number").value) > 30);
    assert.equal(await page.inputValue("[data-control=tau] input.number"), "2.5");
    await page.keyboard.press("Enter");
    await page.click("[data-act=reset]");
    await page.waitForFunction(() => location.search === "");
    await page.click(".beads li:nth-child(4) button");
    await page.waitForFunction(() => location.search === "?step=4");
    await page.click("[data-act=reset]");
    await page.waitForFunction(() => location.search === "");
  });
  await story(`${PAGE}?alpha=4&lang=en`, {}, async (page) => {
    await page.fill("[data-control=alpha] input.number", "7");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("#wrong-alpha").textContent.includes("7"));
  });
});

test("a million pasted numbers are drawn; a bad token is named with its place", async () => {
  await story(`${PAGE}?lang=en`, {}, async (page) => {
    const edit = page.locator("[data-control=x] button[aria-expanded]");
    await edit.click();
    await page.fill("[data-control=x] textarea", "1, 2\n3, four, 5");
    await page.click("[data-control=x] .paste .strong");
    await page.waitForFunction(() => document.querySelector("#wrong-x").textContent.includes("four"));
    assert.match(await page.textContent("#wrong-x"), /Number 4 \(line 2, column 4\)/);
    const before = await pictures(page);
    await page.evaluate(() => {
      const numbers = Array.from({ length: 1e6 }, (_, i) => ((i * 7919) % 100003) / 10000).join("\n");
      const data = new DataTransfer();
      data.setData("text", numbers);
      document.querySelector("[data-control=x] textarea").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await page.waitForFunction(() => document.querySelector("[data-control=x] .count").textContent.replaceAll(/\s/g, "").includes("1000000"));
    await page.waitForFunction(() => !document.querySelector("progress"));
    await frames(page);
    assert.ok(changed(before, await pictures(page)).includes("canvas-level"));
    assert.match(await page.textContent("[data-readout=support] dd"), /1000000/);
  });
});

test("the race plays, pauses, and stops by itself when nothing is left to draw", async () => {
  await story(`${PAGE}?draws=0`, { height: 2600 }, async (page) => {
    const draws = () => page.inputValue("[data-control=draws] input.number").then(Number);
    const button = page.locator("[data-control=draws] .strong");
    await button.click();
    await page.waitForFunction(() => Number(document.querySelector("[data-control=draws] input.number").value) > 20);
    await button.click();
    const paused = await draws();
    await frames(page, 10);
    assert.equal(await draws(), paused, "a paused race stands still");
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("Space");
    await page.waitForFunction((n) => Number(document.querySelector("[data-control=draws] input.number").value) > n, paused);
    await page.keyboard.press("Space");
  });
});

test("a property that fails says why where it is looked at, and shows its counter-example", async () => {
  await story(`${PAGE}?lang=en`, { height: 2600 }, async (page) => {
    const why = page.locator("#panel-properties .verdicts + .hint");
    assert.match(await why.innerText(), /^Point at a mark/);
    const failing = page.locator("#panel-properties tbody tr", { hasText: "Taylor" }).locator("button");
    await failing.first().hover();
    const first = await why.innerText();
    assert.doesNotMatch(first, /^Point at a mark/);
    await failing.nth(1).focus();
    assert.notEqual(await why.innerText(), first, "keys ask as a pointer does");
    await page.locator("#panel-properties tbody tr", { hasText: "Taylor" }).locator("button").first().click();
    await page.waitForSelector("[data-control=order]", { state: "visible" });
    assert.equal(await page.inputValue("[data-control=x] .cell >> nth=0"), "−1");
  });
});

test("terms of the formulas light up with their marks, both ways, and show the numbers of the moment", async () => {
  // The whole page is on the screen: a figure out of view is not drawn.
  await story(PAGE, { height: 4200 }, async (page) => {
    const formula = page.locator("[data-formula=level]");
    assert.equal(await formula.locator("[data-value=mass]").textContent(), "1.000");
    await page.locator("#panel-level .handle").last().focus();
    await page.waitForSelector("[data-formula=level] .term.lit");
    await page.keyboard.press("ArrowUp");
    await page.waitForFunction(() => document.querySelector("[data-formula=level] [data-value=mass]").textContent !== "1.000");
    await page.locator("#control-tau").focus();
    await page.waitForFunction(() => !document.querySelector(".term.lit"));
    await frames(page);
    const before = await pictures(page);
    await formula.locator("[data-term=level]").first().hover();
    await frames(page);
    assert.ok(changed(before, await pictures(page)).includes("canvas-level"), "the level line is drawn stronger");
    const canvas = await page.locator("#canvas-level").boundingBox();
    const handle = await page.locator("#panel-level .handle").last().boundingBox();
    await page.mouse.move(canvas.x + canvas.width * 0.62, handle.y + handle.height / 2);
    await page.waitForSelector("[data-formula=level] .term.lit");
    await page.mouse.move(canvas.x + canvas.width * 0.62, canvas.y + canvas.height * 0.8);
    await page.waitForFunction(() => !document.querySelector("[data-formula=level] .term.lit"));
  });
});

test("hover and arrow keys read the same values from a figure", async () => {
  await story(PAGE, { height: 2000 }, async (page) => {
    const canvas = page.locator("#canvas-probabilities");
    const box = await canvas.boundingBox();
    await page.mouse.move(box.x + box.width * 0.15, box.y + box.height / 2);
    await page.waitForFunction(() => document.querySelector("#read-probabilities").textContent.includes("softmax"));
    await page.mouse.move(0, 0);
    await canvas.focus();
    await page.keyboard.press("ArrowLeft");
    await page.waitForFunction(() => document.querySelector("#read-probabilities").textContent.includes("p₃"));
  });
});

test("CSV, SVG and PNG of a figure are offered as files", async () => {
  await story(`${PAGE}?lang=en`, { height: 1200 }, async (page) => {
    await page.click("#panel-probabilities details.data summary");
    for (const [label, ending, start] of [["CSV", "csv", "\ufeffseries,horizontal,probability p"], ["SVG", "svg", "<svg"], ["PNG", "png", "\ufffdPNG"]]) {
      const [download] = await Promise.all([page.waitForEvent("download"), page.click(`#panel-probabilities .data button:has-text("${label}")`)]);
      assert.equal(download.suggestedFilename(), `softmax-probabilities.${ending}`);
      assert.ok((await readFile(await download.path(), "utf8")).startsWith(start), label);
    }
  });
});

test("no sideways scroll at 320 px, and targets are large enough", async () => {
  for (const path of [...around, PAGE, "/embed/v1/softmax/"]) {
    await story(path, { width: 320, height: 700 }, async (page) => {
      await walkThrough(page);
      const { scroll, client } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth }));
      const wide = await page.evaluate(() => [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5).map((e) => `${e.tagName}.${e.className}`).slice(0, 5));
      assert.ok(scroll <= client, `${path}: ${scroll} > ${client}, ${wide}`);
    });
  }
});
