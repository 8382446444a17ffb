// The playground inside other pages.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityProblems, host, openPage, shot, site } from "./lib/browser.mjs";
import { openPlayground } from "./lib/playground.mjs";

const PATH = "/docs/play/";

/** Another site's page, with elements of ours in it. */
const docs = (body, head = "") => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Docs</title>
  <link rel="icon" href="data:,">${head}<script async src="static/embed.js"></script></head><body><main><h1>Docs</h1>${body}</main></body></html>`;

const pod = (name) => `kind: Pod\nspec:\n  containers:\n    - { name: ${name}, image: ${name} }\n    - { name: logs, image: fluent/fluent-bit }\n`;
const block = (name, attributes = "") => `<sidecar-playground ${attributes} id="${name}"><pre><code>\n    ${pod(name).replaceAll("\n", "\n    ")}</code></pre></sidecar-playground>`;

const open = async (t, body, options = {}) => openPage(t, `${await site(t, { path: PATH, extra: { "docs.html": docs(body) } })}docs.html`, options);

/** The playground inside an element. */
const inside = (page, id) => page.frameLocator(`#${id} iframe`);

/** The pictures inside an element show these containers. */
const untilDrawn = (page, id, names) => inside(page, id).locator("#diagram figure").first().locator(".container .title", { hasText: names[0] }).first().waitFor({ state: "attached" });

/** How much higher a frame is than its content, in pixels. */
const gap = (page, id) =>
  page.locator(`#${id} iframe`).evaluate((frame) => frame.clientHeight - Math.ceil(frame.contentDocument.querySelector("#app").getBoundingClientRect().height));

test("three on one page take their code blocks, have the right height, and share nothing", async (t) => {
  const server = await host(t, { path: PATH, caches: true, extra: { "docs.html": docs(block("one") + block("two", `view="split"`) + block("three", `view="findings" readonly`)) } });
  const wasm = [];
  server.onRequest = (name) => name.endsWith(".wasm") && wasm.push(name);
  const page = await openPage(t, `${server.url}docs.html`, { viewport: { width: 1100, height: 2400 } });
  await untilDrawn(page, "one", ["one"]);
  await untilDrawn(page, "two", ["two"]);
  await inside(page, "three").locator(".container-item", { hasText: "three" }).waitFor();
  for (const id of ["one", "two", "three"]) {
    for (let tries = 0; (await gap(page, id)) !== 0; tries += 1) {
      assert.ok(tries < 40, `${id}: ${await gap(page, id)} pixels too high`);
      await page.waitForTimeout(50);
    }
  }
  assert.ok(await page.locator("#one pre").isVisible(), "the code block stays beside its picture");
  assert.ok(!(await page.locator("#two pre").isVisible()), "and goes where it can be edited");
  assert.deepEqual(wasm.sort(), [...new Set(wasm)].sort(), "each Wasm file is downloaded once");
  assert.ok(wasm.some((name) => name.startsWith("app-")) && wasm.length >= 2, `${wasm}`);

  await inside(page, "two").locator(".cm-content").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("# mine");
  await page.waitForTimeout(800);
  assert.equal(await page.evaluate(() => Object.keys(localStorage).length + Object.keys(sessionStorage).length), 0);
  assert.doesNotMatch(await inside(page, "one").locator(".cm-content").textContent(), /mine/);
  await shot(page, "embed");
  assert.deepEqual(await accessibilityProblems(page), []);
});

test("an element without a block takes the one in front of it, however its lines are parted", async (t) => {
  const lines = pod("before").trimEnd().split("\n");
  const highlighted = `<div class="highlight"><pre><code>${lines.map((line) => `<span>${line}<br></span>`).join("")}</code></pre></div>`;
  const page = await open(t, `<pre>kind: Other</pre><h2>Part</h2><p id="none"><sidecar-playground></sidecar-playground></p>${highlighted}<p id="one"><sidecar-playground></sidecar-playground></p>`);
  await untilDrawn(page, "one", ["before"]);
  await inside(page, "none").getByText("Paste a Kubernetes manifest").waitFor();
});

