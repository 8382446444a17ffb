// Texts that are made to hurt: [what it is, the text]. Each is pasted into the page, which must live on and keep it.

/** What wants to be more than a name. Each of them would set `window.hurt`, ask for a file, or open a window. */
export const MARKUP = [
  "<script>window.hurt=1</script>",
  `"><img src=x onerror="window.hurt=1">`,
  "</text></svg><svg onload=window.hurt=1>",
  "<iframe srcdoc='<script>parent.hurt=1</script>'>",
  "<a href=javascript:window.hurt=1>x</a>",
  "javascript:window.hurt=1",
  `"]\nclick p0 href "javascript:window.hurt=1"\nx["`,
  "<style>*{display:none}</style>",
  "<math><mtext></mtext><script>window.hurt=1</script>",
  "{{constructor.constructor('window.hurt=1')()}}",
  "${window.hurt=1}",
  "<img src='https://evil.example/x.png'>",
  "<link rel=stylesheet href=//evil.example/x.css>",
  "<base href='https://evil.example/'>",
  "<form action=https://evil.example><input name=x></form>",
  "&lt;script&gt;&#60;img src=x onerror=window.hurt=1&#62;",
  "]]><!--><script>window.hurt=1</script>",
  "<use href='data:image/svg+xml,<svg onload=window.hurt=1>'/>",
  "<animate onbegin=window.hurt=1 attributeName=x>",
  "url(https://evil.example/x)",
];

const pod = (body) => `kind: Pod\nmetadata: { name: a }\nspec:\n${body}`;
const containers = `  containers: [{ name: app, image: app }, { name: logs, image: fluent/fluent-bit }]\n`;

/** Fields of Kubernetes and Compose, with the place of a text. */
const FIELDS = {
  "a kind": (x) => `kind: ${x}\nmetadata: { name: a }\nspec: { template: { spec: { containers: [{ name: app, image: a }] } } }\n`,
  "an apiVersion": (x) => `apiVersion: ${x}\n${pod(containers)}`,
  "a name": (x) => `kind: Deployment\nmetadata: { name: ${x} }\nspec: { template: { spec: { containers: [{ name: app, image: a }] } } }\n`,
  "a namespace": (x) => `kind: Pod\nmetadata: { name: a, namespace: ${x} }\nspec:\n${containers}`,
  "a label": (x) => `kind: Pod\nmetadata: { name: a, labels: { ${x}: ${x} } }\nspec:\n${containers}`,
  "an annotation": (x) => `kind: Pod\nmetadata: { name: a, annotations: { sidecar.istio.io/inject: ${x}, ${x}: a } }\nspec:\n${containers}`,
  "a container": (x) => pod(`  containers: [{ name: ${x}, image: app }, { name: logs, image: fluent/fluent-bit }]\n`),
  "an image": (x) => pod(`  containers: [{ name: app, image: ${x} }]\n`),
  "a command": (x) => pod(`  containers: [{ name: app, image: a, command: [sh, -c, ${x}] }]\n`),
  "an argument": (x) => pod(`  containers: [{ name: app, image: a, args: [${x}] }]\n`),
  "a variable": (x) => pod(`  containers: [{ name: app, image: a, env: [{ name: ${x}, value: ${x} }] }]\n`),
  "a port": (x) => pod(`  containers: [{ name: app, image: a, ports: [{ name: ${x}, containerPort: ${x} }] }]\n`),
  "a mount": (x) => pod(`  volumes: [{ name: v, emptyDir: {} }]\n  containers: [{ name: app, image: a, volumeMounts: [{ name: v, mountPath: ${x} }] }, { name: logs, image: fluent-bit, volumeMounts: [{ name: v, mountPath: ${x} }] }]\n`),
  "a volume": (x) => pod(`  volumes: [{ name: ${x}, hostPath: { path: ${x} } }]\n  containers: [{ name: app, image: a, volumeMounts: [{ name: ${x}, mountPath: /x }] }]\n`),
  "a probe": (x) => pod(`  containers: [{ name: app, image: a, readinessProbe: { httpGet: { path: ${x}, port: ${x} } } }]\n`),
  "a hook": (x) => pod(`  containers: [{ name: app, image: a, lifecycle: { preStop: { exec: { command: [${x}] } } } }]\n`),
  "an amount": (x) => pod(`  containers: [{ name: app, image: a, resources: { requests: { cpu: ${x}, memory: ${x} } } }]\n`),
  "a restartPolicy": (x) => pod(`  restartPolicy: ${x}\n  initContainers: [{ name: i, image: a, restartPolicy: ${x} }]\n${containers}`),
  "an init container": (x) => pod(`  initContainers: [{ name: ${x}, image: ${x}, restartPolicy: Always }]\n${containers}`),
  "an unknown field": (x) => pod(`  ${x}: ${x}\n${containers}`),
  "a schedule": (x) => `kind: CronJob\nmetadata: { name: a }\nspec: { schedule: ${x}, jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: app, image: a }] } } } } }\n`,
  "a Service": (x) => `${pod(containers)}---\nkind: Service\nmetadata: { name: ${x} }\nspec: { selector: { ${x}: ${x} }, ports: [{ name: ${x}, port: 80, targetPort: ${x} }] }\n`,
  "an ignored finding": (x) => `${pod(containers)}# sidecar-playground: ignore image-not-pinned – ${x}\n`,
  "a service of Compose": (x) => `services:\n  ${x}: { image: ${x}, depends_on: [${x}] }\n  logs: { image: fluent-bit, network_mode: 'service:a' }\n`,
  "a volume of Compose": (x) => `services:\n  a: { image: a, volumes: [${x}, 'v:/x'], command: ${x} }\n  b: { image: fluent-bit, volumes: ['v:/y'] }\nvolumes: { v: {}, ${x}: {} }\n`,
  "a comment": (x) => `# ${x}\n${pod(containers)}`,
  "broken text": (x) => `${x}: [${x}\n${x}`,
};

