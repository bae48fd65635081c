// <yan-suan> on plain pages of another origin. Most of it plays with a fake embed that speaks the contract and writes down what it hears;
// the last tests are with the program.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import { DIST, frames, start, watch } from "./browser.mjs";
import { serve } from "./server.mjs";
import { widgets } from "./shelf.mjs";

/** An embed without a program. Its address says what it is not to do: `silent` is never ready, `mute=export` never answers that. */
const FAKE = `<!doctype html><html lang="en"><title>fake</title><input id="field"><script>
  const asked = new URLSearchParams(location.search);
  const OWN = ["v", "lang", "theme", "accent", "motion", "controls", "show", "hide", "links", "predict", "seed", "step", "preset", "play"];
  globalThis.heard = [];
  globalThis.query = new URLSearchParams([...asked].filter(([name]) => !OWN.includes(name))).toString();
  globalThis.playing = false;
  globalThis.say = (type, more) => parent.postMessage({ yansuan: 1, type, ...more }, "*");
  globalThis.change = (next, userInitiated) => { query = next; say("change", { state: {}, query, userInitiated, description: "it is " + next }); };
  globalThis.begin = () => say("ready", { ms: 1 });
  const hello = () => say("hello", { widget: "fake", build: "", contract: [1], commands: [], schema: "" });
  const RESULTS = {
    getState: () => ({ state: {}, query, playing }),
    describe: () => "a sentence",
    export: () => '<svg xmlns="http://www.w3.org/2000/svg" width="720" height="400" viewBox="0 0 720 400"><rect width="720" height="400"/></svg>',
  };
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || data?.yansuan !== 1) return;
    heard.push(data);
    if (data.type === "hello?") return hello();
    if (asked.get("mute") === data.type) return;
    if (data.type === "preset" && data.key === "wrong") return say("reply", { id: data.id, ok: false, error: "no such preset" });
    if (data.type === "setState") change(data.state, false);
    say("reply", { id: data.id, ok: true, result: RESULTS[data.type]?.() ?? null });
  });
  hello();
  if (!asked.has("silent")) begin();
</script>`;

let stage;
before(async () => { stage = await start({ "/embed/v1/fake/": FAKE, "/embed/v1/other/": FAKE }); });
after(async () => { await stage.close(); });

const SCRIPT = (more = "") => `<script type="module" src="${stage.site.origin}/embed/v1/yan-suan.js${more}"></script>`;
const POSTER = '<a class="poster" href="#poster">poster</a>';
/** As the dialog writes it: the style keeps the place until the script has come. */
const suan = (attributes = "", inside = POSTER) => `<yan-suan id="one" name="fake" lang="en" style="display:block;min-height:520px" ${attributes}>${inside}</yan-suan>`;
const GAP = '<p style="height:6000px">text</p>';