/** What generators make of a block, each with the parts that matter of its real output. */
const lines = pod("real").replace("\n  containers", "\n\n  containers").trimEnd().split("\n");
const MARKUP = {
  "MkDocs": `<pre><code class="language-yaml">${lines.join("\n")}\n</code></pre>`,
  "Material for MkDocs": `<div class="language-yaml highlight"><pre><span></span><button class="md-clipboard" title="Copy"></button><code>${lines.map((line, at) => `<span id="__span-0-${at}"><a id="__codelineno-0-${at}" href="#__codelineno-0-${at}"></a><span class="nt">${line}</span>\n</span>`).join("")}</code></pre></div>`,
  "Material with a table of line numbers": `<div class="highlight"><table class="highlighttable"><tr><th colspan="2" class="filename"><span class="filename">pod.yaml</span></th></tr><tr><td class="linenos"><div class="linenodiv"><pre><span></span>${lines.map((_, at) => `<span class="normal"><a href="#__codelineno-1-${at}"> ${at}</a></span>`).join("\n")}</pre></div></td><td class="code"><div><pre><span></span><code>${lines.map((line) => `<span><a></a><span class="hll">${line}\n</span></span>`).join("")}</code></pre></div></td></tr></table></div>`,
  "Pygments with numbers in the lines": `<div class="highlight"><pre><span></span><code>${lines.map((line, at) => `<span class="linenos"> ${at}</span><span class="nt">${line}</span>\n`).join("")}</code></pre></div>`,
  "Hugo": `<div class="highlight"><pre tabindex="0" style="tab-size:4;"><code class="language-yaml" data-lang="yaml">${lines.map((line) => `<span style="display:flex;"><span>${line}\n</span></span>`).join("")}</code></pre></div>`,
  "Hugo with numbers in the lines": `<div class="highlight"><pre tabindex="0"><code>${lines.map((line, at) => `<span style="display:flex;"><span style="white-space:pre;user-select:none;"> ${at}</span><span>${line}\n</span></span>`).join("")}</code></pre></div>`,
  "Hugo with classes": `<div class="highlight"><pre tabindex="0" class="chroma"><code>${lines.map((line, at) => `<span class="line"><span class="ln"> ${at}</span><span class="cl">${line}\n</span></span>`).join("")}</code></pre></div>`,
  "Hugo with a table of line numbers": `<div class="highlight"><div style="display:grid;"><table><tr><td><pre tabindex="0"><code>${lines.map((_, at) => `<span style="user-select:none;"> ${at}\n</span>`).join("")}</code></pre></td><td><pre tabindex="0"><code>${lines.map((line) => `<span style="display:flex;"><span>${line}\n</span></span>`).join("")}</code></pre></td></tr></table></div></div>`,
  "Docusaurus": `<div class="language-yaml theme-code-block"><div><pre tabindex="0" class="prism-code language-yaml"><code>${lines.map((line) => `<div class="token-line"><span class="token key">${line}</span><span class="token plain" style="display:inline-block"></span><br></div>`).join("")}</code></pre><div><button type="button" aria-label="Copy">Copy</button></div></div></div>`,
  "Docusaurus, in a tab that is not shown": `<div hidden><pre class="prism-code"><code>${lines.map((line) => `<span class="token-line"><span class="token plain">${line}</span><br></span>`).join("")}</code></pre></div>`,
};

test("the code blocks of real generators are read as they were written", async (t) => {
  const page = await open(t, Object.values(MARKUP).map((block) => `<h2>Part</h2>${block}<p><sidecar-playground load="click"></sidecar-playground></p>`).join(""));
  const texts = await page.locator("sidecar-playground").evaluateAll((all) => all.map((one) => one.text));
  for (const [at, name] of Object.keys(MARKUP).entries()) assert.equal(texts[at], `${lines.join("\n")}\n`, name);
});

