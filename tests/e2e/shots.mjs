// Pictures of every page in both languages, three themes and three widths, to look at: `node --test tests/e2e/shots.test.mjs`.
import { mkdir } from "node:fs/promises";
import { frames, open, walkThrough } from "./browser.mjs";

const OUT = process.env.SHOTS ?? new URL("../../shots", import.meta.url).pathname;

/** Photographs one page in every language, theme and width; returns what went wrong. */
export async function photograph(stage, path) {
  const wrong = [];
  await mkdir(OUT, { recursive: true });
  const name = path.replaceAll(/[^a-z0-9]+/gi, "-").replaceAll(/^-|-$/g, "") || "shelf";
  for (const lang of ["zh", "en"]) {
    for (const theme of ["light", "dark", "projector"]) {
      for (const width of [360, 768, 1280]) {
        const { page, complaints, close } = await open(stage, path, { lang, theme, width, height: width < 500 ? 720 : 800 });
        await walkThrough(page);
        await frames(page);
        const file = `${name}-${lang}-${theme}-${width}.png`;
        await page.screenshot({ path: `${OUT}/${file}`, fullPage: true });
        const spill = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (spill > 0) wrong.push(`${file}: ${spill} px too wide`);
        if (complaints.length) wrong.push(`${file}: ${complaints}`);
        await close();
      }
    }
  }
  return wrong;
}
