// The one start script: it loads the program, and says so on the page when it cannot. Everything else on the page stays as it is.
// Trunk writes the addresses into the attributes of its own script element (see pattern_script in Trunk.toml).

const script = document.querySelector("script[data-program]");

// The smallest module that uses simd128: i8x16.popcnt(i8x16.splat(0)).
const SIMD = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
);

function explain(reason) {
  const note = document.getElementById("yansuan-failure");
  if (!note) return;
  for (const words of note.querySelectorAll("[data-reason]")) {
    words.hidden = words.dataset.reason !== reason;
  }
  note.hidden = false;
}

async function start() {
  if (typeof WebAssembly !== "object" || !WebAssembly.validate(SIMD)) {
    explain("simd");
    return;
  }
  try {
    const { default: init } = await import(new URL(script.dataset.program, document.baseURI));
    await init({ module_or_path: new URL(script.dataset.wasm, document.baseURI) });
  } catch (error) {
    console.error(error);
    explain("load");
  }
}

start();