test("what Markdown has torn apart is one element again", async (t) => {
  // So MkDocs writes an element with a block inside: the browser ends the first paragraph, and the element, at the block.
  const torn = (name, attributes, block) => `<p><sidecar-playground id="${name}" ${attributes}>\n${block}</sidecar-playground></p>`;
  const page = await open(t, `<pre>kind: Other</pre>${torn("one", "view='split'", `<pre><code>${pod("one")}</code></pre>`)}<h2>Part</h2>${torn("two", "", MARKUP["Material for MkDocs"])}<p>More.</p>`);
  assert.equal(await page.locator("#one pre").count(), 0, "it is torn");
  await untilDrawn(page, "one", ["one"]);
  await untilDrawn(page, "two", ["real"]);
  assert.ok(!(await page.locator("#one pre").isVisible()), "the block went where it can be edited");
  assert.ok(await page.locator("#two pre").isVisible());
});

test("an element stays as its framework has written it", async (t) => {
  // React and others compare what the server wrote with what is there: a child that they do not know costs the whole page.
  const page = await open(t, `<pre>${pod("one")}</pre><sidecar-playground id="one"></sidecar-playground><sidecar-playground id="two" load="click"></sidecar-playground>`);
  await untilDrawn(page, "one", ["one"]);
  assert.deepEqual(await page.locator("sidecar-playground").evaluateAll((all) => all.map((one) => one.childNodes.length)), [0, 0]);
});

test("in a narrow column each view shows what it is for", async (t) => {
  const views = { diagram: "#diagram svg", edit: ".cm-content", split: ".cm-content", findings: ".container-item" };
  const page = await open(t, Object.keys(views).map((view) => block(view, `view="${view}"`)).join(""), { viewport: { width: 640, height: 2400 } });
  for (const [view, part] of Object.entries(views)) await inside(page, view).locator(part).first().waitFor();
  await inside(page, "split").locator("#diagram svg").first().waitFor();
  assert.ok(!(await inside(page, "diagram").locator(".cm-content").isVisible()));
  await page.waitForTimeout(300);
  await shot(page, "embed-narrow");
});

test("a height follows its content within a frame of the browser", async (t) => {
  const page = await open(t, block("one"));
  await untilDrawn(page, "one", ["one"]);
  await page.waitForTimeout(300);
  const late = await page.evaluate(async () => {
    const frame = document.querySelector("sidecar-playground").shadowRoot.querySelector("iframe");
    const content = frame.contentDocument.querySelector(".embed-bar");
    content.style.height = "300px";
    const wanted = () => frame.contentDocument.querySelector("#app").getBoundingClientRect().height;
    const next = () => new Promise((done) => requestAnimationFrame(done));
    await next(); // the browser tells observers at the end of this frame
    let frames = 0;
    while (Math.abs(frame.clientHeight - wanted()) > 1 && frames < 20) {
      await next();
      frames += 1;
    }
    return frames;
  });
  assert.ok(late <= 1, `${late} frames late`);
});

test("a text, a theme and a click come from the page around, and nothing else is listened to", async (t) => {
  const page = await open(t, block("one", `theme="dark"`) + block("two", `load="click" readonly view="edit"`));
  await untilDrawn(page, "one", ["one"]);
  await inside(page, "one").locator("html.theme-night").waitFor({ state: "attached" });
  await page.evaluate(() => document.querySelector("#one").setAttribute("theme", "light"));
  await inside(page, "one").locator("html.theme-paper").waitFor({ state: "attached" });
  const found = page.evaluate(() => new Promise((done) => document.querySelector("#one").addEventListener("findings", (event) => done(event.detail), { once: true })));
  await page.evaluate((text) => void (document.querySelector("#one").text = text), pod("set"));
  await untilDrawn(page, "one", ["set"]);
  assert.deepEqual(Object.keys(await found), ["findings", "problems"]);

  assert.equal(await page.locator("#two iframe").count(), 0);
  await page.getByRole("button", { name: "Show the sidecars" }).click();
  await inside(page, "two").locator(".cm-content").waitFor();
  await page.waitForFunction(() => document.querySelector("#two").shadowRoot.querySelector("iframe").contentDocument.querySelector(".cm-content").textContent.includes("two"));
  await inside(page, "two").locator(".cm-content").focus();
  await page.keyboard.type("x");
  assert.doesNotMatch(await inside(page, "two").locator(".cm-content").textContent(), /x/);

  // A message from another window, or of another kind, changes nothing.
  await page.evaluate(() => {
    const frame = document.querySelector("#one").shadowRoot.querySelector("iframe");
    for (const data of [{ source: "sidecar-playground", v: 2, type: "set", text: "no" }, { type: "set", text: "no" }, "set", null]) frame.contentWindow.postMessage(data, "*");
    const height = frame.style.height;
    postMessage({ source: "sidecar-playground", v: 1, type: "height", height: 9 }, "*");
    window.heightBefore = height;
  });
  await page.waitForTimeout(300);
  assert.equal(await page.evaluate(() => document.querySelector("#one").shadowRoot.querySelector("iframe").style.height), await page.evaluate(() => window.heightBefore));
  await untilDrawn(page, "one", ["set"]);
});

