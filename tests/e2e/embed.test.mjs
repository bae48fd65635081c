// Embeds on a page of another origin: whatever cage the host puts them into, they play; they obey their host and nobody else.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PNG } from "pngjs";
import { calm, frames, open, start, watch } from "./browser.mjs";
import { serve } from "./server.mjs";
import { pick, seeded, widgets } from "./shelf.mjs";

let stage;
before(async () => { stage = await start(); });
after(async () => { await stage.close(); });

/** A page of another origin around frames; `seen` holds every message that it got, `said(type)` the last one of a type. */
async function hosted(content, play, { before = async () => {}, count } = {}) {
  const host = await serve("/nonexistent", {
    "/": `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>host</title><body>${content.replaceAll("SITE", stage.site.origin)}</body>`,
  });
  const context = await stage.browser.newContext({ viewport: { width: 800, height: 600 }, locale: "en-GB" });
  await before(context);
  const page = await context.newPage();
  const complaints = watch(page);
  await page.addInitScript(() => {
    globalThis.seen = [];
    if (window === top) addEventListener("message", ({ data, source }) => seen.push({ data, from: [...document.querySelectorAll("iframe")].findIndex((frame) => frame.contentWindow === source) }));
    globalThis.said = (type) => seen.findLast(({ data }) => data?.type === type)?.data;
    globalThis.post = (message, at = 0) => document.querySelectorAll("iframe")[at].contentWindow.postMessage(message, "*");
    let id = 0;
    globalThis.ask = (message, at = 0) => new Promise((done) => {
      const mine = `q${id += 1}`;
      addEventListener("message", function heard({ data }) {
        if (data?.type === "reply" && data.id === mine) { removeEventListener("message", heard); done(data); }
      });
      post({ yansuan: 1, id: mine, ...message }, at);
    });
  });
  try {
    await page.goto(host.origin);
    const isReady = (count) => seen.filter(({ data }) => data?.type === "ready").length === (count ?? document.querySelectorAll("iframe").length);
    await page.waitForFunction(isReady, count);
    await play(page, complaints);
  } finally {
    await context.close();
    await host.close();
  }
}

const frame = (path, sandbox = "allow-scripts", more = "") => `<iframe title="widget" ${sandbox === null ? "" : `sandbox="${sandbox}"`} width="720" height="500" src="SITE${path}" ${more}></iframe>`;
const CAGES = [
  ["no sandbox", null],
  ["scripts only", "allow-scripts"],
  ["scripts and origin", "allow-scripts allow-same-origin"],
  ["what we propose", "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads"],
];

for (const [name, sandbox] of CAGES) {
  test(`in a cage of ${name}, with storage that throws, every widget plays, obeys and tells`, async () => {
    const throwing = (context) => context.addInitScript(() => {
      for (const store of ["localStorage", "sessionStorage"]) Object.defineProperty(window, store, { get() { throw new DOMException("no", "SecurityError"); } });
    });
    for (const widget of widgets) {
      await hosted(frame(`/embed/v1/${widget.slug}/?lang=en&v=1`, sandbox), async (page, complaints) => {
        const hello = await page.evaluate(() => said("hello"));
        assert.equal(hello.widget, widget.slug);
        assert.deepEqual(hello.commands.slice(1), widget.commands);
        await page.waitForFunction(() => said("resize")?.height > 300);
        const first = await page.evaluate(() => ask({ type: "describe" }));
        assert.ok(first.ok && first.result.length > 20);
        const preset = widget.presets.at(-1).key;
        assert.ok((await page.evaluate((key) => ask({ type: "preset", key }), preset)).ok);
        await page.waitForFunction(() => said("change")?.query);
        const { query, userInitiated } = await page.evaluate(() => said("change"));
        assert.ok(query.length > 0);
        assert.equal(userInitiated, false, "it was the host");
        const state = await page.evaluate(() => ask({ type: "getState" }));
        assert.equal(state.result.query, query);
        assert.ok((await page.evaluate(() => ask({ type: "undo" }))).ok);
        await page.waitForFunction(() => said("change").query === "");
        const svg = await page.evaluate(() => ask({ type: "export", format: "svg" }));
        assert.match(svg.result, /^<svg /);
        const png = await page.evaluate(() => ask({ type: "export", format: "png" }));
        assert.match(png.result, /^data:image\/png/);
        assert.deepEqual(complaints, []);
      }, { before: throwing });
    }
  });
}

