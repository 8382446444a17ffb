// The oracle itself: it must accept what is right and refuse what is wrong.

import assert from "node:assert/strict";
import { test } from "node:test";
import { renderMermaid } from "./lib/mermaid.mjs";

const POD = `flowchart LR
  subgraph pod["Pod #quot;web#quot;"]
    subgraph init["Init"]
      shipper["log-shipper<br/>native sidecar"]
    end
    app["app"]
    shipper -->|starts before| app
  end
  logs[("logs")]
  app --- logs
  shipper -.- logs
`;

const TIMELINE = "sequenceDiagram\n  kubelet->>app: start\n";

test("mermaid.js draws right texts in both layouts and refuses a broken one", async (t) => {
  const texts = [POD, "flowchart LR\n  a[", TIMELINE];
  const drawn = { dagre: await renderMermaid(t, texts), elk: await renderMermaid(t, texts, { layout: "elk" }) };
  for (const [pod, broken, timeline] of Object.values(drawn)) {
    assert.equal(pod.error, null);
    assert.deepEqual(pod.nodes.toSorted(), ["app", "log-shipper\nnative sidecar", "logs"]);
    assert.deepEqual(pod.groups.toSorted(), ["Init", 'Pod "web"']);
    assert.equal(pod.edges, 3);
    assert.equal(broken.ok, false);
    assert.match(broken.error, /Parse error/);
    assert.deepEqual(timeline.nodes.toSorted(), ["app", "kubelet"]);
    assert.equal(timeline.edges, 1);
  }
  assert.notEqual(drawn.dagre[0].svg, drawn.elk[0].svg);
});
