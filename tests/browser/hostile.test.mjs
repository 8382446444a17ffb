// Everything hostile that text, links, other pages and a browser can be. The page lives on, keeps the text, runs no script
// of a manifest, and asks no other site for anything.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, host, openPage, site } from "./lib/browser.mjs";
import { MARKUP, TEXTS } from "./lib/hostile.mjs";
import { drawn, openPlayground, paste, ready, untilDrawn } from "./lib/playground.mjs";

const pod = (name) => `kind: Pod\nmetadata: { name: ${name} }\nspec:\n  containers:\n    - { name: ${name}, image: ${name} }\n`;

/** Longest that a text may keep the engine or the page busy on a machine that does much else. */
const PATIENCE = 60_000;

/** Before anything of the page runs: counts what is asked of workers, and sees dialogs and windows. */
function watch() {
  window.hurt = undefined;
  for (const name of ["alert", "confirm", "prompt", "open", "print"]) window[name] = () => void (window.hurt = name);
  window.asked = window.answered = 0;
  window.workers = [];
  const Plain = window.Worker;
  window.Worker = class extends Plain {
    constructor(...given) {
      super(...given);
      window.workers.push(this);
      this.addEventListener("message", () => void (window.answered = performance.now()));
    }
    postMessage(...given) {
      window.asked = performance.now();
      return super.postMessage(...given);
    }
  };
}

/** The playground in a page that is watched, with what is changed in the browser before it starts. */
async function openWatched(t, { change, address = "", ...options } = {}) {
  const before = [[watch], ...(change ? [[change]] : [])];
  const page = await openPage(t, `${await site(t, { path: "/docs/sidecar/" })}${address}`, { before, ...options });
  page.setDefaultTimeout(PATIENCE);
  return page;
}

/** The whole text of the editor, which draws only the lines in sight. */
const whole = (page) =>
  page.evaluate(() => {
    const content = document.querySelector(".cm-content");
    const tile = content.cmTile ?? content.cmView;
    return (tile.view ?? tile.root.view).state.doc.toString();
  });

/** What an editor makes of a text: one kind of line end. */
const inEditor = (text) => text.replace(/\r\n?/g, "\n");

/** Waits until the engine has answered what it was asked. */
const settled = (page) => page.waitForFunction(() => window.answered >= window.asked && performance.now() - window.asked > 120, undefined, { polling: 40 });

/** Nothing ran and nothing was put into the page that a manifest brought along. */
async function unhurt(page) {
  const found = await page.evaluate(() => ({
    hurt: window.hurt,
    elements: [...document.querySelectorAll("#app :is(script, iframe, object, embed, base, form[action], math, foreignObject, animate, use, link, img[src]:not([src^='blob:'], [src^='data:image/']))")].map((element) => element.outerHTML.slice(0, 200)),
    handlers: [...document.querySelectorAll("#app *")].flatMap((element) => [...element.attributes].filter(({ name }) => name.startsWith("on")).map(({ name }) => `${element.tagName} ${name}`)),
    addresses: [...document.querySelectorAll("#app [href]")].map((link) => link.getAttribute("href")).filter((href) => /^\s*(javascript|data|vbscript):/i.test(href) || /evil/.test(new URL(href, location).hostname)),
    prototype: ({}).hurt,
  }));
  assert.deepEqual(found, { hurt: undefined, elements: [], handlers: [], addresses: [], prototype: undefined });
}

/** The page still does what it is for. */
async function alive(page, name) {
  await paste(page, pod(name));
  await untilDrawn(page, [[name]], PATIENCE);
}

test("texts", { timeout: 30 * 60_000 }, async (t) => {
  const page = await openWatched(t);
  await ready(page);
  for (const [number, [name, text]] of TEXTS.entries()) {
    await t.test(name, async () => {
      await paste(page, text);
      assert.equal(await whole(page), inEditor(text), "the text is there as it was pasted");
      await settled(page);
      await unhurt(page);
      await alive(page, `alive-${number}`);
      page.assertClean();
    });
  }
});

