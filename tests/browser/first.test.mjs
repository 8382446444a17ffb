// What a visitor with a slow network sees before the program of the page is there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, shot, site } from "./lib/browser.mjs";
import { drawn, insert, ready, untilDrawn } from "./lib/playground.mjs";

const MANIFEST = "kind: Pod\nspec:\n  containers:\n    - { name: <b>web</b>, image: nginx }\n    - { name: logs, image: fluent/fluent-bit }\n";

/** Opens the page without its program, which comes when the returned function is called. */
async function openWithoutProgram(t, name = "", options = {}) {
  const url = await site(t, { extra: { "blank.html": "<!doctype html><title>blank</title><link rel=icon href=data:,>" } });
  let send;
  const held = new Promise((resolve) => (send = resolve));
  const page = await openPage(t, `${url}blank.html`, options);
  await page.route(/\/app-\w+\.js$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(url + name, { waitUntil: "domcontentloaded" });
  return [page, send];
}

test("the first example is drawn before anything is computed, and stays when the page takes over", async (t) => {
  const [page, send] = await openWithoutProgram(t);
  const first = [["main-app", "log-collector"], ["log-collector", "main-app"]];
  assert.deepEqual(await drawn(page), first);
  assert.match(await page.locator("#editor-text").inputValue(), /^# A log shipper beside the app\n/);
  await shot(page, "before-the-program");
  // From now on no picture may go away, not even for a moment.
  await page.evaluate(() => {
    globalThis.fewest = Infinity;
    const watch = () => {
      fewest = Math.min(fewest, document.querySelectorAll("#diagram svg").length);
      requestAnimationFrame(watch);
    };
    watch();
  });
  send();
  await ready(page);
  assert.deepEqual(await drawn(page), first);
  assert.equal(await page.evaluate(() => fewest), 2);
});

test("a text that is pasted meanwhile is drawn, kept and taken over", async (t) => {
  const [page, send] = await openWithoutProgram(t);
  await page.locator("#editor-text").fill(MANIFEST);
  await untilDrawn(page, [["<b>web</b>", "logs"], ["logs", "<b>web</b>"]]);
  assert.equal(await page.locator("#diagram b").count(), 0);
  assert.equal(await page.locator(".figure--written strong").textContent(), "As traditional sidecars");
  send();
  await ready(page);
  await untilDrawn(page, [["<b>web</b>", "logs"], ["logs", "<b>web</b>"]]);
  assert.match(await page.locator(".cm-content").textContent(), /^kind: Pod/);
});

test("a text that is pasted at once is drawn before the page takes over", async (t) => {
  const paste = (text) => {
    globalThis.order = [];
    addEventListener("sidecar-started", () => order.push("page"));
    document.addEventListener("DOMContentLoaded", () => {
      const field = document.getElementById("editor-text");
      field.value = text;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      new MutationObserver(() => {
        if (!order.includes("picture") && document.querySelector("#diagram svg")?.textContent.includes("<b>web</b>")) order.push("picture");
      }).observe(document, { subtree: true, childList: true });
    });
  };
  const page = await openPage(t, await site(t), { before: [[paste, MANIFEST]] });
  await ready(page);
  assert.deepEqual(await page.evaluate(() => order), ["picture", "page"]);
});

test("who has selected the text when the page takes over replaces it with what is pasted then", async (t) => {
  for (const hasEditor of [false, true]) {
    const [page, send] = await openWithoutProgram(t, "", { allow: [/editor-/, /Failed to load/] });
    if (!hasEditor) await page.route("**/editor-*.js", (route) => route.abort());
    await page.locator("#editor-text").focus();
    await page.keyboard.press("Control+a");
    send();
    await (hasEditor ? ready(page) : page.locator("#app nav").first().waitFor());
    // Text that comes from a keyboard has no lines for Chromium's own editing under this security policy.
    await (hasEditor ? insert(page, MANIFEST) : page.keyboard.insertText(MANIFEST));
    await untilDrawn(page, [["<b>web</b>", "logs"], ["logs", "<b>web</b>"]]);
    await page.context().close();
  }
});

test("who comes back, or asks for something else, is not shown the first example in its place", async (t) => {
  for (const asked of ["?example=istio", "?safe=1", "#s=1.broken"]) {
    const [page, send] = await openWithoutProgram(t, asked);
    assert.deepEqual(await drawn(page), [], asked);
    assert.equal(await page.locator("#editor-text").inputValue(), "", asked);
    send();
    await ready(page);
  }
});

test("nothing jumps when the page takes over, nor when the whole engine answers", async (t) => {
  const url = await site(t);
  for (const [width, height, address] of [[1440, 900, ""], [1024, 768, ""], [390, 844, ""], [1440, 900, "?lang=de"], [390, 844, "#/rules"], [1440, 900, "#/learn"]]) {
    const page = await openPage(t, url + address, { viewport: { width, height }, before: [[() => {
      globalThis.shifts = [];
      new PerformanceObserver((list) => shifts.push(...list.getEntries())).observe({ type: "layout-shift", buffered: true });
    }]] });
    if (address.startsWith("#")) await page.locator(".page__other h2").first().waitFor();
    else await ready(page);
    await page.waitForTimeout(300);
    const moved = await page.evaluate(() => shifts.map(({ value, sources }) => ({ value, parts: sources.map(({ node }) => node?.className ?? node?.nodeName) })));
    const sum = moved.reduce((sum, { value }) => sum + value, 0);
    assert.ok(sum < 0.02, `${address} at ${width} pixels: ${JSON.stringify(moved)}`);
    await page.context().close();
  }
});
