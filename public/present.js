// Presents a widget to a class: one figure, one step and its numbers, large, driven by a clicker. What it wants of the program it asks as
// a host does (contract 1), so that nothing here knows a widget. Loaded when its button is pressed, or by `present=1`.

const WORDS = {
  zh: {
    name: "演示", back: "上一步", on: "下一步", notes: "讲稿", other: "讲稿窗口", code: "二维码", blank: "黑屏", full: "全屏", leave: "退出",
    keys: "翻页键或 PageUp、PageDown：前后；句点：黑屏；N：讲稿；W：讲稿窗口；Q：二维码；F：全屏；Esc：退出", next: "接下来：", close: "关闭",
    free: "翻到下一页，从第一步开始。",
  },
  en: {
    name: "Presenting", back: "Back", on: "Next", notes: "Notes", other: "Notes window", code: "QR code", blank: "Blank", full: "Full screen", leave: "Leave",
    keys: "Clicker, or PageUp and PageDown: back and on; full stop: blank; N: notes; W: notes in a window; Q: QR code; F: full screen; Esc: leave",
    next: "Next: ", close: "Close", free: "Turn the page to begin with the first step.",
  },
};

// Parameters that no state depends on; `prerender` fills them in.
const MANNER = new Set([]);

const make = (tag, properties = {}, ...inside) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
};