test("markup in every kind of picture, way of writing and window", async (t) => {
  const page = await openWatched(t, { permissions: ["clipboard-write"] });
  await ready(page);
  for (const text of MARKUP) {
    await t.test(text, async () => {
      const name = JSON.stringify(text);
      await paste(page, `kind: Deployment\nmetadata: { name: ${name} }\nspec:\n  template:\n    metadata: { labels: { a: ${name} } }\n    spec:\n      volumes: [{ name: v, emptyDir: {} }]\n      containers:\n        - { name: ${name}, image: ${name}, volumeMounts: [{ name: v, mountPath: ${name} }] }\n        - { name: logs, image: fluent/fluent-bit, volumeMounts: [{ name: v, mountPath: /x }] }\n`);
      for (const writing of ["Outline", "Mermaid", "Picture"]) {
        const button = page.getByRole("button", { name: writing, exact: true });
        if (await button.count()) await button.first().click();
        for (const kind of ["Timeline", "Sequence", "Resources", "Topology"]) {
          const choice = page.getByRole("button", { name: kind, exact: true });
          if (await choice.count()) await choice.first().click();
          await settled(page);
          await unhurt(page);
        }
      }
      page.assertClean();
    });
  }
});

/** Parts of addresses that lead to no text. */
const LINKS = [
  "#s=", "#s=1", "#s=1.", "#s=1..", "#s=1.00000000.", "#s=1.1c2f8a90.q1YqSyxSslJQKk", "#s=2.00000000.AAAA", "#s=-1.0.0", "#s=999999999999.0.0",
  "#s=1.zzzzzzzz.____", `#s=1.00000000.${"A".repeat(100_000)}`, "#s=1.00000000.é", "#s=1.00000000.%00%ff%fe", "#s=1.ffffffff.<script>window.hurt=1</script>",
  `#${"x".repeat(50_000)}`, "#__proto__", "#constructor", "#javascript:window.hurt=1", "#<img src=x onerror=window.hurt=1>", "#/rules/../../x", "#rules/<svg onload=window.hurt=1>",
  "#%", "#%E0%A4%A", "#//evil.example/", "#s=1.66d3d569.4wIA.more",
];

test("links that lead nowhere", { timeout: 10 * 60_000 }, async (t) => {
  for (const link of LINKS) {
    await t.test(link.slice(0, 60), async (t) => {
      const page = await openWatched(t, { address: link });
      await page.locator(".cm-content").waitFor({ state: "attached" });
      await unhurt(page);
      // Some lead to another page of the site.
      await page.evaluate(() => void (location.hash = ""));
      await page.locator(".cm-content").waitFor();
      await alive(page, "after");
    });
  }
});

/** What an address asks for. */
const QUERIES = [
  "?example=<script>window.hurt=1</script>", "?example=../../etc/passwd", "?example=__proto__", "?view=javascript:window.hurt=1", "?k8s=99.99.99",
  "?k8s=%00", "?diagram=<svg onload=window.hurt=1>", "?theme=night;}*{display:none", "?embed=1&example=%ff%fe", `?example=${"x".repeat(4_000)}`, "?embed=2&readonly=<b>",
  "?lang=<img src=x>&lang=de&lang=__proto__",
];

test("addresses that ask for what is not there", { timeout: 5 * 60_000 }, async (t) => {
  for (const query of QUERIES) {
    await t.test(query.slice(0, 60), async (t) => {
      const page = await openWatched(t, { address: query });
      await page.locator("[data-engine=whole]").waitFor({ state: "attached" });
      await settled(page);
      await unhurt(page);
    });
  }
});

/** Messages that are not what an embedded page understands, or not from whom it listens to. */
const MESSAGES = [
  null, 0, "set", [], {}, { type: "set", text: "foreign" }, { source: "sidecar-playground", type: "set", text: "foreign" },
  { source: "sidecar-playground", v: 2, type: "set", text: "foreign" }, { source: "sidecar-playground", v: "1", type: "set", text: "foreign" },
  { source: "other", v: 1, type: "set", text: "foreign" }, { source: "sidecar-playground", v: 1, type: "eval", text: "window.hurt=1" },
  { source: "sidecar-playground", v: 1, type: "theme", theme: "<script>" }, { source: "sidecar-playground", v: 1, type: "theme", theme: { toString: 1 } },
  { source: "sidecar-playground", v: 1, type: "theme", theme: "constructor" }, { source: "sidecar-playground", v: 1, type: "set", text: { toString: 1 } },
  { source: "sidecar-playground", v: 1, type: "set", text: { a: ["<script>window.hurt=1</script>"] } }, { source: "sidecar-playground", v: 1, type: "set" },
  { source: "sidecar-playground", v: 1, type: "ready" }, { source: "sidecar-playground", v: 1, type: "height", height: 1e9 },
];

