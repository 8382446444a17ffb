// A text with a thousand workloads: the one that is shown at once, the rest behind it, and typing in the middle of it all.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPlayground, paste, untilDrawn } from "./lib/playground.mjs";

const WORKLOADS = 1000;

const deployment = (number, name = "web") => `apiVersion: apps/v1
kind: Deployment
metadata: { name: shop-${number}, namespace: shop }
spec:
  selector: { matchLabels: { app: shop-${number} } }
  template:
    metadata: { labels: { app: shop-${number} } }
    spec:
      containers:
        - name: ${name}
          image: example.com/shop:1
        - name: logs
          image: fluent/fluent-bit:3
          restartPolicy: OnFailure
`;

const manifests = (name) => Array.from({ length: WORKLOADS }, (_, number) => deployment(number, number === 500 ? name : "web")).join("---\n");

/** Waits until the engine knows all of the text. */
const untilDone = (page) => page.waitForFunction(() => document.querySelector(".pictures__progress").hidden && document.querySelectorAll(".toolbar__workload option").length === 1000, null, { timeout: 120_000 });

/** What the page says of a text. */
const said = (page) =>
  page.evaluate(() => ({
    containers: [...document.querySelectorAll(".container-item")].map((item) => item.textContent),
    findings: [...document.querySelectorAll(".finding")].map((item) => item.textContent),
    levels: document.querySelector(".levels").textContent,
    workloads: [...document.querySelectorAll(".toolbar__workload option")].map((option) => option.textContent).join(" "),
  }));

test("in a file of a thousand workloads typing changes one and leaves the others", async (t) => {
  const page = await openPlayground(t);
  await paste(page, manifests("web"));
  await untilDrawn(page, [["web", "logs"], ["logs", "web"]]);
  await untilDone(page);
  await page.locator(".toolbar__workload select").selectOption({ label: "Deployment/shop-500" });
  await page.locator("#diagram", { hasText: "Deployment/shop-500" }).waitFor();
  // The box leads to its lines; the caret stands in front of them then.
  await page.locator("#diagram figure").first().locator("svg .container").first().click();
  await page.keyboard.press("ArrowLeft");
  const line = page.locator(".cm-activeLine");
  assert.match(await line.textContent(), /name: web/);
  await page.keyboard.press("End");
  await page.keyboard.type("-and-what-was-typed-in-a-hurry-of-fifty-keys-or-so");
  const name = "web-and-what-was-typed-in-a-hurry-of-fifty-keys-or-so";
  await untilDrawn(page, [[name, "logs"], ["logs", name]]);
  await untilDone(page);
  const typed = await said(page);
  assert.equal(typed.findings.length, 100, "as many as are listed at once");
  // A text that is pasted as a whole is looked at afresh, once something else was there.
  await paste(page, "");
  await page.locator(".container-item").first().waitFor({ state: "detached" });
  await paste(page, manifests(name));
  await untilDone(page);
  await page.locator(".toolbar__workload select").selectOption({ label: "Deployment/shop-500" });
  await untilDrawn(page, [[name, "logs"], ["logs", name]]);
  assert.deepEqual(await said(page), typed);
  await page.getByRole("button", { name: /Show more/ }).click();
  await page.locator(".finding").nth(150).waitFor();
});
