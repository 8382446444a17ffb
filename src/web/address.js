// A manifest from an address. This page may ask nobody for it: `static/fetch.html` does, in a window of its own.
// Invariant: a text is taken once, from the window that was opened here and while it is on our own origin.

let opened = null;
let onFiles = null;

addEventListener("message", ({ source, origin, data }) => {
  if (!opened || source !== opened || origin !== location.origin) return;
  if (data?.source !== "sidecar-playground" || data.v !== 1 || data.type !== "fetched") return;
  if (![data.text, data.name, data.host].every((part) => typeof part === "string")) return;
  opened.postMessage({ source: "sidecar-playground", v: 1, type: "taken" }, location.origin);
  opened = null;
  onFiles({ text: data.text, name: data.name, host: data.host, count: 1, left: 0 });
});

/** Opens the window, with `address` in its field; `onFile({text, name, host, count, left})` is told what came. Says whether it is open. */
export function ask(onFile, address) {
  const { lang, dataset } = document.documentElement;
  const look = new URLSearchParams({ lang, theme: dataset.theme });
  onFiles = onFile;
  // The address stands behind the `#`, which is sent to nobody.
  opened = open(`static/fetch.html?${look}#${encodeURIComponent(address)}`, "sidecar-fetch", "popup,width=660,height=680");
  opened?.focus();
  return Boolean(opened);
}