test("messages", { timeout: 5 * 60_000 }, async (t) => {
  const frame = (url) => `<!doctype html><meta charset="utf-8"><title>Frame</title><link rel="icon" href="data:,"><iframe id="other" src="about:blank"></iframe><iframe id="play" src="${url}?embed=1&view=split&example=istio" width="900" height="600"></iframe>`;
  const home = await site(t, { path: "/play/" });
  // Another origin: the same machine by another name.
  const around = await site(t, { path: "/", extra: { "frame.html": frame(home) } });
  const origin = new URL(around).origin.replace("127.0.0.1", "localhost");
  const allow = [new RegExp(`request to another origin: ${new URL(home).origin}`)];
  const page = await openPage(t, `${origin}/frame.html`, { before: [[watch]], allow });
  const play = page.frames().find((one) => one.url().startsWith(home));
  await play.locator("[data-engine=whole]").waitFor({ state: "attached" });
  const text = () => play.evaluate(() => {
    const tile = document.querySelector(".cm-content").cmTile ?? document.querySelector(".cm-content").cmView;
    return (tile.view ?? tile.root.view).state.doc.toString();
  });
  const before = await text();
  assert.ok(before.length > 100);
  for (const message of MESSAGES) {
    await t.test(`from the page around: ${JSON.stringify(message)}`, async () => {
      await page.evaluate((message) => document.querySelector("#play").contentWindow.postMessage(message, "*"), message);
      await page.waitForTimeout(60);
      assert.equal(await text(), before);
      assert.equal(await play.evaluate(() => window.hurt), undefined);
    });
  }
  await t.test("the right message from a frame beside it", async () => {
    await page.evaluate(() => {
      const script = document.querySelector("#other").contentDocument.createElement("script");
      script.textContent = `parent.frames[1].postMessage({ source: "sidecar-playground", v: 1, type: "set", text: "foreign" }, "*")`;
      document.querySelector("#other").contentDocument.body.append(script);
    });
    await page.waitForTimeout(150);
    assert.equal(await text(), before);
  });
  await t.test("the right message from the frame itself", async () => {
    await play.evaluate(() => window.postMessage({ source: "sidecar-playground", v: 1, type: "set", text: "foreign" }, "*"));
    await page.waitForTimeout(150);
    assert.equal(await text(), before);
  });
  await t.test("a page that opened the playground", async (t) => {
    const opened = await openWatched(t);
    await ready(opened);
    const text = await whole(opened);
    await opened.evaluate(() => window.postMessage({ source: "sidecar-playground", v: 1, type: "set", text: "foreign" }, "*"));
    await opened.waitForTimeout(150);
    assert.equal(await whole(opened), text);
  });
});

test("an element takes messages from its own frame and its own origin only", async (t) => {
  const docs = `<!doctype html><meta charset="utf-8"><title>Docs</title><link rel="icon" href="data:,"><script async src="static/embed.js"></script><sidecar-playground id="one"><pre>${pod("one")}</pre></sidecar-playground>`;
  const evil = `<!doctype html><meta charset="utf-8"><title>Evil</title><script>parent.postMessage({ source: "sidecar-playground", v: 1, type: "height", height: 7777 }, "*");parent.postMessage({ source: "sidecar-playground", v: 1, type: "findings", findings: "<b>", problems: 1 }, "*")</script>`;
  const url = await site(t, { path: "/docs/", extra: { "docs.html": docs } });
  const other = await site(t, { path: "/", extra: { "evil.html": evil } });
  const page = await openPage(t, `${url}docs.html`, { allow: [/request to another origin/] });
  await page.frameLocator("#one iframe").locator("#diagram svg").first().waitFor({ state: "attached" });
  await page.waitForTimeout(300);
  await page.evaluate((address) => {
    window.told = [];
    document.querySelector("#one").addEventListener("findings", ({ detail }) => window.told.push(detail));
    document.querySelector("#one").shadowRoot.querySelector("iframe").src = address;
  }, `${other}evil.html`);
  await page.waitForTimeout(600);
  assert.notEqual(await page.locator("#one iframe").evaluate((frame) => frame.style.height), "7777px");
  assert.deepEqual(await page.evaluate(() => window.told), []);
});

