/**
 * Bundles src/ into dist/: the command and the package's entries. They share chunks, so that a class is the same one
 * whichever entry it comes from. `--types` also writes dist/types, which only the published package needs.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundledTextPlugin } from "./bundled-text.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const entries = {
  cli: "src/cli/main.ts",
  options: "src/options/table.ts",
  index: "src/index.ts",
  node: "src/node/index.ts",
  web: "src/web/index.ts",
  checkpoint: "src/checkpoint/index.ts",
};

// Built beside and moved into place, so that a command started meanwhile never sees half of it.
mkdirSync(join(root, ".cache"), { recursive: true });
const made = mkdtempSync(join(root, ".cache", "dist-"));
const dist = join(root, "dist");
try {
  const shared = {
    absWorkingDir: root,
    outdir: made,
    bundle: true,
    format: "esm",
    packages: "external",
    plugins: [bundledTextPlugin],
    loader: { ".wgsl": "text" },
    logLevel: "warning",
  };
  await build({ ...shared, entryPoints: entries, splitting: true, platform: "node", target: "node20" });
  // In one file: bundlers make workers of one file only, as Vite does by default.
  await build({
    ...shared,
    entryPoints: { worker: "src/web/worker.ts" },
    platform: "browser",
    target: "es2022",
  });
  // A folder for temporary files is its maker's alone.
  chmodSync(made, 0o777 & ~process.umask());
  const old = `${made}-old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(made, dist);
  rmSync(old, { recursive: true, force: true });
} finally {
  rmSync(made, { recursive: true, force: true });
}

if (process.argv.includes("--types")) {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], {
    cwd: root,
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
}
