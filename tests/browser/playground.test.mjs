// What someone with a manifest on the clipboard does.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityProblems, openPage, shot, site } from "./lib/browser.mjs";
import { drawn, openPlayground, paste, selected, untilDrawn } from "./lib/playground.mjs";

const MANIFEST = `apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  containers:
    - name: envoy
      image: envoyproxy/envoy:v1.31.0
    - name: shop
      image: registry.example.com/shop:1.2
      ports: [{ containerPort: 8080 }]
  initContainers:
    - name: migrate
      image: registry.example.com/migrate:1.2
`;

test("the page shows an example and its pair of pictures by itself", async (t) => {
  const page = await openPlayground(t);
  assert.deepEqual(await drawn(page), [["main-app", "log-collector"], ["log-collector", "main-app"]]);
  assert.equal(await page.locator(".figure--written strong").textContent(), "As traditional sidecars");
  await shot(page, "first");
});

test("a pasted manifest changes the pair; broken text keeps it and says why; mended text goes on", async (t) => {
  const page = await openPlayground(t);
  await paste(page, MANIFEST);
  await untilDrawn(page, [["migrate", "envoy", "shop"], ["migrate", "envoy", "shop"]]);
  const roles = await page.locator(".container-item").evaluateAll((items) => items.map((item) => item.querySelector(".role").textContent));
  assert.deepEqual(roles, ["init container", "sidecar", "app"]);

  await paste(page, MANIFEST.replace("    - name: shop", "\t- name: shop"));
  await page.getByText("a tab stands where only spaces may stand").first().waitFor();
  await page.getByText("This is the picture from before line 9 broke").waitFor();
  assert.deepEqual(await drawn(page), [["migrate", "envoy", "shop"], ["migrate", "envoy", "shop"]]);
  await page.getByText("Replace each tab by two spaces.").waitFor();
  await shot(page, "broken");

  await paste(page, MANIFEST.replaceAll("envoy", "proxy"));
  await untilDrawn(page, [["migrate", "proxy", "shop"], ["migrate", "proxy", "shop"]]);
  assert.equal(await page.locator(".pictures__kept").isVisible(), false);
});

test("a box leads to its lines, and the caret to its box", async (t) => {
  const page = await openPlayground(t);
  await paste(page, MANIFEST);
  await untilDrawn(page, [["migrate", "envoy", "shop"], ["migrate", "envoy", "shop"]]);
  await page.locator("#diagram svg [data-container]", { hasText: "envoy" }).first().click();
  assert.match(await selected(page), /^name: envoy\s+image: envoyproxy\/envoy:v1\.31\.0$/);
  assert.equal(await page.locator(".container-item--chosen .container-item__name").textContent(), "envoy");
  assert.equal(await page.locator("#diagram svg .is-chosen").count(), 2);

  // By keyboard as well.
  await page.locator("#diagram svg [data-container]", { hasText: "migrate" }).first().focus();
  await page.keyboard.press("Enter");
  assert.match(await selected(page), /^name: migrate/);

  // And back: the caret's container is marked.
  await page.locator(".cm-line", { hasText: "image: registry.example.com/shop" }).click();
  await page.locator(".container-item--chosen", { hasText: "shop" }).waitFor();
});

test("a finding leads to its place, from the list and from the margin", async (t) => {
  const page = await openPlayground(t);
  await page.locator(".text-bar__examples").selectOption("split-sidecar");
  await page.getByText("helps Pod/main-app from a Pod of its own").first().waitFor();
  await page.locator(".finding").getByRole("button", { name: /^Line \d+/ }).click();
  assert.match(await selected(page), /^name: fluentd/);
  assert.equal(await page.locator(".cm-lint-marker-warning").count(), 1);
  await shot(page, "finding");
});

test("of several workloads one is chosen, and each kind of picture is there in three forms", async (t) => {
  const page = await openPlayground(t);
  await paste(page, `${MANIFEST}---\n${MANIFEST.replaceAll("shop", "till")}`);
  await untilDrawn(page, [["migrate", "envoy", "shop"], ["migrate", "envoy", "shop"]]);
  await page.locator(".toolbar__workload select").selectOption("Pod/till");
  await untilDrawn(page, [["migrate", "envoy", "till"], ["migrate", "envoy", "till"]]);
  await page.getByRole("button", { name: "Sequence" }).click();
  await page.locator("#diagram svg .lifeline").first().waitFor({ state: "attached" });
  await shot(page, "sequence");
  await page.getByRole("button", { name: "As text" }).click();
  await page.getByText(/^kubelet to migrate: .*: start$/).first().waitFor();
  await page.getByRole("button", { name: "Mermaid" }).click();
  await page.getByText("sequenceDiagram").first().waitFor();
});

test("evidence can be left out, and the verdict follows", async (t) => {
  const page = await openPlayground(t);
  await paste(page, "kind: Pod\nspec:\n  containers:\n    - { name: a, image: x/a }\n    - { name: b, image: fluent/fluent-bit }\n");
  await page.waitForFunction(() => document.querySelectorAll(".container-item .role")[1]?.textContent === "sidecar");
  await page.getByRole("checkbox", { name: /^Count this for b: image/ }).uncheck();
  await page.getByText("1 left out: this is what would be thought without.").waitFor();
  await page.waitForFunction(() => document.querySelectorAll(".container-item .role")[1]?.textContent === "peer app");
  await page.getByRole("button", { name: "Count everything again" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".container-item .role")[1]?.textContent === "sidecar");
});