/** Browsers whose storage does not work, or holds what nobody wrote. */
const STORAGES = {
  "refuses to be looked at": () => Object.defineProperty(window, "localStorage", { get() { throw new DOMException("denied", "SecurityError"); } }),
  "is not there": () => Object.defineProperty(window, "localStorage", { value: null }),
  "is full": () => { Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }; },
  "is full after the third time": () => { const set = Storage.prototype.setItem; let count = 0; Storage.prototype.setItem = function (...given) { if ((count += 1) > 3) throw new DOMException("full", "QuotaExceededError"); set.apply(this, given); }; },
  "throws while reading": () => { Storage.prototype.getItem = () => { throw new DOMException("broken", "InvalidStateError"); }; },
  "throws while removing": () => { Storage.prototype.removeItem = () => { throw new DOMException("broken", "InvalidStateError"); }; },
  "forgets everything": () => { Storage.prototype.setItem = () => {}; Storage.prototype.getItem = () => null; },
  "holds nonsense": () => { for (const name of ["text/1/x", "history/1", "start/1", "tab/1", "text/9/x", ""]) localStorage.setItem(`sidecar-playground/${name}`, "{\u0000[<script>"); },
  "holds other shapes": () => { for (const [name, value] of [["text/1/x", "[1,2,3]"], ["history/1", `[[{}],[],null,["a",1,{}]]`], ["start/1", `"soon"`], ["tab/1", "5"]]) localStorage.setItem(`sidecar-playground/${name}`, value); },
  "holds markup": () => { for (const name of ["text/1/x", "history/1"]) localStorage.setItem(`sidecar-playground/${name}`, JSON.stringify([[Date.now(), "<img src=x onerror=window.hurt=1>", "<script>window.hurt=1</script>"]])); },
  "holds 2,000 other things": () => { for (let n = 0; n < 2_000; n += 1) localStorage.setItem(`sidecar-playground/text/1/${n}`, `[${n},"","x"]`); },
  "of the session is refused": () => Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("denied", "SecurityError"); } }),
  "of files is refused": () => Object.defineProperty(window, "caches", { get() { throw new DOMException("denied", "SecurityError"); } }),
};

test("storage", { timeout: 5 * 60_000 }, async (t) => {
  for (const [name, change] of Object.entries(STORAGES)) {
    await t.test(`storage ${name}`, async (t) => {
      const page = await openWatched(t, { change });
      await ready(page);
      await alive(page, "kept");
      await page.waitForTimeout(700);
      assert.equal(await whole(page), pod("kept"));
      await unhurt(page);
    });
  }
});

/** Clocks that jump, stand or say nothing. */
const CLOCKS = {
  "jumps back a year": () => { const now = Date.now.bind(Date); let count = 0; Date.now = () => now() - (count++ % 2) * 31_536_000_000; },
  "jumps ahead a century": () => { const now = Date.now.bind(Date); let count = 0; Date.now = () => now() + count++ * 3_153_600_000_000; },
  "stands still": () => { Date.now = () => 0; },
  "says nothing": () => { Date.now = () => NaN; },
  "goes backwards": () => { let now = 1e12; Date.now = () => (now -= 60_000); },
};

test("clocks", { timeout: 5 * 60_000 }, async (t) => {
  for (const [name, change] of Object.entries(CLOCKS)) {
    await t.test(`a clock that ${name}`, async (t) => {
      const page = await openWatched(t, { change });
      await ready(page);
      await alive(page, "one");
      await alive(page, "two");
      await page.getByRole("button", { name: "History" }).click();
      await page.keyboard.press("Escape");
      assert.equal(await whole(page), pod("two"));
    });
  }
});

