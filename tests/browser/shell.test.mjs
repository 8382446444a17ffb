// The page around the manifest: panes, colours, palette, keys, the first step.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityProblems, openPage, shot, site } from "./lib/browser.mjs";
import { openPlayground, paste, ready, selected, text, untilDrawn } from "./lib/playground.mjs";

const SPLIT = "split-sidecar";

const width = (page, part) => page.locator(part).evaluate((found) => Math.round(found.getBoundingClientRect().width));

const theme = (page) => page.evaluate(() => document.documentElement.className);

async function palette(page, words) {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "What are you looking for?" }).fill(words);
}

test("panes are made wider by dragging and by keyboard, and stay so", async (t) => {
  const page = await openPlayground(t);
  const first = await width(page, ".page__text");
  const line = page.getByRole("separator", { name: "Width of the text" });
  const { x, y } = await line.boundingBox();
  await page.mouse.move(x + 4, y + 100);
  await page.mouse.down();
  await page.mouse.move(x + 164, y + 120, { steps: 4 });
  await page.mouse.up();
  const dragged = await width(page, ".page__text");
  assert.ok(Math.abs(dragged - first - 160) < 16, `${first} became ${dragged}`);
  await line.focus();
  await page.keyboard.press("ArrowLeft");
  await page.waitForFunction((before) => document.querySelector(".page__text").getBoundingClientRect().width < before - 10, dragged);
  const kept = await width(page, ".page__text");
  await page.reload();
  await ready(page);
  assert.equal(await width(page, ".page__text"), kept);
  await line.dblclick();
  assert.ok(Math.abs((await width(page, ".page__text")) - first) <= 1);
});

test("a wide screen has three columns, each with its own scroll bar", async (t) => {
  const page = await openPlayground(t, { viewport: { width: 1920, height: 1000 } });
  const [picture, details] = await Promise.all([page.locator(".pictures").boundingBox(), page.locator(".details").boundingBox()]);
  assert.ok(details.x >= picture.x + picture.width, "the details stand beside the picture");
  const before = await width(page, ".details");
  await page.getByRole("separator", { name: "Width of the details" }).focus();
  await page.keyboard.press("ArrowLeft");
  await page.waitForFunction((before) => document.querySelector(".details").getBoundingClientRect().width > before + 10, before);
  await shot(page, "wide");
});

test("colours are chosen in the page or by the address, and remembered", async (t) => {
  const page = await openPlayground(t, { colorScheme: "dark" });
  assert.equal(await theme(page), "theme-night");
  await page.getByRole("button", { name: "Settings" }).click();
  for (const [name, wanted] of [["Projector", "theme-projector"], ["High contrast", "theme-contrast"], ["Light", "theme-paper"]]) {
    await page.getByRole("button", { name, exact: true }).click();
    assert.equal(await theme(page), wanted);
    assert.deepEqual(await accessibilityProblems(page), [], name);
    await shot(page, `theme-${wanted}`);
  }
  await page.reload();
  await ready(page);
  assert.equal(await theme(page), "theme-paper");
  await page.goto(`${page.url().split("#")[0]}?theme=contrast`);
  await ready(page);
  assert.equal(await theme(page), "theme-contrast");
});

test("the palette finds examples, pictures, rules and pages, by keyboard alone", async (t) => {
  const page = await openPlayground(t);
  await palette(page, "splt sidecar");
  await page.keyboard.press("Enter");
  await page.getByText("helps Pod/main-app from a Pod of its own").first().waitFor();
  await palette(page, "timeline");
  await shot(page, "palette");
  assert.deepEqual(await accessibilityProblems(page), []);
  await page.keyboard.press("Enter");
  await page.locator("#diagram svg .playhead").first().waitFor({ state: "attached" });
  await palette(page, "port-clash");
  await page.locator(".palette__entry[aria-selected=true]", { hasText: "port-clash" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "port-clash" }).waitFor();
  await palette(page, "privacy");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Privacy" }).waitFor();
  await palette(page, "deutsch");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Datenschutz" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("qqqqqq");
  await page.getByText("Nichts heißt so.").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("dialog[open]").count(), 0);
});

