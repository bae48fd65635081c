// <yan-suan name="rope" state="base=500000"><a href="…"><img …></a></yan-suan>: a widget in an iframe, so that the host needs no policy for
// WebAssembly. What stands inside is shown until it plays, and whenever it does not. Contract 1: /embedding/

// The first six are followed; those from lang on are told to the widget, the last four only until it has a state of its own.
const NAMES = "name state lang theme accent motion controls show hide links predict seed step preset play".split(" ");
const FILL = { position: "absolute", inset: 0, width: "100%", height: "100%", border: 0, visibility: "visible" };

customElements.get("yan-suan") || customElements.define("yan-suan", class extends HTMLElement {
  static observedAttributes = NAMES.slice(0, 6);
  #end; #frame; #picture; #own; #query; #send; #open; #isReady; #isFar; #timer; #growths = []; #asked = new Map();

  static {
    addEventListener("click", (event) => {
      const { yanFor, yanSet, yanStep, yanPreset } = event.target.closest?.("a")?.dataset ?? {};
      const all = [...document.querySelectorAll("yan-suan")];
      const one = yanFor ? all.find((each) => yanFor === each.id || yanFor === each.getAttribute("name")) : all.find((each) => event.target.compareDocumentPosition(each) & 4) ?? all.pop();
      if (!one || !(yanSet ?? yanStep ?? yanPreset) || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.defaultPrevented) return;
      event.preventDefault();
      (yanStep ? one.goTo(yanStep) : yanPreset ? one.preset(yanPreset) : one.setState(yanSet)).catch(console.warn);
    });
  }

  connectedCallback() {
    const { signal } = (this.#end = new AbortController());
    const load = this.getAttribute("load");
    Object.assign(this.style, { display: "block", contain: "content", minHeight: "100px", maxHeight: "4000px" });
    this.style.height = `${parseFloat(this.style.height || this.getAttribute("height")) || 520}px`;
    for (const type of ["message", "beforeprint", "afterprint"]) addEventListener(type, this, { signal });
    if (load === "eager") this.#wake();
    if (load === "click" && !this.#send) this.#offer("点击运行", "Run");
    for (const screens of [0, 1, 3]) {
      const watch = new IntersectionObserver((all) => {
        const isIn = all.pop().isIntersecting;
        if (!screens) this.#tell(isIn ? "onscreen" : "offscreen");
        else if (screens > 1) this.#doze(!isIn);
        else if (isIn && (load !== "click" || this.#send)) this.#wake();
      }, { rootMargin: `${screens}00%` });
      watch.observe(this);
      signal.addEventListener("abort", () => watch.disconnect());
    }
  }

  disconnectedCallback() {
    this.#end.abort();
    this.#drop("not on the page");
  }

  attributeChangedCallback(name, before, now) {
    if (NAMES.indexOf(name) > 1) return this.#send?.("setOptions", { [name]: now ?? "auto" });
    this.#query = undefined;
    if (name === "state") this.#send?.("setState", { state: this.state });
    else if (this.#frame) {
      this.#drop("another widget");
      this.#wake();
    }
  }

  get state() { return this.#query ?? this.getAttribute("state") ?? ""; }
  set state(state) { this.setAttribute("state", state); }
  getState() { return this.#ask("getState"); }
  describe() { return this.#ask("describe"); }
  setState(state, more) { return this.#ask("setState", { state, undoable: true, ...more }); }
  reset() { return this.#ask("reset"); }
  undo() { return this.#ask("undo"); }
  redo() { return this.#ask("redo"); }
  goTo(n) { return this.#ask("goTo", { n: +n }); }
  preset(key) { return this.#ask("preset", { key }); }
  play() { return this.#ask("play"); }
  pause() { return this.#ask("pause"); }
  export(format, scale) { return this.#ask("export", { format, scale }); }
  destroy() { this.remove(); }

  /** Commands wake the widget, and wait until it is ready. */
  #ask(type, more) {
    return new Promise((resolve, reject) => {
      if (!this.isConnected) throw Error("not on the page");
      this.#wake();
      const settle = ({ ok, result, error }) => {
        clearTimeout(id);
        this.#asked.delete(id);
        ok ? resolve(result) : reject(Error(error));
      };
      const id = setTimeout(settle, 30000, { error: `no reply to ${type}` });
      this.#asked.set(id, settle);
      this.#send(type, { id, ...more });
    });
  }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(`yan-${name}`, { detail, bubbles: true, composed: true })); }

  /** A button over what stands inside. */
  #offer(zh, en) {
    this.#own = Object.assign(document.createElement("button"), { type: "button", textContent: this.matches(":lang(zh)") ? zh : en, onclick: () => this.#wake() });
    Object.assign(this.#own.style, { position: "absolute", padding: "1em" });
    this.prepend(this.#own);
  }

  /** The frame, its picture, or what stands inside. Unseen, all keep their size: the widget measures itself. */
  #show() {
    const isLive = this.#isReady && !this.#picture;
    if (this.#frame) this.#frame.style.visibility = isLive ? "visible" : "hidden";
    this.style.visibility = isLive || this.#picture?.parentNode ? "hidden" : "";
  }

  #wake() {
    if (this.#frame) return;
    this.#own?.remove();
    const query = new URLSearchParams(this.state);
    query.set("v", query.get("v") ?? 1);
    for (const key of NAMES.slice(2, this.#query === undefined ? 15 : 11)) this.hasAttribute(key) && query.set(key, this.getAttribute(key));
    const post = (type, more) => frame.contentWindow?.postMessage({ yansuan: 1, type, ...more }, "*");
    const ready = new Promise((open) => (this.#open = open));
    this.#send = (type, more) => ready.then(() => post(type, more));
    const frame = (this.#frame = Object.assign(document.createElement("iframe"), {
      title: this.getAttribute("label") ?? this.getAttribute("name"),
      sandbox: "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads",
      allow: "fullscreen; clipboard-write",
      referrerPolicy: "strict-origin-when-cross-origin",
      src: new URL(`${encodeURIComponent(this.getAttribute("name"))}/?${query}`, import.meta.url),
      onload: () => post("hello?"),
    }));
    Object.assign(frame.style, FILL);
    this.append(frame);
    this.#show();
    this.#timer = setTimeout(() => this.#fail({ code: "silent", message: "not ready", fatal: true }), 20000);
  }

  #drop(why) {
    clearTimeout(this.#timer);
    this.#own?.remove();
    this.#frame?.remove();
    this.#frame = this.#isReady = undefined;
    this.#asked.forEach((settle) => settle({ error: why }));
    this.#print();
  }

  #fail(detail) {
    this.#drop(detail.message);
    this.#offer("演示没有打开，重试", "The widget did not open. Retry");
    this.#tell("error", detail);
  }

  #doze(isFar = this.#isFar) {
    this.#isFar = isFar;
    if (!this.#isReady) return;
    clearTimeout(this.#timer);
    if (isFar) this.#timer = setTimeout(() => this.#sleep(), 5000);
  }

  async #sleep() {
    const frame = this.#frame;
    const { query = this.state, playing } = await this.getState().catch(() => ({}));
    if (frame !== this.#frame || !this.#isFar || playing || this.#asked.size || document.activeElement === frame) return this.#doze();
    this.#query = query;
    this.#drop("asleep");
  }

  /** On paper there is a picture of the state if it comes in time. */
  async #print(picture) {
    this.#picture?.remove();
    this.#picture = picture;
    this.#show();
    if (!picture || !this.#isReady) return;
    try {
      picture.src = URL.createObjectURL(new Blob([await this.export("svg")], { type: "image/svg+xml" }));
      await picture.decode();
      Object.assign(picture.style, FILL);
      if (picture === this.#picture) this.append(picture);
      this.#show();
    } catch {}
    URL.revokeObjectURL(picture.src);
  }

  handleEvent({ type, source, data, timeStamp }) {
    if (type !== "message") return this.#print(type === "beforeprint" ? new Image() : undefined);
    if (source !== this.#frame?.contentWindow || data?.yansuan !== 1) return;
    const { type: name, ...detail } = data;
    if (name === "reply") return this.#asked.get(detail.id)?.(detail);
    if (name === "error" && detail.fatal) return this.#fail(detail);
    if (name === "ready") {
      this.#isReady = true;
      this.#show();
      this.#open();
    }
    this.#query = detail.query ?? this.#query;
    const more = detail.height - parseFloat(this.style.height);
    if (name === "resize" && Math.abs(more) >= 4 && !this.hasAttribute("fixed")) {
      if (more > 0 && timeStamp - this.#growths[this.#growths.push(timeStamp) - 9] < 2000) {
        this.toggleAttribute("fixed");
        this.#tell("error", { code: "height-loop" });
      } else this.style.height = `${detail.height}px`;
    }
    this.#tell(name, detail);
    this.#doze();
  }
});
