// Looking at a picture: its kinds, enlarging and moving it, reading about its parts, walking through it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityProblems, shot } from "./lib/browser.mjs";
import { openPlayground, paste, ready, selected, untilDrawn } from "./lib/playground.mjs";

const choose = (page, example) => page.locator(".text-bar__examples").selectOption(example);
const figures = (page) => page.locator("#diagram figure");
const kind = (page, name) => page.getByRole("button", { name, exact: true }).click();
const width = (page) => page.locator(".picture > svg").first().evaluate((svg) => svg.getBoundingClientRect().width);
const scrolled = (page) => page.locator(".viewer__frame").first().evaluate((frame) => [frame.scrollLeft, frame.scrollTop]);

test("an example opens in the picture that shows what it is about, and the next one in the usual one", async (t) => {
  const page = await openPlayground(t);
  const shown = (kind) => page.waitForFunction((kind) => document.querySelector(".toolbar__button[aria-pressed=true]").textContent === kind, kind);
  await choose(page, "mesh-pair");
  await shown("Map");
  await page.locator("#diagram .card").nth(1).waitFor();
  await choose(page, "istio");
  await shown("Both forms");
  await kind(page, "Sequence");
  await choose(page, "log-shipper");
  await shown("Sequence");
  const address = page.url().split(/[?#]/)[0];
  for (const [asked, kind] of [["mesh-pair", "Map"], ["mesh-pair&k8s=1.33", "Map"], ["mesh-pair&diagram=timeline", "Timeline"]]) {
    await page.goto(`${address}?example=${asked}`);
    await ready(page);
    await shown(kind);
  }
});

test("a map shows all workloads, and leads to each", async (t) => {
  const page = await openPlayground(t);
  await choose(page, "shop");
  await page.locator("#diagram .card").nth(3).waitFor();
  assert.equal(await figures(page).count(), 1);
  assert.deepEqual(await page.locator("#diagram .card .group-title").allTextContents(), ["Deployment/web", "Deployment/catalog", "Deployment/orders", "StatefulSet/database"]);
  await page.locator("#diagram .card", { hasText: "StatefulSet/database" }).locator(".group-title").click();
  assert.match(await selected(page), /^apiVersion: apps\/v1\nkind: StatefulSet/);
  await shot(page, "map");
  assert.deepEqual(await accessibilityProblems(page), []);
});

test("the form as written is one picture, even when it mixes both", async (t) => {
  const page = await openPlayground(t);
  await paste(page, "kind: Pod\nspec:\n  initContainers: [{ name: envoy, image: envoyproxy/envoy, restartPolicy: Always }]\n  containers: [{ name: app, image: a }, { name: logs, image: fluent/fluent-bit }]\n");
  await kind(page, "As written");
  await untilDrawn(page, [["envoy", "app", "logs"]]);
});

test("a picture is enlarged by button and wheel, moved by dragging, and fits again", async (t) => {
  const page = await openPlayground(t);
  await choose(page, "shop");
  await kind(page, "Map");
  await page.locator("#diagram .card").nth(3).waitFor();
  const fit = await width(page);
  await page.getByRole("button", { name: "Larger" }).click();
  await page.getByRole("button", { name: "Larger" }).click();
  assert.ok(Math.abs((await width(page)) / fit - 1.5625) < 0.02, `${await width(page)} is not 1.56 × ${fit}`);
  const frame = await page.locator(".viewer__frame").first().boundingBox();
  const [x, y] = [frame.x + frame.width / 2, frame.y + frame.height / 2];
  await page.mouse.move(x, y);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -200);
  await page.keyboard.up("Control");
  await page.waitForFunction((least) => document.querySelector(".picture > svg").getBoundingClientRect().width > least, fit * 1.8);
  const [left, top] = await scrolled(page);
  assert.ok(left > 0, "what is under the pointer stays");
  await page.mouse.down();
  await page.mouse.move(x - 60, y - 20, { steps: 4 });
  await page.mouse.up();
  const [now] = await scrolled(page);
  assert.ok(Math.abs(now - left - 60) <= 2, `${left} became ${now}, ${top}`);
  // What was dragged was not clicked: the caret stays, and a small picture shows where one is.
  assert.equal(await selected(page), "");
  await page.locator(".viewer__mini").waitFor();
  await shot(page, "map-enlarged");
  await page.locator(".viewer__mini").click({ position: { x: 5, y: 5 } });
  assert.deepEqual(await scrolled(page), [0, 0]);
  await page.locator(".viewer__fit").first().click();
  assert.ok(Math.abs((await width(page)) - fit) < 1);
  assert.equal(await page.locator(".viewer__mini").count(), 0);
});

test("a plain wheel over an enlarged picture scrolls the page", async (t) => {
  const page = await openPlayground(t);
  await page.getByRole("button", { name: "Larger" }).first().click();
  const frame = await page.locator(".viewer__frame").first().boundingBox();
  await page.mouse.move(frame.x + 50, frame.y + 50);
  await page.mouse.wheel(0, 120);
  await page.waitForFunction(() => [...document.querySelectorAll("*")].some((part) => part.scrollTop > 0 && !part.closest(".viewer") && !part.closest(".editor")));
  assert.deepEqual(await scrolled(page), [0, 0]);
});

test("a card tells about a part, can be reached by the pointer and goes with Escape", async (t) => {
  const page = await openPlayground(t);
  await choose(page, "log-aggregation");
  const part = page.locator("#diagram figure").last().locator(".container", { hasText: "filebeat" });
  await part.hover();
  const card = page.locator(".part-card");
  await card.waitFor();
  const told = await card.innerText();
  for (const wanted of [/filebeat/, /docker\.elastic\.co\/beats\/filebeat:8\.17\.0/, /reads logs at \/var\/log\/checkout/, /ships to elasticsearch\.logging/, /Why/]) assert.match(told, wanted);
  await card.hover();
  await page.waitForTimeout(600);
  assert.equal(await card.count(), 1, "it stays as long as the pointer is on it");
  await page.mouse.move(2, 2);
  await card.waitFor({ state: "detached" });
  await part.focus();
  await page.keyboard.press("Shift");
  await page.keyboard.press("ArrowDown");
  await card.waitFor();
  await page.keyboard.press("Escape");
  await card.waitFor({ state: "detached" });
});

test("the keyboard walks through a picture with one stop for Tab, and Enter leads to the text", async (t) => {
  const page = await openPlayground(t);
  await choose(page, "two-helpers-native");
  await untilDrawn(page, [["app", "log-shipper", "log-analyzer"], ["log-shipper", "log-analyzer", "app"]]);
  const picture = figures(page).last();
  assert.equal(await picture.locator("[tabindex='0'][data-node]").count(), 1);
  const at = () => page.evaluate(() => document.activeElement.querySelector(".title")?.textContent);
  await picture.locator(".container").first().focus();
  const names = [await at()];
  for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowLeft"]) {
    await page.keyboard.press(key);
    names.push(await at());
  }
  assert.deepEqual([names[0], names[1], names[2], names[3]], ["log-shipper", "log-analyzer", "app", "logs"]);
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  assert.match(await selected(page), /^name: log-shipper/);
});

