// A static server for one test.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".yaml": "text/plain; charset=utf-8",
};

/**
 * Serves `folder` under `path` ("/", "/some/where/"). `extra` maps further names to text, as in `{"test.html": "…"}`.
 * Files whose names match `missing` are not there. With `caches`, browsers may keep files whose names have a hash. Returns `{url, close}`; `onRequest(name)` may be set on it.
 */
export async function serve(folder, { path = "/", extra = {}, caches = false, missing = null } = {}) {
  const served = { onRequest: () => {} };
  const server = createServer(async (request, response) => {
    const wanted = decodeURIComponent(new URL(request.url, "http://x").pathname);
    const name = wanted.startsWith(path) ? wanted.slice(path.length) || "index.html" : null;
    served.onRequest(name ?? "");
    const file = name === null ? null : normalize(join(folder, name));
    try {
      if (file === null || !file.startsWith(folder + sep) || missing?.test(name)) throw new Error("outside");
      const body = extra[name] ?? (await readFile(file));
      const type = TYPES[extname(name)] ?? "application/octet-stream";
      const caching = caches && /-[0-9a-f]{12,}/.test(name) ? { "cache-control": "max-age=31536000, immutable" } : {};
      response.writeHead(200, { "content-type": type, ...caching }).end(body);
    } catch {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found");
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return Object.assign(served, {
    url: `http://127.0.0.1:${server.address().port}${path}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  });
}
