// What a first visit loads, file by file, against tests/budget.json. A file that has grown by more than 3 % fails unless the budget
// changes with it, and the whole has a limit of its own. What comes only after the first picture can be moved is weighed apart.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFile, readdir } from "node:fs/promises";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { join } from "node:path";
import { DIST, calm, open, start } from "./browser.mjs";
import { pageOf, widgets } from "./shelf.mjs";

const BUDGET = new URL("../budget.json", import.meta.url);
const GROWTH = 1.03;

let stage;
before(async () => { stage = await start(); });
after(async () => { await stage.close(); });

const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

/** The name of a file without the hash of its content. */
const stable = (path) => path.replace(/^\//, "").replace(/-[0-9a-f]{16}/, "") || "index.html";

/** The part of a program that comes when the page plays already. */
const LATER = /_rest\.wasm$/;

/**
 * Bytes on the line of every file that the browser asks for when it opens a page, and until all its sliders have moved; fonts are
 * compressed as they are. What comes later does not come at all here: so nothing of this needs it.
 */
async function loaded(path) {
  const paths = new Set();
  const prepare = async (context) => {
    await context.route(LATER, (route) => route.abort());
    context.on("request", (request) => paths.add(new URL(request.url()).pathname));
  };
  const { page, complaints, close } = await open(stage, path, { before: prepare });
  await calm(page);
  const sliders = await page.locator(".rail input[type=range]:visible").all();
  assert.notEqual(sliders.length, 0);
  for (const slider of sliders) {
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await calm(page);
  }
  // Asked for once, in the background; were it needed, the page would say that it is not there.
  const told = complaints.filter((words) => !words.includes("ERR_FAILED"));
  assert.deepEqual([told, await page.isVisible("#yansuan-failure")], [[], false]);
  await close();
  const later = [...paths].filter((each) => LATER.test(each));
  assert.equal(later.length, 1);
  const weights = {};
  for (const each of paths) {
    if (each.endsWith(".svg") || LATER.test(each)) continue; // posters and the favicon come beside the program, and are weighed below
    const bytes = await readFile(join(DIST, each.endsWith("/") ? `${each}index.html` : each));
    weights[stable(each.endsWith("/") ? `${each}index.html` : each)] = each.endsWith(".woff2") ? bytes.length : brotli(bytes);
  }
  return { weights, later: brotli(await readFile(join(DIST, later[0]))) };
}

/** Complains of what weighs more than its budget, and tells what could have a smaller one. */
function held(weights, budget) {
  const complaints = [];
  for (const [name, bytes] of Object.entries(weights)) {
    if (budget[name] === undefined) complaints.push(`${name}: ${bytes} bytes, and tests/budget.json does not know it`);
    else if (bytes > budget[name] * GROWTH) complaints.push(`${name}: ${bytes} bytes; the budget is ${budget[name]}`);
    else if (bytes < budget[name] / GROWTH) console.log(`${name} weighs ${bytes} bytes; its budget of ${budget[name]} can be lowered`);
  }
  return complaints;
}

test("the front page is light: its words with the pictures of one theme, and what the search field loads", async () => {
  const budget = JSON.parse(await readFile(BUDGET, "utf8"));
  const zipped = (bytes) => gzipSync(bytes, { level: 9 }).length;
  const page = await readFile(join(DIST, "index.html"));
  const pictures = [...page.toString().matchAll(/src="\/(card\/[^"]+-light\.svg)"/g)].map((match) => match[1]);
  assert.equal(pictures.length, widgets.length);
  const parts = await Promise.all(pictures.map((name) => readFile(join(DIST, name))));
  const total = [page, ...parts].reduce((sum, bytes) => sum + zipped(bytes), 0);
  const found = (await readdir(DIST)).filter((name) => /^search-[0-9a-f]{16}\.js(on)?$/.test(name));
  const search = (await Promise.all(found.map((name) => readFile(join(DIST, name))))).reduce((sum, bytes) => sum + brotli(bytes), 0);
  console.log(`gate · front page: ${total} bytes gzip (limit ${budget["front page"]}), search ${search} bytes brotli (limit ${budget.search})`);
  assert.equal(found.length, 2);
  assert.ok(total <= budget["front page"] && search <= budget.search);
});

for (const widget of widgets) {
  test(`${widget.slug}: the first visit weighs what it may`, async () => {
    const budget = JSON.parse(await readFile(BUDGET, "utf8"));
    const { weights, later } = await loaded(pageOf(widget));
    const total = Object.values(weights).reduce((sum, bytes) => sum + bytes, 0);
    console.log(JSON.stringify(weights, null, 2));
    console.log(`gate · first load · ${widget.slug}: ${total} bytes brotli (limit ${budget["first load"]}); later ${later}`);
    assert.deepEqual(held({ ...weights, [`${widget.slug}_rest.wasm`]: later }, budget), []);
    assert.ok(total <= budget["first load"], `${total} bytes in all; the limit is ${budget["first load"]}`);
  });

  test(`${widget.slug}: before the program there is little to load`, async () => {
    const budget = JSON.parse(await readFile(BUDGET, "utf8"));
    const page = await readFile(join(DIST, pageOf(widget), "index.html"));
    const styles = [...page.toString().matchAll(/href="\/([^"]+\.css)"/g)].map((match) => match[1]);
    const parts = [page, await readFile(join(DIST, "poster", `${widget.slug}.svg`)), ...await Promise.all(styles.map((name) => readFile(join(DIST, name))))];
    const total = parts.reduce((sum, bytes) => sum + gzipSync(bytes, { level: 9 }).length, 0);
    console.log(`gate · poster · ${widget.slug}: ${total} bytes gzip (limit ${budget.poster})`);
    assert.ok(total <= budget.poster, `${total} bytes`);
  });
}