/** Browsers in which the engine cannot start. */
const BLOCKED = {
  "WebAssembly is not there": () => { delete window.WebAssembly; },
  "WebAssembly is refused": () => { for (const name of ["compile", "compileStreaming", "instantiate", "instantiateStreaming"]) WebAssembly[name] = () => Promise.reject(new WebAssembly.CompileError("refused by policy")); },
  "workers are not there": () => { delete window.Worker; },
  "workers are refused": () => { window.Worker = class { constructor() { throw new DOMException("refused", "SecurityError"); } }; },
};

test("an engine that cannot start is told, and the text stays", { timeout: 5 * 60_000 }, async (t) => {
  for (const [name, change] of Object.entries(BLOCKED)) {
    await t.test(name, async (t) => {
      const page = await openWatched(t, { change, allow: [/refused|Worker|WebAssembly|unreachable|wasm/] });
      await page.getByText(/could not (be )?start|cannot be started|WebAssembly|refuses workers/).first().waitFor();
      if (/^WebAssembly/.test(name)) {
        // The page itself is WebAssembly: what is left is a plain field.
        await page.locator("#editor-text").fill("kind: Mine");
        await page.waitForTimeout(500);
        assert.equal(await page.locator("#editor-text").inputValue(), "kind: Mine");
      } else {
        await page.locator(".cm-content").waitFor();
        await paste(page, "kind: Mine");
        assert.equal(await whole(page), "kind: Mine");
      }
    });
  }
  for (const missing of [/first-.*\.wasm$/, /worker-.*\.wasm$/, /worker-.*\.js$/, /editor-.*\.js$/]) {
    await t.test(`a file is missing: ${missing.source}`, async (t) => {
      const server = await host(t, { missing });
      const page = await openPage(t, server.url, { before: [[watch]], allow: [/./] });
      const field = page.locator(".cm-content, #editor-text").first();
      await field.waitFor({ state: "visible" });
      await page.waitForTimeout(1500);
      await field.focus();
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText(pod("typed"));
      await page.waitForTimeout(500);
      const kept = await page.evaluate(() => [document.querySelector("#editor-text")?.value, document.querySelector(".cm-content")?.textContent].join());
      assert.match(kept, /name: typed/);
      // Whatever of the engine is there draws it.
      if (!/first/.test(missing.source)) await untilDrawn(page, [["typed"]]);
    });
  }
});

/** What can happen to a worker while it works. */
const ACCIDENTS = {
  "is killed by the browser": () => window.workers.at(-1).dispatchEvent(new ErrorEvent("error", { message: "out of memory" })),
  "traps": () => window.workers.at(-1).dispatchEvent(new ErrorEvent("error", { message: "RuntimeError: unreachable executed" })),
  "ends in silence": () => window.workers.at(-1).terminate(),
  "cannot read a message": () => window.workers.at(-1).dispatchEvent(new MessageEvent("messageerror")),
  "says nonsense": () => { for (const data of [null, 5, "x", {}, { id: 1 }, { view: new Uint8Array([255, 255, 255]) }, { done: new Uint8Array([9]) }]) window.workers.at(-1).dispatchEvent(new MessageEvent("message", { data })); },
};

test("a worker to which something happens", { timeout: 10 * 60_000 }, async (t) => {
  for (const [name, happen] of Object.entries(ACCIDENTS)) {
    await t.test(`a worker that ${name}`, async (t) => {
      const page = await openWatched(t, { allow: [/engine|unreachable|memory/i] });
      await ready(page);
      await alive(page, "before");
      await paste(page, pod("during"));
      await page.evaluate(happen);
      assert.equal(await whole(page), pod("during"), "the text is there");
      assert.ok((await drawn(page)).length > 0, "and a picture");
      await paste(page, pod("after"));
      // Silence is noticed after a while, and costs the answer to this one text.
      await untilDrawn(page, [["after"]], PATIENCE / 2).catch(() => alive(page, "again"));
      assert.match(await whole(page), /name: (after|again)/);
      await unhurt(page);
    });
  }
});

test("what is counted", async () => {
  const lists = [TEXTS, MARKUP, LINKS, QUERIES, MESSAGES, Object.keys(STORAGES), Object.keys(CLOCKS), Object.keys(BLOCKED), Object.keys(ACCIDENTS)];
  const count = lists.reduce((sum, list) => sum + list.length, 0);
  assert.ok(count >= 200, `${count} cases`);
  assert.ok(await browser());
});
