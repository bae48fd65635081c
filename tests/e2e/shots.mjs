// `node tests/e2e/shots.mjs [path…]`: pictures of every page in both languages, three themes and three widths, to look at.
import { mkdir } from "node:fs/promises";
import { open, start, walkThrough } from "./browser.mjs";

const OUT = process.env.SHOTS ?? new URL("../../shots", import.meta.url).pathname;
const paths = process.argv.length > 2 ? process.argv.slice(2) : ["/", "/about/", "/w/softmax/", "/embed/v1/softmax/"];
const langs = (process.env.LANGS ?? "zh,en").split(",");
const themes = (process.env.THEMES ?? "light,dark,projector").split(",");
const widths = (process.env.WIDTHS ?? "360,768,1280").split(",").map(Number);

await mkdir(OUT, { recursive: true });
const stage = await start();
for (const path of paths) {
  for (const lang of langs) {
    for (const theme of themes) {
      for (const width of widths) {
        const { page, complaints, close } = await open(stage, path, { lang, theme, width, height: width < 500 ? 720 : 800 });
        await walkThrough(page);
        const name = `${path.replaceAll(/[^a-z0-9]+/gi, "-").replaceAll(/^-|-$/g, "") || "shelf"}-${lang}-${theme}-${width}.png`;
        await page.screenshot({ path: `${OUT}/${name}`, fullPage: true });
        if (complaints.length) console.log(name, complaints);
        await close();
      }
    }
  }
}
await stage.close();
console.log(`pictures are in ${OUT}`);
