// Lists what a browser loads before the page can be used, and fails above the budget.
// Usage: node sizes.mjs <built folder> <budget in bytes>
//
// Needed is index.html and every file whose name stands in a needed text file. JSON is fetched later, when it is asked for,
// and the service worker when the page is there; static/embed.js is for other pages, and static/fetch.html a page of its own. The whole engine (worker-…) comes when the first picture is drawn and the
// editor works; it is counted apart.

import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync } from "node:zlib";

const [folder, budget] = [process.argv[2], Number(process.argv[3])];
const files = readdirSync(folder, { recursive: true }).map(String);
const needed = new Map([["index.html", readFileSync(join(folder, "index.html"))]]);
for (const [name, content] of needed) {
  if (!/\.(html|js|css)$/.test(name)) continue;
  const text = content.toString();
  for (const file of files) {
    if (/\.\w+$/.test(file) && !needed.has(file) && !/\.(txt|json)$|^sw\.js$|^static\/(embed|fetch)\./.test(file) && text.includes(basename(file))) {
      needed.set(file, readFileSync(join(folder, file)));
    }
  }
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
let [raw, packed] = [0, 0];
let later = 0;
console.log(`${"raw".padStart(10)}${"brotli".padStart(10)}  file`);
for (const [name, content] of [...needed].sort(([a], [b]) => a.localeCompare(b))) {
  const brotli = brotliCompressSync(content).length;
  if (name.startsWith("worker-")) later += brotli;
  else [raw, packed] = [raw + content.length, packed + brotli];
  console.log(`${kilobytes(content.length)}${kilobytes(brotli)}  ${name}`);
}
console.log(`${kilobytes(raw)}${kilobytes(packed)}  until the page can be used (budget ${kilobytes(budget).trim()})`);
console.log(`${"".padStart(10)}${kilobytes(later)}  after that: the whole engine`);
if (packed > budget) {
  console.error("Over budget: make a file smaller, or load it later.");
  process.exit(1);
}
