import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, resolve } from "node:path";
import { defineConfig, type Plugin, type TestProjectInlineConfiguration } from "vitest/config";

const { bundledText } = (await import(new URL("scripts/bundled-text.mjs", import.meta.url).href)) as {
  readonly bundledText: (file: string) => Promise<string>;
};

/** WGSL as text, as esbuild's text loader gives it to the bundle. */
const wgsl: Plugin = {
  name: "wgsl-text",
  enforce: "pre",
  load(id) {
    return id.endsWith(".wgsl") ? `export default ${JSON.stringify(readFileSync(id, "utf8"))};` : undefined;
  },
};

/** Scripts and styles of pages as text, as scripts/build.mjs bundles them; under an id that Vite does not take for a style. */
const BUNDLED = "\0bundled:";
const bundled: Plugin = {
  name: "bundled-text",
  enforce: "pre",
  resolveId(source, importer) {
    const [, file] = /^(.*)\?bundled$/.exec(source) ?? [];
    return file === undefined ? undefined : `${BUNDLED}${resolve(dirname(importer!), file)}.text`;
  },
  async load(id) {
    if (!id.startsWith(BUNDLED)) return undefined;
    const text = await bundledText(id.slice(BUNDLED.length, -".text".length));
    return `export default ${JSON.stringify(text)};`;
  },
};

/** Folders whose tests mostly run on one core: as many files at once as there are cores. */
const PARALLEL =
  "test/{cam,checkpoint,cli,dicom,fuzz,graph,image,language,library,models,node,page,reference}/**/*.test.ts";
/** Those of them that replace modules or globals, or count what a process holds: each has a process of its own. */
const ISOLATED = [
  "test/page/**/*.test.ts",
  "test/cli/{killed,manifest-reads,real,tampered}.test.ts",
  "test/library/model-calls.test.ts",
];
const SLOW = "test/**/*.slow.test.ts";
const APART = ["test/browser/**", "test/torch/**", SLOW];

interface Files {
  readonly include: string[];
  readonly exclude?: string[];
  /** Default: one file at a time, because software adapters use every core. */
  readonly parallel?: true;
  /** Files run one after the other in the same processes, which load the source once. */
  readonly shared?: true;
}

/**
 * What `npm test` runs (shared, parallel, serial), what `npm run test:all` adds (slow), what needs a Chromium (browser) or fresh
 * PyTorch cases (torch).
 */
function project(
  name: string,
  { include, exclude = [], parallel, shared }: Files,
): TestProjectInlineConfiguration {
  // Those one at a time come first: `npm test` checks types and style beside them.
  const [maxWorkers, groupOrder] = parallel ? [availableParallelism(), 2] : [1, 1];
  const order = { maxWorkers, sequence: { groupOrder } };
  return { extends: true, test: { name, include, exclude, isolate: !shared, ...order } };
}

export default defineConfig({
  plugins: [wgsl, bundled],
  test: {
    projects: [
      project("shared", {
        include: [PARALLEL],
        exclude: [...ISOLATED, ...APART],
        parallel: true,
        shared: true,
      }),
      project("parallel", { include: ISOLATED, exclude: APART, parallel: true }),
      project("serial", { include: ["test/**/*.test.ts"], exclude: [PARALLEL, ...APART], shared: true }),
      project("slow", { include: [SLOW] }),
      project("browser", { include: ["test/browser/**/*.test.ts"] }),
      project("torch", { include: ["test/torch/**/*.test.ts"] }),
    ],
    // The command's messages are in the language of the system.
    env: { LC_ALL: "C.UTF-8" },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
