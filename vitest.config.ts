import { readFileSync } from "node:fs";
import { defineConfig, type Plugin, type TestProjectInlineConfiguration } from "vitest/config";

/** WGSL as text, as esbuild's text loader gives it to the bundle. */
const wgsl: Plugin = {
  name: "wgsl-text",
  enforce: "pre",
  load(id) {
    return id.endsWith(".wgsl") ? `export default ${JSON.stringify(readFileSync(id, "utf8"))};` : undefined;
  },
};

/** What `npm test` runs (main), what `npm run test:all` adds (slow), what needs a Chromium (browser) or fresh PyTorch cases (torch). */
function project(name: string, include: string[], exclude: string[] = []): TestProjectInlineConfiguration {
  return { extends: true, test: { name, include, exclude } };
}

export default defineConfig({
  plugins: [wgsl],
  test: {
    projects: [
      project("main", ["test/**/*.test.ts"], ["test/**/*.slow.test.ts", "test/browser/**", "test/torch/**"]),
      project("slow", ["test/**/*.slow.test.ts"]),
      project("browser", ["test/browser/**/*.test.ts"]),
      project("torch", ["test/torch/**/*.test.ts"]),
    ],
    // One file at a time: software adapters use every core, and two at once would only slow each other.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
