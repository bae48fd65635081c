// Random inputs on every widget, twenty thousand in all, or twenty thousand each with `cargo xtask test --full`; each commit tries others, the
// same commit the same ones. The long run: `cargo xtask fuzz`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start } from "./browser.mjs";
import { attack } from "./fuzz.mjs";
import { IS_FULL, SHARE, pageOf, widgets } from "./shelf.mjs";

const EVENTS = IS_FULL ? 20_000 : Math.round(20_000 / widgets.length);
/** Those in an embed, and while it is presented. */
const ELSEWHERE = 1_500;

let stage;
before(async () => { stage = await start(); });
after(async () => { await stage.close(); });

for (const widget of widgets) {
  test(`${widget.slug} stands ${EVENTS} random inputs`, async () => {
    const found = await attack(stage, widget, { seed: SHARE, events: EVENTS });
    assert.equal(found, undefined, found);
    console.log(`gate · fuzz (browser) · ${widget.slug}: ${EVENTS} events, seed ${SHARE}, 0 complaints`);
  });
}

// Embeds and pages that are being presented are the same program: each commit attacks another widget there.
const some = widgets[SHARE % widgets.length];
for (const [where, path] of [["in an embed", `/embed/v1/${some.slug}/`], ["while it is presented", `${pageOf(some)}?present=1`]]) {
  test(`${some.slug} stands ${ELSEWHERE} random inputs ${where}`, async () => {
    const found = await attack(stage, some, { seed: SHARE, events: ELSEWHERE, path });
    assert.equal(found, undefined, found);
    console.log(`gate · fuzz (browser) · ${some.slug} ${where}: ${ELSEWHERE} events, seed ${SHARE}, 0 complaints`);
  });
}
