// Words of any length and direction keep the page whole; words of an attacker stay words.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { calm, frames, open, start, walkThrough } from "./browser.mjs";
import { ailing } from "./fuzz.mjs";
import { IS_FULL, SHARE, otherPages, pageOf, pick, randomQuery, seeded, share, widgets } from "./shelf.mjs";
import { SPELLS, cast, clashes } from "./spells.mjs";

/** Random and broken addresses a widget. */
const ADDRESSES = 500;
const EVIL = [
  "<img src=x onerror=\"window.pwned=1\">", "\"><svg onload=\"window.pwned=1\">", "<script>window.pwned=1</script>", "' autofocus onfocus='window.pwned=1",
  "javascript:window.pwned=1", "\u202e<b>1</b>", "</textarea><iframe srcdoc=\"<script>parent.pwned=1</script>\">", "${window.pwned=1}", "%3Cimg src=x%3E", "\0<i>1</i>",
];

let stage;
before(async () => { stage = await start(); });
after(async () => { await stage.close(); });

/** Each page in one of three spells at one of three widths, which take turns from commit to commit; or in all of both. */
const WIDTHS = [320, 768, 1280];
const hasTurn = (list, at, turn) => IS_FULL || at === turn % list.length;

for (const [at, spell] of SPELLS.entries()) {
  test(`no word lies on another, is cut or widens the page: ${spell}`, async () => {
    let looked = 0;
    for (const [index, path] of [...widgets.map(pageOf), ...otherPages()].entries()) {
      if (!hasTurn(SPELLS, at, SHARE + index)) continue;
      // Apart from the turns of the spells, so that each spell meets each width.
      for (const width of WIDTHS.filter((_, which) => hasTurn(WIDTHS, which, Math.floor(SHARE / SPELLS.length) + index))) {
        const lang = spell === "long" ? "zh" : "en";
        const { page, complaints, close } = await open(stage, path, { lang, width, before: (context) => context.addInitScript(cast, spell) });
        await walkThrough(page);
        await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
        await calm(page);
        const look = async (where) => {
          const wrong = await page.evaluate(clashes);
          assert.deepEqual(wrong.slice(0, 8), [], `${path} at ${width} px, ${where}: ${wrong.length} faults`);
          looked += 1;
        };
        await look("all open");
        if (path.startsWith("/w/")) {
          await page.evaluate(() => [...document.querySelectorAll(".beads button")].at(3)?.click());
          await page.evaluate(() => document.querySelectorAll("button[aria-expanded=false]").forEach((button) => button.click()));
          await calm(page);
          await look("a step and every editor open");
          for (const dialog of ["share", "embed", "keys"]) {
            await page.evaluate((name) => document.querySelector(`[data-act=${name}]`).click(), dialog);
            await frames(page);
            await look(`the dialog ${dialog}`);
            await page.keyboard.press("Escape");
          }
        }
        assert.deepEqual(complaints, []);
        await close();
      }
    }
    console.log(`gate · strings · ${spell}: no overlap in ${looked} looks`);
  });
}

/** Nothing that was written has become a part of the page, and nothing has run. */
async function assertInert(page, where) {
  const found = await page.evaluate(() => ({
    ran: window.pwned,
    elements: [...document.querySelectorAll("img[src=x], svg[onload], iframe, [onfocus], [onerror], main script")].map((element) => element.outerHTML),
  }));
  assert.deepEqual(found, { ran: undefined, elements: [] }, where);
}

