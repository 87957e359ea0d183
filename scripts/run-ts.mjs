/**
 * Runs a TypeScript file of this repository (bench/, tools/): `node scripts/run-ts.mjs bench/main.ts ARGS`. The bundle
 * lies inside node_modules, so that packages are found and nothing else looks there, until the program ends.
 */
import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { bundledTextPlugin } from "./bundled-text.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const [file, ...args] = process.argv.slice(2);
const bundle = join(root, "node_modules/.cache/gradlens", `${basename(file, ".ts")}-${process.pid}.mjs`);
await build({
  absWorkingDir: root,
  entryPoints: [file],
  outfile: bundle,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  loader: { ".wgsl": "text" },
  plugins: [bundledTextPlugin],
  sourcemap: "inline",
  logLevel: "warning",
});
process.on("exit", () => rmSync(bundle, { force: true }));
process.argv = [process.argv[0], file, ...args];
await import(pathToFileURL(bundle).href);
