// The service worker: the page works without a network, from files of one version only. `finish.mjs` fills in the two
// names in capitals: the hash of everything, and the SHA-256 of each file.
//
// Invariants: a version is there as a whole or not at all, since every file is compared with its hash before it counts;
// a new version waits until no tab needs the old one, or until someone asks for it.

const scope = new URL("./", self.location.href).href;
const prefix = `sidecar-playground ${scope} `;
const own = prefix + VERSION;

async function add(cache, [name, wanted]) {
  const response = await fetch(new URL(name, scope), { cache: "reload" });
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  const body = await response.arrayBuffer();
  const sum = [...new Uint8Array(await crypto.subtle.digest("SHA-256", body))];
  if (sum.map((byte) => byte.toString(16).padStart(2, "0")).join("") !== wanted) throw new Error(`${name} is of another version`);
  const headers = { "content-type": response.headers.get("content-type") ?? "application/octet-stream" };
  await cache.put(new URL(name, scope), new Response(body, { headers }));
}

async function install() {
  const cache = await caches.open(own);
  try {
    await Promise.all(Object.entries(FILES).map((file) => add(cache, file)));
  } catch (error) {
    await caches.delete(own);
    throw error;
  }
}

/** The version before this one stays: a tab that was not reloaded yet may still ask for its files. */
async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== own);
  await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
}

async function answer(request) {
  const url = new URL(request.url);
  url.search = url.hash = "";
  if (url.href === scope) url.pathname += "index.html";
  const cache = await caches.open(own);
  return (await cache.match(url)) ?? (await older(url)) ?? fetch(request);
}

async function older(url) {
  for (const name of await caches.keys()) {
    const found = name.startsWith(prefix) && (await (await caches.open(name)).match(url));
    if (found) return found;
  }
  return undefined;
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  if (event.request.method === "GET" && event.request.url.startsWith(scope)) event.respondWith(answer(event.request));
});
