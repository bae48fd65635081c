// The browser and the verbs of a reader; the DOM stays in here.
import { chromium } from "playwright-core";
import { serve } from "./server.mjs";

export const DIST = process.env.YANSUAN_DIST ?? new URL("../../dist", import.meta.url).pathname;

/** Whoever names features to be left out replaces those that Playwright names, which are therefore here too. */
const WITHOUT = [
  "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "LensOverlay",
  "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints",
  "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
  // Ours: each window would load two pages for an address bar that nobody sees, a third of the time that a page takes.
  "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
];
const FLAGS = [
  `--disable-features=${WITHOUT}`, "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
/**
 * Nobody waits for a screen: the next picture comes at once. For measuring only: tests are no sooner done (present.test.mjs takes twice as
 * long), since the browser is busy showing pictures that nobody asked for.
 */
const UNPACED = ["--disable-frame-rate-limit", "--disable-gpu-vsync"];

/**
 * Starts Chromium and a server of the built site; everything ends with `close`. Paced, as for readers, it draws sixty pictures a second,
 * so that of many events between two pictures only the last is drawn.
 */
export async function start(pages, { isPaced = true } = {}) {
  const site = await serve(DIST, pages);
  const args = isPaced ? FLAGS : [...FLAGS, ...UNPACED];
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
  return { site, browser, close: async () => { await browser.close(); await site.close(); } };
}

/**
 * Opens a page of the site and waits until it plays. `complaints` collects everything the console or the network reports;
 * `before` prepares the context.
 */
export async function open({ browser, site }, path, options = {}) {
  const { lang = "zh", theme = "light", width = 1280, height = 800, before = async () => {}, ...rest } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    locale: lang === "zh" ? "zh-CN" : "en-GB",
    colorScheme: theme === "dark" ? "dark" : "light",
    serviceWorkers: "block", // pages are what the server sends; offline.test.mjs lets them in
    ...rest,
  });
  await before(context);
  const page = await context.newPage();
  const complaints = watch(page);
  const joint = path.includes("?") ? "&" : "?";
  await page.goto(site.origin + path + (theme === "projector" ? `${joint}theme=projector` : ""));
  if (rest.javaScriptEnabled !== false) await ready(page);
  return { page, complaints, close: () => context.close() };
}

/** Everything that goes wrong on a page. */
export function watch(page) {
  const complaints = [];
  page.on("console", (message) => {
    const isOurs = message.text() !== "Service Worker registration blocked by Playwright"; // as asked for, see `open`
    if (isOurs && ["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "";
    // A page that is left gives up its requests; and where scripts are off, the browser does not preload them.
    if (reason !== "net::ERR_ABORTED" && reason !== "csp") complaints.push(`${request.url()} ${reason}`);
  });
  return complaints;
}

/** Waits until the program has taken the stage, and its first picture is drawn. */
export async function ready(page) {
  await page.waitForSelector("#yansuan > *:not(.static)", { state: "attached" });
  await frames(page);
}

/** Milliseconds after which a picture is no longer waited for: a page behind another one draws none. */
const PATIENCE = 120_000;

/** Waits for the next pictures: a change needs one frame to be computed and one to be drawn. */
export async function frames(page, count = 3) {
  let clock;
  const late = new Promise((_, fail) => { clock = setTimeout(() => fail(new Error(`no picture in ${PATIENCE / 1000} s: ${page.url()}`)), PATIENCE); });
  const drawn = page.evaluate((n) => new Promise((done) => {
    const tick = (left) => (left === 0 ? done() : requestAnimationFrame(() => tick(left - 1)));
    tick(n);
  }), count);
  await Promise.race([drawn, late]).finally(() => clearTimeout(clock));
}

/** Waits until nothing is being calculated any more, and the picture of it is drawn; a colour on its way to another arrives at once. */
export async function calm(page) {
  await frames(page);
  await page.waitForFunction(() => !document.querySelector("progress"));
  await frames(page);
  await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
}

/** A fingerprint of every canvas, by its panel. */
export async function pictures(page) {
  return page.evaluate(() => Object.fromEntries(
    [...document.querySelectorAll("canvas[id]")].map((canvas) => [canvas.id, canvas.toDataURL()]),
  ));
}

/** Scrolls through the page, so that every figure has been in view once. */
export async function walkThrough(page) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  for (let y = 0; y < height; y += 500) {
    await page.evaluate((to) => window.scrollTo(0, to), y);
    await frames(page, 2);
  }
  await page.evaluate(() => window.scrollTo(0, 0));
  await frames(page, 2);
}
