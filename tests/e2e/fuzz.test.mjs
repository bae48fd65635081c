// Twenty thousand random inputs a widget; each commit tries others, the same commit the same ones. The long run: `cargo xtask fuzz`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start } from "./browser.mjs";
import { attack } from "./fuzz.mjs";
import { SHARE, widgets } from "./shelf.mjs";

const EVENTS = 20_000;

let stage;
before(async () => { stage = await start({}, { isPaced: true }); });
after(async () => { await stage.close(); });

for (const widget of widgets) {
  test(`${widget.slug} stands ${EVENTS} random inputs`, async () => {
    const found = await attack(stage, widget, { seed: SHARE, events: EVENTS });
    assert.equal(found, undefined, found);
    console.log(`gate · fuzz (browser) · ${widget.slug}: ${EVENTS} events, seed ${SHARE}, 0 complaints`);
  });
}
