// Runs before anything is drawn: the theme, the editor's download, and a word to the visitor when the rest cannot start.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const query = new URLSearchParams(location.search);
  const isEmbedded = query.get("embed") === "1";
  let wanted = query.get("theme");
  const setTheme = () => {
    const isDark = wanted === "dark" || (wanted !== "light" && dark.matches);
    document.documentElement.className = isDark ? "theme-night" : "theme-paper";
    document.documentElement.toggleAttribute("data-embedded", isEmbedded);
  };
  globalThis.sidecarTheme = (theme) => {
    wanted = theme;
    setTheme();
  };
  dark.addEventListener("change", setTheme);
  addEventListener("beforeprint", () => {
    document.documentElement.className = "theme-paper";
  });
  addEventListener("afterprint", setTheme);
  setTheme();

  const say = (text) => {
    const loading = document.getElementById("loading");
    if (loading) loading.textContent = text;
  };
  if (typeof WebAssembly !== "object") {
    addEventListener("DOMContentLoaded", () => say("This browser has no WebAssembly, or it is switched off. The playground cannot draw without it."));
  }
  addEventListener("error", (event) => say(`The playground could not start: ${event.message || "a file is missing"}. Reload the page to try again.`), true);
  addEventListener("unhandledrejection", (event) => say(`The playground could not start: ${event.reason}. Reload the page to try again.`));

  // The page takes this over when it is there. It keeps its plain text field when the editor cannot be loaded.
  const link = document.getElementById("editor-module");
  if (link) {
    globalThis.sidecarEditor = import(link.href);
    globalThis.sidecarEditor.catch(() => {});
  }

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
  addEventListener("load", async () => {
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
