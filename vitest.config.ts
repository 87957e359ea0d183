import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vitest/config";

/** WGSL as text, as esbuild's text loader gives it to the bundle. */
const wgsl: Plugin = {
  name: "wgsl-text",
  enforce: "pre",
  load(id) {
    return id.endsWith(".wgsl") ? `export default ${JSON.stringify(readFileSync(id, "utf8"))};` : undefined;
  },
};

export default defineConfig({
  plugins: [wgsl],
  test: {
    include: ["test/**/*.test.ts"],
    // One file at a time: software adapters use every core, and two at once would only slow each other.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
