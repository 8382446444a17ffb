// What happens over time: the timeline, the time bar, what if, and the release of Kubernetes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityProblems, openPage, shot } from "./lib/browser.mjs";
import { openPlayground, paste, untilDrawn } from "./lib/playground.mjs";

const JOB = `apiVersion: batch/v1
kind: Job
metadata: { name: report }
spec:
  template:
    spec:
      restartPolicy: Never
      initContainers:
        - name: istio-proxy
          image: istio/proxyv2:1.24.0
          args: [proxy, sidecar]
          restartPolicy: Always
          startupProbe: { httpGet: { path: /healthz/ready, port: 15021 }, periodSeconds: 1 }
      containers:
        - { name: report, image: "shop/report:1" }
`;

const summaries = (page) => page.locator(".figure__summary").allTextContents();
const kubectl = (page) => page.locator(".moment__kubectl").allTextContents();

/** Shows the timeline of the Job above. */
async function openTimeline(t, options) {
  const page = await openPlayground(t, options);
  await paste(page, JOB);
  await untilDrawn(page, [["report", "istio-proxy"], ["istio-proxy", "report"]]);
  if (options?.phone) await page.getByRole("button", { name: "Picture" }).click();
  await page.getByRole("button", { name: "Timeline" }).click();
  await page.locator(".playhead").first().waitFor({ state: "attached" });
  return page;
}

test("the timeline shows that a traditional sidecar keeps a Job alive and a native one does not", async (t) => {
  const page = await openTimeline(t);
  const [traditional, native] = await summaries(page);
  assert.match(traditional, /never completes: the work is done, but istio-proxy keeps the Pod running/);
  assert.match(native, /completes after 30 s/);
  await page.getByRole("slider", { name: "Time" }).press("End");
  const [running, completed] = await kubectl(page);
  assert.match(running, /1\/2 +NotReady/);
  assert.match(completed, /0\/2 +Completed/);
  await shot(page, "timeline");
  assert.deepEqual(await accessibilityProblems(page), []);
});

test("time can be stepped, played and pointed at", async (t) => {
  const page = await openTimeline(t);
  const slider = page.getByRole("slider", { name: "Time" });
  await slider.press("Home");
  assert.match((await kubectl(page))[1], /0\/2 +Init:0\/1/);
  await page.getByRole("button", { name: "On to the next change" }).click();
  await page.getByText("1 s", { exact: true }).first().waitFor();
  const before = Number(await slider.inputValue());
  await page.getByRole("button", { name: "Play" }).click();
  await page.waitForFunction((before) => Number(document.querySelector(".time-bar__slider").value) > before + 20, before);
  await page.getByRole("button", { name: "Pause" }).click();
  const box = await page.locator("#diagram svg").first().boundingBox();
  await page.mouse.click(box.x + box.width * 0.95, box.y + 60);
  assert.ok(Number(await slider.inputValue()) > 800, await slider.inputValue());
});

test("what is supposed changes the picture at once and is part of the link", async (t) => {
  const page = await openTimeline(t);
  await page.getByLabel("What happens to it").selectOption("no-image");
  await page.getByText("istio-proxy has an image that cannot be pulled").waitFor();
  await page.waitForFunction(() => /never starts: it waits for istio-proxy/.test(document.querySelector("#diagram").textContent));
  await page.getByLabel("Kubernetes").selectOption("1.28");
  await page.getByText(/^Kubernetes 1\.28/).first().waitFor();
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await page.waitForFunction(() => document.querySelector(".share__link")?.value);
  const link = await page.locator(".share__link").inputValue();
  const other = await openPage(t, link);
  await other.getByText("istio-proxy has an image that cannot be pulled").waitFor();
  assert.equal(await other.getByLabel("Kubernetes").inputValue(), "1.28");
  await other.getByRole("button", { name: /^No more: istio-proxy/ }).click();
  await other.waitForFunction(() => !/cannot be pulled/.test(document.querySelector(".what-if").textContent.replace(/has an image that cannot be pulled/, "")));
});

test("the API server's answer follows the release", async (t) => {
  const page = await openTimeline(t);
  await page.getByText("Kubernetes 1.36 accepts it.").waitFor();
  await page.getByLabel("Kubernetes").selectOption("1.27");
  await page.locator(".api__verdict", { hasText: /Kubernetes 1\.27 (refuses|accepts)/ }).waitFor();
  assert.match(await page.locator(".api").textContent(), /restartPolicy|startupProbe/);
});
