// Every page is photographed for a person to look at; here it is only held that each fits its width and reports nothing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start } from "./browser.mjs";
import { photograph } from "./shots.mjs";

let stage;
before(async () => { stage = await start(); });
after(async () => { await stage.close(); });

for (const path of ["/", "/about/", "/w/softmax/", "/embed/v1/softmax/"]) {
  test(`${path} fits every width in both languages and three themes`, async () => {
    assert.deepEqual(await photograph(stage, path), []);
  });
}
