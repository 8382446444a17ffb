// The engine's worker is guarded: whatever happens to it, the page, its text and its last picture stay.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { accessibilityProblems, dist, openPage, shot, site } from "./lib/browser.mjs";
import { drawn, paste, ready, text, untilDrawn } from "./lib/playground.mjs";

const pod = (name) => `kind: Pod\nmetadata: { name: shop }\nspec:\n  containers:\n    - { name: ${name}, image: example.com/shop }\n`;

/** The worker of the whole engine, with something that goes wrong as soon as a text has a word in it. */
function broken() {
  const name = /<link id="worker-module"[^>]* href="(?:\.\/)?([^"]+)"/.exec(readFileSync(join(dist, "index.html"), "utf8"))[1];
  const faults = `addEventListener("message", ({ data }) => {
    const said = JSON.stringify([data.text, data.changes]);
    if (said.includes("stop-here")) throw new Error("unreachable");
    if (said.includes("fill-memory")) throw new RangeError("WebAssembly.Memory.grow(): Unable to allocate memory");
    while (said.includes("never-end"));
  });`;
  return { [name]: `${faults}\n${readFileSync(join(dist, name), "utf8")}` };
}

/** Opens the page with such a worker. `page.started()` counts the workers so far. */
async function openBroken(t, options = {}) {
  const url = await site(t, { extra: broken() });
  const page = await openPage(t, `${url}static/icon.svg`, { serviceWorkers: "block", allow: [/unreachable|allocate memory|favicon/], ...options });
  await page.addInitScript(() => {
    window.started = 0;
    const Own = Worker;
    window.Worker = class extends Own {
      constructor(...all) {
        super(...all);
        window.started += 1;
      }
    };
  });
  page.started = () => page.evaluate(() => window.started);
  await page.goto(url);
  await ready(page);
  return page;
}

for (const [word, said] of [["stop-here", /stopped in the middle of its work/], ["fill-memory", /needs more memory/]]) {
  test(`an engine that fails costs one answer: ${word}`, async (t) => {
    const page = await openBroken(t);
    await paste(page, pod("before"));
    await untilDrawn(page, [["before"]]);
    const started = await page.started();
    await paste(page, pod(word));
    const trouble = page.getByRole("alert");
    await trouble.getByText(said).waitFor();
    assert.match(await text(page), new RegExp(word), "the text is kept");
    assert.deepEqual(await drawn(page), [["before"]], "and so is the last picture");
    // Another worker is there, and is not asked about the same text by itself.
    await page.waitForFunction((started) => window.started === started + 1, started);
    await page.waitForTimeout(500);
    assert.equal(await page.started(), started + 1);
    await shot(page, `failed-${word}`);
    assert.deepEqual(await accessibilityProblems(page), []);
    await trouble.getByRole("button", { name: "Try again" }).click();
    await page.waitForFunction((started) => window.started === started + 2, started);
    await trouble.waitFor();
    await paste(page, pod("after"));
    await untilDrawn(page, [["after"]]);
    await trouble.waitFor({ state: "detached" });
  });
}

test("an engine that comes to no end is stopped, and the next text is answered", async (t) => {
  const page = await openBroken(t);
  await paste(page, pod("before"));
  await untilDrawn(page, [["before"]]);
  await paste(page, pod("never-end"));
  await page.getByRole("alert").getByText(/came to no end/).waitFor({ timeout: 40_000 });
  assert.match(await text(page), /never-end/);
  assert.deepEqual(await drawn(page), [["before"]]);
  await paste(page, pod("after"));
  await untilDrawn(page, [["after"]]);
});

test("the report says what happened and nothing of the text", async (t) => {
  const page = await openBroken(t, { permissions: ["clipboard-read", "clipboard-write"] });
  await paste(page, pod("stop-here"));
  const trouble = page.getByRole("alert");
  await trouble.getByText("What the report says").click();
  const report = await trouble.locator("pre").textContent();
  for (const part of [/Failure: Stop/, /Message: .*unreachable/, /Length: \d+/, /Browser: Mozilla/, /Program: worker-/]) {
    assert.match(report, part);
  }
  assert.doesNotMatch(report, /stop-here|shop|example\.com|127\.0\.0\.1/);
  await trouble.getByRole("button", { name: "Copy a report" }).click();
  await trouble.getByText("Copied").first().waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), report);
});

test("a text that stops the engine is there again when the page is opened again", async (t) => {
  const page = await openBroken(t);
  await paste(page, pod("before"));
  await untilDrawn(page, [["before"]]);
  await paste(page, pod("stop-here"));
  await page.getByRole("alert").waitFor();
  await page.waitForTimeout(700); // what was typed is kept half a second later
  await page.reload();
  await page.getByRole("alert").waitFor();
  assert.match(await text(page), /stop-here/);
});

test("where workers are refused the page says so, and the text is kept", async (t) => {
  const url = await site(t);
  const page = await openPage(t, `${url}static/icon.svg`, { serviceWorkers: "block", allow: [/favicon/] });
  await page.addInitScript(() => {
    window.Worker = class {
      constructor() {
        throw new DOMException("Workers are not allowed here", "SecurityError");
      }
    };
  });
  await page.goto(url);
  await page.getByRole("alert").getByText(/cannot be started/).waitFor();
  await page.locator(".cm-content").waitFor();
  await paste(page, pod("kept"));
  await page.waitForTimeout(700);
  await page.reload();
  await page.getByRole("alert").waitFor();
  await page.locator(".cm-content").waitFor();
  assert.match(await text(page), /kept/);
  await shot(page, "no-workers");
});

for (const [what, block] of [
  ["is switched off", (page) => page.addInitScript(() => delete window.WebAssembly)],
  ["cannot be loaded", (page) => page.route("**/app-*.wasm", (route) => route.abort())],
]) {
  test(`where WebAssembly ${what} the field still takes a text and keeps it`, async (t) => {
    const url = await site(t);
    const page = await openPage(t, `${url}static/icon.svg`, { serviceWorkers: "block", allow: [/./] });
    await block(page);
    await page.goto(url);
    await page.locator("#loading", { hasText: /playground c/ }).waitFor();
    await page.locator("#editor-text").fill(pod("kept"));
    await page.waitForTimeout(700);
    await page.reload();
    await page.locator("#loading", { hasText: /playground c/ }).waitFor();
    assert.equal(await page.locator("#editor-text").inputValue(), pod("kept"));
  });
}
