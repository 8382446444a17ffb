// The playground inside another page: talks with the script there. See embed.js for the messages.
// Invariant: it answers its parent only, and what it is sent has to be text.

const send = (type, more) => parent.postMessage({ source: "sidecar-playground", v: 1, type, ...more }, "*");

addEventListener("message", ({ source, data }) => {
  if (source !== parent || data?.source !== "sidecar-playground" || data.v !== 1) return;
  if (data.type === "set" && typeof data.text === "string") dispatchEvent(new CustomEvent("sidecar-set", { detail: data.text }));
  if (data.type === "theme" && typeof data.theme === "string") globalThis.sidecarTheme(data.theme);
});
addEventListener("sidecar-mounted", () => send("ready"));
addEventListener("sidecar-answer", ({ detail }) => send("findings", { findings: detail[0], problems: detail[1] }));

let told = 0;
const watcher = new ResizeObserver(() => {
  const height = Math.ceil(document.querySelector("#app").getBoundingClientRect().height);
  if (height !== told) send("height", { height: (told = height) });
});
// The page puts another one in its place when it is there.
const watch = () => watcher.observe(document.querySelector("#app"));
addEventListener("sidecar-mounted", watch);
watch();
