// Finishes what Trunk has built, in the folder where Trunk put it: adds the editor, gives the worker one hashed file per
// kind, and writes the links and the security policy into index.html. Trunk runs this after each build (see Trunk.toml).

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { zip } from "./zip.mjs";

const { SIDECAR_WEB_PACKAGES: packages, TRUNK_STAGING_DIR: stage } = process.env;
if (!packages || !stage) {
  console.error("This step needs tools that ./dev sets up: run ./dev build or ./dev serve.");
  process.exit(1);
}
const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(packages, "package.json"));
const esbuild = require("esbuild");
const yaml = require("yaml");

const hash = (content) => createHash("sha256").update(content).digest("hex").slice(0, 16);
const integrity = (content) => `sha384-${createHash("sha384").update(content).digest("base64")}`;

async function bundle(options) {
  const result = await esbuild.build({
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    metafile: true,
    write: false,
    logLevel: "warning",
    absWorkingDir: packages,
    nodePaths: [join(packages, "node_modules")],
    ...options,
  });
  return { code: result.outputFiles[0].contents, inputs: Object.keys(result.metafile.inputs) };
}

/**
 * CodeMirror draws 1000 pixels of text above and below what is in sight, and up to twice that when a text is replaced. All
 * of it is laid out before the picture of that text can be painted; a quarter is enough to scroll by.
 */
const nearerSight = {
  name: "nearer sight",
  setup(build) {
    build.onLoad({ filter: /@codemirror[\\/]view[\\/]dist[\\/]index\.js$/ }, ({ path }) => {
      const parts = readFileSync(path, "utf8").split("1000 /* VP.Margin */");
      if (parts.length < 2) throw new Error("CodeMirror says in other words how much it draws");
      return { contents: parts.join("250 /* VP.Margin */"), loader: "js" };
    });
  },
};

function put(name, content) {
  writeFileSync(join(stage, name), content);
  return name;
}

/** The licences of the packages in a bundle: each asks to be told with every copy. */
function licences(inputs) {
  const folders = inputs.map((input) => /^node_modules\/(@[^/]+\/)?[^/]+/.exec(input)?.[0]).filter(Boolean);
  return [...new Set(folders)].sort().map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(packages, folder, "package.json"), "utf8"));
    return `${name} ${version}\n\n${readFileSync(join(packages, folder, "LICENSE"), "utf8").trim()}\n`;
  }).join(`\n${"-".repeat(80)}\n\n`);
}

async function addEditor() {
  const { code, inputs } = await bundle({
    entryPoints: [join(here, "editor.js")],
    banner: { js: "/* Licences: editor-licences.txt */" },
    plugins: [nearerSight],
  });
  put("editor-licences.txt", licences(inputs));
  return { name: put(`editor-${hash(code)}.js`, code), integrity: integrity(code) };
}

/** What the first part of the engine says to a text, asked as `static/first.js` asks it. Here it runs without a browser. */
async function draw(text) {
  const { default: init } = await import(pathToFileURL(join(stage, "first.js")));
  const answer = new Promise((resolve) => {
    globalThis.postMessage = (message) => message === "ready" || resolve(message);
  });
  await init({ module_or_path: readFileSync(join(stage, "first_bg.wasm")) });
  globalThis.onmessage({ data: { id: 0, text } });
  return answer;
}

