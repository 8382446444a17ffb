// Runs before anything is drawn: the theme, the language, and a word to the visitor when the rest cannot start.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const sharp = matchMedia("(prefers-contrast: more)");
  const query = new URLSearchParams(location.search);
  const isEmbedded = query.get("embed") === "1";
  const kept = (what) => {
    try {
      return isEmbedded ? null : localStorage.getItem(`sidecar-playground/${what}/1`);
    } catch {
      return null;
    }
  };
  const CLASSES = { light: "theme-paper", dark: "theme-night", contrast: "theme-contrast", projector: "theme-projector" };
  let wanted = query.get("theme") ?? kept("theme");
  const setTheme = () => {
    const own = sharp.matches ? "contrast" : dark.matches ? "dark" : "light";
    const isChosen = Object.hasOwn(CLASSES, wanted); // not "constructor", which an address may ask for
    document.documentElement.className = CLASSES[isChosen ? wanted : own];
    document.documentElement.dataset.theme = isChosen ? wanted : "auto";
    document.documentElement.toggleAttribute("data-embedded", isEmbedded);
  };
  globalThis.sidecarTheme = (theme) => {
    wanted = theme;
    setTheme();
  };
  sharp.addEventListener("change", setTheme);
  dark.addEventListener("change", setTheme);
  addEventListener("beforeprint", () => {
    document.documentElement.className = "theme-paper";
  });
  addEventListener("afterprint", setTheme);
  setTheme();

  // Only a newcomer looks at the first example: everybody else has, or asks for, another text, or is not at the playground.
  const isKnown = () => {
    try {
      return Object.keys(localStorage).some((name) => name.startsWith("sidecar-playground/text/"));
    } catch {
      return false;
    }
  };
  const start = /^#\/./.test(location.hash) ? "elsewhere" : query.has("example") ? "example"
    : ["embed", "safe"].some((name) => query.has(name)) || !/^(#\/?)?$/.test(location.hash) || isKnown() ? "known" : "newcomer";
  document.documentElement.dataset.start = start;

  // The language: what the address asks for, what was chosen before, what the browser is set to. English is in the page,
  // the words of another one are fetched at once.
  const wishes = [query.get("lang"), kept("language"), ...navigator.languages.map((wish) => wish.slice(0, 2))];
  const language = wishes.find((wish) => wish === "en" || wish === "de") ?? "en";
  const words = document.getElementById(`words-${language}`);
  if (words) globalThis.sidecarWords = fetch(words.href).then((response) => response.json()).catch(() => null);
  document.documentElement.lang = language;
  const first = language === "de" ? {
    paste: "Ein Kubernetes-Manifest oder eine Compose-Datei einfügen",
    loading: "Die Engine wird geladen …",
    noWasm: "Dieser Browser hat kein WebAssembly, oder es ist abgeschaltet. Ohne WebAssembly kann der Playground nicht zeichnen.",
    failed: (reason) => `Der Playground konnte nicht starten: ${reason || "eine Datei fehlt"}. Die Seite neu laden, um es noch einmal zu versuchen.`,
  } : {
    paste: "Paste a Kubernetes manifest or a Compose file",
    loading: "Loading the engine…",
    noWasm: "This browser has no WebAssembly, or it is switched off. The playground cannot draw without it.",
    failed: (reason) => `The playground could not start: ${reason || "a file is missing"}. Reload the page to try again.`,
  };
  addEventListener("DOMContentLoaded", () => {
    const field = document.getElementById("editor-text");
    if (field) field.placeholder = first.paste;
    say(first.loading);
  });

  const say = (text) => {
    const loading = document.getElementById("loading");
    if (loading) loading.textContent = text;
  };
  if (typeof WebAssembly !== "object") {
    addEventListener("DOMContentLoaded", () => {
      say(first.noWasm);
      keepText();
    });
  }
  addEventListener("error", (event) => {
    say(first.failed(event.message));
    // A file that is missing need not be the end.
    if (event instanceof ErrorEvent) keepText();
  }, true);
  addEventListener("unhandledrejection", (event) => {
    say(first.failed(event.reason));
    keepText();
  });

  // Where the page cannot start, its text field is all there is. It keeps its text as the page does, see store.rs.
  const TEXTS = "sidecar-playground/text/1/";
  let isKeeping = false;
  const keepText = () => {
    const field = document.getElementById("editor-text");
    if (isKeeping || isEmbedded || !field || !document.getElementById("loading")) return;
    isKeeping = true;
    try {
      const tab = sessionStorage.getItem("sidecar-playground/tab/1") ?? String(Date.now() * 1000);
      sessionStorage.setItem("sidecar-playground/tab/1", tab);
      const names = Object.keys(localStorage).filter((name) => name.startsWith(TEXTS));
      const texts = names.map((name) => JSON.parse(localStorage.getItem(name))).sort((a, b) => b[0] - a[0]);
      const own = JSON.parse(localStorage.getItem(TEXTS + tab)) ?? texts[0];
      if (own && ["", field.defaultValue].includes(field.value)) field.value = own[2];
      field.addEventListener("input", () => {
        try {
          localStorage.setItem(TEXTS + tab, JSON.stringify([Date.now(), "", field.value]));
        } catch {}
      });
    } catch {}
  };

  // Keeps the files of this version, for when there is no network. The page is told how far that is.
  const offline = document.getElementById("offline-worker");
  const workers = navigator.serviceWorker;
  if (isEmbedded) addEventListener("DOMContentLoaded", () => import("./frame.js"));
  if (!offline || !workers || isEmbedded) return;
  const tell = (state) => {
    globalThis.sidecarOffline = state;
    dispatchEvent(new Event("sidecar-offline"));
  };
  const watch = (registration) => {
    const isUpdate = Boolean(registration.active);
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && isUpdate) tell("update");
      if (worker.state === "activated" && !isUpdate) tell("new");
    });
  };
  globalThis.sidecarUpdate = async () => {
    workers.addEventListener("controllerchange", () => location.reload(), { once: true });
    (await workers.getRegistration())?.waiting?.postMessage("take over");
  };
  // Not before the page works: these are all its files, and they would come in its way.
  addEventListener("sidecar-complete", async () => {
    try {
      const registration = await workers.register(offline.href);
      if (registration.waiting) tell("update");
      else if (registration.active) tell("ready");
      watch(registration);
      registration.addEventListener("updatefound", () => watch(registration));
    } catch {
      tell("refused");
    }
  });
})();
