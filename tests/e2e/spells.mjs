// Other words on a page: longer than any translation, or from right to left. They run in the page before the program.

/** What each spell makes of a sentence. */
export const SPELLS = ["double", "long", "rtl"];

/** Changes every word that the program writes from now on; numbers and formulas stay. */
export function cast(spell) {
  const makes = {
    double: (words) => `${words} ${words}`,
    long: (words) => `${words} Rechtsschutzversicherungsgesellschaften 概率分布的温度与稀疏程度`,
    rtl: (words) => words.replaceAll(/\p{L}/gu, (letter) => "אבגדהוזחטיכלמנסעפצקרשת"[letter.codePointAt(0) % 22]),
  };
  const change = (words) => (/\p{L}{2}/u.test(words) ? makes[spell](words) : words);
  const setter = (type, name) => Object.getOwnPropertyDescriptor(type.prototype, name);
  const plain = setter(Node, "nodeValue").set;
  window.Text = class extends Text { constructor(words) { super(change(words)); } };
  Object.defineProperty(Node.prototype, "nodeValue", {
    ...setter(Node, "nodeValue"),
    set(words) { plain.call(this, words === null ? null : change(words)); },
  });
  const inner = setter(Element, "innerHTML");
  Object.defineProperty(Element.prototype, "innerHTML", {
    ...inner,
    set(markup) {
      inner.set.call(this, markup);
      const walker = document.createTreeWalker(this, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        if (!walker.currentNode.parentElement.closest(".formula, .tex")) plain.call(walker.currentNode, change(walker.currentNode.data));
      }
    },
  });
  const attribute = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function set(name, value) {
    attribute.call(this, name, ["aria-label", "title", "aria-valuetext"].includes(name) ? change(value) : value);
  };
}

/** What words do on the page that they must not: lie on each other, leave the window, or be cut. It runs inside. */
export function clashes() {
  const wrong = [];
  const clientWidth = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > clientWidth) wrong.push(`the page is ${document.documentElement.scrollWidth - clientWidth} px wider than its window`);
  const top = [...document.querySelectorAll("dialog[open]")].at(-1);
  const scrolls = (element) => element && element !== document.body && (["auto", "scroll"].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  // What a scrolling box hides lies on nothing.
  const clips = new Map([[null, { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity }]]);
  const meet = (a, b) => ({ left: Math.max(a.left, b.left), top: Math.max(a.top, b.top), right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom) });
  const clip = (element) => {
    if (!clips.has(element)) {
      const above = clip(element.parentElement);
      clips.set(element, ["visible", "clip"].includes(getComputedStyle(element).overflowX) ? above : meet(above, element.getBoundingClientRect()));
    }
    return clips.get(element);
  };
  const boxes = [];
  const add = (owner, whole, what) => {
    const { left, top, right, bottom } = meet(whole, clip(owner));
    const rect = { left, top, right, bottom, width: right - left, height: bottom - top };
    if (rect.width < 2 || rect.height < 2) return;
    // A line of text is less high than the box of its font.
    const squeeze = rect.height * 0.22;
    boxes.push({ owner, what, left: rect.left + 1, right: rect.right - 1, top: rect.top + squeeze, bottom: rect.bottom - squeeze });
    if ((rect.right > clientWidth + 1 || rect.left < -1) && !scrolls(owner)) wrong.push(`outside the window: ${what}`);
  };
  const walker = document.createTreeWalker(top ?? document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const owner = node.parentElement;
    if (!node.data.trim() || !owner.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (owner.closest(".voice, .formula, .tex, textarea, option, script, style, noscript")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) add(owner, rect, `“${node.data.trim().slice(0, 30)}” in ${owner.tagName}.${owner.className} of ${owner.parentElement.className}`);
  }
  for (const field of (top ?? document).querySelectorAll("input:not([type=file]), select, textarea, canvas, img")) {
    const style = getComputedStyle(field);
    if (field.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && style.opacity !== "0") add(field, field.getBoundingClientRect(), `${field.tagName} ${field.id || field.className}`);
  }
  boxes.sort((a, b) => a.top - b.top);
  for (let i = 0; i < boxes.length; i++) {
    for (let j = i + 1; j < boxes.length && boxes[j].top < boxes[i].bottom; j++) {
      const [a, b] = [boxes[i], boxes[j]];
      if (a.owner === b.owner || a.left >= b.right || b.left >= a.right || a.bottom <= b.top) continue;
      wrong.push(`on each other: ${a.what} and ${b.what}`);
    }
  }
  return wrong;
}
