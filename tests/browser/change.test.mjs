// Findings, the changes that mend them, rewrites looked at hunk by hunk, and the pages of the rules.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityProblems, openPage, shot, site } from "./lib/browser.mjs";
import { openPlayground, paste, ready, text, untilDrawn } from "./lib/playground.mjs";

const SPLIT_POLICY = `apiVersion: v1
kind: Pod
metadata: { name: shop } # the shop
spec:
  initContainers:
    - name: logs
      image: fluent/fluent-bit:3.1
      restartPolicy: OnFailure
  containers:
    - { name: shop, image: "example.com/shop:1.4" }
`;

const JOB = `apiVersion: batch/v1
kind: Job
metadata: { name: report }
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: istio-proxy
          image: istio/proxyv2:1.24.0
          args: [proxy, sidecar]
        - name: report
          image: example.com/report:1
          env:
            - { name: A, value: a }
            - { name: B, value: b }
            - { name: C, value: c }
            - { name: D, value: d }
            - { name: E, value: e }
          command:
            - sh
            - -c
            - ./report; curl -X POST http://localhost:15020/quitquitquit
`;

const COMPOSE = `services:
  web: { image: "example.com/web:1" }
  logs: { image: "fluent/fluent-bit:3", network_mode: "service:web" }
  db: { image: "postgres:16" }
`;

const change = (page) => page.getByRole("dialog", { name: "Look at the change" });

/** Waits until the whole text in the editor is as wanted. */
async function untilText(page, wanted) {
  for (let tries = 0; tries < 60 && !wanted(await text(page)); tries += 1) await page.waitForTimeout(50);
  assert.ok(wanted(await text(page)), await text(page));
}

test("a fix is looked at, applied, and undone in the editor", async (t) => {
  const page = await openPlayground(t);
  await paste(page, SPLIT_POLICY);
  await untilDrawn(page, [["logs", "shop"]]);
  const finding = page.locator(".finding", { has: page.getByRole("button", { name: /^Fix…/ }) }).first();
  const message = await finding.locator(".finding__message").textContent();
  await finding.getByRole("button", { name: /^Fix…/ }).click();
  const dialog = change(page);
  await dialog.locator(".diff--added").first().waitFor();
  assert.ok((await dialog.locator(".effect__findings").textContent()).length > 0);
  assert.equal(await text(page), SPLIT_POLICY, "nothing is changed by looking");
  await shot(page, "fix");
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialog.getByRole("button", { name: "Apply" }).click();
  await untilText(page, (now) => now !== SPLIT_POLICY);
  assert.match(await text(page), /# the shop/);
  await page.waitForFunction((message) => ![...document.querySelectorAll(".finding__message")].some((found) => found.textContent === message), message);
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+z");
  await untilText(page, (now) => now === SPLIT_POLICY);
  await page.getByRole("button", { name: "History" }).click();
  await page.getByText("before it was rewritten").first().waitFor();
});

test("a rewrite to native is made without one of its hunks", async (t) => {
  const page = await openPlayground(t);
  await paste(page, JOB);
  await untilDrawn(page, [["istio-proxy", "report"], ["istio-proxy", "report"]]);
  await page.getByRole("button", { name: "Make native…" }).click();
  const dialog = change(page);
  const parts = dialog.getByRole("checkbox", { name: /^Part / });
  await parts.first().waitFor();
  assert.equal(await parts.count(), 2);
  assert.match(await dialog.locator(".effect").textContent(), /istio-proxy starts/);
  await dialog.getByRole("checkbox", { name: /^Part 2 of 2/ }).uncheck();
  await dialog.locator(".hunk--out").waitFor();
  await shot(page, "change");
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialog.getByRole("button", { name: "Apply" }).click();
  await untilText(page, (now) => now.includes("initContainers:"));
  assert.match(await text(page), /restartPolicy: Always[^]*quitquitquit/);
  await page.getByRole("button", { name: "Make traditional…" }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await untilText(page, (now) => now === JOB);
});

test("of a Compose project the services that share a Pod are chosen", async (t) => {
  const page = await openPlayground(t);
  await paste(page, COMPOSE);
  await page.getByRole("button", { name: "Make a Pod, native…" }).click();
  const group = change(page).getByRole("group", { name: "Together in one Pod" });
  await group.getByRole("checkbox", { name: "db" }).check();
  await page.waitForFunction(() => document.querySelector(".change__hunks").textContent.split("+kind: Pod").length === 2);
  await change(page).getByRole("button", { name: "Apply" }).click();
  await untilText(page, (now) => /^apiVersion: v1\nkind: Pod/.test(now) && /name: db/.test(now));
});

test("levels of findings can be chosen and are part of the link", async (t) => {
  const page = await openPlayground(t);
  await paste(page, JOB);
  await untilDrawn(page, [["istio-proxy", "report"], ["istio-proxy", "report"]]);
  const levels = page.getByRole("group", { name: "Show findings from this level on" });
  const before = await page.locator(".finding").count();
  await levels.getByRole("button", { name: /^Advice/ }).click();
  await page.locator(".finding--advice").first().waitFor();
  assert.ok((await page.locator(".finding").count()) > before);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await page.waitForFunction(() => document.querySelector(".share__link")?.value);
  const other = await openPage(t, await page.locator(".share__link").inputValue());
  await other.locator(".finding--advice").first().waitFor();
});

test("the example of a rule opens in the playground, where the rule finds something", async (t) => {
  const page = await openPage(t, `${await site(t)}#/rules`);
  await page.getByText(/^\d+ of \d+ rules$/).waitFor();
  await page.getByRole("searchbox", { name: "Search" }).fill("split");
  await shot(page, "rules");
  assert.deepEqual(await accessibilityProblems(page), []);
  await page.getByRole("link", { name: "split-sidecar", exact: true }).click();
  await page.getByRole("heading", { name: "split-sidecar" }).waitFor();
  await shot(page, "rule");
  assert.deepEqual(await accessibilityProblems(page), []);
  await page.getByRole("button", { name: "Open in the playground It finds something here" }).click();
  await ready(page);
  await page.locator(".finding__rule", { hasText: "split-sidecar" }).first().waitFor();
  await page.getByRole("button", { name: "Merge the split sidecar…" }).click();
  await change(page).getByRole("button", { name: "Apply" }).click();
  await page.waitForFunction(() => ![...document.querySelectorAll(".finding__rule")].some((rule) => rule.textContent === "split-sidecar"));
});