for (const widget of widgets) {
  // Without the policy of the page, so that what would run does run.
  const options = { bypassCSP: true, lang: "en" };

  test(`${widget.slug}: hostile addresses are text`, async () => {
    const names = [...widget.controls.map(({ key }) => key), "step", "preset", "answer", "lang", "theme", "v", "nonsense"];
    const turns = EVIL.map((evil, at) => [
      ...names.map((name, index) => `${name}=${encodeURIComponent(EVIL[(at + index) % EVIL.length])}`), `${encodeURIComponent(evil)}=1`,
    ].join("&"));
    const some = share(turns, 2);
    for (const query of some) {
      const { page, complaints, close } = await open(stage, `${pageOf(widget)}?${query}#${query}`, options);
      await page.click("[data-act=share]");
      await assertInert(page, query);
      assert.deepEqual([...complaints, ...await page.evaluate(ailing)], [], query);
      await close();
    }
    const evil = "<img src=x>";
    const first = widget.controls.find(({ kind }) => kind === "slider").key;
    const { page, close } = await open(stage, `${pageOf(widget)}?${first}=${encodeURIComponent(evil)}`, options);
    assert.ok((await page.innerText(".notice")).includes(evil), "the notice quotes what was written");
    await close();
    console.log(`gate · hostile · ${widget.slug}: nothing ran from ${some.length * (names.length + 1)} parameters`);
  });

  test(`${widget.slug}: hostile words typed, pasted or opened are text`, async () => {
    const { page, complaints, close } = await open(stage, pageOf(widget), options);
    for (const evil of EVIL) {
      // Each field anew: what is typed may add fields or take some away.
      const count = await page.locator("input.number:visible, input.cell:visible").count();
      for (let at = 0; at < Math.min(count, 16); at++) {
        const field = page.locator("input.number:visible, input.cell:visible").nth(at);
        await field.fill(evil);
        await field.press("Enter");
      }
      await frames(page);
      await assertInert(page, `typed: ${evil}`);
    }
    assert.deepEqual([...complaints, ...await page.evaluate(ailing)], []);
    await close();
    for (const { key, shown_by } of widget.controls.filter(({ kind }) => kind === "vector")) {
      const { page, complaints, close } = await open(stage, `${pageOf(widget)}?${shown_by}`, options);
      const control = page.locator(`[data-control=${key}]`);
      await control.locator("button[aria-expanded=false]").click();
      for (const evil of EVIL) {
        await control.locator("textarea").fill(evil);
        await control.locator(".paste .strong").click();
        await frames(page);
        await assertInert(page, `pasted: ${evil}`);
      }
      const long = `${EVIL[0]} `.repeat(1000);
      await control.locator("textarea").evaluate((area, text) => {
        const data = new DataTransfer();
        data.setData("text", text);
        area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
      }, long);
      await control.locator("input[type=file]").setInputFiles({ name: "<img src=x onerror=window.pwned=1>.csv", mimeType: "text/csv", buffer: Buffer.from(EVIL.join("\n")) });
      await page.waitForFunction((id) => document.getElementById(id).textContent.trim() !== "", `wrong-${key}`);
      await assertInert(page, `opened: ${key}`);
      assert.deepEqual([...complaints, ...await page.evaluate(ailing)], []);
      await close();
    }
  });

  test(`${widget.slug}: random and broken addresses give a page that plays`, async () => {
    const random = seeded(0x51ab5);
    const noise = () => String.fromCodePoint(...Array.from({ length: 1 + Math.floor(random() * 12) }, () => pick(random, [38, 61, 37, 43, 44, 45, 46, 49, 101, 0x661, 0x1f4a5, 0x7f, 10])));
    const queries = Array.from({ length: ADDRESSES }, () => {
      const query = randomQuery(widget, random);
      const at = Math.floor(random() * (query.length + 1));
      return random() < 0.3 ? query : `${query.slice(0, at)}${noise()}${query.slice(at + Math.floor(random() * 3))}`;
    });
    const { page, complaints, close } = await open(stage, pageOf(widget), options);
    const some = share(queries, 32);
    for (const query of some) {
      await page.goto(`${stage.site.origin}${pageOf(widget)}?${query.replaceAll("#", "")}`);
      await page.waitForSelector("canvas[id]");
      await calm(page);
      assert.deepEqual([...complaints, ...await page.evaluate(ailing)], [], query);
      // The link of what is shown leads to the same again.
      const link = async () => {
        await page.evaluate(() => document.querySelector("[data-act=share]").click());
        return page.inputValue("dialog[open] textarea");
      };
      const first = await link();
      await page.goto(first);
      await page.waitForSelector("canvas[id]");
      assert.equal(await link(), first, query);
    }
    await close();
    console.log(`gate · addresses (browser) · ${widget.slug}: ${some.length} of ${ADDRESSES} give a page that plays`);
  });
}
