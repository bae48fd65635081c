// Every page looks as it did when somebody looked at it: two languages, three themes, and the widths at which each theme is seen.
// `cargo xtask bless pictures` takes the present ones, and puts what changed side by side into shots/.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { calm, open, start, walkThrough } from "./browser.mjs";
import { apart, halved, kept, sideBySide } from "./pictures.mjs";
import { otherPages, pageOf, widgets } from "./shelf.mjs";

const FOLDER = process.env.YANSUAN_PICTURES ?? new URL("../pictures", import.meta.url).pathname;
const SHOTS = process.env.SHOTS ?? new URL("../../shots", import.meta.url).pathname;
const IS_BLESSING = process.env.YANSUAN_BLESS === "1";

/** The part of all pixels that may differ, and of those in any one tile. */
const MOST = { all: 0.005, tile: 0.02 };

let stage;
const seen = [];
before(async () => {
  stage = await start();
  await mkdir(FOLDER, { recursive: true });
  await mkdir(SHOTS, { recursive: true });
});
after(async () => {
  const worst = seen.reduce((most, each) => Math.max(most, each.all), 0);
  console.log(`gate · pictures · ${seen.length} pictures, at most ${(100 * worst).toFixed(2)} % of pixels differ`);
  await stage.close();
});

const name = (path, ...looks) => [path.replaceAll(/[^a-z0-9]+/gi, "-").replaceAll(/^-|-$/g, "") || "shelf", ...looks].join("-");

/** Photographs a page, and tells what is wrong with it. */
async function photograph(path, lang, theme, width) {
  const file = `${name(path, lang, theme, width)}.png`;
  const { page, complaints, close } = await open(stage, path, { lang, theme, width, height: 800, reducedMotion: "reduce" });
  await walkThrough(page);
  // Formulas and tables that are out of view are not laid out, nor is a font loaded for them; a picture of the whole page shows them.
  await page.evaluate(() => document.querySelectorAll(".formulas, .verdicts").forEach((each) => { each.style.contentVisibility = "visible"; }));
  await page.evaluate(() => document.fonts.ready);
  // What is counted in the sources changes with every test that is added; its place is what it looks like.
  await page.evaluate(() => document.querySelectorAll(".counted").forEach((figure) => { figure.style.visibility = "hidden"; }));
  await calm(page);
  const picture = halved(await page.screenshot({ fullPage: true, animations: "disabled", caret: "hide" }));
  const spill = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await close();
  const wrong = complaints.map((complaint) => `${file}: ${complaint}`);
  if (spill > 0) wrong.push(`${file}: the page is ${spill} px wider than its window`);

  const before = await readFile(join(FOLDER, file)).catch(() => null);
  const found = before ? apart(picture, before) : { all: 1, tile: 1, differs: () => true };
  const isSame = found.all <= MOST.all && found.tile <= MOST.tile;
  seen.push(IS_BLESSING ? { all: 0 } : found);
  if (before && !isSame) await writeFile(join(SHOTS, `changed-${file}`), sideBySide(before, picture, found.differs));
  if (IS_BLESSING) {
    if (!isSame) await writeFile(join(FOLDER, file), kept(picture));
  } else if (!before) {
    wrong.push(`${file} is missing: look at the page, then run \`cargo xtask bless pictures\``);
  } else if (!isSame) {
    const part = found.sizes ?? `${(100 * found.all).toFixed(2)} % of all pixels and ${(100 * found.tile).toFixed(1)} % of a tile differ`;
    wrong.push(`${file}: ${part}; see shots/changed-${file}; if it is meant, run \`cargo xtask bless pictures\``);
  }
  return { file, wrong };
}

const expected = new Set();

for (const path of [...widgets.map(pageOf), ...otherPages()]) {
  // An embed is the widget's page without the site around it: one width of a post tells what is its own.
  const widths = path.startsWith("/embed/") ? { light: [720], dark: [720], projector: [720] } : { light: [360, 768, 1280], dark: [360, 1280], projector: [1280] };
  test(`${path} looks as it did`, async () => {
    const wrong = [];
    for (const lang of ["zh", "en"]) {
      for (const theme of Object.keys(widths)) {
        for (const width of widths[theme]) {
          const shot = await photograph(path, lang, theme, width);
          expected.add(shot.file);
          wrong.push(...shot.wrong);
        }
      }
    }
    assert.deepEqual(wrong, []);
  });
}

test("no picture is kept of what is no longer there", async () => {
  const left = (await readdir(FOLDER)).filter((file) => !expected.has(file));
  if (IS_BLESSING) await Promise.all(left.map((file) => rm(join(FOLDER, file))));
  else assert.deepEqual(left, []);
});
