#!/usr/bin/env node
/**
 * The command, for a fresh clone (`npm run cam`) and for an installed package (`gradlens`): makes what is missing, then
 * runs dist/cli.js. Without dependencies, since it runs before any is installed.
 */
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { refuseLostOptions } from "./start/npm-options.mjs";
import { prepare } from "./start/prepare.mjs";
import { run } from "./start/run.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const args = process.argv.slice(2);
prepare(root);
await refuseLostOptions("cam", args, async () => {
  const { OPTIONS } = await import("../dist/options.js");
  return Object.fromEntries(Object.entries(OPTIONS).map(([name, { kind }]) => [name, kind !== "flag"]));
});
process.exitCode = await run(join(root, "dist", "cli.js"), args);
