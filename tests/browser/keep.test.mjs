// No text is ever lost.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityProblems, openPage, shot, site } from "./lib/browser.mjs";
import { openPlayground, paste, ready, text, untilDrawn } from "./lib/playground.mjs";

const pod = (name) => `kind: Pod\nmetadata: { name: ${name} }\nspec:\n  containers:\n    - { name: ${name}, image: ${name} }\n`;

const names = (page) => page.evaluate(() => Object.keys(localStorage).sort());

/** Waits until a text is kept. */
const kept = (page, part) => page.waitForFunction((part) => Object.values(localStorage).some((value) => value.includes(part)), part);

test("a text is there again after a reload, an example that nobody changed leaves no trace", async (t) => {
  const page = await openPlayground(t);
  await page.waitForTimeout(700);
  assert.deepEqual(await names(page), []);
  await paste(page, pod("mine"));
  await kept(page, "mine");
  await page.reload();
  await ready(page);
  assert.equal(await text(page), pod("mine"));
  assert.equal(await page.locator(".text-bar__examples").inputValue(), "");
});

test("what was typed right before the page is closed is kept", async (t) => {
  const page = await openPlayground(t);
  await paste(page, pod("late"));
  await page.reload();
  await ready(page);
  assert.equal(await text(page), pod("late"));
});

test("an example, a clear and an undo give the text back", async (t) => {
  const page = await openPlayground(t);
  await paste(page, pod("mine"));
  await untilDrawn(page, [["mine"]]);
  await page.locator(".text-bar__examples").selectOption("istio");
  await page.getByText("The example took the place of your text.").waitFor();
  await shot(page, "undo");
  await page.getByRole("button", { name: "Undo" }).click();
  assert.equal(await text(page), pod("mine"));
  await page.getByRole("button", { name: "Clear" }).click();
  assert.equal(await text(page), "");
  await page.getByRole("button", { name: "Undo" }).click();
  assert.equal(await text(page), pod("mine"));
  // And without the message, by the editor's own undo.
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+z");
  assert.equal(await text(page), "");
});

test("the history shows what would change and brings a text back", async (t) => {
  const page = await openPlayground(t);
  await paste(page, pod("one"));
  await untilDrawn(page, [["one"]]);
  await page.getByRole("button", { name: "Clear" }).click();
  await paste(page, pod("two").replace("kind: Pod", "kind: Pod # new"));
  await page.getByRole("button", { name: "History" }).click();
  await page.getByText("before it was cleared").waitFor();
  assert.equal(await page.locator(".history__counts").first().textContent(), "+3 −3");
  assert.deepEqual(await page.locator(".diff--added").allTextContents(), ["+ kind: Pod\n", "+ metadata: { name: one }\n", "+     - { name: one, image: one }\n"]);
  await shot(page, "history");
  assert.deepEqual(await accessibilityProblems(page), []);
  await page.getByRole("button", { name: "Bring it back" }).click();
  assert.equal(await text(page), pod("one"));
  assert.equal(await page.locator("dialog[open]").count(), 0);
  await page.getByRole("button", { name: "Undo" }).click();
  assert.match(await text(page), /# new/);
});

test("two tabs do not overwrite each other, not even a duplicate", async (t) => {
  const page = await openPlayground(t);
  await paste(page, pod("first"));
  await kept(page, "first");
  const second = await page.context().newPage();
  await second.goto(page.url());
  await ready(second);
  assert.equal(await text(second), pod("first"), "a new tab starts with a copy");
  await paste(second, pod("second"));
  await kept(second, "second");
  await page.reload();
  await ready(page);
  assert.equal(await text(page), pod("first"));

  // Browsers copy the session of a tab that is duplicated.
  const twin = await page.context().newPage();
  const session = await page.evaluate(() => Object.entries(sessionStorage));
  await twin.goto(page.url());
  await twin.evaluate((session) => session.forEach(([name, value]) => sessionStorage.setItem(name, value)), session);
  await twin.reload();
  await ready(twin);
  await paste(twin, pod("twin"));
  await kept(twin, "twin");
  await page.waitForTimeout(100);
  await paste(page, pod("first").replace("Pod", "Pod # again"));
  await kept(page, "again");
  await twin.reload();
  await ready(twin);
  assert.equal(await text(twin), pod("twin"));
});

test("a start that did not come to its end is followed by an empty one that keeps the text", async (t) => {
  const page = await openPlayground(t);
  await paste(page, pod("heavy"));
  await kept(page, "heavy");
  await page.evaluate(() => localStorage.setItem("sidecar-playground/start/1", String(Date.now() - 60_000)));
  await page.reload();
  await ready(page);
  assert.equal(await text(page), "");
  await shot(page, "safe-start");
  await page.getByRole("button", { name: "Bring it back" }).click();
  assert.equal(await text(page), pod("heavy"));
  await page.goto(`${page.url().split("#")[0]}?safe=1`);
  await ready(page);
  assert.equal(await text(page), "");
});

test("where nothing can be kept the page says so once and works", async (t) => {
  const url = await site(t);
  for (const [how, script] of [
    ["This browser keeps nothing for this page", () => Object.defineProperty(window, "localStorage", { get() { throw new DOMException("denied", "SecurityError"); } })],
    ["The storage of this browser is full", () => { Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }; }],
  ]) {
    const page = await openPage(t, `${url}static/icon.svg`, { allow: [/favicon/] });
    await page.addInitScript(script);
    await page.goto(url);
    await ready(page);
    await page.getByText(how).waitFor();
    await page.locator(".notice", { hasText: how }).getByRole("button", { name: "Close this message" }).click();
    await paste(page, pod("shown"));
    await untilDrawn(page, [["shown"]]);
    await page.waitForTimeout(700);
    assert.equal(await page.getByText(how).count(), 0, "only once");
  }
});

test("a full storage gives up the oldest texts first", async (t) => {
  const page = await openPlayground(t);
  const big = (index) => `${pod(`n${index}`)}# ${"x".repeat(300_000)}\n`;
  for (let index = 0; index < 8; index += 1) {
    await paste(page, big(index));
    await page.getByRole("button", { name: "Clear" }).click();
  }
  const history = await page.evaluate(() => JSON.parse(localStorage.getItem("sidecar-playground/history/1")).map(([, , text]) => text.slice(0, 40)));
  assert.match(history[0], /n7/);
  assert.ok(history.length < 8 && history.length >= 2, history.length);
});