test("a helper that will be injected is drawn dashed and explained", async (t) => {
  const page = await openPlayground(t);
  await page.locator(".text-bar__examples").selectOption("istio");
  await page.locator("#diagram svg .is-added", { hasText: "istio-proxy" }).first().waitFor();
  assert.equal(await page.locator("#diagram svg .is-added").count(), 2);
  await page.getByText("Will be added by Istio, because of label sidecar.istio.io/inject").waitFor();
  await page.getByText("routes traffic to Service web-application").waitFor();
  await shot(page, "istio");
});

test("the catalogue is searched by name, image and category, and verdicts lead into it", async (t) => {
  const page = await openPlayground(t);
  await page.locator(".container-item__known a").first().click();
  await page.getByRole("heading", { name: "Known helpers" }).waitFor();
  await page.getByText("of 325 helpers").waitFor();
  await page.getByRole("searchbox").fill("envoy traffic");
  assert.ok((await page.locator(".catalogue-item").count()) >= 1);
  await page.getByRole("searchbox").fill("");
  await page.getByLabel("Category").selectOption("auth-proxy");
  await page.locator(".catalogue-item", { hasText: "oauth2-proxy" }).first().waitFor();
  await shot(page, "catalogue");
  assert.deepEqual(await accessibilityProblems(page), []);
  await page.getByRole("link", { name: "Playground" }).click();
  assert.deepEqual(await drawn(page), [["main-app", "log-collector"], ["log-collector", "main-app"]]);
});

test("bad input is answered, never fatal, and never lost", async (t) => {
  const page = await openPlayground(t);
  const cases = {
    "": /Paste a Kubernetes manifest|picture from before/,
    "a: \"unterminated": /a quote is opened and never closed/,
    "a: [1, 2": /never closed/,
    "a: 1\na: 2": /is given twice/,
    "{{ if .x }}\nkind: Pod\nspec: {{ .y }}": /template that has not been rendered/,
    [`${"[".repeat(10_000)}`]: /nested deeper than/,
    [`a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*${i ? `b${i - 1}` : "a"}, *${i ? `b${i - 1}` : "a"}]`).join("\n")}`]: /no Pod or Pod template/,
  };
  for (const [text, answer] of Object.entries(cases)) {
    await paste(page, "kind: Pod\nspec: { containers: [{ name: ok }] }\n");
    await page.locator(".container-item", { hasText: "ok" }).waitFor();
    await paste(page, text);
    await page.waitForFunction(
      (source) => new RegExp(source).test(document.querySelector(".page__answer").textContent),
      answer.source,
    );
  }
  await paste(page, MANIFEST);
  await untilDrawn(page, [["migrate", "envoy", "shop"], ["migrate", "envoy", "shop"]]);
});

test("labels of a manifest cannot become markup", async (t) => {
  const page = await openPlayground(t);
  const evil = `"<img src=x onerror=alert(1)><script>alert(2)</script>"`;
  await paste(page, `kind: Pod\nmetadata: { name: ${evil} }\nspec:\n  containers:\n    - { name: ${evil}, image: ${evil} }\n    - { name: b, image: "javascript:alert(3)" }\n  volumes: [{ name: ${evil}, emptyDir: {} }]\n`);
  await page.locator(".container-item", { hasText: "onerror" }).waitFor();
  for (const kind of ["Drawn", "As text", "Mermaid"]) {
    await page.getByRole("button", { name: kind }).click();
    assert.equal(await page.locator("main img, main script, main a").count(), 0);
  }
});

test("on a phone one pane at a time is shown, and nothing scrolls sideways", async (t) => {
  const page = await openPlayground(t, { viewport: { width: 360, height: 740 }, hasTouch: true });
  for (const pane of ["Picture", "Edit", "Details"]) {
    await page.getByRole("navigation").getByRole("button", { name: pane }).click();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${pane}: ${overflow} pixels too wide`);
    await shot(page, `phone-${pane.toLowerCase()}`);
  }
});

test("assistive technology finds nothing wrong, in both themes", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await openPlayground(t, { colorScheme });
    await page.locator(".text-bar__examples").selectOption("split-sidecar");
    await page.locator(".finding").waitFor();
    assert.deepEqual(await accessibilityProblems(page), [], colorScheme);
  }
});

test("where the editor cannot load, the plain text field does the same", async (t) => {
  const url = await site(t);
  const other = await openPage(t, `${url}static/icon.svg`, { allow: [/editor-/, /Failed to load/] });
  await other.route("**/editor-*.js", (route) => route.abort());
  await other.goto(url);
  await other.locator("#diagram svg").first().waitFor({ state: "attached" });
  await other.locator("textarea").fill(MANIFEST);
  await untilDrawn(other, [["migrate", "envoy", "shop"], ["migrate", "envoy", "shop"]]);
});
