// What leaves the page: files, copies, paper, commands.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { accessibilityProblems, openPage, shot, site } from "./lib/browser.mjs";
import { renderMermaid } from "./lib/mermaid.mjs";
import { openPlayground, paste, text, untilDrawn } from "./lib/playground.mjs";

const MANIFEST = `apiVersion: apps/v1
kind: Deployment
metadata: { name: Shop & Co, namespace: "till; reboot" }
spec:
  template:
    metadata: { labels: { app: shop } }
    spec:
      containers:
        - { name: shop, image: example.com/shop, ports: [{ containerPort: 8080 }] }
        - { name: logs, image: "fluent/fluent-bit:3" }
`;

async function open(t, options = {}) {
  const page = await openPlayground(t, { permissions: ["clipboard-read", "clipboard-write"], ...options });
  await paste(page, MANIFEST);
  await untilDrawn(page, [["shop", "logs"], ["logs", "shop"]]);
  return page;
}

/** Clicks a button and gives name and content of the file. */
async function saved(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name, exact: true }).click()]);
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

test("pictures are saved as SVG that needs nothing else, and as PNG in three sizes", async (t) => {
  const page = await open(t);
  await page.getByRole("button", { name: "Export" }).click();
  const svg = await saved(page, "SVG as native sidecars");
  assert.equal(svg.name, "shop-co-topology-native.svg");
  await shot(page, "export");
  assert.deepEqual(await accessibilityProblems(page), []);
  const sizes = [];
  for (const scale of [1, 2, 4]) {
    const png = await saved(page, `PNG ${scale}× as native sidecars`);
    assert.equal(png.name, `shop-co-topology-native${scale === 1 ? "" : `@${scale}x`}.png`);
    assert.equal(png.content.subarray(1, 4).toString(), "PNG");
    sizes.push(png.content.readUInt32BE(16));
  }
  assert.deepEqual(sizes, [1, 2, 4].map((scale) => scale * sizes[0]));

  // By itself, the file shows what the page shows.
  const code = svg.content.toString();
  assert.doesNotMatch(code, /var\(|https?:\/\/(?!www\.w3\.org)|@import|url\((?!#)/);
  const viewer = await openPage(t, await site(t, { extra: { "saved.html": `<!doctype html><link rel="icon" href="data:,"><title>x</title>${code}` } }).then((url) => `${url}saved.html`));
  assert.equal(await viewer.locator("svg .container").count(), 2);
  const parsed = await viewer.evaluate((code) => new DOMParser().parseFromString(code, "image/svg+xml").querySelector("parsererror")?.textContent ?? "", code);
  assert.equal(parsed, "");

  await page.getByRole("button", { name: "Dark" }).click();
  await page.waitForTimeout(200);
  const dark = await saved(page, "SVG as native sidecars");
  assert.notEqual(dark.content.toString(), code);
});

test("the report holds roles, findings and pictures that mermaid.js draws", async (t) => {
  const page = await open(t);
  await page.getByRole("button", { name: "Export" }).click();
  const report = await saved(page, "Save the report");
  assert.equal(report.name, "shop-co-topology-report.md");
  const markdown = report.content.toString();
  assert.match(markdown, /^# Deployment\/Shop &amp; Co\n/);
  assert.match(markdown, /\| logs \| sidecar \| log shipper \|/);
  const codes = [...markdown.matchAll(/```mermaid\n([^]*?)```/g)].map(([, code]) => code);
  assert.equal(codes.length, 2);
  for (const { ok, error } of await renderMermaid(t, codes)) assert.ok(ok, error);
  await page.getByRole("button", { name: "Copy the report" }).click();
  await page.locator(".export .button__said", { hasText: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), markdown);
  const manifest = await saved(page, "Save the manifest");
  assert.equal(manifest.name, "manifest.yaml");
  assert.equal(manifest.content.toString(), MANIFEST);
});

test("where nothing may be copied the button says so", async (t) => {
  const page = await openPlayground(t);
  await page.evaluate(() => {
    Object.defineProperty(navigator, "clipboard", { value: undefined });
    document.execCommand = () => false;
  });
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("button", { name: "Copy the manifest" }).click();
  await page.locator(".button__said", { hasText: "Not allowed here" }).waitFor();
});

test("the commands have the real names, quoted, and are copied as they stand", async (t) => {
  const page = await open(t);
  await page.getByText("Commands for it").click();
  const line = `kubectl logs 'deployment/Shop & Co' -n 'till; reboot' -c logs -f`;
  await page.getByRole("code").filter({ hasText: line }).waitFor();
  await page.getByRole("button", { name: `Copy ${line}` }).click();
  await page.locator(".command .button__said", { hasText: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), line);
  await page.locator(".commands").scrollIntoViewIfNeeded();
  assert.ok(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight), "only the panes scroll");
  await shot(page, "commands");
  assert.deepEqual(await accessibilityProblems(page), []);
});

test("on paper stand the pictures, the reasons and the whole text, and no button", async (t) => {
  const page = await open(t);
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await page.locator(".print-text").textContent(), MANIFEST);
  assert.ok(await page.locator(".print-text").isVisible());
  for (const hidden of [".toolbar", ".header__tools", ".editor", ".pane-bar"]) assert.ok(!(await page.locator(hidden).isVisible()), hidden);
  const pdf = await page.pdf({ format: "A4" });
  assert.ok(pdf.length > 10_000);
  await shot(page, "print");
});

test("everything in the windows is reached by keyboard, and Escape leads back", async (t) => {
  const page = await openPlayground(t);
  await page.getByRole("button", { name: "Export" }).focus();
  await page.keyboard.press("Enter");
  await page.locator("dialog[open] .export__row").first().waitFor();
  await page.getByRole("button", { name: "SVG as native sidecars" }).waitFor();
  const reached = new Set();
  for (let tabs = 0; tabs < 40; tabs += 1) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText.replaceAll("\n", " ").replace(/ +/g, " ").trim()));
  }
  for (const name of ["Light", "Save the report", "Copy the manifest", "Save Made native", "Save Findings", "Print…", "SVG as native sidecars", "Close"]) {
    assert.ok(reached.has(name), `${name} in ${[...reached].join(" | ")}`);
  }
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Export");
  assert.ok((await text(page)).length > 0);
});