test("keys lead from finding to finding and from pane to pane, and are listed", async (t) => {
  const page = await openPlayground(t);
  await paste(page, "kind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n    - { name: a, image: a, ports: [{ containerPort: 80 }] }\n    - { name: b, image: fluent/fluent-bit, ports: [{ containerPort: 80 }] }\n");
  await page.getByRole("button", { name: /^Advice/ }).click();
  await page.waitForFunction(() => document.querySelectorAll(".finding").length > 1);
  await page.keyboard.press("Control+Shift+Digit3");
  await page.waitForFunction(() => document.activeElement.matches(".details"));
  await page.keyboard.press("F8");
  const first = await selected(page);
  assert.notEqual(first, "");
  await page.keyboard.press("F8");
  const second = await selected(page);
  assert.notEqual(second, first);
  await page.keyboard.press("Shift+F8");
  assert.equal(await selected(page), first);
  await page.keyboard.press("Control+Shift+Digit2");
  await page.waitForFunction(() => document.activeElement.matches(".pictures"));
  // In the text it is a question mark.
  await page.keyboard.press("Control+Shift+Digit1");
  await page.waitForFunction(() => document.activeElement.matches(".cm-content"));
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("#?");
  assert.match(await text(page), /^#\?/);
  await page.keyboard.press("Control+Shift+Digit2");
  await page.waitForFunction(() => document.activeElement.matches(".pictures"));
  await page.keyboard.type("?");
  await page.getByRole("heading", { name: "Keyboard shortcuts" }).waitFor();
  await shot(page, "keys");
  assert.deepEqual(await accessibilityProblems(page), []);
});

test("someone who is here for the first time is told what to do, until it is done", async (t) => {
  const page = await openPlayground(t, { permissions: ["clipboard-read", "clipboard-write"] });
  const step = page.locator(".first-step");
  assert.ok(await step.isVisible());
  await page.evaluate(() => navigator.clipboard.writeText("kind: Pod\nmetadata: { name: mine }\nspec: { containers: [{ name: mine, image: mine }] }\n"));
  await page.getByRole("button", { name: "Paste yours" }).click();
  await untilDrawn(page, [["mine"]]);
  assert.equal(await step.isVisible(), false);
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByText("Put a Kubernetes manifest or a Compose file here, or drop it.").waitFor();
});

test("on a phone the picture is seen at once, and the parts of the site are in a menu", async (t) => {
  const page = await openPlayground(t, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const { y } = await page.locator("#diagram svg").first().boundingBox();
  assert.ok(y < 300, `the picture begins at ${y} pixels`);
  const link = page.getByRole("link", { name: "Rules" });
  assert.ok(!(await link.isVisible()));
  await page.getByRole("button", { name: "Menu" }).tap();
  await shot(page, "menu");
  assert.deepEqual(await accessibilityProblems(page), []);
  await page.keyboard.press("Escape");
  assert.ok(!(await link.isVisible()));
  await page.getByRole("button", { name: "Menu" }).tap();
  await link.tap();
  await page.getByRole("heading", { name: "Rules" }).waitFor();
  assert.ok(!(await link.isVisible()), "the menu is closed again");
});

test("the bar at the top fits at every width", async (t) => {
  const page = await openPlayground(t);
  for (const language of ["en", "de"]) {
    await page.goto(`${page.url().split(/[?#]/)[0]}?lang=${language}&example=${SPLIT}`);
    await ready(page);
    for (const wide of [320, 390, 480, 600, 768, 861, 1024, 1180, 1280, 1321, 1440, 1700, 1920]) {
      await page.setViewportSize({ width: wide, height: 800 });
      const outside = await page.evaluate(() => {
        const visible = [...document.querySelectorAll(":is(.header, .text-bar, .toolbar) :is(button, select, h1)")].filter((part) => part.getClientRects().length > 0 && !part.closest("[popover]"));
        return visible.filter((part) => part.getBoundingClientRect().right > innerWidth + 0.5).map((part) => part.textContent);
      });
      assert.deepEqual(outside, [], `${language} at ${wide}`);
    }
  }
});
