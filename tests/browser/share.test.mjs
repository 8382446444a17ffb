// Links that hold everything.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import { accessibilityProblems, openPage, shot, site } from "./lib/browser.mjs";
import { drawn, openPlayground, paste, text, untilDrawn } from "./lib/playground.mjs";

const MANIFEST = `kind: Pod
metadata: { name: shop } # 日本 🚢
spec:
  containers:
    - name: shop
      image: example.com/shop
      env: [{ name: DB_PASSWORD, value: hunter2 }]
    - { name: logs, image: "fluent/fluent-bit:3" }
`;

const NAMES = [["shop", "logs"], ["logs", "shop"]];

/** The address in the dialog. */
async function link(page) {
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await page.locator(".share__link").waitFor();
  await page.waitForFunction(() => document.querySelector(".share__link").value);
  return page.locator(".share__link").inputValue();
}

/** A link to a page that was never open before. */
async function openLink(t, url, fragment, options = {}) {
  const page = await openPage(t, `${url}#${fragment}`, options);
  await page.locator(".cm-content").waitFor({ state: "attached" });
  return page;
}

test("a link opens to the same text, settings and pictures on another page", async (t) => {
  const page = await openPlayground(t);
  await paste(page, MANIFEST);
  await untilDrawn(page, NAMES);
  await page.getByRole("button", { name: "Mermaid" }).click();
  await page.getByRole("button", { name: "Sequence" }).click();
  await page.getByText("sequenceDiagram").first().waitFor();
  await page.getByRole("checkbox", { name: /^Count this for logs: image/ }).uncheck();
  await page.getByText("1 left out").waitFor();
  const address = await link(page);
  assert.match(address, /#s=1\.[0-9a-f]{8}\.[\w-]+$/);
  await page.getByText(`${address.length} characters.`).waitFor();
  await page.getByText("1 value hidden in the link: DB_PASSWORD (line 7).").waitFor();
  await shot(page, "share");
  assert.deepEqual(await accessibilityProblems(page), []);

  const url = address.split("#")[0];
  const other = await openLink(t, url, address.split("#")[1]);
  await other.getByText("Opened from a link.").waitFor();
  assert.equal(await text(other), MANIFEST.replace("hunter2", "masked"));
  await other.getByText("1 left out").waitFor();
  const codes = (from) => from.locator(".figure__code").allTextContents();
  await other.waitForFunction((wanted) => [...document.querySelectorAll(".figure__code")].map((code) => code.textContent).join() === wanted, (await codes(page)).join());
  assert.equal(await other.getByRole("button", { name: "Sequence" }).getAttribute("aria-pressed"), "true");
  assert.equal(new URL(other.url()).hash, "", "the text is the visitor's own from now on");

  // Only who says so gives a secret away.
  await page.getByRole("checkbox", { name: "Hide secrets first" }).uncheck();
  await page.getByText("1 value can be read by whoever has the link").waitFor();
  const open = await page.locator(".share__link").inputValue();
  const third = await openLink(t, url, open.split("#")[1]);
  await third.getByText("Opened from a link.").waitFor();
  assert.equal(await text(third), MANIFEST);
});

test("a button copies the link and says so", async (t) => {
  const page = await openPlayground(t, { permissions: ["clipboard-read", "clipboard-write"] });
  const address = await link(page);
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.locator(".share .button__said", { hasText: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
  await page.getByRole("button", { name: "Copy as Markdown" }).click();
  await page.locator(".share .button__said", { hasText: "Copied" }).nth(1).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `[Pod/logging-sidecar-example in the Sidecar Playground](${address})`);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("dialog[open]").count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Share");
});

test("the HTML for other pages holds the manifest without its secrets", async (t) => {
  const page = await openPlayground(t, { permissions: ["clipboard-read", "clipboard-write"] });
  await paste(page, MANIFEST);
  await untilDrawn(page, NAMES);
  const address = await link(page);
  await page.getByRole("button", { name: "Both", exact: true }).click();
  await page.getByRole("button", { name: "Copy HTML" }).click();
  await page.locator(".share .button__said", { hasText: "Copied" }).waitFor();
  const html = await page.evaluate(() => navigator.clipboard.readText());
  const url = address.split("#")[0];
  assert.ok(html.startsWith(`<script async src="${url}static/embed.js"></script>\n\n<sidecar-playground view="split">\n\n<pre>`), html);
  assert.ok(html.includes(MANIFEST.replace("hunter2", "masked").trimEnd()), html);
  await page.getByRole("button", { name: "Copy for MkDocs, Hugo, Docusaurus" }).click();
  await page.waitForFunction(async (html) => (await navigator.clipboard.readText()) !== html, html);
  const markdown = await page.evaluate(() => navigator.clipboard.readText());
  const code = MANIFEST.replace("hunter2", "masked").trimEnd();
  assert.equal(markdown, `\`\`\`yaml\n${code}\n\`\`\`\n\n<sidecar-playground view="split"></sidecar-playground>\n\n<script async src="${url}static/embed.js"></script>\n`);
});

test("a damaged link says so, opens nothing, and gives its beginning back", async (t) => {
  const page = await openPlayground(t);
  await paste(page, MANIFEST.repeat(3).replaceAll("hunter2", () => Math.random().toString(36)));
  await page.getByRole("checkbox", { name: /^Count this for logs: image/ }).waitFor();
  const [url, fragment] = (await link(page)).split("#");
  const damaged = { changed: fragment.replace(/.$/, (c) => (c === "A" ? "B" : "A")), cut: fragment.slice(0, -60), prefix: fragment.replace("s=", "t="), other: "/no/such/page" };
  for (const [how, fragment] of Object.entries(damaged)) {
    const other = await openLink(t, url, fragment);
    await other.locator(".notice--bad", { hasText: /damaged/ }).waitFor();
    assert.equal(await text(other), "", `${how}: nothing in the place of what was not opened`);
    if (how === "cut") {
      await shot(other, "damaged-link");
      await other.getByRole("button", { name: "Show its beginning" }).click();
      await other.getByText("This is the beginning of what was in the link.").waitFor();
      assert.ok((await text(other)).startsWith(MANIFEST.slice(0, 60)));
    }
  }
});

test("a link that replaces a text gives it back", async (t) => {
  const page = await openPlayground(t);
  const fragment = (await link(page)).split("#")[1];
  await page.keyboard.press("Escape");
  await paste(page, MANIFEST);
  await untilDrawn(page, NAMES);
  await page.evaluate((fragment) => void (location.hash = fragment), fragment);
  await page.getByText("Opened from a link.").waitFor();
  assert.notEqual(await text(page), MANIFEST);
  await page.getByRole("button", { name: "Undo" }).click();
  await untilDrawn(page, NAMES);
  assert.equal(await text(page), MANIFEST);
});

test("Mermaid Live opens with the picture", async (t) => {
  const page = await openPlayground(t);
  await page.getByRole("button", { name: "Export" }).click();
  const live = page.getByRole("link", { name: /Mermaid Live/ }).first();
  const address = await live.getAttribute("href");
  assert.match(address, /^https:\/\/mermaid\.live\/edit#pako:/);
  const state = JSON.parse(inflateSync(Buffer.from(address.split("#pako:")[1], "base64url")).toString());
  assert.match(state.code, /^flowchart/);
  assert.equal(await live.getAttribute("rel"), "noopener noreferrer");
});

test("nothing that was pasted is in any request", async (t) => {
  const requests = [];
  const page = await openPlayground(t);
  // All files of this version are kept once everything works.
  await page.waitForFunction(() => ["new", "ready"].includes(globalThis.sidecarOffline));
  page.context().on("request", (request) => requests.push(request.url() + (request.postData() ?? "")));
  await paste(page, MANIFEST);
  await untilDrawn(page, NAMES);
  await link(page);
  assert.deepEqual(requests, []);
  assert.ok(await drawn(page));
});
