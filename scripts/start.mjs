#!/usr/bin/env node
/**
 * The command, for a fresh clone (`npm run cam`) and for an installed package (`gradlens`): makes what is missing, then
 * runs dist/cli.js. Without dependencies, since it runs before any is installed.
 */
import { fileURLToPath } from "node:url";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { distrustModules } from "./start/modules.mjs";
import { refuseLostOptions } from "./start/npm-options.mjs";
import { prepare } from "./start/prepare.mjs";
import { run } from "./start/run.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const args = process.argv.slice(2);
await prepare(root);
await refuseLostOptions("cam", args, async () => {
  const { OPTIONS, spelled } = await import("../dist/options.js");
  return Object.fromEntries(
    Object.entries(OPTIONS).map(([name, { kind }]) => [spelled(name), kind !== "flag"]),
  );
});
const cli = join(root, "dist", "cli.js");
let damaged = false;
const onDamage = () => (damaged = existsSync(join(root, "src")));
// Ctrl-C works within a second, also where the program is busy and does not hear it.
process.exitCode = await run(cli, args, {}, { endsWithin: 1000, onDamage });
if (damaged) {
  process.stderr.write("gradlens: a package in node_modules is damaged\n");
  distrustModules(root);
  await prepare(root);
  process.exitCode = await run(cli, args, {}, { endsWithin: 1000 });
}
