// The editor bundle on a page of its own, under the security policy of the built page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { accessibilityProblems, dist, openPage, shot, site } from "./lib/browser.mjs";

const TEXT = `# a pod with a helper
apiVersion: v1
kind: Pod
spec:
  hostNetwork: yes
  containers:
    - name: "app"
      image: nginx:1.27
      ports: [{ containerPort: 8080 }]
    - name: log-shipper
      image: fluent-bit
`;

const built = readFileSync(join(dist, "index.html"), "utf8");
const policy = /<meta http-equiv="Content-Security-Policy"[^>]*>/.exec(built)[0];
const bundle = /<link id="editor-module"[^>]* href="([^"]+)"/.exec(built)[1];
const extra = {
  "editor-test.html": `<!doctype html><html lang="en"><meta charset="utf-8">${policy}
    <meta name="viewport" content="width=device-width, initial-scale=1"><title>Editor</title>
    <link rel="icon" href="data:,"><link rel="stylesheet" href="editor-test.css"><script type="module" src="editor-test.js"></script>
    <main><h1>Editor</h1><div id="parent"></div><button id="next">next</button></main></html>`,
  "editor-test.css": `#parent { height: 24rem } @media (prefers-color-scheme: dark) { :root {
    color-scheme: dark; background: #0d1117; color: #e6edf3; --editor-bg: #0d1117; --editor-fg: #e6edf3; --editor-gutter: #161b22;
    --editor-gutter-fg: #9198a1; --editor-active: #ffffff12; --editor-selection: #264f78; --editor-key: #79c0ff;
    --editor-string: #7ee787; --editor-number: #ffa657; --editor-comment: #9198a1; --editor-keyword: #d2a8ff;
    --editor-punct: #9198a1; --editor-highlight: #ffd43b38 } }`,
  "editor-test.js": `import { create } from "${bundle}";
    window.changes = [];
    window.selections = [];
    window.editor = (options) => create(document.getElementById("parent"), {
      onChange: (changes, byUser) => window.changes.push([changes, byUser]),
      onSelect: (from, to) => window.selections.push([from, to]),
      ...options,
    });`,
};

/** A page with `window.it`, an editor that holds `text`. */
async function open(t, text = TEXT, options = {}) {
  const page = await openPage(t, `${await site(t, { extra })}editor-test.html`, options);
  await page.waitForFunction(() => window.editor);
  await page.evaluate((text) => void (window.it = window.editor({ text, label: "Manifest" })), text);
  return page;
}

const text = (page) => page.evaluate(() => window.it.text());
const offset = (needle, of = TEXT) => ({ from: of.indexOf(needle), to: of.indexOf(needle) + needle.length });

test("typing is reported at once and can be undone", async (t) => {
  const page = await open(t, "kind: Pod\n");
  await page.getByRole("textbox", { name: "Manifest" }).focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("a");
  assert.deepEqual(await page.evaluate(() => window.changes), [[[10, 10, "a"], true]]);
  assert.deepEqual(await page.evaluate(() => window.selections.at(-1)), [11, 11]);
  await page.keyboard.press("Control+z");
  assert.equal(await text(page), "kind: Pod\n");
});

test("a replaced text is one step to undo and counts as no user's change", async (t) => {
  const page = await open(t, "a: 1\nb: 2\n");
  await page.getByRole("textbox", { name: "Manifest" }).focus();
  await page.evaluate(() => window.it.setText("a: 1\r\nb: 3\r\nc: 4\r\n"));
  assert.deepEqual(await page.evaluate(() => window.changes.splice(0)), [[[8, 9, "3\nc: 4"], false]]);
  await page.keyboard.press("Control+z");
  assert.equal(await text(page), "a: 1\nb: 2\n");
  await page.keyboard.press("Control+y");
  assert.equal(await text(page), "a: 1\nb: 3\nc: 4\n");
  await page.evaluate(() => window.it.setText("a: 1\nb: 3\nc: 4\n"));
  assert.equal(await page.evaluate(() => window.changes.length), 2);
});