test("a change by the reader is told as one, at most ten times a second, and the last one always", async () => {
  await hosted(frame("/embed/v1/softmax/?lang=en"), async (page, complaints) => {
    const inside = page.frames()[1];
    await page.evaluate(() => { seen.length = 0; });
    await inside.focus("#control-tau");
    for (let turn = 0; turn < 12; turn++) await inside.press("#control-tau", "ArrowUp");
    await inside.press("#control-tau", "ArrowUp");
    const last = (await page.evaluate(() => ask({ type: "getState" }))).result.query;
    await page.waitForFunction((query) => said("change")?.query === query, last);
    const changes = await page.evaluate(() => seen.filter(({ data }) => data?.type === "change").map(({ data }) => data));
    assert.ok(changes.every(({ userInitiated }) => userInitiated));
    assert.ok(changes.length <= 13, `${changes.length} messages of 13 keys`);
    assert.equal(changes.at(-1).state.tau, new URLSearchParams(last).get("tau"));
    assert.deepEqual(complaints, []);
  });
});

test("steps and guesses are told, with whether they are right", async () => {
  const widget = widgets.find(({ slug }) => slug === "fourier-density");
  await hosted(frame(`/embed/v1/${widget.slug}/?lang=en`), async (page) => {
    assert.ok((await page.evaluate(() => ask({ type: "goTo", n: 3 }))).ok);
    await page.waitForFunction(() => said("step")?.n === 3);
    assert.deepEqual(await page.evaluate(() => [said("step").of, said("step").title]), [8, "A single data point"]);
    await page.frames()[1].getByRole("radio", { name: "13", exact: true }).or(page.frames()[1].getByRole("button", { name: "13", exact: true })).first().click();
    await page.waitForFunction(() => said("predict"));
    const { answer, correct } = await page.evaluate(() => said("predict"));
    assert.deepEqual([answer, correct], ["13", false]);
  });
});

test("language and theme follow the host and are not kept", async () => {
  await hosted(frame("/embed/v1/softmax/?lang=en", "allow-scripts allow-same-origin"), async (page) => {
    const inside = page.frames()[1];
    await page.evaluate(() => ask({ type: "setOptions", theme: "dark", lang: "zh" }));
    await inside.waitForFunction(() => document.documentElement.lang === "zh-CN" && document.documentElement.dataset.theme === "dark");
    assert.deepEqual(await inside.evaluate(() => [localStorage.length]), [0]);
    const wrong = await page.evaluate(() => ask({ type: "setOptions", theme: "pink" }));
    assert.ok(!wrong.ok && wrong.error.includes("projector"), "what would be right is said");
  });
});

/** The accent that the page uses, and how many pixels of the first figure have it. */
const worn = (frame) => frame.evaluate(() => {
  const accent = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();
  const canvas = document.querySelector("canvas[id]");
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(accent.slice(at, at + 2), 16));
  let pixels = 0;
  for (let at = 0; at < data.length; at += 4) pixels += data[at] === red && data[at + 1] === green && data[at + 2] === blue;
  return { accent, pixels };
});