/** Each field with three of the texts, so that each text comes into several fields. */
function inFields() {
  return Object.entries(FIELDS).flatMap(([field, manifest], number) =>
    [0, 7, 13].map((step) => {
      const text = MARKUP[(number + step) % MARKUP.length];
      // A comment and broken text take it as it is.
      return [`markup in ${field}: ${text}`, manifest(/comment|broken|ignored/.test(field) ? text : JSON.stringify(text))];
    }),
  );
}

const times = (count, text) => text.repeat(count);
const numbered = (count, line) => Array.from({ length: count }, (_, number) => line(number)).join("");

/** Bombs, floods and depths. */
const LARGE = [
  ["an alias bomb", `a: &a [x]\n${numbered(40, (n) => `b${n}: &b${n} [${times(9, `*${n ? `b${n - 1}` : "a"},`)}]\n`)}kind: Pod\nspec: { containers: *b39 }\n`],
  ["a bomb of merge keys", `a0: &a0 { x: 1 }\n${numbered(60, (n) => `a${n + 1}: &a${n + 1} { <<: [*a${n}, *a${n}, *a${n}] }\n`)}kind: Pod\nspec: *a60\n`],
  ["an alias in its own anchor", "kind: Pod\nspec: &s { containers: [{ name: a, image: b, args: *s }] }\n"],
  ["anchors by the thousand", numbered(5000, (n) => `k${n}: &k${n} v\n`) + numbered(5000, (n) => `l${n}: *k${n}\n`)],
  ["lists in lists", times(20_000, "[")],
  ["mappings in mappings", times(5_000, "{a: ")],
  ["deep block mappings", numbered(600, (n) => `${times(n, " ")}a:\n`)],
  ["deep block lists", numbered(600, (n) => `${times(n * 2, " ")}-\n`)],
  ["dashes on one line", times(3_000, "- ")],
  ["question marks", times(3_000, "? ")],
  ["100,000 keys", numbered(100_000, (n) => `key${n}: ${n}\n`)],
  ["100,000 times the same key", times(100_000, "a: 1\n")],
  ["10,000 containers", pod(`  containers:\n${numbered(10_000, (n) => `    - { name: c${n}, image: i${n} }\n`)}`)],
  ["2,000 native sidecars", pod(`  initContainers:\n${numbered(2_000, (n) => `    - { name: c${n}, image: i${n}, restartPolicy: Always }\n`)}  containers: [{ name: a, image: b }]\n`)],
  ["1,000 volumes, each mounted twice", pod(`  volumes:\n${numbered(1000, (n) => `    - { name: v${n}, emptyDir: {} }\n`)}  containers:\n    - name: a\n      image: a\n      volumeMounts:\n${numbered(1000, (n) => `        - { name: v${n}, mountPath: /a${n} }\n`)}    - name: b\n      image: fluent-bit\n      volumeMounts:\n${numbered(1000, (n) => `        - { name: v${n}, mountPath: /b${n} }\n`)}`)],
  ["3,000 documents", times(3_000, "kind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, image: b }] }\n---\n")],
  ["20,000 empty documents", times(20_000, "---\n")],
  ["a line of a megabyte", `kind: Pod # ${times(1_000_000, "x")}\n`],
  ["a value of a megabyte", pod(`  containers: [{ name: app, image: ${times(1_000_000, "y")} }]\n`)],
  ["a name of 100,000 letters", pod(`  containers: [{ name: ${times(100_000, "n")}, image: a }]\n`)],
  ["10,000 words of a command", pod(`  containers: [{ name: app, image: a, command: [${times(10_000, "w, ")}x] }]\n`)],
  ["5,000 services of Compose in a chain", `services:\n${numbered(5_000, (n) => `  s${n}: { image: a, depends_on: [s${n + 1}] }\n`)}`],
  ["services of Compose in a circle", "services:\n  a: { image: a, network_mode: 'service:b' }\n  b: { image: b, network_mode: 'service:a' }\n"],
  ["100,000 blank lines", times(100_000, "\n")],
  ["quotes that never close", times(2_000, `a: "\n`)],
  ["braces of a template", `${times(5_000, "{{ .x }} ")}\n`],
  ["a block scalar of 2 MB", `a: |\n${times(40_000, "  some line of text that is kept as it is, or not\n")}`],
  ["manifests in a manifest in a manifest", numbered(20, (n) => `${times(n, "  ")}kind: List\n${times(n, "  ")}containers:\n${times(n, "  ")}x: |\n`)],
];

