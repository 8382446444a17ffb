// The page in another language.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityProblems, openPage, shot, site } from "./lib/browser.mjs";
import { openPlayground, paste, ready, text, untilDrawn } from "./lib/playground.mjs";

const POD = "kind: Pod\nmetadata: { name: mine }\nspec:\n  containers:\n    - { name: mine, image: mine }\n    - { name: logs, image: fluent/fluent-bit }\n";

/** Chooses a language in the settings. */
async function speak(page, language) {
  await page.locator(".header__settings").click();
  await page.locator(".settings select").selectOption(language);
  await page.waitForFunction((language) => document.documentElement.lang === language, language);
  await page.keyboard.press("Escape");
}

const lang = (page) => page.evaluate(() => document.documentElement.lang);

/** Everything that can be read or heard of a page, but what is marked as English and what comes from the manifest. */
const spoken = (page) => page.evaluate(() => {
  const OTHERS = ".cm-editor, script, style, svg, textarea, code, pre, .command, .reason__switch, .container-item__image, .toolbar__workload select";
  const said = [];
  const visit = (node) => {
    if (node.nodeType === Node.TEXT_NODE) said.push(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || node.lang === "en" || node.matches(OTHERS)) return;
    for (const name of ["aria-label", "title", "placeholder"]) said.push(node.getAttribute(name) ?? "");
    node.childNodes.forEach(visit);
  };
  visit(document.body);
  return said.map((part) => part.trim()).filter(Boolean);
});

const ENGLISH = /\b(the|and|with|what|which|open|close|save|copy|show|shown|example|findings|containers|settings|rules|search|of|is|are|this|by)\b/i;

/** What is left in English by mistake. */
const english = async (page) => (await spoken(page)).filter((part) => ENGLISH.test(part));

async function openGerman(t, path = "?lang=de", options = {}) {
  const page = await openPage(t, (await site(t)) + path, options);
  await page.locator(".cm-content").waitFor({ state: "attached" });
  await ready(page);
  return page;
}

test("a German page is German everywhere", async (t) => {
  const page = await openGerman(t);
  assert.equal(await lang(page), "de");
  await page.getByRole("button", { name: "Teilen" }).waitFor();
  await paste(page, POD);
  await untilDrawn(page, [["mine", "logs"], ["logs", "mine"]]);
  assert.deepEqual(await english(page), []);
  await shot(page, "german");
  for (const name of ["Verlauf", "Export", "Teilen"]) {
    await page.getByRole("button", { name, exact: true }).click();
    await page.locator("dialog[open]").waitFor();
    assert.deepEqual(await english(page), [], name);
    await page.keyboard.press("Escape");
  }
  for (const kind of ["Karte", "Zeitverlauf", "Ablauf", "Ressourcen"]) {
    await page.getByRole("button", { name: kind }).click();
    await page.waitForFunction((kind) => document.querySelector(`.toolbar__button[aria-pressed=true]`)?.textContent === kind, kind);
    assert.deepEqual(await english(page), [], kind);
  }
  for (const name of ["Katalog", "Regeln", "Datenschutz"]) {
    await page.getByRole("link", { name, exact: true }).click();
    await page.locator(".page__other h2").first().waitFor();
    await page.waitForFunction(() => !/geladen/.test(document.querySelector(".page__other").textContent));
    assert.deepEqual(await english(page), [], name);
    await shot(page, `german-${name}`);
  }
});

test("another language is chosen in the page, keeps the text, and is remembered", async (t) => {
  const page = await openPlayground(t);
  await paste(page, POD);
  await untilDrawn(page, [["mine", "logs"], ["logs", "mine"]]);
  await speak(page, "de");
  await page.getByRole("button", { name: "Teilen" }).waitFor();
  assert.equal(await lang(page), "de");
  assert.deepEqual(await english(page), []);
  assert.equal(await text(page), POD);
  // The editor's own words as well.
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+f");
  await page.getByPlaceholder("Suchen").waitFor();
  await page.keyboard.press("Escape");
  await page.reload();
  await ready(page);
  await page.getByRole("button", { name: "Teilen" }).waitFor();
  await speak(page, "en");
  await page.getByRole("button", { name: "Share" }).waitFor();
  assert.equal(await lang(page), "en");
  assert.equal(await text(page), POD);
});

test("the address comes first, then the choice, then the browser", async (t) => {
  const page = await openGerman(t, "", { locale: "de-AT" });
  assert.equal(await lang(page), "de");
  await speak(page, "en");
  await page.waitForFunction(() => document.documentElement.lang === "en");
  await page.reload();
  await ready(page);
  assert.equal(await lang(page), "en");
  await page.goto(`${page.url().split("?")[0]}?lang=de`);
  await ready(page);
  assert.equal(await lang(page), "de");
  // What was chosen since counts more than the address of before.
  await speak(page, "en");
  await page.waitForFunction(() => !location.search.includes("lang"));
  await page.reload();
  await ready(page);
  assert.equal(await lang(page), "en");
});

test("why a text is in the history is said in the language of the page", async (t) => {
  const page = await openPlayground(t);
  await paste(page, POD);
  await page.getByRole("button", { name: "Clear" }).click();
  await speak(page, "de");
  await page.getByRole("button", { name: "Verlauf", exact: true }).click();
  await page.getByText("vor dem Leeren").waitFor();
});

test("assistive technology finds nothing wrong in German", async (t) => {
  const page = await openGerman(t, "?lang=de&example=split-sidecar");
  await page.locator(".finding").first().waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
});
