// Firefox: every page loads, every slider moves its picture, and an embed plays.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DIST } from "./browser.mjs";
import { startFirefox } from "./firefox.mjs";
import { serve } from "./server.mjs";
import { around, pageOf, widgets } from "./shelf.mjs";

const HOST = `<!doctype html><html lang="en"><title>A post</title><body><h1>A post</h1>${widgets.map(({ slug }) => `<iframe title="${slug}" src="/embed/v1/${slug}/" width="720" height="900" loading="eager"></iframe>`).join("")}</body></html>`;

let site;
let firefox;
before(async () => {
  site = await serve(DIST, { "/host/": HOST });
  firefox = await startFirefox();
  await firefox.resize(1280, 900);
});
after(async () => {
  await firefox.close();
  await site.close();
});

/** What was said since the last look. */
const said = () => firefox.complaints.splice(0);

/** Runs in the page: waits until the program has taken the stage, and nothing is being calculated any more. */
const settled = async () => {
  const frame = () => new Promise((next) => requestAnimationFrame(next));
  while (!document.querySelector("#yansuan > *:not(.static)")) await frame();
  do for (let at = 0; at < 3; at++) await frame(); while (document.querySelector("progress"));
};

/** Runs in the page: moves every slider of the rail from end to end, and names those that change no picture in view. */
const still = async () => {
  const frame = () => new Promise((next) => requestAnimationFrame(next));
  const calm = async () => { do for (let at = 0; at < 3; at++) await frame(); while (document.querySelector("progress")); };
  const pictures = () => [...document.querySelectorAll("canvas[id]")].map((canvas) => canvas.toDataURL()).join();
  const names = [...document.querySelectorAll(".rail [data-control]")].filter((control) => control.querySelector("input[type=range]")?.checkVisibility()).map((control) => control.dataset.control);
  const found = [];
  for (const name of names) {
    const slider = () => document.querySelector(`[data-control=${name}] input[type=range]`);
    const move = async (value) => {
      slider().value = value;
      slider().dispatchEvent(new Event("input", { bubbles: true }));
      slider().dispatchEvent(new Event("change", { bubbles: true }));
      await calm();
      // Only what is in view is drawn.
      for (let y = 0; y < document.documentElement.scrollHeight; y += 700) { window.scrollTo(0, y); await frame(); await frame(); }
      return pictures();
    };
    const [low, high] = [await move(slider().min), await move(slider().max)];
    if (low === high) found.push(name);
    document.querySelector("[data-act=reset]").click();
    await calm();
  }
  return { moved: names.length, found };
};

test("every page around the widgets loads without a complaint", async () => {
  for (const path of around) {
    await firefox.goto(site.origin + path);
    assert.ok(await firefox.run(() => document.querySelector("h1, h2")?.textContent.length), path);
    assert.deepEqual(said().filter((complaint) => path !== "/404/" || !complaint.includes("404")), [], path);
  }
});

for (const widget of widgets) {
  test(`${widget.slug}: every slider of the rail moves a picture`, async () => {
    await firefox.goto(site.origin + pageOf(widget));
    await firefox.run(settled);
    const { moved, found } = await firefox.run(still);
    console.log(`gate · firefox · ${widget.slug}: ${moved} sliders move their pictures`);
    assert.ok(moved > 0);
    assert.deepEqual(found, []);
    assert.deepEqual(said(), []);
  });
}

test("embeds of all widgets play on one page", async () => {
  await firefox.goto(`${site.origin}/host/`);
  const drawn = await firefox.run(async () => {
    const frame = () => new Promise((next) => requestAnimationFrame(next));
    const counts = {};
    for (const embed of document.querySelectorAll("iframe")) {
      embed.scrollIntoView();
      while (!embed.contentDocument?.querySelector("#yansuan > *:not(.static) canvas")) await frame();
      counts[embed.title] = embed.contentDocument.querySelectorAll("canvas").length;
    }
    return counts;
  });
  assert.deepEqual(Object.keys(drawn), widgets.map(({ slug }) => slug));
  assert.deepEqual(said(), []);
});
