/** @file The import rules and the rule of type names: the tree keeps them, and a violation of each is found and named. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, it, test } from "vitest";
import { execute, ROOT } from "./programs.js";

const { ORDERS } = (await import(pathToFileURL(join(ROOT, "scripts/import-rules.mjs")).href)) as {
  ORDERS: Readonly<Record<string, readonly string[]>>;
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradlens-imports-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Checks a tree of these files; what is said, line by line. */
async function check(
  files: Readonly<Record<string, string>>,
): Promise<{ code: number | null; lines: string[] }> {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return checkTree(folder);
}

async function checkTree(root: string): Promise<{ code: number | null; lines: string[] }> {
  const { code, stderr } = await execute(process.execPath, [join(ROOT, "scripts/check-imports.mjs"), root]);
  return { code, lines: stderr.split("\n").filter((line) => line !== "") };
}

test("the tree keeps the import rules", async () => {
  expect(await checkTree(ROOT)).toEqual({ code: 0, lines: [] });
});

const VIOLATIONS: readonly {
  readonly of: string;
  readonly files: Readonly<Record<string, string>>;
  readonly line: string;
}[] = [
  {
    of: "the order of rooms",
    files: {
      "src/graph/ops.ts": 'import { softmax } from "../cam/scores.js";',
      "src/cam/scores.ts": "",
    },
    line: "src/graph/ops.ts imports src/cam/scores.ts: src/graph may import errors",
  },
  {
    of: "the order of rooms, by a type",
    files: {
      "src/errors.ts": 'export type { Shape } from "./graph/shape.js";',
      "src/graph/shape.ts": "",
    },
    line: "src/errors.ts imports src/graph/shape.ts: src/errors may import nothing",
  },
  {
    of: "the rule that the command is a client of the library",
    files: {
      "src/index.ts": 'export type { Picture } from "./image/picture.js";',
      "src/internal.ts": 'export { sizeOf, type Size } from "./image/picture.js";',
      "src/cli/grid/axes.ts":
        'import { sizeOf, toGrey, type Picture, type Size } from "../../image/picture.js";',
      "src/image/picture.ts": "",
    },
    line: "src/cli/grid/axes.ts imports src/image/picture.ts: no entry (src/index.ts, src/node/index.ts, src/checkpoint/index.ts, src/internal.ts) exports toGrey",
  },
  {
    of: "the rule that clients use what the internal entry exports",
    files: {
      "src/internal.ts": 'export { sizeOf, toGrey, type Size } from "./image/picture.js";',
      "src/cli/grid/axes.ts": 'import { sizeOf, type Size } from "../../image/picture.js";',
      "src/node/grid.ts": 'import { toGrey } from "../image/picture.js";',
      "src/image/picture.ts": "",
    },
    line: "src/internal.ts exports toGrey of src/image/picture.ts: no client (cli) imports it",
  },
  {
    of: "the table of rooms, which lacks one",
    files: { "src/audio/wave.ts": 'import "../errors.js";', "src/errors.ts": "" },
    line: "src/audio/wave.ts imports src/errors.ts: src/audio is not in the table of rooms",
  },
  {
    of: "the order inside cam",
    files: {
      "src/cam/methods/method.ts": 'import type { Target } from "../request/targets.js";',
      "src/cam/request/targets.ts": 'import "./refusals.js";',
      "src/cam/request/refusals.ts": 'import "../scores.js";',
      "src/cam/scores.ts": "",
    },
    line: "src/cam/methods/method.ts imports src/cam/request/targets.ts: src/cam has the import order methods < request",
  },
  {
    of: "the order inside cli",
    files: {
      "src/cli/results/store.ts": 'import type { CamSettings } from "../options/cam-settings.js";',
      "src/cli/options/cam-settings.ts": "",
    },
    line: "src/cli/results/store.ts imports src/cli/options/cam-settings.ts: src/cli has the import order results < options",
  },
  {
    of: "the order inside cam, which lacks a part",
    files: { "src/cam/sound/map.ts": 'import "../scores.js";', "src/cam/scores.ts": "" },
    line: "src/cam/sound/map.ts imports src/cam/scores.ts: sound is not in the import order of src/cam",
  },
  {
    of: "the core's packages",
    files: { "src/image/png.ts": 'const sharp = await import("sharp");' },
    line: "src/image/png.ts imports sharp: the core may import no package but dicom-parser, fflate, fastest-levenshtein, @noble/hashes, fast-png",
  },
  {
    of: "the room of shaders",
    files: { "src/runtime/plan.ts": 'import code from "../../shaders/gemm.wgsl";' },
    line: "src/runtime/plan.ts imports shaders/gemm.wgsl: only src/kernels reads shaders/",
  },
  {
    of: "the rule against cycles, by two files",
    files: {
      "src/image/a.ts": 'import { b } from "./b.js";',
      "src/image/b.ts": 'import type { A } from "./a.js";',
    },
    line: "src/image/a.ts -> src/image/b.ts -> src/image/a.ts: files may not import each other in a cycle",
  },
  {
    of: "the rule against cycles, by three files of two rooms",
    files: {
      "src/node/a.ts": 'import { b } from "../web/b.js";',
      "src/web/b.ts": 'import { c } from "./c.js";\nimport "./d.js";',
      "src/web/c.ts": 'import { a } from "../node/a.js";',
      "src/web/d.ts": "",
    },
    line: "src/node/a.ts -> src/web/b.ts -> src/web/c.ts -> src/node/a.ts: files may not import each other in a cycle",
  },
  {
    of: "the rule that no two exported types share a name",
    files: {
      "src/image/picture.ts": "export interface Samples {}\nexport function readable() {}",
      "src/node/figure.ts": "export type Samples = number;\nexport function readable() {}",
      "src/node/index.ts": 'export type { Samples } from "./figure.js";',
    },
    line: "src/image/picture.ts and src/node/figure.ts export a type Samples: no two exported types share a name",
  },
];

it.each(Object.entries(ORDERS))(
  "the import order inside src/%s is what ARCHITECTURE shows",
  (room, order) => {
    const text = readFileSync(join(ROOT, "docs/ARCHITECTURE.md"), "utf8");
    const [section] = text.split(`(\`src/${room}/\`)\n`)[1]!.split("\n## ");
    // The first column of a table, or the lists after the introduction.
    const rows = section!.match(/^\| .*? \|/gm) ?? [section!.split("):")[1]!];
    const names = [...rows.join().matchAll(/`([\w-]+)\/?`/g)].map(([, name]) => name);
    expect(names).toEqual(order);
  },
);

it.each(VIOLATIONS)("a violation of $of fails", async ({ files, line }) => {
  expect(await check(files)).toEqual({ code: 1, lines: [line] });
});

test("a stated way back closes no cycle, but any other import beside it does", async () => {
  const files = {
    "src/graph/builder.ts": 'import { OPS } from "./ops/matmul.js";',
    "src/graph/ops/matmul.ts": 'import type { OpDef } from "./op-def.js";',
    "src/graph/ops/op-def.ts": 'import type { Builder } from "../builder.js";',
  };
  expect(await check(files)).toEqual({ code: 0, lines: [] });
  const direct = { ...files, "src/graph/ops/matmul.ts": 'import type { Builder } from "../builder.js";' };
  const { code, lines } = await check(direct);
  expect(code).toBe(1);
  expect(lines[0]).toContain("src/graph/builder.ts -> src/graph/ops/matmul.ts -> src/graph/builder.ts");
});