test("an accent is worn by page and figures, made readable in every theme, and taken back", async () => {
  await hosted(frame("/embed/v1/cool-papers/?lang=en&theme=light&accent=0b6e4f"), async (page, complaints) => {
    const inside = page.frames()[1];
    await calm(inside);
    const light = await worn(inside);
    assert.equal(light.accent, "#0b6e4f");
    assert.ok(light.pixels > 50, `${light.pixels} pixels`);
    await page.evaluate(() => ask({ type: "setOptions", theme: "dark" }));
    await inside.waitForFunction(() => document.documentElement.dataset.theme === "dark");
    await calm(inside);
    const dark = await worn(inside);
    assert.ok(dark.accent !== light.accent && dark.pixels > 50, JSON.stringify(dark));
    await page.evaluate(() => ask({ type: "setOptions", accent: "auto" }));
    await inside.waitForFunction(() => document.documentElement.style.getPropertyValue("--accent") === "");
    await calm(inside);
    const own = await worn(inside);
    assert.equal(own.accent, "#f28a5a");
    assert.ok(own.pixels > 50, JSON.stringify(own));
    assert.deepEqual(complaints, []);
  });
});

test("what plays alone, without its control and the leading figure, plays", async () => {
  await hosted(frame("/embed/v1/attention-rnn/?lang=en&controls=none&show=tape&play=1"), async (page, complaints) => {
    await page.waitForFunction(() => said("change")?.query.includes("s="));
    assert.equal((await page.evaluate(() => ask({ type: "getState" }))).result.playing, true);
    assert.deepEqual(complaints, []);
  });
});

test("out of view a host is answered from the state that it has just set, with a picture that nobody has seen", async () => {
  const away = '<div style="height:4000px"></div>';
  await hosted(away + frame("/embed/v1/softmax/?lang=en"), async (page, complaints) => {
    const told = async () => (await page.evaluate(() => ask({ type: "describe" }))).result;
    const before = await told();
    await page.evaluate(() => ask({ type: "setState", state: "tau=3" }));
    const after = await told();
    assert.notEqual(after, before);
    const picture = async () => (await page.evaluate(() => ask({ type: "export", format: "png" }))).result;
    const warm = await picture();
    const { width, data } = PNG.sync.read(Buffer.from(warm.split(",")[1], "base64"));
    assert.equal(width, 1440, "720 CSS pixels, twice as fine");
    const colours = new Set(new Uint32Array(data.buffer, data.byteOffset, data.length / 4));
    assert.ok(colours.size > 10, `${colours.size} colours`);
    await page.evaluate(() => ask({ type: "reset" }));
    assert.notEqual(await picture(), warm);
    assert.equal(await told(), before);
    assert.deepEqual(complaints, []);
  });
});

test("a host may still what plays, and let it play again", async () => {
  await hosted(frame("/embed/v1/softmax/?lang=en&motion=reduce"), async (page, complaints) => {
    const inside = page.frames()[1];
    const isStill = () => inside.locator("[data-control=draws] .chip.strong").isDisabled();
    const isPlaying = async () => (await page.evaluate(() => ask({ type: "getState" }))).result.playing;
    assert.equal(await isStill(), true);
    await page.evaluate(() => ask({ type: "setOptions", motion: "auto" }));
    assert.equal(await isStill(), false);
    await inside.locator("[data-control=draws] .chip.strong").scrollIntoViewIfNeeded();
    await page.evaluate(() => ask({ type: "play" }));
    assert.equal(await isPlaying(), true);
    await page.evaluate(() => ask({ type: "setOptions", motion: "reduce" }));
    assert.deepEqual([await isPlaying(), await isStill()], [false, true]);
    assert.deepEqual(complaints, []);
  });
});

