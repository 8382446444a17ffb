// Lessons as a learner does them, as a teacher shows and prints them, and as a docs author makes them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { accessibilityProblems, openPage, shot, site } from "./lib/browser.mjs";

const content = join(dirname(fileURLToPath(import.meta.url)), "../../src/lesson/content");
const file = (...path) => readFileSync(join(content, ...path), "utf8");

const WHICH = "traditional-and-native";
const solution = file(WHICH, "20-make-it-native", "solution.yaml");
const start = file(WHICH, "20-make-it-native", "start.yaml");

/** Names and texts of the files of an archive that is not compressed. */
function unzip(bytes) {
  const files = new Map();
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50; ) {
    const [size, name, more] = [bytes.readUInt32LE(at + 18), bytes.readUInt16LE(at + 26), bytes.readUInt16LE(at + 28)];
    const from = at + 30 + name + more;
    files.set(bytes.toString("utf8", at + 30, at + 30 + name), bytes.toString("utf8", from, from + size));
    at = from + size;
  }
  return files;
}

/** Opens a place of the lessons and waits for the engine and, where there is one, the editor. */
async function openLearn(t, place, options) {
  const address = await site(t, { path: "/docs/sidecar/" });
  const page = await openPage(t, `${address}#/learn${place}`, options);
  await page.locator(".learn, .lesson, .present").first().waitFor();
  return page;
}

const inLesson = (page) => page.locator(".lesson .cm-content");