test("every window is in order in both themes, on a desk and on a phone", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
      const page = await openPlayground(t, { colorScheme, viewport, hasTouch: viewport.width < 500 });
      const where = `${colorScheme}, ${viewport.width} pixels`;
      const isPhone = viewport.width < 500;
      // What is done with the text stands above the text.
      if (isPhone) await page.getByRole("button", { name: "Edit" }).click();
      for (const name of ["History", "Export", "Share"]) {
        await page.getByRole("button", { name, exact: true }).click();
        await page.locator(".history, .export__row + .export__row, .share__link:not([value=''])").first().waitFor();
        await page.waitForTimeout(250);
        assert.deepEqual(await accessibilityProblems(page), [], `${name}, ${where}`);
        const { over, small } = await page.evaluate(() => {
          const body = document.querySelector("dialog[open] .dialog__body");
          const targets = [...document.querySelectorAll("dialog[open] button, dialog[open] a, dialog[open] summary")];
          const shown = targets.filter((target) => target.getClientRects().length > 0);
          const small = shown.filter((target) => target.getBoundingClientRect().height < 24).map((target) => target.textContent);
          return { over: Math.max(body.scrollWidth - body.clientWidth, document.documentElement.scrollWidth - innerWidth), small };
        });
        assert.ok(over <= 0, `${name}, ${where}: ${over} pixels too wide`);
        assert.deepEqual(small, [], `${name}, ${where}`);
        await shot(page, `${name.toLowerCase()}-${colorScheme}-${viewport.width}`);
        await page.keyboard.press("Escape");
      }
      if (isPhone) await page.getByRole("button", { name: "Menu" }).click();
      await page.getByRole("link", { name: "Privacy" }).click();
      await page.getByRole("heading", { name: "What is kept here" }).waitFor();
      assert.deepEqual(await accessibilityProblems(page), [], `Privacy, ${where}`);
      await page.context().close();
    }
  }
});