test("several changes at once are told in an order in which they can be made one by one", async (t) => {
  const page = await open(t, "name: a\nname: a # a\nlast: a");
  await page.getByRole("textbox", { name: "Manifest" }).focus();
  await page.keyboard.press("Control+f");
  await page.getByRole("textbox", { name: "Find" }).fill(": a");
  await page.getByRole("textbox", { name: "Replace" }).fill(": 😀\n");
  await page.getByRole("button", { name: "replace all" }).click();
  const made = await page.evaluate(() => {
    let made = "name: a\nname: a # a\nlast: a";
    for (const [changes] of window.changes) {
      for (let at = 0; at < changes.length; at += 3) made = made.slice(0, changes[at]) + changes[at + 2] + made.slice(changes[at + 1]);
    }
    return made;
  });
  assert.equal(made, await text(page));
  assert.match(made, /last: 😀/);
  assert.equal(await page.evaluate(() => window.it.units()), made.length);
});

test("the caret stays where it is when text before and after it is replaced", async (t) => {
  const page = await open(t, "a: 1\nb: 2\n");
  await page.evaluate(() => {
    window.it.select(2, 2, true);
    window.it.setText("a: 1\nb: 22\n");
  });
  await page.keyboard.type("x");
  assert.equal(await text(page), "a:x 1\nb: 22\n");
});

test("Tab leaves the editor", async (t) => {
  const page = await open(t);
  await page.getByRole("textbox", { name: "Manifest" }).focus();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "next");
  assert.equal(await text(page), TEXT);
});

test("a selection from outside is shown but not reported as the user's", async (t) => {
  const page = await open(t, `${"filler: 1\n".repeat(500)}last: 2\n`);
  await page.evaluate(() => window.it.select(5000, 5004, true));
  await page.getByText("last").waitFor();
  assert.equal(await page.evaluate(() => document.getSelection().toString()), "last");
  assert.deepEqual(await page.evaluate(() => window.selections), []);
  await page.keyboard.press("ArrowRight");
  assert.deepEqual(await page.evaluate(() => window.selections), [[5004, 5004]]);
});

test("marks are underlined, stand in the margin and explain themselves", async (t) => {
  const page = await open(t);
  const marks = [
    { ...offset("log-shipper"), severity: "error", message: "starts together with the app" },
    { ...offset("nginx:1.27"), severity: "advice", message: "no resources" },
    { ...offset("yes"), severity: "warning", message: "is a boolean" },
    { from: -5, to: 1e9, severity: "advice", message: "clipped to the text" },
  ];
  await page.evaluate((marks) => window.it.setMarks(marks), marks);
  assert.equal(await page.locator(".cm-lintRange-error").textContent(), "log-shipper");
  assert.equal(await page.locator(".cm-lintRange-warning").textContent(), "yes");
  await page.evaluate((ranges) => window.it.highlight(ranges), [offset("- name: log-shipper\n      image")]);
  assert.equal(await page.locator(".cm-highlighted").count(), 2);
  await page.locator(".cm-lint-marker-error").hover();
  await page.getByText("starts together with the app").waitFor();
  await shot(page, "editor-light");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.mouse.move(0, 0);
  await page.getByText("starts together with the app").waitFor({ state: "detached" });
  await shot(page, "editor-dark");
  assert.deepEqual(await accessibilityProblems(page), []);
  await page.evaluate(() => {
    window.it.setMarks([]);
    window.it.highlight([]);
  });
  assert.equal(await page.locator(".cm-lintRange-error, .cm-lint-marker, .cm-highlighted").count(), 0);
});

test("words that Kubernetes reads as numbers and booleans are coloured as such", async (t) => {
  const page = await open(t);
  assert.equal(await page.locator(".cm-number").textContent(), "8080");
  assert.equal(await page.locator(".cm-keyword", { hasText: "yes" }).count(), 1);
});

