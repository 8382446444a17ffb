// Every view and every window for everyone: axe-core finds nothing in light and dark, on a desk and on a phone; nothing is
// lost or cut off on a narrow screen or with text of twice the size.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityProblems, openPage, shot, site } from "./lib/browser.mjs";
import { paste, ready } from "./lib/playground.mjs";

const LESSON = "traditional-and-native";
const SHOP = `kind: Deployment
metadata: { name: shop }
spec:
  template:
    spec:
      containers:
        - { name: shop, image: shop, ports: [{ containerPort: 8080 }] }
        - { name: logs, image: fluent/fluent-bit, ports: [{ containerPort: 8080 }] }
`;
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

const kind = (name) => (page) => page.getByRole("button", { name, exact: true }).click();
const window_ = (name) => async (page) => {
  await page.getByRole("button", { name, exact: true }).click();
  await page.locator("dialog[open]").waitFor();
};
const text = (manifest) => async (page) => {
  await paste(page, manifest);
  await page.waitForTimeout(400);
};

/** Name of the view: what to ask for, what has to be there, what to do first, and the sizes when it is not both. */
const VIEWS = {
  "first visit": ["", "#diagram svg"],
  "findings": ["", ".finding", text(SHOP)],
  "broken text": ["", ".problem", text("kind: Pod\nspec:\n\tcontainers: [")],
  "no text": ["", ".pictures__nothing--empty", kind("Clear")],
  "several workloads": ["?example=shop", "#diagram svg"],
  "as written": ["?example=istio", "#diagram svg", kind("As written")],
  "map": ["?example=mesh-pair", "#diagram .card"],
  "timeline": ["?example=job-that-ends", ".time-bar__slider", kind("Timeline")],
  "sequence": ["?example=gated-start", "#diagram svg", kind("Sequence")],
  "resources": ["?example=two-helpers-native", "#diagram svg", kind("Resources")],
  "as text": ["?example=istio", ".outline", kind("As text")],
  "mermaid": ["?example=istio", ".figure__code", kind("Mermaid")],
  "enlarged picture": ["", ".viewer__mini", (page) => page.locator(".viewer__larger").first().click()],
  "full screen": ["", ".viewer--full", (page) => page.locator("[aria-label='Full screen']").first().click()],
  "history": ["", ".history", async (page) => {
    await paste(page, SHOP);
    await kind("Clear")(page);
    await window_("History")(page);
  }],
  "export": ["", ".export__row + .export__row", window_("Export")],
  "share": ["", ".share__link:not([value=''])", window_("Share")],
  "keys": ["", ".keys", async (page) => {
    await page.locator(".header__settings").click();
    await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  }],
  "settings": ["", ".settings:popover-open", (page) => page.locator(".header__settings").click()],
  "commands": ["", ".palette__entry", (page) => page.locator(".header__search").click()],
  "change": ["", "dialog[open] .hunk", (page) => page.getByRole("button", { name: "Make native…" }).click()],
  "menu": ["", ".header__menu:popover-open", async (page) => {
    await page.setViewportSize(PHONE);
    await page.getByRole("button", { name: "Menu" }).click();
  }, [PHONE]],
  "damaged link": ["#s=1.broken", ".notice--bad"],
  "catalogue": ["#/catalogue", ".catalogue-item"],
  "catalogue entry": ["#/catalogue/istio-proxy", ".catalogue-item"],
  "rules": ["#/rules", ".rules__item"],
  "rule": ["#/rules/port-clash", ".rule__code"],
  "privacy": ["#/privacy", ".privacy__policy"],
  "course": ["#/learn", ".course"],
  "step": [`#/learn/${LESSON}/make-it-native`, ".goals__count"],
  "question": [`#/learn/${LESSON}`, ".quiz"],
  "end of a lesson": [`#/learn/${LESSON}/~done`, ".finish"],
  "lesson of one's own": ["#/learn/make", ".make__card"],
  "presentation": [`?present=1#/learn/${LESSON}/make-it-native`, ".present"],
  "hand-out": [`#/learn/print/${LESSON}`, ".handout__lesson"],
  "card": ["#/learn/card", ".card__page"],
  "embedded picture": ["?embed=1&example=istio&view=diagram", "#diagram svg"],
  "embedded text and picture": ["?embed=1&example=istio&view=split", "#diagram svg"],
  "embedded findings": ["?embed=1&example=istio&view=findings", ".container-item"],
  "German": ["?lang=de", "#diagram svg"],
  "high contrast": ["?theme=contrast", "#diagram svg"],
  "projector": ["?theme=projector", "#diagram svg"],
  "page of a docs site": ["static/embed-demo.html", "iframe"],
};

