// The pictures that other sites show beside a link: 1200 × 630, made of the posters, and kept in public/og. Run by `cargo xtask bless pictures`.
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DIST, start } from "./browser.mjs";
import { widgets } from "./shelf.mjs";

const FOLDER = new URL("../../public/og/", import.meta.url).pathname;
const PAPER = "#faf8f3";

const stage = await start();
await mkdir(FOLDER, { recursive: true });
const page = await (await stage.browser.newContext({ viewport: { width: 1200, height: 630 } })).newPage();
for (const { slug, title } of widgets) {
  const poster = await readFile(join(DIST, "poster", `${slug}.svg`), "utf8");
  await page.setContent(`<!doctype html><style>
    body { margin: 0; width: 1200px; height: 630px; background: ${PAPER}; color: #1d1c1a; display: grid; grid-template-rows: auto 1fr; font-family: system-ui, "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif; }
    p { margin: 36px 56px 0; font-size: 34px; display: flex; justify-content: space-between; align-items: baseline; }
    span { color: #68645c; font-size: 24px; }
    svg { display: block; margin: auto; height: 490px; width: auto; max-width: 1090px; }
  </style><p>${title.zh}<span>演算 · ${title.en}</span></p>${poster}`);
  await page.screenshot({ path: join(FOLDER, `${slug}.png`) });
}
await stage.close();