/** The text of the lesson's editor. */
const text = (page) => inLesson(page).evaluate((place) => [...place.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n"));

async function paste(page, text) {
  await inLesson(page).focus();
  await page.keyboard.press("Control+a");
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.querySelector(".lesson .cm-content").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

const met = (page, words) => page.locator(".goals__count", { hasText: words }).waitFor();
const mark = (page, number) => page.locator(".steps__step").nth(number - 1).getAttribute("class");

test("a lesson is done with a wrong try, a hint, a look at the answer, a reset and a reload", async (t) => {
  const page = await openLearn(t, "");
  await page.getByRole("link", { name: /Begin: Traditional and native/ }).click();
  assert.match(await page.locator(".lesson__title").textContent(), /Traditional and native/);

  // The first step is to read and to answer.
  const quiz = page.locator(".quiz").first();
  await quiz.getByRole("button", { name: "Answer" }).waitFor();
  assert.ok(await quiz.getByRole("button", { name: "Answer" }).isDisabled());
  const options = quiz.locator(".quiz__option");
  await options.filter({ hasNotText: /traditional/i }).first().click();
  await quiz.getByRole("button", { name: "Answer" }).click();
  await quiz.getByText("Not quite.").waitFor();
  await quiz.getByRole("button", { name: "Try again" }).click();
  await options.filter({ hasText: /traditional/i }).first().click();
  await quiz.getByRole("button", { name: "Answer" }).click();
  await quiz.getByText("Right.", { exact: true }).waitFor();
  await quiz.getByText("So it is a traditional sidecar").waitFor();

  // The second one is an exercise.
  await page.keyboard.press("Alt+PageDown");
  await page.locator(".prose__title", { hasText: "Make it native" }).waitFor();
  await inLesson(page).waitFor();
  await met(page, "of 5");
  assert.equal(await text(page), start);
  assert.deepEqual(await accessibilityProblems(page), []);

  // A wrong try says why.
  await paste(page, start.replace("name: shipper", "name: sender"));
  await page.locator(".goal--misses", { hasText: "sender" }).or(page.locator(".goal--misses", { hasText: "no container" })).first().waitFor();
  await page.getByRole("button", { name: "Hint 1 of 3" }).click();
  await page.getByText("One is the list that it stands in").waitFor();

  // The text is the learner's own, and the playground's is not touched.
  await page.reload();
  await inLesson(page).waitFor();
  assert.match(await text(page), /name: sender/);
  await page.getByText("One is the list that it stands in").waitFor();
  assert.ok(await page.evaluate(() => !Object.keys(localStorage).some((name) => name.includes("/text/"))));

  // The answer is a difference; looking at it is not doing it.
  await page.getByRole("button", { name: "Show the answer" }).click();
  await page.locator(".answer .diff--added", { hasText: "restartPolicy: Always" }).waitFor();
  await page.getByRole("button", { name: "Put it into the editor" }).click();
  await met(page, "5 of 5");
  await page.getByText("with the answer seen").waitFor();
  assert.equal(await text(page), solution);
  for (const question of await page.locator(".quiz").all()) {
    if (await question.locator("input").count()) await question.locator(".quiz__option").first().click();
    await question.getByRole("button", { name: "Answer" }).click();
  }
  await page.waitForFunction(() => document.querySelectorAll(".steps__step")[1].classList.contains("steps__step--seen"));

  // Begun again it can be done. What was there before can be brought back, and the reset undone.
  await page.getByRole("button", { name: "Begin this step again" }).click();
  await met(page, "of 5");
  assert.equal(await text(page), start);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("with the answer seen").waitFor();
  assert.equal(await text(page), solution);
  await page.getByRole("button", { name: "Begin this step again" }).click();
  await page.getByRole("button", { name: "Bring back my last edit" }).click();
  await page.locator(".goals__reached", { hasText: "All goals hold." }).waitFor();
  assert.match(await mark(page, 2), /--begun/);
  for (const question of await page.locator(".quiz").all()) {
    if (await question.locator("input").count()) await question.locator(".quiz__option").first().click();
    await question.getByRole("button", { name: "Answer" }).click();
  }
  await page.waitForFunction(() => document.querySelectorAll(".steps__step")[1].classList.contains("steps__step--done"));

  // Ctrl and Enter check at once and do not change the text.
  await inLesson(page).focus();
  await page.keyboard.press("Control+Enter");
  assert.equal(await text(page), solution);

  await page.goto(page.url().replace(/#.*/, `#/learn/${WHICH}/~done`));
  await page.getByText("Some steps are still open").waitFor();
  await page.getByRole("button", { name: "Begin this lesson again" }).click();
  await page.getByText("0 of 5 steps done").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("1 of 5 steps done").waitFor();
});

test("an answer is typed in any spacing, and is kept", async (t) => {
  const page = await openLearn(t, "/debugging-with-kubectl/the-ready-column");
  const quiz = page.locator(".quiz").first();
  const field = quiz.getByRole("textbox", { name: /Your answer/ });
  await field.waitFor();
  assert.ok(await quiz.getByRole("button", { name: "Answer" }).isDisabled());
  await field.fill("3/3");
  await field.press("Enter");
  await quiz.getByText("Not quite. Right is: 2/3.").waitFor();
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  await quiz.getByRole("button", { name: "Try again" }).click();
  await field.fill(" 2 / 3");
  await field.press("Enter");
  await quiz.getByText("Right.", { exact: true }).waitFor();
  await quiz.getByText("Three containers count").waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await page.reload();
  await quiz.getByText("Right.", { exact: true }).waitFor();
  assert.equal(await field.inputValue(), " 2 / 3");
});

test("a question about the solution does not give it away", async (t) => {
  const page = await openLearn(t, `/${WHICH}/make-it-native`);
  await page.getByText("Answer this when you have reached the goals.").first().waitFor();
  assert.equal(await page.locator(".quiz").filter({ hasText: "initContainers:" }).count(), 0);
  await paste(page, solution);
  await met(page, "5 of 5");
  await page.locator(".quiz__solution").first().locator("summary").click();
  await page.locator(".quiz__solution pre").first().getByText("restartPolicy: Always").waitFor();
});

test("things are put in order with the buttons, and by dragging", async (t) => {
  const page = await openLearn(t, `/${WHICH}/make-it-native`);
  const quiz = page.locator(".quiz", { has: page.locator(".quiz__item") }).first();
  const names = () => quiz.locator(".quiz__name").allTextContents();
  const first = (await names())[0];
  await quiz.getByRole("button", { name: `Move ${first} down` }).click();
  assert.equal((await names())[1], first);
  await quiz.locator(".quiz__item").nth(1).dragTo(quiz.locator(".quiz__item").nth(0));
  assert.equal((await names())[0], first);
  await quiz.getByRole("button", { name: "Answer" }).click();
  await quiz.locator(".quiz__verdict").waitFor();
});

test("progress goes to another browser as a file", async (t) => {
  const page = await openLearn(t, `/${WHICH}/make-it-native`);
  await inLesson(page).waitFor();
  await paste(page, solution);
  await met(page, "5 of 5");
  await page.getByRole("link", { name: "← All lessons" }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save progress" }).click()]);
  const other = await openLearn(t, "");
  await other.locator("input[type=file]").setInputFiles(await download.path());
  await other.getByText("Progress of 1 lesson was taken over.").waitFor();
  await other.goto(other.url().replace(/#.*/, `#/learn/${WHICH}/make-it-native`));
  await inLesson(other).waitFor();
  assert.equal(await text(other), solution);
  await other.goto(other.url().replace(/#.*/, "#/learn"));
  await other.getByRole("button", { name: "Begin everything again" }).click();
  await other.getByText("All progress is forgotten.").waitFor();
  assert.ok(await other.evaluate(() => !Object.keys(localStorage).some((name) => name.includes("/lesson/"))));
});

test("on a phone the parts of a step are shown one at a time", async (t) => {
  const page = await openLearn(t, `/${WHICH}/make-it-native`, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await page.locator(".lesson .pane-bar").getByRole("button", { name: "Goals" }).click();
  await met(page, "of 5");
  assert.ok(!(await page.locator(".lesson .prose").isVisible()));
  await page.locator(".goal .place").first().click();
  await inLesson(page).waitFor();
  await page.locator(".lesson .pane-bar").getByRole("button", { name: "Picture" }).click();
  await page.locator("#diagram svg").first().waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.deepEqual(await accessibilityProblems(page), []);
});

test("a lesson is presented with a clicker, one thing at a time, and goes on where it was left", async (t) => {
  const page = await openLearn(t, `/${WHICH}/make-it-native`);
  await page.locator(".lesson__title").waitFor();
  await page.locator(".lesson__title").click();
  await page.keyboard.press("p");
  await page.locator(".present h2", { hasText: "Make it native" }).waitFor();
  assert.match(await page.evaluate(() => document.documentElement.className), /theme-projector/);
  await page.keyboard.press("PageDown");
  await page.locator(".present__words.prose").waitFor();
  // The next thing is there before the light on it: a key that comes too soon would go past it.
  const next = async () => {
    const [before] = (await page.locator(".present__bar").textContent()).match(/Step .* · \d+ of/);
    await page.keyboard.press("PageDown");
    await page.waitForFunction((before) => !document.querySelector(".present__bar").textContent.includes(before), before);
  };
  while (!(await page.locator(".present__picture--spot").count())) await next();
  assert.equal(await page.locator(".present__said").count(), 1);
  await page.locator(".present .is-chosen").first().waitFor();
  await page.keyboard.press("b");
  assert.ok(await page.locator(".present__blank").isVisible());
  await page.keyboard.press("b");
  assert.ok(!(await page.locator(".present__blank").isVisible()));
  const before = await page.locator(".present__bar").textContent();
  await page.keyboard.press("Escape");
  await page.locator(".lesson__title").waitFor();
  assert.ok(!/theme-projector/.test(await page.evaluate(() => document.documentElement.className)));
  await page.keyboard.press("p");
  const place = (bar) => bar.match(/Step \d+ of \d+ · \d+ of \d+/)[0];
  assert.equal(place(await page.locator(".present__bar").textContent()), place(before));
  const [notes] = await Promise.all([page.waitForEvent("popup"), page.keyboard.press("n")]);
  await notes.locator(".notes").waitFor();
  assert.match(await notes.locator(".notes__where").textContent(), /Make it native/);
  await notes.keyboard.press("PageUp");
  await page.waitForFunction((before) => !document.querySelector(".present__bar").textContent.includes(before), place(before));
  assert.deepEqual(await accessibilityProblems(page), []);
});

test("on a phone a presentation stays within the page", async (t) => {
  const page = await openLearn(t, `/${WHICH}/make-it-native`, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await page.getByRole("button", { name: "Present" }).click();
  await page.locator(".present h2", { hasText: "Make it native" }).waitFor();
  const [count] = (await page.locator(".present__bar").textContent()).match(/(?<=of )\d+(?=\D*0:)/);
  for (let slide = 1; slide < Number(count); slide += 1) {
    await page.keyboard.press("PageDown");
    await page.locator(".present__bar", { hasText: `· ${slide + 1} of` }).waitFor();
    const over = await page.locator(".present__stage").evaluate((stage) => stage.scrollWidth - stage.clientWidth);
    assert.ok(over <= 0, `${over} pixels too wide at ${slide + 1}`);
  }
});

test("a lesson of two steps is made, opened from its link in a clean browser, and finished", async (t) => {
  const page = await openLearn(t, "/make");
  const fill = async (label, value, nth = 0) => {
    const field = page.getByLabel(label, { exact: true }).nth(nth);
    await field.fill(value);
    await field.blur();
  };
  await fill("Title of the lesson", "My own lesson");
  await fill("What it is about, in a sentence", "A native sidecar.");
  await fill("Title of the step", "Make it native");
  await fill("What there is to read (Markdown)", "Make `shipper` a native sidecar.\n");
  await fill("Manifest to start with", start);
  await fill("Manifest that solves it", solution);
  await page.getByRole("button", { name: "+ shipper is a native sidecar" }).click();
  await fill("Hints, the faintest first, with an empty line between two", "Look at the list.\n\nMove it to `initContainers`.");
  await page.getByRole("button", { name: "Add a step" }).click();
  await fill("Title of the step", "A question");
  await fill("What there is to read (Markdown)", "Think of it once more.\n");
  await page.getByRole("button", { name: "Add a question" }).click();
  await fill("Question", "Which list starts first?");
  await fill("Right answers, one a line", "initContainers");
  await fill("Wrong answers, one a line", "containers\nvolumes");
  await fill("Why", "Kubernetes starts that list first.");
  const link = page.getByRole("link", { name: "Try it" });
  await page.waitForFunction(() => localStorage["sidecar-playground/draft/1"]?.includes("Kubernetes starts that list first"));
  assert.deepEqual(await page.locator(".make__troubles li").allTextContents(), []);
  await link.waitFor();
  await shot(page, "make");
  assert.deepEqual(await accessibilityProblems(page), []);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save as a folder" }).click()]);
  assert.equal(download.suggestedFilename(), "my-own-lesson.zip");
  const folder = unzip(readFileSync(await download.path()));
  assert.match(folder.get("source/my-own-lesson/lesson.yaml"), /My own lesson/);
  assert.match(folder.get("README.txt"), /lessons\/my-own-lesson\.json[^]*#\/learn\/@my-own-lesson/);
  // Unpacked beside the page, it opens by its address; what is not there says where it has to be.
  const where = await site(t, { path: "/docs/sidecar/", extra: Object.fromEntries(folder) });
  const hosted = await openPage(t, where, { allow: [/lessons\/another\.json/] });
  const go = (place) => hosted.evaluate((place) => void (location.hash = `#/learn/${place}`), place);
  await go("@my-own-lesson");
  await hosted.locator(".lesson__title", { hasText: "My own lesson" }).waitFor();
  await go("@another");
  await hosted.getByRole("alert").filter({ hasText: "lessons/another.json" }).waitFor();
  // What was written is there again after a reload.
  await page.reload();
  await page.waitForFunction(() => document.querySelector(".make input")?.value === "My own lesson");
  const address = await page.getByRole("link", { name: "Try it" }).getAttribute("href");

  const learner = await openPage(t, address);
  await learner.locator(".lesson__title", { hasText: "My own lesson" }).waitFor();
  await inLesson(learner).waitFor();
  await met(learner, "0 of 1");
  await paste(learner, solution);
  await met(learner, "1 of 1");
  await learner.locator(".goals__reached").getByRole("link", { name: "Next →" }).click();
  await learner.locator(".quiz__option", { hasText: "initContainers" }).click();
  await learner.getByRole("button", { name: "Answer" }).click();
  await learner.getByText("Right.", { exact: true }).waitFor();
  await learner.getByRole("link", { name: "Next →" }).click();
  await learner.getByText("You have finished this lesson").waitFor();
  await learner.reload();
  await learner.getByText("2 of 2 steps done").waitFor();
});

test("a question is made whose answer is typed, or found out by the engine", async (t) => {
  const page = await openLearn(t, "/make");
  const fill = (label, value, nth = 0) => page.getByLabel(label, { exact: true }).nth(nth).fill(value);
  // What is not there yet is said in words of the page, not of files.
  const missing = page.locator(".make__missing li");
  assert.deepEqual(await missing.allTextContents(), ["Lesson: a title", "Lesson: what it is about", "Step 1: a title", "Step 1: a text to read"]);
  await fill("Title of the lesson", "Questions");
  await fill("What it is about, in a sentence", "Of each kind.");
  await fill("Title of the step", "Ask");
  await fill("What there is to read (Markdown)", "Answer these.\n");
  await fill("Manifest to start with", start);
  const question = async (nth, ask, way) => {
    await page.getByRole("button", { name: "Add a question" }).click();
    await fill("Question", ask, nth);
    await fill("Why", "It is so.", nth);
    await page.getByLabel("How it is answered").nth(nth).selectOption({ label: way });
  };
  await question(0, "How long is the grace period by default?", "Type the answer");
  await fill("Right answer", "30 s");
  await question(1, "How many are ready?", "Type what the engine finds out");
  await fill("What is asked of the manifest", "READY at ten s");
  await page.locator(".make__question").nth(1).getByText("is no number").waitFor();
  await fill("What is asked of the manifest", "READY at 10 s");
  await page.locator(".make__question").nth(1).getByText("The answer is 2/2.").waitFor();
  await question(2, "Who helps?", "Choose what the engine finds out");
  await fill("What is asked of the manifest", "sidecars", 1);
  await page.locator(".make__question").nth(2).getByText("The answer is shipper.").waitFor();
  // What this manifest has an answer to is offered with it.
  const offers = await page.locator("datalist").first().evaluate((list) => [...list.options].map((option) => `${option.value}: ${option.label}`));
  assert.ok(offers.includes("role of shipper: traditional sidecar"), offers.join("\n"));
  await page.getByRole("link", { name: "Try it" }).waitFor();
  assert.deepEqual(await missing.allTextContents(), []);
  assert.deepEqual(await accessibilityProblems(page), []);
  await shot(page, "make-questions");
  // A step that is taken away comes back.
  await page.getByRole("button", { name: "Add a step" }).click();
  await page.getByRole("button", { name: "1. Ask" }).click();
  await page.getByRole("button", { name: "Remove this step" }).click();
  await page.getByRole("button", { name: "1. Ask" }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: "Step 2" }).click();
  await page.getByRole("button", { name: "Remove this step" }).click();
  await page.waitForFunction(() => !localStorage["sidecar-playground/draft/1"]?.includes("step-2"));
  const address = await page.getByRole("link", { name: "Try it" }).getAttribute("href");
  await page.reload();
  await page.getByLabel("How it is answered").nth(2).waitFor();
  const ways = await page.getByLabel("How it is answered").evaluateAll((fields) => fields.map((field) => field.selectedIndex));
  assert.deepEqual(ways, [1, 3, 2]);

  const learner = await openPage(t, address);
  const card = (nth) => learner.locator(".quiz").nth(nth);
  await card(0).getByRole("textbox").fill("30 seconds");
  await card(1).getByRole("textbox").fill("1/2");
  await card(2).locator(".quiz__option", { hasText: "shipper" }).click();
  for (const nth of [0, 1, 2]) await card(nth).getByRole("button", { name: "Answer" }).click();
  await card(0).getByText("Right.", { exact: true }).waitFor();
  await card(1).getByText("Not quite. Right is: 2/2.").waitFor();
  await card(2).getByText("Right.", { exact: true }).waitFor();
});

test("the whole course is printed with nothing cut off, and the card is one page", async (t) => {
  const page = await openLearn(t, "/print");
  await page.locator(".handout__lesson").first().waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll(".drawn__pair")].every((place) => place.querySelector("svg")));
  await page.emulateMedia({ media: "print" });
  const cut = await page.evaluate(() => [...document.querySelectorAll(".handout *")].filter((part) => !part.closest("svg") && part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX !== "visible").map((part) => part.className));
  assert.deepEqual(cut, []);
  // No page parts a manifest: each fits on one, and stays together.
  await page.setViewportSize({ width: 680, height: 900 });
  const parted = await page.evaluate(() => [...document.querySelectorAll(".handout__sheet .listing")].filter((part) => getComputedStyle(part).breakInside !== "avoid" || part.offsetHeight > 1000).map((part) => part.textContent));
  assert.deepEqual(parted, []);
  const pages = (bytes) => bytes.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
  assert.ok(pages(await page.pdf({ format: "A4" })) > 10);
  await page.goto(page.url().replace(/#.*/, "#/learn/card"));
  await page.locator(".card__page").waitFor();
  assert.equal(pages(await page.pdf({ format: "A4" })), 1);
});