test("without motion nothing plays or fades; without links there are only words; with predict a guess comes first", async () => {
  await hosted(frame("/embed/v1/fourier-density/?lang=en&motion=reduce&play=1&links=0&predict=1&step=3"), async (page, complaints) => {
    const inside = page.frames()[1];
    await calm(inside);
    assert.equal((await page.evaluate(() => ask({ type: "getState" }))).result.playing, false);
    assert.equal(await inside.evaluate(() => getComputedStyle(document.querySelector(".chip")).transitionDuration), "0s");
    assert.equal(await inside.locator("a[href]").count(), 0);
    assert.ok(await inside.getByText("Densities from Fourier series").first().isVisible());
    const onward = inside.locator(".moves .strong");
    assert.deepEqual([await onward.isDisabled(), await onward.innerText()], [true, "A guess first"]);
    const heading = inside.locator(".tour > .quiet");
    const here = await heading.innerText();
    await inside.locator(".beads button").last().dispatchEvent("click");
    await onward.focus();
    for (const key of ["Enter", "PageDown", "End"]) await page.keyboard.press(key);
    assert.equal(await heading.innerText(), here, "no way leads past the guess");
    await inside.locator(".answer").first().click();
    assert.deepEqual([await onward.isDisabled(), await onward.innerText()], [false, "Next"]);
    // From here on the keys alone: a button that leads to a question keeps the focus, and with it the keys.
    await onward.focus();
    for (let turn = 0; turn < 9 && !(await onward.isDisabled()); turn += 1) await page.keyboard.press("Enter");
    assert.ok(await onward.evaluate((button) => document.activeElement === button));
    const there = await heading.innerText();
    await page.keyboard.press("PageUp");
    assert.notEqual(await heading.innerText(), there);
    assert.deepEqual(complaints, []);
  });
  await hosted(frame("/embed/v1/fourier-density/?lang=en&step=3"), async (page) => {
    const inside = page.frames()[1];
    const targets = await inside.$$eval("a[href]", (links) => links.map((link) => link.target));
    assert.ok(targets.length > 2 && targets.every((target) => target === "_blank"), "no link may take the place of the widget");
    assert.notEqual(await inside.evaluate(() => getComputedStyle(document.querySelector(".chip")).transitionDuration), "0s");
    assert.ok(await inside.locator(".moves .strong").isEnabled());
  });
});

test("ten thousand malformed or foreign messages change nothing", async () => {
  const random = seeded(11);
  const words = ["", "setState", "reset", "goTo", "hello", "__proto__", "constructor", "<img src=x>", "preset", "export", "destroy!", "SETSTATE"];
  const values = [null, true, -1, 1e308, "x", "n=1", [], [[1]], {}, { a: { b: 1 } }, "é".repeat(50)];
  const letters = Array.from({ length: 9000 }, () => {
    switch (Math.floor(random() * 6)) {
      case 0: return pick(random, values);
      case 1: return { yansuan: pick(random, [0, 2, "1", null, true]), type: "reset", id: 1 };
      case 2: return { yansuan: 1, type: pick(random, values) };
      case 3: return { yansuan: 1, type: pick(random, words.filter((word) => !["reset"].includes(word))), n: pick(random, [0, -1, 99, "x", null]), key: "nothing", format: "exe" };
      case 4: return { yansuan: 1, type: "setState", state: pick(random, [null, 3, { nonsense: 1 }, "nonsense=2", { __proto__: null }, [1]]) };
      default: return { type: "reset", event: "reset", message: "height" };
    }
  });
  // The second frame is somebody else's page: it attacks its neighbour.
  const foreign = `<iframe title="other" srcdoc="<script>parent.postMessage({ type: 'ready' }, '*')</script>"></iframe>`;
  await hosted(frame("/embed/v1/softmax/?lang=en&tau=2") + foreign, async (page, complaints) => {
    const before = await page.evaluate(() => ask({ type: "getState" }));
    assert.equal(before.result.query, "tau=2");
    await page.evaluate((all) => { for (const each of all) post(each); }, letters);
    await page.frames()[2].evaluate(() => {
      for (let at = 0; at < 1000; at++) parent.frames[0].postMessage({ yansuan: 1, type: at % 2 ? "reset" : "setState", state: "tau=5", id: at }, "*");
    });
    await page.evaluate(() => post({ yansuan: 1, type: "setState", state: "x".repeat(70000), id: "long" }));
    await page.waitForFunction(() => seen.some(({ data }) => data?.id === "long"));
    const long = await page.evaluate(() => seen.find(({ data }) => data?.id === "long").data);
    assert.ok(!long.ok && long.error.includes("65536"));
    const after = await page.evaluate(() => ask({ type: "getState" }));
    assert.deepEqual(after.result, before.result);
    assert.equal(await page.evaluate(() => seen.filter(({ data }) => data?.type === "change").length), 0, "nothing was told either");
    assert.deepEqual(complaints, []);
  });
});