/** What stands outside of the screen and cannot be scrolled to, and words that are cut off in the middle. */
const lost = (page) => page.evaluate(() => {
  const name = (part) => `${part.tagName.toLowerCase()}.${[...part.classList].join(".")} “${part.textContent.trim().slice(0, 40)}”`;
  const scrolls = (part) => part && part !== document.body && (/auto|scroll|hidden|clip/.test(getComputedStyle(part).overflowX) || scrolls(part.parentElement));
  const shown = [...document.querySelectorAll("#app *, main *")].filter((part) =>
    part.getClientRects().length > 0 && !part.closest("svg, .cm-editor, .visually-hidden, .header__name") && part.checkVisibility({ checkVisibilityCSS: true }));
  const hides = ({ overflowX, textOverflow }) => /hidden|clip/.test(overflowX) && textOverflow !== "ellipsis";
  const holdsWords = (part) => [...part.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  return [
    ...[document.documentElement, ...document.querySelectorAll(".page__other")].filter((part) => part.scrollWidth > innerWidth).map((part) => `${part.scrollWidth} pixels wide: ${name(part)}`),
    ...shown.filter((part) => part.getBoundingClientRect().right > innerWidth + 1 && !scrolls(part.parentElement)).map((part) => `outside: ${name(part)}`),
    ...shown.filter((part) => holdsWords(part) && part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 1 && hides(getComputedStyle(part))).map((part) => `cut off: ${name(part)}`),
  ];
});

const options = { rules: { "target-size": { enabled: true } } };

for (const [name, [address, wanted, act, viewports = [DESK, PHONE]]] of Object.entries(VIEWS)) {
  test(name, async (t) => {
    const page = await openPage(t, (await site(t)) + address, { viewport: DESK, colorScheme: "light", reducedMotion: "reduce", allow: [/allow-same-origin/] });
    if (/^(\?|$)/.test(address) && !/present/.test(address)) await ready(page);
    if (act) await act(page);
    await page.locator(wanted).first().waitFor({ state: "attached" });
    for (const viewport of viewports) {
      await page.setViewportSize(viewport);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await page.waitForTimeout(60);
        assert.deepEqual(await accessibilityProblems(page, options), [], `${colorScheme}, ${viewport.width} pixels`);
      }
      assert.deepEqual(await lost(page), [], `${viewport.width} pixels`);
    }
    // Twice the size of the text, on half of a desk.
    await page.setViewportSize({ width: 640, height: 800 });
    await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
    assert.deepEqual(await lost(page), [], "text of twice the size");
    await shot(page, `twice-${name.replaceAll(" ", "-")}`);
  });
}

test("nothing moves for those who do not want that", async (t) => {
  const page = await openPage(t, await site(t), { reducedMotion: "reduce" });
  await ready(page);
  const moving = await page.evaluate(() => [...document.querySelectorAll("#app *")].filter((part) => {
    const { animationName, transitionDuration } = getComputedStyle(part);
    return animationName !== "none" || transitionDuration.split(",").some((time) => Number.parseFloat(time) > 0);
  }).map((part) => part.className));
  assert.deepEqual(moving.filter((part) => !/^cm-/.test(part)), []);
});

test("Tab goes through the page from left to right and from top to bottom", async (t) => {
  const page = await openPage(t, await site(t), { viewport: { width: 1440, height: 900 } });
  await ready(page);
  const passed = [];
  for (let tabs = 0; tabs < 40; tabs += 1) {
    await page.keyboard.press("Tab");
    const part = await page.evaluate(() => ["header", "first-step", "text-bar", "editor", "toolbar", "pictures", "details"].find((part) => document.activeElement.closest(`.${part}`)));
    if (part && passed.at(-1) !== part) passed.push(part);
    // The editor keeps Tab for the text; Escape and Tab leave it.
    if (part === "editor") await page.keyboard.press("Escape");
  }
  assert.deepEqual(passed, ["header", "first-step", "text-bar", "editor", "toolbar", "pictures", "details"]);
});
