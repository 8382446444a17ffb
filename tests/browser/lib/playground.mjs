// The playground as its user handles it.

import { openPage, site } from "./browser.mjs";

/** Opens the page and waits for the first picture and the editor. */
export async function openPlayground(t, options = {}) {
  const page = await openPage(t, await site(t, { path: "/docs/sidecar/" }), options);
  await page.locator("#diagram svg").first().waitFor({ state: "attached" });
  await ready(page);
  return page;
}

/** Waits until the editor is there and the whole engine has answered: nothing is being loaded any more. */
export async function ready(page) {
  await page.locator(".cm-content").waitFor({ state: "attached" });
  await page.waitForFunction(() => document.querySelector("[data-engine=whole]") && !document.querySelector("[aria-busy=true]") && !/engine…/.test(document.querySelector(".pictures__nothing")?.textContent ?? ""));
}

/** The whole text in the editor; only for texts that fit on the screen. */
export const text = (page) => page.locator(".cm-content").evaluate((content) => [...content.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n"));

/** Replaces the whole text by pasting, as a user would. */
export async function paste(page, text) {
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+a");
  await insert(page, text);
}

/** Pastes into what has the focus. */
export function insert(page, text) {
  return page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

/** The names in the boxes of each picture, from top to bottom. */
export function drawn(page) {
  return page.locator("#diagram figure").evaluateAll((figures) =>
    figures.map((figure) =>
      [...figure.querySelectorAll("svg .container")]
        .map((box) => ({ y: box.getBBox().y, name: [...box.querySelectorAll(".title")].map((line) => line.textContent).join("") }))
        .sort((a, b) => a.y - b.y)
        .map((box) => box.name),
    ),
  );
}

/** Waits until the pictures have these boxes and what is to be read is up with them, so many milliseconds at most. */
export async function untilDrawn(page, names, patience = 5_000) {
  const wanted = JSON.stringify(names);
  for (let tries = 0; tries < patience / 50; tries += 1) {
    if (JSON.stringify(await drawn(page)) === wanted && (await page.locator("[aria-busy=true]").count()) === 0) return;
    await page.waitForTimeout(50);
  }
  throw new Error(`expected ${wanted}, but drawn is ${JSON.stringify(await drawn(page))}`);
}

/** The text in the editor that is selected. */
export const selected = (page) => page.evaluate(() => document.getSelection().toString());