test("messages go to the origin that the address names, and are heard from it alone", async () => {
  await hosted(frame("/embed/v1/softmax/?lang=en&origin=https://elsewhere.example"), async (page) => {
    const inside = page.frames()[1];
    await inside.waitForSelector("canvas[id]");
    await page.evaluate(() => { for (const type of ["hello?", "reset", "setState"]) post({ yansuan: 1, type, state: "tau=5", id: type }); });
    await frames(inside, 10);
    assert.deepEqual(await page.evaluate(() => seen.filter(({ data }) => data?.yansuan)), []);
    assert.equal(await inside.inputValue("[data-control=tau] input.number"), "1.00");
  }, { count: 0 });
});

test("heights are told in every tongue that hosts know, and a frame that grows with them is told no more", async () => {
  const content = frame("/embed/v1/softmax/?lang=en&lti=1#?secret=abc");
  await hosted(content, async (page, complaints) => {
    await page.waitForFunction(() => said("resize"));
    const { height } = await page.evaluate(() => said("resize"));
    const told = await page.evaluate(() => seen.map(({ data }) => data));
    assert.ok(told.some((data) => typeof data === "string" && JSON.parse(data).context === "iframe.resize" && JSON.parse(data).height === height), "Embedly");
    assert.ok(told.some((data) => data?.message === "height" && data.value === height && data.secret === "abc"), "WordPress");
    assert.ok(told.some((data) => data?.subject === "lti.frameResize" && data.height === height), "LTI");
    assert.ok(told.some((data) => data?.sentinel === "amp" && data.height === height), "AMP");
    // The host gives what is asked for and 40 pixels more, each time: an honest content does not want them.
    await page.evaluate(() => {
      seen.length = 0;
      addEventListener("message", ({ data }) => { if (data?.type === "resize") document.querySelector("iframe").height = data.height + 40; });
      document.querySelector("iframe").height = 2000;
    });
    await frames(page, 10);
    assert.ok(await page.evaluate(() => seen.filter(({ data }) => data?.type === "resize").length) <= 3);
    // Content that does want them is stopped.
    const inside = page.frames()[1];
    await inside.evaluate(() => {
      const filler = document.getElementById("yansuan").appendChild(document.createElement("div"));
      addEventListener("resize", () => { filler.style.height = `${innerHeight}px`; });
    });
    await page.evaluate(() => { document.querySelector("iframe").height = 2100; });
    await page.waitForFunction(() => seen.some(({ data }) => data?.code === "height-loop"));
    const [count, end] = await page.evaluate(() => [seen.filter(({ data }) => data?.type === "resize").length, document.querySelector("iframe").height]);
    assert.ok(count <= 12, `${count} messages`);
    await frames(page, 20);
    assert.equal(await page.evaluate(() => document.querySelector("iframe").height), end, "it has come to rest");
    assert.deepEqual(complaints, []);
  });
});

test("what the address hides is not there, and what it gets wrong is said", async () => {
  const { page, complaints, close } = await open(stage, "/embed/v1/softmax/?show=level&controls=none&hide=question,top", { lang: "en" });
  const there = (selector) => page.locator(selector).count();
  assert.equal(await there(".panel"), 1);
  for (const gone of [".rail input", ".tour", ".formulas", ".notes", "header.top", ".question"]) assert.equal(await there(gone), 0, gone);
  assert.equal(await there("h1"), 1, "a page has a heading for those who cannot see it");
  await close();
  const wrong = await open(stage, "/embed/v1/softmax/?hide=level,nothing&theme=pink&lang=en");
  assert.equal(await wrong.page.locator("#panel-level").count(), 0);
  const said = await wrong.page.innerText(".notice");
  assert.match(said, /“nothing”/);
  assert.match(said, /“pink”.*projector/);
  await wrong.close();
  assert.deepEqual(complaints, []);
});

