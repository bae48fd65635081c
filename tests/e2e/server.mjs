// A plain static server with the headers that the site ships with.
import { createServer } from "node:http";
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { brotliCompressSync } from "node:zlib";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".xml": "application/xml",
  ".txt": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
};

/** The content security policy of every page. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "frame-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors *",
].join("; ");

/**
 * Serves a folder, or what `pages` says for a path, on a free port of this machine. Compressed, every file comes as brotli, and may
 * be kept by the browser, as hosts do.
 */
export async function serve(folder, pages = {}, { isCompressed = false } = {}) {
  const compressed = new Map();
  const squeeze = (file, body) => {
    if (!compressed.has(file)) compressed.set(file, brotliCompressSync(body));
    return compressed.get(file);
  };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (pages[pathname] !== undefined) {
      response.writeHead(200, { "content-type": TYPES[".html"] });
      response.end(pages[pathname]);
      return;
    }
    try {
      let file = join(folder, normalize(decodeURIComponent(pathname)));
      if ((await stat(file)).isDirectory()) file = join(file, "index.html");
      const plain = await readFile(file);
      const body = isCompressed ? squeeze(file, plain) : plain;
      response.writeHead(200, {
        ...(isCompressed ? { "content-encoding": "br", "cache-control": "public, max-age=600" } : {}),
        "content-type": TYPES[extname(file)] ?? "application/octet-stream",
        "content-security-policy": POLICY,
        "access-control-allow-origin": "*",
      });
      response.end(body);
    } catch {
      response.writeHead(404, { "content-type": TYPES[".html"] });
      response.end("not found");
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address();
  return { origin: `http://127.0.0.1:${port}`, port, close: () => new Promise((done) => server.close(done)) };
}