/** Signs that are not what they seem. */
const SIGNS = [
  ["signs that turn the direction", pod(`  containers: [{ name: "\u202eppa\u2066", image: "a\u200f\u061cb" }]\n`)],
  ["control characters", pod(`  containers: [{ name: "a\u0007\u001b[31mb", image: "\u009b2J" }]\n`)],
  ["half a surrogate", pod(`  containers: [{ name: "a\ud83d", image: "\udc00b" }]\n`)],
  ["half a surrogate, escaped", pod(`  containers: [{ name: "\\ud83d", image: "\\ud83d\\ude00" }]\n`)],
  ["a NUL, escaped", pod(`  containers: [{ name: "\\0a\\x00", image: "\\u0000" }]\n`)],
  ["a byte order mark in the middle", `a: 1\n---\n\ufeff${pod(containers)}`],
  ["noncharacters", pod(`  containers: [{ name: "\ufffe\uffff", image: "\u{1fffe}" }]\n`)],
  ["marks upon marks", pod(`  containers: [{ name: "${times(500, "\u0301")}", image: a }]\n`)],
  ["families of emoji", pod(`  containers: [{ name: "${times(100, "👨‍👩‍👧‍👦")}", image: "🚢" }]\n`)],
  ["spaces that are none", pod(`  containers:\n\u00a0\u00a0- name: a\n\u2003\u2003  image: b\n`)],
  ["letters that look like others", "kınd: Pod\nѕpec: { cοntainers: [{ name: a }] }\n"],
  ["line ends of all kinds", `kind: Pod\u2028spec:\u0085  containers:\u2029  - name: a\n`],
  ["tabs everywhere", "kind:\tPod\nspec:\n\tcontainers:\n\t\t- name: a\n"],
  ["private use and tags", pod(`  containers: [{ name: "\ue000\u{e0041}\u{f0000}", image: a }]\n`)],
];

