// The playground inside another page: talks with the script there. See embed.js for the messages.
// Invariant: it answers its parent only, and takes what it is sent for text.

const send = (type, more) => parent.postMessage({ source: "sidecar-playground", v: 1, type, ...more }, "*");

addEventListener("message", ({ source, data }) => {
  if (source !== parent || data?.source !== "sidecar-playground" || data.v !== 1) return;
  if (data.type === "set") dispatchEvent(new CustomEvent("sidecar-set", { detail: String(data.text) }));
  if (data.type === "theme") globalThis.sidecarTheme(data.theme);
});
addEventListener("sidecar-mounted", () => send("ready"));
addEventListener("sidecar-answer", ({ detail }) => send("findings", { findings: detail[0], problems: detail[1] }));

let told = 0;
new ResizeObserver(() => {
  const height = Math.ceil(document.querySelector("#app").getBoundingClientRect().height);
  if (height !== told) send("height", { height: (told = height) });
}).observe(document.querySelector("#app"));
if (globalThis.sidecarIsMounted) send("ready");
