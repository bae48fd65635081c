// An embed speaks with the page around it: contract 1 of the messages. What they mean is in src/player/host.rs; here is who may speak,
// how often, and how high the page is. Only embeds load this script, and only once the program runs.

const COMMANDS = [
  "getState", "describe", "setState", "reset", "undo", "redo", "goTo", "answer", "preset", "play", "pause", "suspend", "resume", "setOptions",
  "export", "destroy",
];
const QUESTIONS = ["getState", "describe", "export"]; // they change nothing
const LONGEST = 65536; // characters of a message
const PAUSE = 100; // milliseconds between two messages about changes
const LEAST = 4; // pixels of height that are worth a message
const GROWTHS = 8; // so many growths of the height …
const WHILE = 2000; // … in so many milliseconds are a loop

/** A value as an address would write it; undefined where it has no such form. */
function plain(value) {
  if (typeof value === "string" || Number.isFinite(value)) return String(value);
  if (typeof value === "boolean") return value ? "1" : "0";
  if (!Array.isArray(value)) return undefined;
  const items = value.map((item) => (Array.isArray(item) ? undefined : plain(item)));
  return items.includes(undefined) ? undefined : items.join(",");
}

/** The plain values of an object as a query. */
function query(object) {
  const pairs = Object.entries(object).map(([name, value]) => [name, plain(value)]);
  return new URLSearchParams(pairs.filter((pair) => pair[1] !== undefined)).toString();
}

/** The fields of a message as a query; a state that is an object becomes one too. */
function fields({ yansuan, type, id, ...rest }) {
  const { state } = rest;
  return query(state && typeof state === "object" && !Array.isArray(state) ? { ...rest, state: query(state) } : rest);
}

/** Speaks for a program until the page ends: it answers `ask` and `now`, and calls `changed`. */
export function speak(program) {
  if (parent === window) return;
  const { ask, now } = program;
  const { slug, base } = document.body.dataset;
  const asked = new URLSearchParams(location.search);
  const target = asked.get("origin") || "*";
  const secret = new URLSearchParams(location.hash.replace(/^#\??/, "")).get("secret");
  const build = document.querySelector("script[data-program]").dataset.program.match(/[0-9a-f]{16}/)?.[0] ?? "";

  const say = (type, more) => {
    try {
      parent.postMessage({ yansuan: 1, type, ...more }, target);
    } catch { /* an origin that is none: nobody would have heard it */ }
  };
  const hello = () => say("hello", { widget: slug, build, contract: [1], commands: ["hello?", ...COMMANDS], schema: `${base}w/${slug}/widget.json` });

  // What was told last. Warnings of the address are new to everybody.
  let told = { ...JSON.parse(now()), warnings: [] };
  let isByHost = false;
  let userInitiated = false;
  let waiting = 0;
  const tell = () => {
    waiting = 0;
    const next = JSON.parse(now());
    const isNew = (name) => JSON.stringify(next[name]) !== JSON.stringify(told[name]);
    // A long computation goes on telling what came of the last change: that is still whose change it was.
    if (isNew("query")) userInitiated = !isByHost;
    if (isNew("query") || isNew("description")) {
      const { state, query, description } = next;
      say("change", { state, query, userInitiated, description });
    }
    if (next.step && isNew("step")) say("step", next.step);
    if (next.predict && isNew("predict")) say("predict", next.predict);
    if (isNew("warnings")) for (const warning of next.warnings) say("warning", warning);
    told = next;
    isByHost = false;
  };
  const changed = () => { waiting ||= setTimeout(tell, PAUSE); };

  addEventListener("message", ({ source, origin, data }) => {
    if (source !== parent || (target !== "*" && origin !== target) || data?.yansuan !== 1 || typeof data.type !== "string") return;
    const id = ["string", "number"].includes(typeof data.id) ? data.id : undefined;
    let answer;
    if (data.type === "hello?") {
      hello();
      answer = { ok: true, result: null };
    } else {
      const given = fields(data);
      isByHost ||= !QUESTIONS.includes(data.type);
      answer = given.length > LONGEST ? { ok: false, error: `a message has at most ${LONGEST} characters` } : JSON.parse(ask(data.type, given));
      changed();
    }
    if (id !== undefined) say("reply", { id, ...answer });
    else if (!answer.ok) say("warning", { code: "message", message: answer.error });
  });

  addEventListener("error", () => {
    const report = document.querySelector(".failure #report")?.value;
    if (report) say("error", { code: "panic", message: report, fatal: true, replay: location.pathname + location.search });
  });

  const content = document.getElementById("yansuan");
  let height = 0;
  let growths = [];
  let isMute = false;
  const measure = () => {
    const next = Math.ceil(content.getBoundingClientRect().bottom + scrollY);
    if (Math.abs(next - height) < LEAST) return;
    if (next < height) isMute = false;
    else {
      const at = performance.now();
      growths = [...growths.filter((then) => at - then <= WHILE), at];
    }
    if (isMute) return;
    if (growths.length > GROWTHS) {
      // A host that gives more makes it want more: told no further until it is less.
      isMute = true;
      say("warning", { code: "height-loop", message: "the height grows with the frame" });
      return;
    }
    height = next;
    say("resize", { height, reason: "content" });
    parent.postMessage(JSON.stringify({ src: location.href, context: "iframe.resize", height }), "*"); // Embedly
    parent.postMessage({ sentinel: "amp", type: "embed-size", height }, "*");
    if (secret) parent.postMessage({ message: "height", value: height, secret }, "*"); // WordPress
    if (asked.get("lti") === "1") parent.postMessage({ subject: "lti.frameResize", height }, "*");
  };

  hello();
  new ResizeObserver(measure).observe(content);
  program.changed = changed;
  changed();
  say("ready", { ms: Math.round(performance.now()) });
}