test("the theme of the documentation is followed when its reader switches it", async (t) => {
  const page = await open(t, block("one"));
  await untilDrawn(page, "one", ["one"]);
  for (const [attribute, dark, light] of [["data-theme", "dark", "light"], ["data-md-color-scheme", "slate", "default"]]) {
    for (const [value, theme] of [[dark, "theme-night"], [light, "theme-paper"]]) {
      await page.evaluate(([attribute, value]) => (attribute === "data-theme" ? document.documentElement : document.body).setAttribute(attribute, value), [attribute, value]);
      await inside(page, "one").locator(`html.${theme}`).waitFor({ state: "attached" });
    }
    await page.evaluate(() => document.documentElement.removeAttribute("data-theme"));
  }
});

test("\"Open full\" opens the same text in a page of its own", async (t) => {
  const page = await open(t, block("one"));
  await untilDrawn(page, "one", ["one"]);
  await page.waitForFunction(() => document.querySelector("#one").shadowRoot.querySelector("iframe").contentDocument.querySelector(".embed-bar a").getAttribute("href").includes("#s=1."));
  const [full] = await Promise.all([page.context().waitForEvent("page"), inside(page, "one").getByRole("link", { name: /Open full/ }).click()]);
  await full.getByText("Opened from a link.").waitFor();
  assert.equal(await full.locator(".container-item__name").first().textContent(), "one");
  assert.equal(await full.evaluate(() => window.opener), null);
});

test("a plain frame works without the script, and wrong parameters are named", async (t) => {
  const url = await site(t, { path: PATH });
  const frame = await openPage(t, `${url}?embed=1&example=istio&view=diagram&diagram=sequence&theme=dark&unknown=1`);
  await frame.locator("#diagram svg .lifeline").first().waitFor({ state: "attached" });
  // Of the bar at the top there is only the heading, for those who hear the page.
  assert.ok(!(await frame.locator(".header__menu").isVisible()));
  const { width, height } = await frame.locator(".header").boundingBox();
  assert.ok(width <= 1 && height <= 1, `${width} × ${height}`);
  assert.deepEqual(await accessibilityProblems(frame, { within: "#app" }), []);
  const page = await openPlayground(t, {});
  await page.goto(`${page.url().split(/[?#]/)[0]}?example=nope&view=sideways&theme=dark`);
  await page.getByText("The address asks for example=nope and view=sideways, which does not exist here.").waitFor();
});

test("the page that shows all of it is in order", async (t) => {
  const page = await openPage(t, `${await site(t, { path: PATH })}static/embed-demo.html`, { viewport: { width: 1100, height: 900 } });
  await page.frameLocator("iframe").first().locator("#diagram svg").first().waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Show the sidecars" }).click();
  await page.locator("sidecar-playground iframe").nth(2).scrollIntoViewIfNeeded();
  await page.frameLocator("sidecar-playground:nth-of-type(3) iframe").locator(".finding").first().waitFor();
  await page.waitForTimeout(300);
  await shot(page, "embed-demo");
  assert.deepEqual(await accessibilityProblems(page), []);
});