/** The first example and its pictures, in the places that `index.html` has for them, and the words above pictures. */
async function addFirstExample(html) {
  const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)};`);
  const folder = join(here, "../gallery");
  const text = readFileSync(join(folder, readdirSync(folder).filter((name) => name.endsWith(".yaml")).sort()[0]), "utf8");
  const { form: words } = yaml.parse(readFileSync(join(here, "../app/words/en.yaml"), "utf8"));
  const { captions, contents } = await draw(text);
  const frame = /<template id="figure">([^]*)<\/template>/.exec(html)[1];
  const figures = captions.map(([form, badge, summary], index) => frame
    .replace('class="figure"', `class="figure${badge === "yours" ? " figure--written" : ""}" data-form="${form}" data-badge="${badge}"`)
    .replace("<strong>", () => `<strong>${escaped(words[form])}`)
    .replace('class="figure__badge">', () => `class="figure__badge">${escaped(words[badge])}`)
    .replace('class="figure__summary">', () => `class="figure__summary">${escaped(summary)}`)
    .replace('class="picture">', () => `class="picture">${contents[index]}`));
  const data = Object.entries(words).map(([key, word]) => ` data-${key}="${escaped(word)}"`);
  return html
    .replace("<!-- the first example -->", () => escaped(text))
    .replace("<!-- the pictures of the first example -->", () => figures.join(""))
    .replace('<template id="figure">', () => `<template id="figure"${data.join("")}>`);
}

/** Trunk starts the program with a script in the page; here `static/first.js` starts it, when its turn has come. */
function startLater(html) {
  const script = /<script type="module">\s*import init[^]*?<\/script>\s*/;
  const [, module, wasm] = /from '(\.\/[^']+)'[^]*?module_or_path: '(\.\/[^']+)'/.exec(script.exec(html)[0]);
  return html
    .replace(script, "")
    .replace(`<link rel="modulepreload" href="${module}"`, `<link id="app-module" rel="alternate" type="text/javascript" href="${module}"`)
    .replace(/<link rel="preload" href="[^"]*\.wasm"[^>]*>/, `<link id="app-wasm" rel="alternate" type="application/wasm" href="${wasm}">`);
}

/** Trunk never hashes a worker. Here it becomes a script that starts by itself, and its Wasm. */
async function addWorker(bin) {
  const script = join(stage, `${bin}.js`);
  const wasm = readFileSync(join(stage, `${bin}_bg.wasm`));
  const wasmName = put(`${bin}-${hash(wasm)}.wasm`, wasm);
  const { code } = await bundle({
    stdin: {
      contents: `import init from "./${bin}.js";
        await init({ module_or_path: new URL(${JSON.stringify(wasmName)}, import.meta.url) });`,
      resolveDir: stage,
    },
  });
  rmSync(script);
  rmSync(join(stage, `${bin}_bg.wasm`));
  return { name: put(`${bin}-${hash(code)}.js`, code), wasmName };
}

/** The styles are several files for those who write them, and one for those who load them. */
function joinStyles(html) {
  const links = [...html.matchAll(/<link rel="stylesheet" href="\.\/([^"]+\.css)"[^>]*>\n?/g)];
  const styles = links.map(([, name]) => {
    const style = readFileSync(join(stage, name), "utf8");
    rmSync(join(stage, name));
    return style;
  }).join("\n");
  const [first, ...others] = links.map(([link]) => link);
  const name = put(`style-${hash(styles)}.css`, styles);
  const joined = html.replace(first, `<link rel="stylesheet" href="./${name}" integrity="">\n`);
  return others.reduce((page, link) => page.replace(link, ""), joined);
}

/** Trunk leaves the scripts and styles of the page as long as they were written. */
async function minify(html) {
  for (const [link, name, loader] of html.matchAll(/<link\b[^>]* href="\.\/([^"]+\.(js|css))"[^>]*>/g)) {
    const { code } = await esbuild.transform(readFileSync(join(stage, name), "utf8"), { minify: true, loader, target: "es2022" });
    put(name, code);
    html = html.replace(link, link.replace(/ integrity="[^"]*"/, () => ` integrity="${integrity(code)}"`));
  }
  return html;
}

/** While serving, Trunk adds a script that it changes for each visitor: as a file it needs no hash. */
function moveReloadScript(html) {
  const script = /<script>((?:(?!<\/script>)[^])*\{\{__TRUNK_ADDRESS__\}\}[^]*?)<\/script>/;
  return html.replace(script, (_, code) => {
    const filled = code
      .replace("'{{__TRUNK_ADDRESS__}}'", "window.location.host")
      .replace("{{__TRUNK_WS_BASE__}}", "/");
    return `<script src="./${put("reload.js", filled)}"></script>`;
  });
}

/** Nothing leaves the origin, and no script runs that was not built here: all are files. */
const policy = (serving) => rules({ script: "'self' 'wasm-unsafe-eval'", connect: serving ? "'self' ws:" : "'self'" });

/** The one page that may ask others, when someone has seen whom and agrees. It has no Wasm and nothing to give away. */
const askingPolicy = rules({ script: "'self'", connect: "'self' https: http://localhost:* http://127.0.0.1:*" });

function rules({ script, connect }) {
  return [
    // Firefox asks this one about prefetching; everything else has a rule of its own.
    "default-src 'self'",
    `script-src ${script}`,
    "worker-src 'self'",
    `connect-src ${connect}`,
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "frame-src 'none'",
    "media-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** The page that asks another site for a manifest: the look of the other one, a policy and words of its own. */
function finishAsking(style) {
  const file = join(stage, "static/fetch.html");
  const words = yaml.parse(readFileSync(join(here, "../app/words/fetch.yaml"), "utf8"));
  const lacking = Object.entries(words).filter(([, { en, de }]) => !en || !de).map(([word]) => word);
  if (lacking.length > 0) throw new Error(`fetch.yaml lacks a language for ${lacking}`);
  const sum = (name) => integrity(readFileSync(join(stage, "static", name)));
  const html = readFileSync(file, "utf8")
    .replace("../style.css", `../${style}`)
    .replace(/(?<=<(?:script src|link rel="stylesheet" href)="([^"]+)")/g, (_, name) => ` integrity="${sum(name)}"`)
    .replace(/<!--[^]*?-->\n?/g, "")
    .replace('<template id="words">', (template) => template + JSON.stringify(words).replaceAll("&", "&amp;").replaceAll("<", "&lt;"))
    .replace('<meta charset="utf-8">', (charset) => `${charset}\n<meta http-equiv="Content-Security-Policy" content="${askingPolicy}">`);
  writeFileSync(file, html);
}

/** The catalogue as the page shows it: the project's own data, without what only tests need. */
function addCatalogue() {
  const folder = join(here, "../catalogue/data");
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml")).sort();
  const entries = files.flatMap((name) => yaml.parse(readFileSync(join(folder, name), "utf8")));
  const shown = entries.map(({ proof, generic, words, ports, env, weak_names, source, ...entry }) => entry);
  const json = JSON.stringify(shown);
  return { name: put(`catalogue-${hash(json)}.json`, json) };
}

/** The manifests of the examples: the page fetches them when one is chosen. */
function addExamples() {
  const folder = join(here, "../gallery");
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml")).sort();
  const json = JSON.stringify(Object.fromEntries(
    files.map((name) => [name.slice(name.indexOf("-") + 1, -".yaml".length), readFileSync(join(folder, name), "utf8")]),
  ));
  return { name: put(`examples-${hash(json)}.json`, json) };
}

/** The words of the page in another language, in the order of the English ones: see `src/app/words`. */
function addWords(language) {
  const read = (name) => yaml.parse(readFileSync(join(here, "../app/words", `${name}.yaml`), "utf8"));
  const [own, other] = [read("en"), read(language)];
  const words = Object.entries(own).flatMap(([group, texts]) => Object.entries(texts).map(([key, text]) => {
    const names = [...text.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
    return other[group][key].replace(/\{([^}]+)\}/g, (_, name) => `{${names.indexOf(name)}}`);
  }));
  const json = JSON.stringify({ words, phrases: read(`${language}-phrases`) });
  return { language, name: put(`words-${language}-${hash(json)}.json`, json) };
}

/** Each lesson as one file, its texts as they are; and a small one that says which there are. */
function addLessons() {
  const content = join(here, "../lesson/content");
  const folders = (path) => readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
  const index = folders(content).map((id) => {
    const text = (...path) => readFileSync(join(content, id, ...path), "utf8");
    const lesson = text("lesson.yaml");
    const steps = folders(join(content, id)).map((folder) => {
      const files = readdirSync(join(content, id, folder)).sort().map((name) => [name.split(".")[0], text(folder, name)]);
      return { id: folder.slice(folder.indexOf("-") + 1), ...Object.fromEntries(files) };
    });
    const json = JSON.stringify({ id, lesson, steps });
    const { title, about, minutes, order, needs = [] } = yaml.parse(lesson);
    const shown = steps.map(({ id, step }) => {
      const { title, goals = [], quiz = [], optional = false } = yaml.parse(step);
      return { id, title, goals: goals.length, questions: quiz.length, optional };
    });
    return { id, title, about, minutes, order, needs, steps: shown, file: put(`lesson-${id}-${hash(json)}.json`, json) };
  });
  const json = JSON.stringify(index.sort((a, b) => a.order - b.order));
  return { name: put(`lessons-${hash(json)}.json`, json) };
}

/** What makes the page work without a network. While serving it removes itself, so that no change stays unseen. */
async function addOffline(serving) {
  if (serving) {
    const leave = "caches.keys().then((names) => names.forEach((name) => caches.delete(name))); self.registration.unregister();";
    put("sw.js", `self.addEventListener("install", () => self.skipWaiting()); self.addEventListener("activate", () => { ${leave} });`);
    return;
  }
  const names = readdirSync(stage, { recursive: true }).map((name) => String(name).replaceAll("\\", "/"));
  const wanted = names.filter((name) => /\.\w+$/.test(name) && !/\.(txt|png)$/.test(name) && name !== "sw.js").sort();
  const sums = wanted.map((name) => [name, createHash("sha256").update(readFileSync(join(stage, name))).digest("hex")]);
  const files = JSON.stringify(Object.fromEntries(sums));
  const { code } = await bundle({
    entryPoints: [join(here, "offline.js")],
    format: "iife",
    define: { FILES: files, VERSION: JSON.stringify(hash(files)) },
  });
  put("sw.js", code);
}

/** The whole page as one file, for a room without a network: it runs from a stick, with any static server. */
function addOfflineRoom() {
  const names = readdirSync(stage, { recursive: true }).map((name) => String(name).replaceAll("\\", "/"));
  const files = names.filter((name) => /\.\w+$/.test(name)).sort().map((name) => [name, readFileSync(join(stage, name))]);
  const readme = [
    "Sidecar Playground, to run without a network.",
    "",
    "A browser refuses to run this page from a file. Serve this folder with any static server, for example:",
    "",
    "    python3 -m http.server 8080",
    "",
    "and open http://localhost:8080/ on this machine. Others in the room open the address of this machine with the",
    "same port. Lessons are under Learn. Your own lessons go into a folder `lessons` here.",
    "",
  ];
  put("offline-room.zip", zip("sidecar-playground", [...files, ["READ-ME.txt", readme.join("\r\n")]]));
}

put("threat-model.txt", readFileSync(join(here, "../security.md"), "utf8"));
const page = join(stage, "index.html");
const built = readFileSync(page, "utf8");
let html = await addFirstExample(startLater(moveReloadScript(built)));
const serving = built.includes("{{__TRUNK_ADDRESS__}}");
const [editor, first, worker] = await Promise.all([addEditor(), addWorker("first"), addWorker("worker")]);
const catalogue = addCatalogue();
const examples = addExamples();
const words = addWords("de");
const lessons = addLessons();
const links = [
  `<link id="editor-module" rel="alternate" type="text/javascript" href="./${editor.name}" crossorigin="anonymous" integrity="${editor.integrity}">`,
  // The first picture of somebody's own text waits for this one only.
  `<link id="first-module" rel="prefetch" href="./${first.name}">`,
  // The whole engine is loaded when the first picture is there.
  `<link id="worker-module" rel="alternate" type="text/javascript" href="./${worker.name}">`,
  `<link id="examples-data" rel="alternate" type="application/json" href="./${examples.name}">`,
  `<link id="catalogue-data" rel="alternate" type="application/json" href="./${catalogue.name}">`,
  `<link id="words-${words.language}" rel="alternate" type="application/json" href="./${words.name}">`,
  `<link id="lessons-data" rel="alternate" type="application/json" href="./${lessons.name}">`,
  `<link rel="prefetch" href="./${first.wasmName}">`,
];

if (!serving) links.push('<link id="offline-worker" rel="alternate" type="text/javascript" href="./sw.js">');
const added = links.join("\n");
html = (await minify(joinStyles(html)))
  .replace(/(?<=<script )src="(static\/[^"]+)"/g, (src, name) => `${src} integrity="${integrity(readFileSync(join(stage, name)))}"`)
  .replace(/[ \t]*<!--[^]*?-->\n?/g, "")
  .replace(/ integrity="[^"]*"(?= as="fetch")/g, "") // browsers ignore it on this kind of link, and warn
  .replace("</head>", () => `${added}\n</head>`);
// The policy covers only what comes after it.
const meta = `<meta http-equiv="Content-Security-Policy" content="${policy(serving)}">`;
html = html.replace(/<meta charset="utf-8">/i, (charset) => `${charset}\n${meta}`);
if (!html.includes(meta) || !html.includes(added)) {
  console.error('index.html needs <meta charset="utf-8"> and </head>: the security policy and the links go there.');
  process.exit(1);
}
writeFileSync(page, html);
finishAsking(/href="\.\/(style-[^"]+\.css)"/.exec(html)[1]);
await addOffline(serving);
if (!serving) addOfflineRoom();
// The port of the engine that drew the first example would keep this process waiting.
process.exit(0);