test("suspended, an embed computes nothing; resumed, it shows what was asked meanwhile", async () => {
  await hosted(frame("/embed/v1/softmax/?lang=en"), async (page) => {
    const inside = page.frames()[1];
    const picture = () => inside.evaluate(() => document.querySelector("#canvas-level").toDataURL());
    await frames(inside, 5);
    const before = await picture();
    await page.evaluate(() => ask({ type: "suspend" }));
    await page.evaluate(() => ask({ type: "setState", state: { tau: 4 } }));
    await frames(inside, 10);
    assert.equal(await picture(), before);
    await page.evaluate(() => ask({ type: "resume" }));
    await inside.waitForFunction((old) => document.querySelector("#canvas-level").toDataURL() !== old, before);
  });
});

test("a panic inside is told to the host, and the neighbour plays on", async () => {
  const two = frame("/embed/v1/softmax/?lang=en") + frame("/embed/v1/rope/?lang=en");
  await hosted(two, async (page) => {
    const [, first] = page.frames();
    await first.evaluate(() => { try { window.dispatchEvent(new Event("yansuan:drill")); } catch { /* it panics */ } });
    await page.waitForFunction(() => said("error"));
    const { fatal, message, replay } = await page.evaluate(() => said("error"));
    assert.ok(fatal && message.includes("drill") && replay.startsWith("/embed/v1/softmax/"));
    assert.ok((await page.evaluate(() => ask({ type: "getState" }, 1))).ok);
  });
});

test("the code of the dialog is a page that plays, in the state and with the parts that were chosen", async () => {
  const { page, complaints, close } = await open(stage, "/w/rope/?lang=en&base=500000");
  await page.click("[data-act=embed]");
  const dialog = page.locator("dialog[open]");
  await page.frameLocator(".preview").locator("canvas[id]").first().waitFor();
  await dialog.getByRole("radio", { name: "main figure alone" }).check();
  await dialog.getByRole("radio", { name: "Dark" }).check();
  const height = dialog.locator("input[type=number]");
  // A figure without its page is as high as the preview says.
  await page.waitForFunction(() => document.querySelector("dialog[open] input[type=number]").value !== "640");
  for (const [typed, stands] of [["9999", "4000"], ["", "4000"], ["1e9", "4000"], ["444", "444"]]) {
    await height.fill(typed);
    await height.press("Tab");
    assert.equal(await height.inputValue(), stands, `after ${typed}`);
  }
  const code = await dialog.locator("textarea").inputValue();
  assert.match(code, /height="444"/);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector(".preview"));
  await calm(page);
  assert.deepEqual(complaints, []);
  await close();
  await hosted(code, async (other, noise) => {
    const inside = other.frames()[1];
    assert.equal(await inside.getAttribute("html", "data-theme"), "dark");
    assert.equal(await inside.locator(".panel").count(), 1);
    assert.equal((await other.evaluate(() => ask({ type: "getState" }))).result.state.base, "500000");
    assert.deepEqual(noise, []);
  });
});

test("what a host that knows oEmbed is told is a frame that plays", async () => {
  for (const widget of widgets) {
    const page = await (await fetch(`${stage.site.origin}/w/${widget.slug}/`)).text();
    const [, address] = page.match(/<link rel="alternate" type="application\/json\+oembed" href="([^"]+)"/);
    const told = await (await fetch(stage.site.origin + address)).json();
    assert.deepEqual([told.version, told.type, told.yansuan.id], ["1.0", "rich", widget.slug]);
    await hosted(told.html.replaceAll("https://yansuan.example", stage.site.origin), async (host, complaints) => {
      assert.equal((await host.evaluate(() => said("hello"))).widget, widget.slug);
      assert.deepEqual(complaints, []);
    });
  }
});
