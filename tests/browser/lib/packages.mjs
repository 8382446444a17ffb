// The packages of package.json. They are installed outside the clone, where `import` does not look.

import { createRequire } from "node:module";
import { join } from "node:path";

export const cache = process.env.SIDECAR_CACHE;
export const packages = process.env.SIDECAR_TEST_PACKAGES;
if (!cache || !packages) throw new Error("run these tests with ./dev test browser");

export const require = createRequire(join(packages, "package.json"));
