// A link for a lesson: which figures and controls a class sees, ticked, and the address that shows just those. Loaded when its button
// is pressed. The names come from the widget's own manifest.

const WORDS = {
  zh: {
    name: "课堂链接", about: "勾选学生能看到的图和控件，把链接发给他们。打开的就是现在这个状态，只是少了没有勾选的部分。", figures: "图", controls: "控件", parts: "页面",
    present: "打开就是课堂演示", link: "链接", copy: "复制", copied: "已复制。", byHand: "浏览器不让复制，请从框中选取。", none: "至少要留一张图。", close: "关闭", open: "打开看看",
    tour: "导览", presets: "预设", formulas: "公式", notes: "说明", question: "标题", top: "页眉",
  },
  en: {
    name: "Lesson link", about: "Tick the figures and controls that your class should see, and send them the link. It opens this very state, without what you left out.", figures: "Figures",
    controls: "Controls", parts: "The page", present: "opens ready to be presented", link: "Link", copy: "Copy", copied: "Copied.",
    byHand: "The browser does not allow copying; please select it here.", none: "One figure must stay.", close: "Close", open: "Open it",
    tour: "tour", presets: "presets", formulas: "formulas", notes: "notes", question: "title", top: "top line",
  },
};

const PARTS = ["tour", "presets", "formulas", "notes", "question", "top"];

const make = (tag, properties = {}, ...inside) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
};

/**
 * The query of what is ticked: figures by whichever list is shorter, everything else by what is hidden. Of two that share a name only the
 * one of its kind is meant.
 */
export function chosen(figures, others) {
  const all = [...figures, ...others];
  const name = ({ key, kind }) => (all.filter((other) => other.key === key).length > 1 ? `${kind}-${key}` : key);
  const shown = figures.filter(({ on }) => on);
  const gone = figures.filter(({ on }) => !on);
  const hidden = others.filter(({ on }) => !on);
  const out = [];
  if (gone.length && shown.length < gone.length) out.push(`show=${shown.map(({ key }) => key).join(",")}`);
  else hidden.unshift(...gone);
  if (hidden.length) out.push(`hide=${hidden.map(name).join(",")}`);
  return out;
}

/** Opens the dialog. */
export async function run({ program, load, told }) {
  const lang = document.documentElement.lang.startsWith("en") ? "en" : "zh";
  const words = WORDS[lang];
  const { slug, base } = document.body.dataset;
  const [{ panels, controls }, { draw }] = await Promise.all([told("widget.json"), load("code")]);
  const { query } = JSON.parse(program.ask("getState", "")).result;

  const link = make("textarea", { readOnly: true, rows: 3 });
  link.setAttribute("aria-label", words.link);
  const status = make("span");
  status.setAttribute("aria-live", "polite");
  const code = make("div", { className: "code" });
  const visit = make("a", { target: "_blank", rel: "noopener", textContent: words.open });

  const ticks = (kind, name, items) => {
    const boxes = items.map(({ key, label }) => {
      const box = make("input", { type: "checkbox", checked: true, name: key, onchange: () => update() });
      return { key, box, line: make("label", { className: "toggle" }, box, make("span", {}, label)) };
    });
    const set = make("fieldset", {}, make("legend", {}, name), make("div", { className: "ticks" }, ...boxes.map(({ line }) => line)));
    return { set, now: () => boxes.map(({ key, box }) => ({ key, kind, on: box.checked })) };
  };
  const figures = ticks("panel", words.figures, panels.map(({ key, name }) => ({ key, label: name[lang] })));
  const levers = ticks("control", words.controls, controls.map(({ key, label }) => ({ key, label: label[lang] })));
  const parts = ticks("part", words.parts, PARTS.map((key) => ({ key, label: words[key] })));
  const present = make("input", { type: "checkbox", onchange: () => update() });

  const update = () => {
    const kept = figures.now();
    status.textContent = kept.some(({ on }) => on) ? "" : words.none;
    const asked = kept.some(({ on }) => on) ? chosen(kept, [...levers.now(), ...parts.now()]) : [];
    const all = [query, ...asked, present.checked ? "present=1" : "", `lang=${lang}`].filter(Boolean);
    link.value = new URL(`w/${slug}/?${all.join("&")}`, new URL(base, location.href)).href;
    visit.href = link.value;
    draw(code, link.value);
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link.value);
      status.textContent = words.copied;
    } catch {
      link.select();
      status.textContent = words.byHand;
    }
  };

  const bar = make("div", { className: "bar" }, make("h2", {}, words.name), make("button", { type: "submit", className: "plain" }, words.close));
  const dialog = make(
    "dialog", { className: "lesson", onclose: () => dialog.remove() },
    make("form", { method: "dialog" }, bar), make("p", {}, words.about), figures.set, levers.set, parts.set,
    make("label", { className: "toggle" }, present, make("span", {}, words.present)),
    link, make("p", {}, make("button", { type: "button", className: "button strong", onclick: copy }, words.copy), " ", visit, " ", status), code,
  );
  dialog.setAttribute("aria-label", words.name);
  document.body.append(dialog);
  update();
  dialog.showModal();
}
