// Asks one site for one manifest, and hands it to the playground that opened this window. The playground's own policy lets
// it ask nobody; this page may, and has neither a text nor anything that is kept.
//
// Invariants: nothing is asked before the button is pressed; only what is named is asked, since redirects are not followed;
// the text goes to the window that opened this one, if that is of the same origin, and nowhere else.
(() => {
  if (top !== self) return; // in a frame somebody else could say what the button is for
  const MOST = 8 * 1024 * 1024;
  const SECONDS = 30;
  const at = (selector) => document.querySelector(selector);
  const own = document.documentElement.lang;
  const words = JSON.parse(at("#words").content.textContent);
  const say = (word, values = {}) => words[word][own].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  document.title = say("title");
  for (const place of document.querySelectorAll("[data-word]")) place.textContent = say(place.dataset.word);
  at(".fetch__origin").textContent = say("learns-site", { site: location.origin });

  // Pages about a file, and where that file is.
  const RAW = [
    [/^https:\/\/github\.com\/([^/]+\/[^/]+)\/(?:blob|raw)\/([^?]+).*$/, "https://raw.githubusercontent.com/$1/$2"],
    [/^https:\/\/gist\.github\.com\/([^/?]+\/[0-9a-f]{8,})(?:\/raw)?(\/[^?]+?)?\/?(?:\?.*)?$/, "https://gist.githubusercontent.com/$1/raw$2"],
    [/^(https:\/\/[^/]+\/[^?]+\/-)\/blob\/([^?]+).*$/, "$1/raw/$2"], // GitLab
    [/^(https:\/\/[^/]+\/[^/]+\/[^/]+)\/src\/((?:branch|tag|commit)\/[^?]+).*$/, "$1/raw/$2"], // Forgejo, Gitea
    [/^https:\/\/(?:k8s|kubernetes)\.io\/examples\/([^?]+).*$/, "https://raw.githubusercontent.com/kubernetes/website/main/content/en/examples/$1"],
  ];

  class Trouble extends Error {
    constructor(word, values = {}) {
      super(word);
      Object.assign(this, { word, values });
    }
  }

  /** What an address leads to: `{url, isMoved}`, or the word for what is wrong with it. */
  function plan(text) {
    const given = /^[\w-]+(\.[\w-]+)+(:\d+)?\/./.test(text) ? `https://${text}` : text;
    if (!URL.canParse(given)) return { wrong: "not-an-address" };
    let url = new URL(given);
    url.hash = "";
    if (url.username || url.password) return { wrong: "has-password" };
    // As the policy of this page has it.
    const isNear = url.protocol === "http:" && ["localhost", "127.0.0.1"].includes(url.hostname);
    if (url.protocol !== "https:" && !isNear && url.origin !== location.origin) return { wrong: url.protocol === "http:" ? "not-secure" : "not-an-address" };
    const rule = RAW.find(([page]) => page.test(url.href));
    if (rule) url = new URL(url.href.replace(...rule));
    return { url, isMoved: Boolean(rule) };
  }

  /** The text at an address; throws what went wrong. */
  async function get(url, signal, onSize) {
    const { host } = url;
    const wishes = { credentials: "omit", referrerPolicy: "no-referrer", redirect: "manual", cache: "no-store", signal };
    const response = await fetch(url, wishes).catch((error) => {
      throw signal.aborted ? error : new Trouble(navigator.onLine ? "refused" : "no-network", { host });
    });
    if (response.type === "opaqueredirect") throw new Trouble("elsewhere", { host });
    if (!response.ok) throw new Trouble(response.status < 500 && response.status !== 429 ? "status" : "broken", { host, status: response.status });
    const parts = [];
    let size = 0;
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read().catch((error) => {
        throw signal.aborted ? error : new Trouble("broken", { host, status: response.status });
      });
      if (done) break;
      size += value.length;
      if (size > MOST) {
        reader.cancel().catch(() => {});
        throw new Trouble("too-large", { most: MOST / 1024 / 1024 });
      }
      parts.push(value);
      onSize(size);
    }
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    // UTF-16 with its mark is what Windows PowerShell writes.
    const mark = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
    const text = new TextDecoder(mark).decode(bytes);
    if (!text.trim()) throw new Trouble("empty");
    if (text.includes("\0")) throw new Trouble("no-text");
    if (/^\s*<(!doctype\s+html|html|head|body)\b/i.test(text)) throw new Trouble("web-page");
    return text;
  }

  const nameOf = (url) => {
    const last = url.pathname.split("/").filter(Boolean).pop() ?? url.host;
    try {
      return decodeURIComponent(last);
    } catch {
      return last;
    }
  };

  /** Hands the text over; says whether the playground took it. */
  function give(text, url) {
    return new Promise((done) => {
      if (!opener || opener.closed) return done(false);
      addEventListener("message", ({ source, origin, data }) => {
        if (source === opener && origin === location.origin && data?.source === "sidecar-playground" && data.v === 1 && data.type === "taken") done(true);
      });
      setTimeout(done, 4_000, false);
      opener.postMessage({ source: "sidecar-playground", v: 1, type: "fetched", text, name: nameOf(url), host: url.host }, location.origin);
    });
  }

  const [field, ask, cancel, trouble, copy] = ["#address", ".fetch__ask", ".fetch__cancel", ".fetch__trouble", ".fetch__copy"].map(at);
  let asking = null;
  let planned = null;

  function link(address, word) {
    const made = document.createElement("a");
    Object.assign(made, { href: address, textContent: say(word), rel: "noopener noreferrer" });
    if (word === "open-tab") made.target = "_blank";
    return made;
  }

  function show({ word, values }, text = "") {
    at(".fetch__progress").textContent = "";
    at(".fetch__what").textContent = say(word, values);
    const isForPeople = ["refused", "status", "too-slow"].includes(word);
    const out = word === "alone" ? [link("../", "to-playground")] : [isForPeople ? `${say("out")} ` : "", link(planned.href, "open-tab")];
    at(".fetch__out").replaceChildren(...out);
    copy.hidden = !text;
    copy.onclick = async () => {
      await navigator.clipboard?.writeText(text);
      copy.textContent = say("copied");
    };
    trouble.hidden = false;
  }

  function look() {
    const text = field.value.trim();
    const { url = null, isMoved, wrong } = text && !/^https?:\/{0,2}$/i.test(text) ? plan(text) : {};
    planned = url;
    at("#wrong").textContent = wrong ? say(wrong) : "";
    field.setAttribute("aria-invalid", String(Boolean(wrong)));
    at(".fetch__plan").hidden = !url;
    ask.disabled = !url || Boolean(asking);
    ask.textContent = url ? say("ask", { host: url.host }) : say("ask-nobody");
    if (!url) return;
    const host = document.createElement("b");
    host.textContent = url.host;
    at(".fetch__file").replaceChildren(`${url.protocol}//`, host, url.href.slice(url.origin.length));
    at(".fetch__moved").textContent = isMoved ? say("moved") : "";
  }

  async function go() {
    const url = planned;
    if (!url || asking) return;
    trouble.hidden = true;
    asking = new AbortController();
    const patience = setTimeout(() => asking.abort(new Trouble("too-slow", { host: url.host, seconds: SECONDS })), SECONDS * 1000);
    field.readOnly = true;
    look();
    const progress = at(".fetch__progress");
    progress.textContent = say("asking", { host: url.host });
    try {
      const text = await get(url, asking.signal, (size) => (progress.textContent = say("received", { size: Math.ceil(size / 1024) })));
      if (await give(text, url)) return close();
      show(new Trouble("alone"), text);
    } catch (error) {
      if (error instanceof Trouble) show(error);
      else progress.textContent = ""; // it was cancelled
    } finally {
      clearTimeout(patience);
      asking = null;
      field.readOnly = false;
      look();
    }
  }

  field.addEventListener("input", () => {
    trouble.hidden = true;
    look();
  });
  at("form").addEventListener("submit", (event) => {
    event.preventDefault();
    go();
  });
  cancel.addEventListener("click", () => (asking ? asking.abort() : close()));
  try {
    field.value = decodeURIComponent(location.hash.slice(1));
  } catch {}
  look();
  at("main").hidden = false;
  (planned ? ask : field).focus();
  if (!opener) show(new Trouble("alone"));
})();