const clock = (milliseconds) => {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

let isPresenting = false;

/** Begins; nothing happens where it has begun already. */
export async function run({ program, load, told }) {
  if (isPresenting || !program?.ask) return;
  isPresenting = true;
  const root = document.documentElement;
  const lang = root.lang.startsWith("en") ? "en" : "zh";
  const words = WORDS[lang];
  const { theme } = root.dataset;
  const focused = document.activeElement;
  const begun = performance.now();
  const ask = (type, fields = "") => JSON.parse(program.ask(type, fields));
  const now = () => JSON.parse(program.now());

  // Without a network and unseen there are no notes; the rest needs none.
  let talk = [];
  told("talk.json").then((notes) => { talk = notes; update(); }).catch(() => {});

  const count = make("span", { className: "count" });
  const strip = make("aside", { className: "talk", hidden: true });
  strip.setAttribute("aria-label", words.notes);
  const blank = make("button", { className: "blank", type: "button", hidden: true, onclick: () => toggle(blank) });
  blank.setAttribute("aria-label", words.blank);
  const sheet = make("dialog", { className: "sheet" });
  sheet.setAttribute("aria-label", words.code);
  const button = (name, deed) => make("button", { type: "button", className: "plain", onclick: deed, title: words.keys }, words[name]);
  const toggle = (element) => { element.hidden = !element.hidden; };
  let popup;

  const turn = (by) => {
    const { step, predict } = now();
    // The question comes before its answer: the first press gives it, the next goes on.
    if (by > 0 && step?.question && !predict) {
      ask("answer");
      // A clicker cannot scroll: where the words are long, the answer comes into view.
      requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector(".ask .after")?.scrollIntoView({ block: "nearest" })));
    } else {
      ask("goTo", `n=${(step?.n ?? 0) + by}`); // beyond the last step, or before the first, it stays
      scrollTo(0, 0);
    }
  };
  const deeds = {
    PageDown: () => turn(1),
    PageUp: () => turn(-1),
    ".": () => { toggle(blank); if (!blank.hidden) blank.focus(); },
    n: () => toggle(strip),
    w: () => {
      popup = open("", "yansuan-talk", "popup,width=720,height=420");
      if (!popup) strip.hidden = false;
      // A clicker speaks to the window that has the focus.
      popup?.addEventListener("keydown", press);
      focus();
      before = undefined; // a new window is empty
      update();
    },
    q: async () => {
      const { draw } = await load("code");
      if (!sheet.isConnected || sheet.open) return; // whoever asked has left meanwhile, or asked twice
      const place = make("div", { className: "code" });
      // The page whose address is this one, whatever it hides.
      const link = new URL(location.href);
      for (const name of ["present", "embed"]) link.searchParams.delete(name);
      const { query } = ask("getState").result;
      const shown = [...link.searchParams].filter(([name]) => MANNER.has(name)).map((pair) => new URLSearchParams([pair]));
      const address = new URL(`w/${document.body.dataset.slug}/?${[query, ...shown].filter(String).join("&")}`, new URL(document.body.dataset.base, location.href));
      draw(place, address.href);
      const close = make("button", { type: "button", className: "button", onclick: () => sheet.close() }, words.close);
      sheet.replaceChildren(place, make("p", {}, address.href), close);
      sheet.showModal();
    },
    f: () => {
      if (document.fullscreenElement) {
        wasFull = false; // it is the screen that is left, not the presentation
        document.exitFullscreen();
      }
      // An address alone may not fill the screen; a press may.
      else if (navigator.userActivation?.isActive) root.requestFullscreen?.().catch(() => {});
    },
    Escape: () => leave(),
  };

  const bar = make(
    "nav", { className: "presenter" },
    button("back", deeds.PageUp), button("on", deeds.PageDown), count,
    button("notes", deeds.n), button("other", deeds.w), button("code", deeds.q), button("blank", deeds["."]), button("full", deeds.f), button("leave", deeds.Escape),
  );
  bar.setAttribute("aria-label", words.name);

  /** What the notes say of this step and of the next one's title. */
  const lines = (step) => {
    if (!step) return [words.free];
    const note = talk[step.n - 1]?.[lang] ?? "";
    const next = document.querySelectorAll(".beads button")[step.n]?.title.replace(/^\d+ /, "");
    return next ? [note, words.next + next] : [note];
  };
  const notebook = (step) => {
    if (!popup || popup.closed) return;
    const inside = popup.document;
    inside.title = words.notes;
    inside.documentElement.lang = root.lang;
    Object.assign(inside.body.style, { font: "24px/1.6 system-ui, sans-serif", margin: "1.5rem", background: "#111", color: "#eee" });
    const heading = inside.createElement("h1");
    heading.textContent = step ? `${step.n} / ${step.of} · ${step.title}` : words.name;
    heading.style.fontSize = "1em";
    const time = inside.createElement("p");
    time.id = "time";
    const notes = lines(step).map((line) => Object.assign(inside.createElement("p"), { textContent: line }));
    inside.body.replaceChildren(heading, ...notes, time);
    tick();
  };
  const tick = () => {
    const time = popup?.closed === false && popup.document.getElementById("time");
    if (time) time.textContent = clock(performance.now() - begun);
  };
  const ticking = setInterval(tick, 1000);

  let waiting = 0;
  let before;
  const update = () => {
    waiting = 0;
    const { step } = now();
    const state = JSON.stringify([step, talk.length, popup?.closed]);
    if (state === before) return;
    before = state;
    count.textContent = step ? `${step.n} / ${step.of}` : "";
    strip.replaceChildren(...lines(step).map((line) => make("p", {}, line)));
    notebook(step);
  };
  const heard = program.changed;
  program.changed = () => {
    heard?.();
    waiting ||= setTimeout(update); // a page behind its notes draws no pictures
  };

  const press = (event) => {
    const { key, target } = event;
    if (sheet.open && key.toLowerCase() === "q") {
      event.preventDefault();
      sheet.close();
      return;
    }
    const isTyped = target.matches?.("textarea, select, input:not([type=range], [type=checkbox], [type=radio])");
    // What a clicker sends is meant for the page wherever the focus is; letters only where nobody types.
    if (event.ctrlKey || event.metaKey || event.altKey || sheet.open || (isTyped && !key.startsWith("Page"))) return;
    const deed = deeds[key.length === 1 ? key.toLowerCase() : key];
    if (!deed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!blank.hidden && key !== ".") blank.hidden = true;
    else deed();
  };
  let wasFull = false;
  const filled = () => {
    if (wasFull && !document.fullscreenElement) leave();
    wasFull = Boolean(document.fullscreenElement);
  };
  const leave = () => {
    isPresenting = false;
    clearInterval(ticking);
    removeEventListener("keydown", press, true);
    document.removeEventListener("fullscreenchange", filled);
    program.changed = heard;
    popup?.close();
    if (document.fullscreenElement) document.exitFullscreen();
    for (const element of [bar, strip, blank, sheet]) element.remove();
    delete root.dataset.present;
    ask("setOptions", `theme=${theme}`);
    focused?.focus?.();
  };

  addEventListener("keydown", press, true);
  document.addEventListener("fullscreenchange", filled);
  root.dataset.present = "";
  document.body.append(strip, bar, blank, sheet);
  ask("setOptions", "theme=projector");
  deeds.f();
  update();
}