/** Values that are not what a field expects. */
const VALUES = [
  ["numbers beyond all bounds", pod(`  terminationGracePeriodSeconds: 99999999999999999999\n  containers: [{ name: 1e999, image: -0, ports: [{ containerPort: 1e400 }], livenessProbe: { periodSeconds: 9223372036854775807, httpGet: { port: -1 } } }]\n`)],
  ["a probe every 0 seconds", pod(`  containers: [{ name: a, image: b, livenessProbe: { periodSeconds: 0, failureThreshold: 0, exec: { command: [x] } } }]\n`)],
  ["a grace period below zero", pod(`  terminationGracePeriodSeconds: -5\n${containers}`)],
  ["amounts beyond all bounds", pod(`  containers: [{ name: a, image: b, resources: { requests: { cpu: 1e99, memory: 99999999999999999999Ei }, limits: { cpu: -1n, memory: .0000001m } } }]\n`)],
  ["lists where mappings belong", "kind: [Pod]\nmetadata: []\nspec: [containers, [name]]\n"],
  ["mappings where lists belong", "kind: Pod\nspec: { containers: { name: { image: {} } }, initContainers: 5, volumes: true }\n"],
  ["nothing where something belongs", "kind:\nmetadata:\nspec:\n  containers:\n  -\n  - name:\n    image:\n    env:\n    -\n"],
  ["keys that are mappings", "? { kind: Pod }\n: { spec: 1 }\n? [a, b]\n: c\n"],
  ["keys of the language", `kind: Pod\n__proto__: { hurt: 1 }\nconstructor: { prototype: { hurt: 1 } }\nspec: { containers: [{ name: __proto__, image: toString }] }\n`],
  ["tags of other languages", "kind: !!python/object/apply:os.system ['x']\nspec: !!js/function 'function(){ window.hurt=1 }'\n"],
  ["a Job that restarts for ever", "kind: Job\nmetadata: { name: a }\nspec: { backoffLimit: 2147483647, completions: 2147483647, parallelism: 2147483647, template: { spec: { restartPolicy: OnFailure, containers: [{ name: a, image: b, command: ['false'] }] } } }\n"],
  ["a schedule of each second", "kind: CronJob\nmetadata: { name: a }\nspec: { schedule: '* * * * * *', jobTemplate: { spec: { template: { spec: { containers: [{ name: a, image: b }] } } } } }\n"],
  ["JSON that is cut off", `{"kind":"Pod","spec":{"containers":[{"name":"a`],
  ["values of JSON behind each other", `{"a":1}{"b":2}[3]"4"`],
  ["XML", `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>`],
  ["a binary file", `\u007fELF\u0000\u0001\u0002${times(500, "\u0000\u0001")}`],
  ["only a comment", "# nothing\n"],
  ["only a marker", "---"],
  ["a directive of another version", `%YAML 9.9\n%TAG ! tag:evil,2000:\n---\n${pod(containers)}`],
  ["conflict markers", `<<<<<<< HEAD\n${pod(containers)}=======\nkind: Job\n>>>>>>> other\n`],
];

/** All of them. */
export const TEXTS = [...inFields(), ...LARGE, ...SIGNS, ...VALUES];
