// axe-core finds nothing, no rule disabled: pages, steps, answers, presets, dialogs, the error card, and random states.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { calm, frames, open, start } from "./browser.mjs";
import { IS_FULL, SHARE, otherPages, pageOf, randomQuery, seeded, share, widgets } from "./shelf.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const THEMES = ["light", "dark", "projector"];
/** Random states a widget, spread over three themes and two languages. */
const STATES = 200;

let stage;
let audited = 0;
before(async () => { stage = await start(); });
after(async () => {
  console.log(`gate · axe · 0 violations in ${audited} states`);
  await stage.close();
});

/** Holds the present state of a page to every rule. */
async function audit(page, name) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const found = await page.evaluate(async (tags) => {
    const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
    return violations.map((each) => `${each.id}: ${each.nodes.map((node) => `${node.target} ${node.failureSummary}`).slice(0, 3).join(" | ")}`);
  }, TAGS);
  assert.deepEqual(found, [], name);
  audited += 1;
}

/** Opens a page as a reader of this turn does: languages and themes take turns. */
function opened(path, turn) {
  return open(stage, path, { bypassCSP: true, theme: THEMES[turn % 3], lang: turn % 2 ? "en" : "zh" });
}

/** Whether a state is audited in this commit: half of them are, the other half in another commit. */
const hasTurn = (at) => IS_FULL || (SHARE + at) % 2 === 1;

test("every page of the site", async () => {
  for (const [index, path] of otherPages().entries()) {
    // Two languages in three themes, one of them for each page in each commit.
    for (const turn of IS_FULL ? [0, 1, 2, 3, 4, 5] : [(SHARE + index) % 6]) {
      const { page, close } = await opened(path, turn);
      await audit(page, `${path}, turn ${turn}`);
      await close();
    }
  }
});

for (const widget of widgets) {
  test(`${widget.slug}: opening state, every step and its answer, every preset`, async () => {
    const { page, close } = await opened(pageOf(widget), 0);
    await audit(page, "opening state");
    // Every state is visited, and half of them are audited.
    let states = 0;
    const visited = async (name) => {
      await calm(page);
      states += 1;
      if (hasTurn(states)) await audit(page, name);
    };
    for (let step = 0; step < widget.steps; step++) {
      await page.locator(".beads button").nth(step).click();
      await visited(`step ${step + 1}`);
      if (await page.locator(".ask").count()) {
        await page.locator(".ask .answer").last().click();
        await visited(`step ${step + 1}, answered`);
      }
      await page.click("[data-act=theme]");
      if (step % 2) await page.click("[data-act=language]");
    }
    for (const { key: preset } of widget.presets) {
      await page.click(`[data-preset=${preset}]`);
      await visited(`preset ${preset}`);
      await page.click("[data-act=theme]");
    }
    await close();
  });

  test(`${widget.slug}: dialogs, the open parts of the page, the error card`, async () => {
    const own = pageOf(widget);
    const presented = `${own}?present=1&step=${1 + Math.floor(widget.steps / 2)}`;
    const looks = [
      ...["share", "embed", "keys"].map((act) => [`dialog ${act}`, own, async (page) => {
        await page.click(`[data-act=${act}]`);
        await page.waitForSelector("dialog[open]");
      }]),
      ["dialog lesson", own, async (page) => {
        await page.click("[data-script=lesson]");
        await page.waitForSelector("dialog[open].lesson svg");
      }],
      ["presented", presented, async (page) => {
        await page.waitForSelector(".presenter");
        await page.keyboard.press("n");
      }],
      ["presented, with the code", presented, async (page) => {
        await page.waitForSelector(".presenter");
        await page.keyboard.press("q");
        await page.waitForSelector(".sheet[open] svg");
      }],
      ["everything open", own, async (page) => {
        await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
        // Each that is opened is no longer closed: always the first of those that are left.
        for (const closed = page.locator("button[aria-expanded=false]:visible"); await closed.count();) await closed.first().click();
      }],
      ["error card", own, async (page) => {
        await page.evaluate(() => { try { window.dispatchEvent(new Event("yansuan:drill")); } catch {} });
        await page.waitForSelector(".failure");
      }],
    ];
    for (const [turn, [name, path, prepare]] of looks.entries()) {
      if (!hasTurn(turn)) continue;
      const { page, close } = await opened(path, turn);
      await prepare(page);
      await calm(page);
      await audit(page, name);
      await close();
    }
  });

  test(`${widget.slug}: random states`, async () => {
    const random = seeded(1);
    const states = Array.from({ length: STATES }, (_, turn) => ({ turn, query: randomQuery(widget, random) }));
    // An audit takes seconds.
    for (const { turn, query } of share(states, 64)) {
      const { page, close } = await opened(`${pageOf(widget)}?${query}`, turn);
      await calm(page);
      await frames(page);
      await audit(page, `state ${turn}: ?${query}`);
      await close();
    }
  });
}