/** A post on another origin; `clock` hands its time over to the test. */
async function post(content, play, { head = "", clock = false, prepare = async () => {} } = {}) {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>post</title>${head}<body>${content}${SCRIPT()}</body></html>`;
  const host = await serve("/nonexistent", { "/": html, "/favicon.ico": "" });
  const context = await stage.browser.newContext({ viewport: { width: 800, height: 600 }, locale: "en-GB" });
  const page = await context.newPage();
  const complaints = watch(page);
  if (clock) await page.clock.install();
  await prepare(page);
  await page.addInitScript(() => {
    if (window !== top) return;
    Object.assign(globalThis, { told: [], shift: 0, violations: 0 });
    for (const name of ["ready", "change", "step", "predict", "error", "warning", "resize", "onscreen", "offscreen"]) {
      addEventListener(`yan-${name}`, (event) => told.push({ name, of: event.target.id, detail: event.detail }));
    }
    addEventListener("securitypolicyviolation", () => { violations += 1; });
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) shift += entry.value; }).observe({ type: "layout-shift", buffered: true });
    globalThis.times = (name, of = "one") => told.filter((each) => each.name === name && each.of === of).length;
    globalThis.it = (id = "one") => document.getElementById(id);
    globalThis.frameOf = (id = "one") => it(id)?.querySelector("iframe");
    globalThis.seen = (element) => element.checkVisibility({ visibilityProperty: true });
    globalThis.refused = (promise) => promise.then(() => "kept", (error) => `${error.name}: ${error.message}`);
  });
  try {
    await page.goto(host.origin);
    await page.waitForFunction(() => customElements.get("yan-suan"));
    await play(page, complaints);
    return complaints;
  } finally {
    await context.close();
    await host.close();
  }
}

const isReady = (page, count = 1, id = "one") => page.waitForFunction(([count, id]) => times("ready", id) >= count, [count, id]);
/** The page inside the frame of an element. */
const inside = async (page, id = "one") => (await page.waitForSelector(`#${id} iframe`, { state: "attached" })).contentFrame();
/** What the fake has heard, but for `hello?`. */
const heard = (frame) => frame.evaluate(() => heard.filter(({ type }) => type !== "hello?"));
/** Waits until the fake has heard so many messages of a type. */
const hears = (frame, type, count = 1) => frame.waitForFunction(([type, count]) => heard.filter((each) => each.type === type).length >= count, [type, count]);
/** Clicks. After a scroll the browser needs a few pictures to know whose frame is under the pointer. */
const press = async (page, selector, options) => {
  await page.locator(selector).scrollIntoViewIfNeeded();
  await frames(page, 10);
  await page.click(selector, options);
};
const addressOf = async (page, id = "one") => new URL(await page.evaluate((id) => frameOf(id).src, id));

test("the element weighs at most 3 KB", async () => {
  const bytes = gzipSync(await readFile(join(DIST, "embed/v1/yan-suan.js")), { level: 9 }).length;
  console.log(`gate · element: ${bytes} bytes gzip (limit 3072)`);
  assert.ok(bytes <= 3072, `${bytes} bytes`);
});

test("the picture is there first and keeps the place; nothing jumps, neither focus nor scroll moves", async () => {
  await post(`<input id="mine" autofocus>${suan('state="silent=1"')}<p id="below">below</p>${GAP}`, async (page, complaints) => {
    const frame = await inside(page);
    await page.focus("#mine");
    await page.evaluate(() => scrollTo(0, 20));
    const top = () => page.evaluate(() => document.getElementById("below").offsetTop);
    const before = await top();
    assert.deepEqual(await page.evaluate(() => [seen(it().querySelector("a")), seen(frameOf()), it().offsetHeight]), [true, false, 520]);
    await frame.evaluate(() => { begin(); say("resize", { height: 522 }); });
    await page.waitForFunction(() => times("resize"));
    assert.deepEqual(await page.evaluate(() => [seen(it().querySelector("a")), seen(frameOf()), frameOf().offsetHeight]), [false, true, 520]);
    await frames(page);
    assert.equal(await top(), before);
    assert.deepEqual(await page.evaluate(() => [document.activeElement.id, scrollY, shift]), ["mine", 20, 0]);
    assert.deepEqual(complaints, []);
  });
});

test("the frame is caged, named and told what the attributes say, below any path", async () => {
  const attributes = 'state="b=2,3&amp;a=1" label="A widget" theme="dark" hide="x" step="3"';
  await post(suan(attributes), async (page) => {
    await isReady(page);
    assert.equal((await addressOf(page)).href, `${stage.site.origin}/embed/v1/fake/?b=2%2C3&a=1&v=1&lang=en&theme=dark&hide=x&step=3`);
    const frame = await page.evaluate(() => {
      const { title, allow, referrerPolicy } = frameOf();
      return { title, allow, referrerPolicy, sandbox: frameOf().getAttribute("sandbox"), border: getComputedStyle(frameOf()).borderWidth };
    });
    assert.deepEqual(frame, {
      title: "A widget", allow: "fullscreen; clipboard-write", referrerPolicy: "strict-origin-when-cross-origin",
      sandbox: "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads", border: "0px",
    });
    await page.evaluate(() => { it().setAttribute("name", "//evil.example/x"); });
    assert.equal((await addressOf(page)).pathname, "/embed/v1/%2F%2Fevil.example%2Fx/", "a name is a name");
  });
  const script = await readFile(join(DIST, "embed/v1/yan-suan.js"), "utf8");
  const deep = `${stage.site.origin}/deep/er/embed/v1/`;
  await post(`${suan()}<script type="module" src="${deep}yan-suan.js"></script>`, async (page) => {
    await isReady(page);
    assert.equal((await addressOf(page)).href, `${deep}fake/?v=1&lang=en`);
  }, {
    prepare: async (page) => {
      await page.route(`${deep}yan-suan.js`, (route) => route.fulfill({ body: script, contentType: "text/javascript", headers: { "access-control-allow-origin": "*" } }));
      await page.route(`${deep}fake/**`, (route) => route.fulfill({ body: FAKE, contentType: "text/html" }));
    },
  });
});

test("only what is within a screen loads, unless it is eager", async () => {
  const content = `<p style="height:2000px">text</p>${suan()}${suan('load="eager"').replace('id="one"', 'id="two"')}`;
  await post(content, async (page) => {
    await isReady(page, 1, "two");
    await page.waitForFunction(() => times("offscreen"));
    assert.equal(await page.evaluate(() => frameOf()), null);
    await page.evaluate(() => scrollTo(0, 1000));
    await isReady(page);
    assert.equal(await page.evaluate(() => times("onscreen")), 0);
    await page.evaluate(() => scrollTo(0, 2000));
    await page.waitForFunction(() => times("onscreen"));
  });
});

test("load=click waits for a press, by the keyboard too, in the language of the element or the page", async () => {
  await post(`${suan('load="click"')}<div lang="zh-CN">${suan('load="click"').replace('id="one"', 'id="two"').replace('lang="en"', "")}</div>`, async (page) => {
    const button = page.getByRole("button", { name: "Run" });
    await button.waitFor();
    assert.equal(await page.locator("#two button").textContent(), "点击运行");
    const box = await button.boundingBox();
    assert.ok(box.width >= 44 && box.height >= 36, `${box.width} by ${box.height} pixels`);
    assert.equal(await page.locator("iframe").count(), 0);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Run");
    await page.keyboard.press("Enter");
    await isReady(page);
    assert.equal(await button.count(), 0);
    assert.equal(await page.locator("iframe").count(), 1);
    await page.keyboard.press("Tab");
    // The next stop is the widget; a frame is told of its focus by and by.
    await page.waitForFunction(() => document.activeElement.tagName === "IFRAME");
  });
});

test("ten thousand malformed or foreign messages change nothing, and those of the widget itself throw nothing", async () => {
  const foreign = '<iframe id="foreign" srcdoc="foreign"></iframe>';
  await post(`${foreign}${suan('state="a=1"')}`, async (page, complaints) => {
    await isReady(page);
    const frame = await inside(page);
    const VALUES = [null, 1, "x", [], {}, { yansuan: 1 }, { yansuan: 1, type: "resize", height: 3000 }, { yansuan: 1, type: "error", fatal: true },
      { yansuan: 1, type: "change", query: "a=9" }, { yansuan: 1, type: "ready" }, { yansuan: 1, type: "reply", id: 1, ok: true }];
    const snapshot = () => page.evaluate(() => [it().offsetHeight, it().state, it().innerHTML, times("change"), times("error"), times("resize"), times("ready")]);
    const first = await snapshot();
    await page.evaluate(async (values) => {
      for (let at = 0; at < 5000; at++) dispatchEvent(new MessageEvent("message", { data: values[at % values.length], source: at % 2 ? window : null }));
      const last = new Promise((done) => addEventListener("message", ({ data }) => data === "last" && done()));
      const { contentWindow } = document.getElementById("foreign");
      contentWindow.eval("globalThis.flood = (values) => { for (let at = 0; at < 5000; at++) parent.postMessage(values[at % values.length], '*'); parent.postMessage('last', '*'); }");
      contentWindow.flood(values);
      await last;
    }, VALUES);
    assert.deepEqual(await snapshot(), first);
    await frame.evaluate(() => {
      for (const data of [null, 1, "x", [], {}, { yansuan: 2, type: "change", query: "a=9" }, { yansuan: "1" }]) parent.postMessage(data, "*");
      for (const type of [undefined, null, 7, [], {}, "reply", "hello", "__proto__"]) say(type, { id: {} });
      for (const height of [undefined, null, NaN, "x", {}, []]) say("resize", { height });
      say("step", { n: 1 });
    });
    await page.waitForFunction(() => times("step"));
    assert.deepEqual((await snapshot()).slice(0, 2), [520, "a=1"]);
    assert.deepEqual(complaints, []);
  });
});

test("commands wait until the widget is ready, in their order; those that fail say why", async () => {
  await post(suan('state="silent=1"'), async (page, complaints) => {
    const frame = await inside(page);
    await page.evaluate(() => {
      globalThis.answers = Promise.all([
        it().setState("a=1"), it().setState("a=2", { undoable: false }), it().goTo(3), it().preset("p"), it().preset("wrong").catch(({ message }) => message),
        it().reset(), it().undo(), it().redo(), it().play(), it().pause(), it().getState(), it().describe(), it().export("png", 2).then((text) => text.slice(0, 4)),
      ]);
    });
    await hears(frame, "hello?");
    assert.deepEqual(await heard(frame), []);
    await frame.evaluate(() => begin());
    assert.deepEqual(await page.evaluate(() => answers), [
      null, null, null, null, "no such preset", null, null, null, null, null, { state: {}, query: "a=2", playing: false }, "a sentence", "<svg",
    ]);
    assert.deepEqual((await heard(frame)).map(({ id, yansuan, ...rest }) => rest), [
      { type: "setState", state: "a=1", undoable: true }, { type: "setState", state: "a=2", undoable: false }, { type: "goTo", n: 3 },
      { type: "preset", key: "p" }, { type: "preset", key: "wrong" }, { type: "reset" }, { type: "undo" }, { type: "redo" }, { type: "play" },
      { type: "pause" }, { type: "getState" }, { type: "describe" }, { type: "export", format: "png", scale: 2 },
    ]);
    assert.equal(await page.evaluate(() => it().state), "a=2");
    assert.deepEqual(complaints, []);
  });
});

test("a promise is refused after half a minute without a reply, and when the element goes", async () => {
  await post(suan('state="mute=describe"'), async (page) => {
    await isReady(page);
    await page.evaluate(() => { globalThis.late = refused(it().describe()); });
    await hears(await inside(page), "describe");
    await page.clock.fastForward(29000);
    assert.equal(await page.evaluate(() => Promise.race([late, it().getState().then(() => "waits")])), "waits");
    await page.clock.fastForward(2000);
    assert.equal(await page.evaluate(() => late), "Error: no reply to describe");
    const gone = await page.evaluate(() => {
      const one = it();
      const answer = refused(one.describe());
      one.destroy();
      return Promise.all([answer, refused(one.reset()), refused(document.createElement("yan-suan").reset())]);
    });
    assert.deepEqual(gone, Array(3).fill("Error: not on the page"));
    assert.equal(await page.locator("yan-suan, iframe").count(), 0);
  }, { clock: true });
});

test("state, language, theme, accent, motion and name are live", async () => {
  await post(suan('state="a=1"'), async (page, complaints) => {
    await isReady(page);
    const frame = await inside(page);
    await page.evaluate(() => {
      it().state = "a=2";
      it().setAttribute("theme", "dark");
      it().removeAttribute("theme");
      it().lang = "zh";
      it().setAttribute("accent", "0b6e4f");
      it().setAttribute("motion", "reduce");
      it().removeAttribute("accent");
      it().removeAttribute("motion");
    });
    await hears(frame, "setOptions", 7);
    assert.deepEqual((await heard(frame)).map(({ yansuan, ...rest }) => rest), [
      { type: "setState", state: "a=2" }, { type: "setOptions", theme: "dark" }, { type: "setOptions", theme: "auto" }, { type: "setOptions", lang: "zh" },
      { type: "setOptions", accent: "0b6e4f" }, { type: "setOptions", motion: "reduce" }, { type: "setOptions", accent: "auto" }, { type: "setOptions", motion: "auto" },
    ]);
    await frame.evaluate(() => change("a=3", true));
    await page.waitForFunction(() => it().state === "a=3");
    await page.evaluate(() => { it().state = "a=2"; });
    await hears(frame, "setState", 2);
    await page.evaluate(() => { it().setAttribute("name", "other"); });
    await isReady(page, 2);
    const address = await addressOf(page);
    assert.deepEqual([address.pathname, address.search, await page.locator("iframe").count()], ["/embed/v1/other/", "?a=2&v=1&lang=zh", 1]);
    assert.deepEqual(complaints, []);
  });
});

test("everything that the widget tells is an event", async () => {
  await post(`<div id="parent">${suan()}</div>`, async (page) => {
    await isReady(page);
    const frame = await inside(page);
    const MESSAGES = [
      ["change", { state: { a: "1" }, query: "a=1", userInitiated: true, description: "one" }], ["step", { n: 2, of: 5, title: "two" }],
      ["predict", { question: "q", answer: "a", correct: false }], ["warning", { code: "value", message: "m", param: "p" }],
      ["error", { code: "c", message: "m", fatal: false, replay: "/r" }], ["resize", { height: 700, reason: "content" }],
    ];
    await frame.evaluate((all) => { for (const [type, more] of all) say(type, more); }, MESSAGES);
    await page.waitForFunction(() => times("resize"));
    const told = await page.evaluate(() => told.filter(({ name }) => !name.endsWith("screen")));
    assert.deepEqual(told.map(({ name, detail: { yansuan, ...rest } }) => [name, rest]), [["ready", { ms: 1 }], ...MESSAGES]);
    assert.deepEqual(await page.evaluate(() => [it().state, it().offsetHeight]), ["a=1", 700]);
  });
});

test("its height follows within limits, not by less than four pixels, and is left alone when it is fixed or loops", async () => {
  await post(suan(), async (page) => {
    await isReady(page);
    const frame = await inside(page);
    const after = async (...heights) => {
      const count = await page.evaluate(() => times("resize"));
      await frame.evaluate((all) => { for (const height of all) say("resize", { height }); }, heights);
      await page.waitForFunction((count) => times("resize") === count, count + heights.length);
      return page.evaluate(() => it().offsetHeight);
    };
    assert.equal(await after(523), 520);
    assert.equal(await after(516), 516);
    assert.equal(await after(20), 100);
    assert.equal(await after(99999), 4000);
    await page.evaluate(() => it().setAttribute("fixed", ""));
    assert.equal(await after(900), 4000);
    await page.evaluate(() => it().removeAttribute("fixed"));
    assert.equal(await after(300), 300);
    assert.equal(await page.evaluate(() => times("error")), 0);
    await after(...Array.from({ length: 30 }, (_, at) => 400 + 40 * at));
    assert.deepEqual(await page.evaluate(() => told.filter(({ name }) => name === "error").map(({ detail }) => detail.code)), ["height-loop"]);
    const stopped = await page.evaluate(() => it().offsetHeight);
    assert.ok(stopped <= 700, `${stopped} pixels after eight growths`);
    assert.equal(await after(2000), stopped);
  });
});

test("far away it sleeps with its state and at its height, and wakes as it was", async () => {
  await post(`${suan('state="a=1" step="3" hide="x"')}${GAP}`, async (page, complaints) => {
    await isReady(page);
    const frame = await inside(page);
    await frame.evaluate(() => { say("resize", { height: 444 }); change("a=5", true); query = "a=7"; });
    await page.waitForFunction(() => it().state === "a=5");
    const far = async () => {
      const count = await page.evaluate(() => times("offscreen"));
      await page.evaluate(() => scrollTo(0, 5500));
      await page.waitForFunction((count) => times("offscreen") > count, count);
      await frames(page, 5);
    };
    await far();
    await page.clock.fastForward(4000);
    assert.ok(await page.evaluate(() => frameOf()), "it sleeps after a while only");
    await page.clock.fastForward(2000);
    await page.waitForFunction(() => !frameOf());
    assert.deepEqual(await page.evaluate(() => [it().offsetHeight, seen(it().querySelector("a")), it().state]), [444, true, "a=7"]);
    await page.evaluate(() => scrollTo(0, 0));
    await isReady(page, 2);
    assert.equal((await addressOf(page)).search, "?a=7&v=1&lang=en&hide=x");
    assert.equal(await page.evaluate(() => it().offsetHeight), 444);
    // One that is asked while it sleeps wakes, answers, and sleeps again.
    await far();
    await page.clock.fastForward(6000);
    await page.waitForFunction(() => !frameOf());
    assert.equal(await page.evaluate(() => it().describe()), "a sentence");
    await page.clock.fastForward(6000);
    await page.waitForFunction(() => !frameOf());
    assert.deepEqual(complaints, []);
  }, { clock: true });
});

test("what plays or has the focus does not sleep", async () => {
  await post(`${suan()}${GAP}`, async (page) => {
    await isReady(page);
    const frame = await inside(page);
    await frame.evaluate(() => { playing = true; });
    await page.evaluate(() => scrollTo(0, 5500));
    await page.waitForFunction(() => times("offscreen"));
    await frames(page, 5);
    await page.clock.fastForward(6000);
    await hears(frame, "getState");
    await page.evaluate(() => frameOf().focus({ preventScroll: true }));
    await frame.evaluate(() => { playing = false; });
    await page.evaluate(() => it().describe());
    await page.clock.fastForward(6000);
    await hears(frame, "getState", 2);
    await page.evaluate(() => it().describe());
    assert.ok(await page.evaluate(() => frameOf()));
    await page.evaluate(() => document.activeElement.blur());
    await page.clock.fastForward(6000);
    await page.waitForFunction(() => !frameOf());
  }, { clock: true });
});

test("moved to another place it plays on from its state; taken out and put in again too", async () => {
  await post(`${suan('state="a=1"')}<div id="place"></div>`, async (page, complaints) => {
    await isReady(page);
    await (await inside(page)).evaluate(() => change("a=4", true));
    await page.waitForFunction(() => it().state === "a=4");
    await page.evaluate(() => document.getElementById("place").append(it()));
    await isReady(page, 2);
    assert.equal((await addressOf(page)).searchParams.get("a"), "4");
    await page.evaluate(() => {
      const one = it();
      one.remove();
      document.body.append(one);
    });
    await isReady(page, 3);
    assert.equal((await page.evaluate(() => it().getState())).query, "a=4");
    assert.equal(await page.locator("iframe").count(), 1);
    assert.deepEqual(complaints, []);
  });
});

test("fifty times put in and taken out, it leaves nothing behind", async () => {
  await post('<div id="place"></div>', async (page) => {
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    const listeners = async () => {
      await session.send("HeapProfiler.collectGarbage");
      const { metrics } = await session.send("Performance.getMetrics");
      return metrics.find(({ name }) => name === "JSEventListeners").value;
    };
    const mount = (count) => page.evaluate(async (count) => {
      for (let at = 0; at < count; at++) {
        const one = document.createElement("yan-suan");
        one.setAttribute("name", "fake");
        one.setAttribute("load", "eager");
        document.getElementById("place").append(one);
        if (at % 2) await new Promise((done) => one.addEventListener("yan-ready", done));
        one.remove();
      }
    }, count);
    await mount(5);
    const first = await listeners();
    await mount(50);
    // The browser takes a frame's page away when it likes: a few looks, and the last one counts.
    let last = Infinity;
    for (let look = 0; look < 20 && last > first; look++) last = await listeners();
    assert.ok(last <= first, `${last - first} listeners are left`);
    assert.equal(await page.locator("iframe").count(), 0);
  });
});

test("links of the prose drive the widget that they mean; modified clicks and links without a widget stay what they are", async () => {
  const link = (id, more) => `<a id="${id}" href="#away" ${more}><b>${id}</b></a> `;
  const two = suan().replace('id="one" name="fake"', 'id="two" name="other"');
  const content = link("set", 'data-yan-set="a=1" data-yan-for="fake"') + link("by", 'data-yan-set="a=2" data-yan-for="two"') + suan('height="200" fixed')
    + link("step", 'data-yan-step="3"') + link("nobody", 'data-yan-set="a=3" data-yan-for="nobody"') + two + link("preset", 'data-yan-preset="p"');
  await post(content, async (page) => {
    await isReady(page);
    await isReady(page, 1, "two");
    const [one, other] = [await inside(page), await inside(page, "two")];
    for (const id of ["set", "by", "step", "preset"]) await press(page, `#${id} b`);
    await hears(one, "setState");
    await hears(other, "preset");
    const plain = async (frame) => (await heard(frame)).map(({ type, state, n, key }) => [type, state ?? n ?? key]);
    assert.deepEqual(await plain(one), [["setState", "a=1"]]);
    assert.deepEqual(await plain(other), [["setState", "a=2"], ["goTo", 3], ["preset", "p"]]);
    assert.equal(new URL(page.url()).hash, "", "the links did not lead away");
    const [opened] = await Promise.all([page.context().waitForEvent("page"), press(page, "#set", { modifiers: ["ControlOrMeta"] })]);
    await opened.close();
    await page.focus("#set");
    await page.keyboard.press("Enter");
    await hears(one, "setState", 2);
    assert.equal((await heard(one)).length, 2, "a modified click said nothing");
    await press(page, "#nobody");
    assert.equal(new URL(page.url()).hash, "#away");
  });
  await post(link("alone", 'data-yan-set="a=1"'), async (page) => {
    await page.click("#alone");
    assert.equal(new URL(page.url()).hash, "#away");
  });
});

test("on paper there is a picture of the state if it comes in time, else what stands inside", async () => {
  const shown = (page) => page.evaluate(() => ["a", "img", "iframe"].map((tag) => { const own = it().querySelector(tag); return own !== null && seen(own); }));
  const print = (page, is) => page.evaluate((is) => { dispatchEvent(new Event(is ? "beforeprint" : "afterprint")); }, is);
  await post(suan(), async (page, complaints) => {
    await isReady(page);
    await print(page, true);
    await page.waitForSelector("#one img");
    assert.deepEqual(await shown(page), [false, true, false]);
    assert.equal(await page.evaluate(() => fetch(it().querySelector("img").src).then(() => "kept", () => "revoked")), "revoked");
    await print(page, false);
    assert.deepEqual(await shown(page), [false, false, true]);
    assert.equal(complaints.filter((each) => !each.startsWith("blob:") && !each.includes("ERR_FILE_NOT_FOUND")).length, 0);
  });
  await post(suan('state="mute=export"'), async (page, complaints) => {
    await isReady(page);
    await print(page, true);
    await hears(await inside(page), "export");
    assert.deepEqual(await shown(page), [true, false, false]);
    await print(page, false);
    assert.deepEqual(await shown(page), [false, false, true]);
    assert.deepEqual(complaints, []);
  });
});

test("the strictest policy of a host is enough", async () => {
  const policy = `<meta http-equiv="content-security-policy" content="default-src 'none'; script-src ${"SITE"}; frame-src ${"SITE"}">`.replaceAll("SITE", stage.site.origin);
  const plain = (attributes) => `<yan-suan name="fake" lang="en" ${attributes}>${POSTER}</yan-suan>`;
  await post(plain('id="one"') + plain('id="two" load="click"') + plain('id="three" state="silent=1" load="eager"'), async (page, complaints) => {
    await isReady(page);
    await (await inside(page)).evaluate(() => say("resize", { height: 600 }));
    await page.waitForFunction(() => it().offsetHeight === 600);
    await press(page, "#two button");
    await isReady(page, 1, "two");
    await page.clock.fastForward(21000);
    await page.waitForFunction(() => times("error", "three"));
    assert.equal(await page.evaluate(() => violations), 0);
    assert.deepEqual(complaints, []);
  }, { head: policy, clock: true });
});

test("a widget that does not open, or breaks, leaves what stands inside and a word; its neighbour plays on", async () => {
  const named = (id, attributes) => suan(attributes).replace('id="one"', `id="${id}"`);
  await post(suan('state="silent=1"') + named("two", 'load="eager"') + named("three", 'load="eager"').replace('lang="en"', 'lang="zh"'), async (page) => {
    for (const id of ["two", "three"]) await isReady(page, 1, id);
    await page.clock.fastForward(21000);
    await page.waitForFunction(() => times("error"));
    await (await inside(page, "three")).evaluate(() => say("error", { code: "panic", message: "broken", fatal: true, replay: "" }));
    await page.waitForFunction(() => times("error", "three"));
    const after = (id) => page.evaluate((id) => [frameOf(id), seen(it(id).querySelector("a")), it(id).firstChild.textContent, it(id).offsetHeight], id);
    assert.deepEqual(await after("one"), [null, true, "The widget did not open. Retry", 520]);
    assert.deepEqual(await after("three"), [null, true, "演示没有打开，重试", 520]);
    assert.equal(await page.evaluate(() => it("two").describe()), "a sentence");
    await press(page, "#three button");
    await isReady(page, 2, "three");
    assert.equal(await page.locator("#three button").count(), 0);
  }, { clock: true });
});

test("loaded twice, it is there once", async () => {
  const content = `<a id="set" href="#away" data-yan-set="a=1">a</a>${suan()}${SCRIPT("?again")}`;
  await post(content, async (page, complaints) => {
    await isReady(page);
    const frame = await inside(page);
    await page.click("#set");
    await hears(frame, "setState");
    await page.evaluate(() => it().describe());
    assert.deepEqual((await heard(frame)).map(({ type }) => type), ["setState", "describe"]);
    assert.deepEqual(complaints, []);
  });
});

// with the program
test("a real widget obeys attributes, methods and prose, and answers what it cannot do with a reason", async () => {
  const content = `<p>Try <a id="plain" href="#there" data-yan-set="tau=2" data-yan-for="softmax">τ = 2</a>.</p>${suan('name="softmax"').replace('name="fake"', "")}`;
  await post(content, async (page, complaints) => {
    await isReady(page);
    await page.click("#plain");
    await page.waitForFunction(() => it().state === "tau=2");
    await page.evaluate(() => it().undo());
    assert.equal((await page.evaluate(() => it().getState())).query, "");
    const frame = await inside(page);
    await page.evaluate(() => { it().state = "tau=3"; it().setAttribute("theme", "dark"); it().lang = "zh"; });
    await frame.waitForFunction(() => document.documentElement.dataset.theme === "dark" && document.documentElement.lang === "zh-CN");
    await frame.waitForFunction(() => document.querySelector("[data-control=tau] input.number").value.startsWith("3"));
    assert.match(await page.evaluate(() => it().export("svg")), /^<svg /);
    assert.ok((await page.evaluate(() => it().describe())).length > 20);
    assert.match(await page.evaluate(() => refused(it().goTo(999))), /step from 1 to/);
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await page.waitForSelector("#one img");
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    assert.deepEqual(complaints, []);
  });
});

// with the program
test("of eight real widgets only those near the window live; they sleep and wake with their state", async () => {
  const names = Array.from({ length: 8 }, (_, at) => widgets[at % widgets.length].slug);
  const content = names.map((name, at) => `<p style="height:300px">text ${at}</p><yan-suan id="w${at}" name="${name}" lang="en" fixed height="600">${POSTER}</yan-suan>`).join("");
  await post(content, async (page, complaints) => {
    await isReady(page, 1, "w0");
    const living = () => page.locator("yan-suan > iframe").count();
    assert.ok(await living() <= 2, `${await living()} live at the top`);
    await page.evaluate((key) => it("w0").preset(key), widgets[0].presets.at(-1).key);
    const kept = await page.evaluate(() => it("w0").getState().then(({ query }) => query));
    assert.ok(kept);
    for (let at = 1; at < 8; at++) {
      await page.evaluate((id) => it(id).scrollIntoView(), `w${at}`);
      await isReady(page, 1, `w${at}`);
    }
    await page.waitForFunction(() => !frameOf("w0"));
    await page.waitForFunction(() => document.querySelectorAll("yan-suan > iframe").length <= 5);
    await page.evaluate(() => scrollTo(0, 0));
    await isReady(page, 2, "w0");
    assert.equal(await page.evaluate(() => it("w0").getState().then(({ query }) => query)), kept);
    assert.deepEqual(complaints, []);
  });
});
