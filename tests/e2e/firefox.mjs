// Firefox, driven by WebDriver BiDi: as much of a client as the tests need. Playwright drives a Firefox of its own only.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import WebSocket from "ws";

const FIREFOX = process.env.FIREFOX ?? "firefox-esr";

/** Milliseconds after which an answer is no longer waited for. */
const PATIENCE = 120_000;

/** Starts Firefox without a window, and opens a session. */
export async function startFirefox() {
  const profile = await mkdtemp(join(tmpdir(), "yansuan-firefox-"));
  const child = spawn(FIREFOX, ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((done) => child.once("exit", done));
  const address = await new Promise((found, failed) => {
    child.once("error", failed);
    child.once("exit", (code) => failed(new Error(`Firefox ended with ${code} before it listened`)));
    createInterface({ input: child.stderr }).on("line", (line) => {
      const told = /WebDriver BiDi listening on (ws:\S+)/.exec(line);
      if (told) found(told[1]);
    });
  });
  const socket = new WebSocket(`${address}/session`);
  await new Promise((open, failed) => { socket.once("open", open); socket.once("error", failed); });
  const waiting = new Map();
  const complaints = [];
  socket.on("message", (text) => {
    const message = JSON.parse(text);
    if (message.type === "event") {
      const { level, text: said } = message.params;
      // A page that is left gives up its requests, and the service worker of it is blamed; one that answers with an error is blamed otherwise.
      const isLeft = /A ServiceWorker intercepted the request and encountered an unexpected error/.test(said);
      if (message.method === "log.entryAdded" && ["error", "warn"].includes(level) && !isLeft) complaints.push(said);
      return;
    }
    const { done, failed } = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.type === "success") done(message.result);
    else failed(new Error(`${message.error}: ${message.message}`));
  });
  let last = 0;
  /** An answer that does not come in time is an error: a page that is left while a function runs in it gives none. */
  const send = (method, params = {}, patience = PATIENCE) => new Promise((done, failed) => {
    last += 1;
    const id = last;
    const clock = setTimeout(() => waiting.has(id) && failed(new Error(`no answer in ${patience / 1000} s: ${method} ${params.url ?? ""}`)), patience);
    const ended = (tell) => (result) => { clearTimeout(clock); tell(result); };
    waiting.set(id, { done: ended(done), failed: ended(failed) });
    socket.send(JSON.stringify({ id, method, params }));
  });
  await send("session.new", { capabilities: {} });
  await send("session.subscribe", { events: ["log.entryAdded"] });
  const { contexts: [{ context }] } = await send("browsingContext.getTree");
  /** Runs a function in the page, which may return a promise; what it returns comes back as JSON. */
  const run = (code, ...words) => runIn(PATIENCE, code, ...words);
  async function runIn(patience, code, ...words) {
    const functionDeclaration = `async () => JSON.stringify((await (${code})(...${JSON.stringify(words)})) ?? null)`;
    const { result, exceptionDetails } = await send("script.callFunction", { functionDeclaration, awaitPromise: true, target: { context } }, patience);
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return JSON.parse(result.value);
  }
  /** Whether a page has come; runs in it. */
  const isThere = (path) => new Promise((tell) => requestAnimationFrame(() => tell(location.pathname === path && document.readyState === "complete")));
  return {
    complaints,
    /** Goes to a page and waits until it is there: told of another address, which a page that is being left may still write, Firefox takes it for the arrival. */
    async goto(url) {
      await send("browsingContext.navigate", { context, url, wait: "complete" });
      const end = performance.now() + PATIENCE;
      while (!await runIn(2000, isThere, new URL(url).pathname).catch(() => false)) {
        if (performance.now() > end) throw new Error(`${url} did not come in ${PATIENCE / 1000} s`);
      }
    },
    run,
    resize: (width, height) => send("browsingContext.setViewport", { context, viewport: { width, height } }),
    async close() {
      await send("browser.close").catch(() => {});
      socket.close();
      await ended;
      await rm(profile, { recursive: true, force: true });
    },
  };
}
