// Which functions of each program no opening scene calls: `cargo xtask late` builds programs that tell, and this opens their pages, wide
// and narrow, in both languages, on their own and embedded, moves every slider that is in view, and comes back in another language and
// theme. What was never called may come later.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { calm, open, ready, start } from "./browser.mjs";
import { widgets } from "./shelf.mjs";

const [folder] = process.argv.slice(2);

const SCENES = [
  { path: "w", lang: "zh", theme: "light", width: 1280, isKept: true },
  { path: "w", lang: "en", theme: "dark", width: 1280 },
  { path: "w", lang: "en", query: "?lang=zh&theme=projector", width: 360 },
  { path: "embed/v1", lang: "zh", query: "?lang=en", width: 1280 },
  { path: "embed/v1", lang: "zh", theme: "dark", width: 360 },
];

/** The functions of the program, by key, index and name, and whether each has been called. */
const called = (page) => page.evaluate(async () => {
  const { program } = document.querySelector("script[data-program]").dataset;
  const exported = await (await import(program)).default(); // what it has loaded already
  return Object.entries(exported).filter(([name]) => name.startsWith("ran ")).map(([name, { value }]) => [name, value]);
});

const stage = await start();
for (const { slug } of widgets) {
  const functions = new Map();
  for (const { path, query = "", isKept, ...scene } of SCENES) {
    const { page, close } = await open(stage, `/${path}/${slug}/${query}`, scene);
    const note = async () => {
      for (const [name, value] of await called(page)) functions.set(name, (functions.get(name) ?? 0) + value);
    };
    await calm(page);
    for (const slider of await page.locator("input[type=range]:visible").all()) {
      await slider.focus();
      await page.keyboard.press("ArrowRight");
      await calm(page);
    }
    if (isKept) {
      for (const switched of ["language", "theme"]) await page.click(`[data-act=${switched}]`);
      await calm(page);
      await note();
      await page.goto(stage.site.origin + `/${path}/${slug}/`);
      await ready(page);
      await calm(page);
    }
    await note();
    await close();
  }
  // Several may have one key: it is late if all are.
  const keys = (isWanted) => new Set([...functions].filter(([, value]) => isWanted(value)).map(([name]) => name.split(" ")[1]));
  const early = keys((value) => value > 0);
  const late = [...keys((value) => value === 0)].filter((key) => !early.has(key)).sort();
  const head = "# Functions that no opening scene calls, by their keys; `cargo xtask late` writes this.";
  await writeFile(join(folder, `${slug}.txt`), `${[head, ...late].join("\n")}\n`);
  console.log(`${slug}: ${late.length} of ${functions.size} functions may come later`);
}
await stage.close();