/** The lines in sight, each with the pieces that have a colour; or whether they look like these. */
const coloured = (wanted) => {
  const lines = [...document.querySelectorAll(".cm-line")].filter((line) => line.textContent);
  const pieces = (line) => [...line.querySelectorAll(".cm-key, .cm-string, .cm-number, .cm-comment")].map((piece) => `${piece.className} ${piece.textContent}`);
  const own = Object.fromEntries(lines.map((line) => [line.textContent, pieces(line).join()]));
  return wanted ? Object.entries(wanted).every(([line, pieces]) => own[line] === pieces) : own;
};

/** Waits until lines are in sight and look like this. */
const looksLike = async (page, lines) => (await page.waitForFunction(coloured, lines)).dispose();

for (const [how, between, indent] of [["documents", "---\n", ""], ["items of a list", "", "- "]]) {
  test(`of a large text of ${how} that is coloured which is in sight, wherever that is and whatever is typed`, async (t) => {
    const one = (number) => [`kind: Pod`, `spec: # of ${number}`, `  hostNetwork: ${number}`, `  containers: [{ name: "n${number}" }]`]
      .map((line, index) => (index ? " ".repeat(indent.length) : indent) + line).join("\n") + "\n";
    const many = (indent && "items:\n") + Array.from({ length: 6000 }, (_, number) => one(number)).join(between);
    const page = await open(t, one(4321));
    const alone = await page.evaluate(coloured);
    await page.evaluate(() => window.it.destroy());
    await page.evaluate((text) => void (window.it = window.editor({ text, label: "Manifest" })), many);
    const to = (line) => page.evaluate((at) => window.it.select(at, at, true), many.indexOf(line));
    const line = (number) => one(number).split("\n")[2];
    await to(line(4321));
    await looksLike(page, alone);
    for (const other of [5999, 0, 4200]) {
      await to(line(other));
      await page.keyboard.type("x");
      await page.keyboard.press("Backspace");
      await looksLike(page, { [line(other)]: `cm-key hostNetwork,cm-number ${other}` });
    }
    await to(line(4321));
    await looksLike(page, alone);
    assert.equal(await text(page), many);
  });
}

test("Control-F searches", async (t) => {
  const page = await open(t);
  await page.getByRole("textbox", { name: "Manifest" }).focus();
  await page.keyboard.press("Control+f");
  await page.getByRole("textbox", { name: "Find" }).pressSequentially("image");
  await page.locator(".cm-searchMatch").nth(1).waitFor();
  await shot(page, "editor-search");
  assert.deepEqual(await accessibilityProblems(page), []);
});

test("a read-only editor can be read and searched but not changed", async (t) => {
  const page = await open(t);
  await page.evaluate(() => window.it.setReadOnly(true));
  await page.getByRole("textbox", { name: "Manifest" }).focus();
  await page.keyboard.type("x");
  assert.equal(await text(page), TEXT);
  await page.evaluate(() => window.it.setReadOnly(false));
  await page.keyboard.type("x");
  assert.notEqual(await text(page), TEXT);
  await page.evaluate(() => window.it.destroy());
  assert.equal(await page.locator(".cm-editor").count(), 0);
});

test("a touch screen gets letters that do not make it zoom", async (t) => {
  const page = await open(t, TEXT, { hasTouch: true, isMobile: true, viewport: { width: 390, height: 700 } });
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector(".cm-content")).fontSize), "16px");
  await shot(page, "editor-phone");
});

test("typing into a megabyte is not slow", async (t) => {
  const page = await open(t, TEXT.repeat(4500));
  await page.evaluate(() => window.it.select(500_000, 500_000, true));
  const times = await page.evaluate(async () => {
    const times = [];
    for (let key = 0; key < 20; key += 1) {
      const start = performance.now();
      document.execCommand("insertText", false, "x");
      await new Promise((done) => setTimeout(done)); // CodeMirror reads what the browser typed a microtask later
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b);
  });
  assert.equal(await page.evaluate(() => window.changes.length), 20);
  t.diagnostic(`median ${times[10].toFixed(1)} ms, slowest ${times[19].toFixed(1)} ms`);
  assert.ok(times[10] < 150, `${times}`); // a textarea takes a second
});
