// The one start script: it loads the program, and says so on the page when it cannot. Everything else on the page stays as it is.
// Trunk writes the addresses into the attributes of its own script element (see pattern_script in Trunk.toml).

const script = document.querySelector("script[data-program]");

// What not every reader needs; in the built site each has a hash in its name.
const SCRIPTS = { embed: "embed.js", search: "search.js", present: "present.js", lesson: "lesson.js", code: "code.js" };
const address = (name) => new URL(SCRIPTS[name], import.meta.url);

// The smallest module that uses simd128: i8x16.popcnt(i8x16.splat(0)).
const SIMD = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
);

// A module of 5,011 bytes, with nothing in it.
const LONG = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 0, 0x88, 0x27, ...new Uint8Array(5000));

// Parameters that no state depends on; `prerender` fills them in.
const MANNER = new Set([]);

function explain(reason) {
  const note = document.getElementById("yansuan-failure");
  if (!note) return;
  for (const words of note.querySelectorAll("[data-reason]")) {
    words.hidden = words.dataset.reason !== reason;
  }
  note.hidden = !reason;
}

// Pressing a button that names a script runs it, and so does going into a field that does. `load` brings scripts, `told` what a widget's
// files say.
// The page that is one file has this function too.
function summon(load) {
  const { base, slug } = document.body.dataset;
  const told = async (name) => JSON.parse(document.getElementById(name)?.textContent ?? await (await fetch(`${base}w/${slug}/${name}`)).text());
  const run = async (name, target) => { if (name) (await load(name)).run({ program: globalThis.yansuan, load, told, target }); };
  addEventListener("click", ({ target }) => run(target.closest?.("[data-script]")?.dataset.script, target));
  addEventListener("focusin", ({ target }) => run(target.dataset?.focused, target));
  if (new URLSearchParams(location.search).get("present") === "1") run("present");
}

/** Whether more than 4 KB is compiled while the page waits: before version 114, Chrome and Edge refuse. */
function isPatient() {
  try {
    return Boolean(new WebAssembly.Module(LONG));
  } catch {
    return false;
  }
}

/** Brings the rest of the program while everything waits: something of it is needed before it has come. */
function atOnce(address) {
  const request = new XMLHttpRequest();
  request.open("GET", address, false);
  request.overrideMimeType("text/plain; charset=x-user-defined"); // a letter for each byte: waiting, no other form is allowed
  try {
    request.send();
    if (!request.status || request.status >= 400) throw new Error(`${address}: ${request.status}`);
  } catch (error) {
    explain("load");
    throw error;
  }
  explain(); // what was said before is over
  return Uint8Array.from(request.response, (letter) => letter.charCodeAt(0));
}

async function start() {
  if (typeof WebAssembly !== "object" || !WebAssembly.validate(SIMD)) {
    explain("simd");
    return;
  }
  const load = (name) => import(address(name)).catch((error) => { explain("load"); throw error; });
  const { hash, search } = location; // the program writes its state into the address
  try {
    const [program, wasm] = [script.dataset.program, script.dataset.wasm].map((path) => new URL(path, document.baseURI));
    const rest = new URL(wasm.href.replace("_bg.", "_rest."));
    const { default: init, complete, lend } = await import(program);
    // An opening scene needs the first part alone; a state in the address may need anything.
    const isOpening = [...new URLSearchParams(search).keys()].every((name) => MANNER.has(name));
    const compiled = () => WebAssembly.compileStreaming(fetch(rest));
    const early = complete && !(isOpening && isPatient()) ? compiled() : null;
    early?.catch(() => {}); // said below, when the program comes to it
    lend?.(() => atOnce(rest), early);
    await init({ module_or_path: wasm });
    const whenIdle = globalThis.requestIdleCallback ?? setTimeout;
    if (complete && !early) whenIdle(() => complete(compiled()).catch(() => {})); // if it fails, it is asked for again where it is needed
    // Where no widget plays, `yansuan` is the element of that id.
    if (document.querySelector("main.embed")) (await load("embed")).speak(globalThis.yansuan);
    else {
      summon(load);
      document.getElementById(hash.slice(1))?.scrollIntoView({ block: "nearest" });
    }
  } catch (error) {
    console.error(error);
    explain("load");
  }
}

start();

// What has been seen is there without a network too, and what its buttons load; not inside somebody else's page.
if (parent === window && isSecureContext) {
  const workers = navigator.serviceWorker;
  const tell = ({ active }) => {
    const seen = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
    const { pathname } = location;
    const rest = seen.filter(({ pathname }) => pathname.endsWith("_bg.wasm")).map(({ href }) => new URL(href.replace("_bg.", "_rest.")));
    const more = pathname.includes("/w/") ? [...rest, ...Object.keys(SCRIPTS).map(address), ...["talk.json", "widget.json"].map((name) => new URL(name, location))] : [];
    active.postMessage([pathname, ...[...seen, ...more].filter(({ origin }) => origin === location.origin).map(({ pathname }) => pathname)]);
  };
  workers?.register(new URL("sw.js", import.meta.url)).then(() => workers.ready).then(tell).catch(() => {}); // without it the site works as any other
  // The one of a new build forgets what the old one kept, this page too.
  if (workers?.controller) workers.addEventListener("controllerchange", () => workers.ready.then(tell).catch(() => {}));
}