test("the whole screen shows one picture, and Escape leaves it", async (t) => {
  const page = await openPlayground(t);
  await page.getByRole("button", { name: "Full screen" }).first().click();
  await page.locator(".viewer--full").waitFor();
  await page.waitForTimeout(200);
  const [frame, svg] = [await page.locator(".viewer--full .viewer__frame").boundingBox(), await page.locator(".viewer--full svg").first().boundingBox()];
  assert.ok(svg.width <= frame.width + 1 && svg.height <= frame.height + 1, "all of it is in sight");
  await shot(page, "full-screen");
  await page.locator(".viewer--full .container").first().focus();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.locator(".viewer--full").waitFor({ state: "detached" });
});

test("while the text is broken the last good picture still changes its kind", async (t) => {
  const page = await openPlayground(t);
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type('\n  x: "');
  await page.locator(".pictures__kept").waitFor();
  await kind(page, "Timeline");
  await page.locator(".playhead").first().waitFor({ state: "attached" });
  assert.equal(await page.locator(".pictures__kept").isVisible(), true);
  await page.getByRole("button", { name: "As text" }).click();
  await page.locator(".outline").first().waitFor();
});

test("on a phone a finger reads about a part before it leads to the text, and the timeline follows the time", async (t) => {
  const page = await openPlayground(t, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await page.getByRole("button", { name: "Picture" }).click();
  await page.locator("#diagram .container").first().tap();
  await page.locator(".part-card").waitFor();
  await shot(page, "card-phone");
  await page.getByRole("button", { name: "Show in the text" }).tap();
  await page.locator(".page--edit").waitFor();
  await page.getByRole("button", { name: "Picture" }).click();
  await page.getByRole("combobox", { name: "Kind of picture" }).selectOption("Timeline");
  await page.locator(".playhead").first().waitFor({ state: "attached" });
  const slider = page.getByRole("slider", { name: "Time" });
  await slider.press("End");
  await page.waitForFunction(() => document.querySelector(".viewer__frame").scrollLeft > 50);
  await slider.press("Home");
  await page.waitForFunction(() => document.querySelector(".viewer__frame").scrollLeft < 20);
  assert.deepEqual(await accessibilityProblems(page, { within: ".pictures" }), []);
});

test("on a phone letters of a wide picture stay large enough to read, and a finger moves it", async (t) => {
  const page = await openPlayground(t, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await page.getByRole("navigation").getByRole("button", { name: "Edit" }).click();
  await choose(page, "shop");
  await page.getByRole("navigation").getByRole("button", { name: "Picture" }).click();
  await page.waitForFunction(() => document.querySelector(".viewer__frame").scrollWidth > 600);
  const svg = page.locator(".picture > svg").first();
  const scale = (await width(page)) / Number(await svg.getAttribute("width"));
  assert.ok(scale > 0.65, `drawn at ${scale}`);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `the page is ${overflow} pixels too wide`);
  // The whole of it is one button away.
  await page.getByRole("button", { name: "Full screen" }).first().click();
  await page.waitForFunction(() => {
    const frame = document.querySelector(".viewer--full .viewer__frame");
    return frame && frame.scrollWidth <= frame.clientWidth + 1;
  });
});
