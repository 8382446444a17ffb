// Runs the benchmarks in Wasm: node wasm.mjs FOLDER [FILE...], where wasm-bindgen has put them into the folder.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [folder, ...files] = process.argv.slice(2);
globalThis.benchFiles = files.map((file) => [file, readFileSync(file, "utf8")]);
createRequire(import.meta.url)(join(resolve(folder), "engine.js"));
