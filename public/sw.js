// The site without a network, for pages that have been seen. What has a hash in its name never changes and comes from the cache; all else
// is asked for anew, and comes from the cache only where there is no network. A new build forgets everything of the old one that it does
// not have itself, so that no page is ever a mixture of two.

const HASHED = new Set([]); // of this build; `prerender` fills it in
const ROOT = new URL("./", location.href).pathname;
const isHashed = (path) => /-[0-9a-f]{16}(_\w+)?\.\w+$/.test(path);

addEventListener("install", (event) => event.waitUntil(skipWaiting()));

addEventListener("activate", (event) => event.waitUntil((async () => {
  const cache = await caches.open(ROOT);
  for (const { url } of await cache.keys()) if (!HASHED.has(new URL(url).pathname.slice(ROOT.length))) await cache.delete(url);
  await clients.claim();
})()));

/** Asks for it, and keeps the answer under its path: the state in the query is the program's affair. Nobody waits for the keeping. */
async function fetched(request, path, event) {
  const answer = await fetch(request);
  if (answer.ok && answer.type === "basic") event.waitUntil(keep(path, answer.clone()).catch(() => {}));
  return answer;
}

const keep = async (path, answer) => (await caches.open(ROOT)).put(path, answer);

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  event.respondWith((async () => {
    const kept = await (await caches.open(ROOT)).match(pathname);
    if (kept && isHashed(pathname)) return kept;
    try {
      return await fetched(request, pathname, event);
    } catch {
      return kept ?? Response.error();
    }
  })());
});

// What a page had loaded before this script was there. A page of another build has files that this one does not know: of it nothing is
// kept, for it would come back without them.
addEventListener("message", (event) => {
  if (event.data.some((path) => isHashed(path) && !HASHED.has(path.slice(ROOT.length)))) return;
  const bring = async (path) => { if (!isHashed(path) || !await (await caches.open(ROOT)).match(path)) await fetched(path, path, event); };
  for (const path of new Set(event.data)) event.waitUntil(bring(path).catch(() => {}));
});
