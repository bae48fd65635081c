// A program comes in two parts, and the second while the page plays: whoever is faster than the line waits for it, once, and is told if it
// cannot be had.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { calm, open, start } from "./browser.mjs";

const REST = /_rest\.wasm$/;

let stage;
before(async () => { stage = await start(); });
after(async () => { await stage.close(); });

/** Counts what is asked for of the second part, and does with it what `answer` says. */
const routed = (asked, answer) => async (context) => {
  await context.route(REST, (route) => { asked.push(route.request().resourceType()); return answer(route); });
};

test("an opening scene asks for the rest once, after its first picture, and then has all of it", async () => {
  const asked = [];
  const before = routed(asked, (route) => route.continue());
  const { page, complaints, close } = await open(stage, "/w/rope/?lang=en", { lang: "en", before });
  await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => name.endsWith("_rest.wasm")));
  const first = await page.evaluate(() => performance.getEntriesByType("resource").find(({ name }) => name.endsWith("_rest.wasm")).startTime);
  const painted = await page.evaluate(() => performance.getEntriesByType("paint").find(({ name }) => name === "first-contentful-paint").startTime);
  assert.ok(first > painted, `${first} ms, and the first paint at ${painted} ms`);
  await page.click("[data-act=embed]");
  await page.waitForSelector("dialog[open] textarea");
  assert.deepEqual([asked, complaints], [["fetch"], []]);
  await close();
});

test("pressed before the rest has come, a button brings it at once", async () => {
  const asked = [];
  // What is asked for in the background never comes.
  const before = routed(asked, (route) => (route.request().resourceType() === "fetch" ? undefined : route.continue()));
  const { page, complaints, close } = await open(stage, "/w/rope/?lang=en", { lang: "en", before });
  await page.click("[data-act=embed]");
  await page.waitForSelector("dialog[open] textarea");
  assert.match(await page.inputValue("dialog[open] textarea"), /<iframe /);
  await page.keyboard.press("Escape");
  await page.click("[data-act=keys]");
  await page.waitForSelector("dialog[open] li");
  assert.deepEqual([asked.filter((kind) => kind === "xhr"), complaints], [["xhr"], []]);
  await close();
});

test("a state in the address comes with all of the program", async () => {
  const asked = [];
  const before = routed(asked, (route) => route.continue());
  const { page, complaints, close } = await open(stage, "/w/rope/?lang=en&step=3", { lang: "en", before });
  await calm(page);
  await page.click("[data-act=share]");
  await page.waitForSelector("dialog[open] textarea");
  assert.deepEqual([asked, complaints], [["fetch"], []]);
  await close();
});

test("where nothing long is compiled while the page waits, all of the program comes first", async () => {
  // As Chrome and Edge were before version 114.
  const older = async (context) => context.addInitScript(() => {
    const { Module } = WebAssembly;
    WebAssembly.Module = new Proxy(Module, {
      construct(target, [bytes]) {
        if (bytes.byteLength > 4096) throw new RangeError("WebAssembly.Compile is disallowed on the main thread, if the buffer size is larger than 4KB.");
        return new target(bytes);
      },
    });
  });
  for (const path of ["/w/rope/?lang=en", "/w/rope/?lang=en&step=3"]) {
    const { page, complaints, close } = await open(stage, path, { lang: "en", before: older });
    await page.focus("#control-query");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Control+z");
    await page.click("[data-act=embed]");
    await page.waitForSelector("dialog[open] textarea");
    assert.deepEqual(complaints, [], path);
    await close();
  }
});

test("a rest that is not there is said, where the page cannot do without", async () => {
  const before = routed([], (route) => route.fulfill({ status: 503, body: "later" }));
  const context = await stage.browser.newContext({ serviceWorkers: "block" });
  await before(context);
  const page = await context.newPage();
  await page.goto(`${stage.site.origin}/w/rope/?lang=en&step=3`);
  await page.locator("#yansuan-failure [data-reason=load]").first().waitFor();
  await context.close();
});

test("a rest that cannot be had is said, the page stays, and it is asked for again", async () => {
  let isThere = false;
  const before = routed([], (route) => (isThere ? route.continue() : route.abort()));
  const { page, close } = await open(stage, "/w/rope/?lang=en", { lang: "en", before });
  const note = page.locator("#yansuan-failure");
  await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => name.endsWith("_rest.wasm")));
  assert.equal(await note.isVisible(), false, "nobody needed it yet");
  await page.click("[data-act=embed]");
  await note.waitFor();
  isThere = true;
  await page.keyboard.press("Escape");
  await page.click("[data-act=keys]");
  await page.waitForSelector("dialog[open] li");
  assert.equal(await note.isVisible(), false, "it has come");
  await close();
});
