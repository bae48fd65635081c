// Searches what `prerender` wrote down of all widgets: titles, questions, steps, figures, formulas. Loaded when the field is gone into.
// Chinese has no spaces between words: a run of characters counts where it stands as a whole, and less where most of its pairs stand.

const MOST = 12; // places shown
const PAUSE = 120; // milliseconds after a key, so that a list is not read aloud at every letter
const NEAR = 48; // characters around a find
const SAYS = {
  zh: { step: (n) => `第 ${n} 步`, panel: "图", formula: "公式", widget: "演示", none: "没有找到，换个词试试。", found: (n) => `找到 ${n} 处`, failed: "检索没能载入，请检查网络。" },
  en: { step: (n) => `step ${n}`, panel: "figure", formula: "formula", widget: "widget", none: "Nothing found; try another word.", found: (n) => `${n} found`, failed: "The index could not be loaded; please check the network." },
};
const HAN = /^\p{Script=Han}/u;

const plain = (text) => text.normalize("NFKC").toLowerCase();

/** The words of a query: runs of Chinese characters, and whatever else stands between spaces and marks. */
export const termsOf = (query) => plain(query).match(/\p{Script=Han}+|[^\s\p{Script=Han}\p{P}]+/gu) ?? [];

/** Where a word of another script begins in a text; a plural finds its singular. */
function begins(text, term) {
  for (const form of [term, term.replace(/(?<=\w{3})e?s$/, ""), term.replace(/(?<=\w{3})s$/, "")]) {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
      if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]) || HAN.test(text[at - 1])) return at;
    }
  }
  return -1;
}

/** How well a text holds a term, 0 to 1, and where. */
function holds(text, term) {
  const at = HAN.test(term) ? text.indexOf(term) : begins(text, term);
  if (at >= 0) return { part: 1, at, length: term.length };
  if (!HAN.test(term) || term.length < 3) return { part: 0 };
  const pairs = Array.from({ length: term.length - 1 }, (_, first) => term.slice(first, first + 2));
  const there = pairs.filter((pair) => text.includes(pair));
  const part = there.length / pairs.length;
  return part < 0.6 ? { part: 0 } : { part: part / 2, at: text.indexOf(there[0]), length: 2 };
}

/** How well a place answers the terms: all of them must be there, and a title counts three times. */
function score({ titles, texts }, terms) {
  let sum = 0;
  for (const term of terms) {
    const best = Math.max(...titles.map((text) => 3 * holds(text, term).part), ...texts.map((text) => holds(text, term).part));
    if (!best) return 0;
    sum += best;
  }
  return sum;
}

/** The places that answer a query, best first; of equals those that stand first. */
export function find(places, query) {
  const terms = termsOf(query);
  if (!terms.length) return [];
  const scored = places.map((place) => ({ place, sum: score(place, terms) })).filter(({ sum }) => sum > 0);
  return scored.sort((one, other) => other.sum - one.sum).map(({ place }) => place);
}

/** The index as places with both languages. */
export const placesOf = ({ widgets, places }) => places.map(([widget, where, zhTitle, enTitle, zh, en]) => ({
  slug: widgets[widget][0],
  widget: { zh: widgets[widget][1], en: widgets[widget][2] },
  where,
  title: { zh: zhTitle, en: enTitle },
  told: { zh, en },
  titles: [plain(zhTitle), plain(enTitle)],
  texts: [plain(zh), plain(en)],
}));

function element(tag, words, name = "") {
  const made = document.createElement(tag);
  made.textContent = words;
  if (name) made.className = name;
  return made;
}

/** A line of what is said there, around the first term that is in it. */
function excerpt(told, terms) {
  const line = element("span", "", "told-there");
  const text = told.replaceAll("\n", " ");
  const found = terms.map((term) => holds(plain(text), term)).find(({ part }) => part > 0);
  // Where NFKC changes lengths the place is another one: then the beginning is shown.
  if (!found || plain(text).length !== text.length) {
    line.textContent = text.length > 2 * NEAR ? `${text.slice(0, 2 * NEAR)}…` : text;
    return line;
  }
  const from = Math.max(0, found.at - NEAR);
  const to = found.at + found.length;
  const mark = element("mark", text.slice(found.at, to));
  line.append(from > 0 ? "…" : "", text.slice(from, found.at), mark, text.slice(to, to + NEAR), to + NEAR < text.length ? "…" : "");
  return line;
}

function item(place, terms, lang, base) {
  const says = SAYS[lang];
  const [, kind, rest] = place.where.match(/^[?#]?(\w*)[-=]?(.*)$/);
  const what = kind === "step" ? says.step(rest) : says[kind || "widget"];
  const link = element("a", place.title[lang]);
  link.href = `${base}w/${place.slug}/${place.where}`;
  const line = document.createElement("li");
  line.append(link, " ", element("small", `${place.widget[lang]} · ${what}`), excerpt(place.told[lang], terms));
  return line;
}

let isRunning = false;

/** Begins to answer what is typed into the field. */
export async function run({ target: field }) {
  if (isRunning) return;
  isRunning = true;
  const [status, list] = [...field.parentElement.querySelectorAll("[role=status], .found")];
  const lang = () => (document.documentElement.lang.startsWith("zh") ? "zh" : "en");
  const { base } = document.body.dataset;
  let places;
  try {
    places = placesOf(await (await fetch(new URL("search.json", import.meta.url))).json());
  } catch (error) {
    console.error(error);
    status.textContent = SAYS[lang()].failed;
    isRunning = false;
    return;
  }
  const show = () => {
    const terms = termsOf(field.value);
    const found = find(places, field.value);
    list.replaceChildren(...found.slice(0, MOST).map((place) => item(place, terms, lang(), base)));
    status.textContent = terms.length === 0 ? "" : found.length ? SAYS[lang()].found(found.length) : SAYS[lang()].none;
  };
  let timer = 0;
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, PAUSE); });
  field.parentElement.addEventListener("keydown", (event) => {
    const links = [field, ...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.isComposing || event.keyCode === 229) return; // Safari has ended the composing by then
    if (event.key === "ArrowDown") links[Math.min(at + 1, links.length - 1)].focus();
    else if (event.key === "ArrowUp") links[Math.max(at - 1, 0)].focus();
    else if (event.key === "Enter" && at === 0) { clearTimeout(timer); show(); list.querySelector("a")?.click(); }
    else if (event.key === "Escape") { field.value = ""; show(); field.focus(); }
    else return;
    event.preventDefault();
  });
  show();
}
