/** @file What a folder of transformers' or timm's says beside its weights, against the processors' own values. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Json } from "../../src/checkpoint/json.js";
import { folderFacts } from "../../src/checkpoint/model-folder.js";
import { readCheckpoint } from "../../src/checkpoint/read-checkpoint.js";
import { writeSafetensors } from "../../src/checkpoint/write-safetensors.js";
import { preprocess } from "../../src/image/preprocess.js";
import { fitModel } from "../../src/library/fit/fit-model.js";
import type { ModelDescription } from "../../src/library/settings/model-description.js";
import { openFile } from "../../src/node/file-source.js";
import { openCheckpoint } from "../../src/node/open-checkpoint.js";
import { keysOf, unreadTensors } from "./key-files.js";

interface Case {
  readonly arch: string;
  readonly spelling: string;
  /** Of the picture. */
  readonly width: number;
  readonly files: Readonly<Record<string, Record<string, Json>>>;
  readonly size: readonly [number, number];
  readonly samples: readonly number[];
}

const { height, cases } = JSON.parse(readFileSync("test/data/model-folders.json", "utf8")) as {
  readonly height: number;
  readonly cases: readonly Case[];
};
const NAMES = ["ant", "bee", "cod", "doe", "elk"];
const GRID = 5;
/** Of normalised values: a pixel of the picture, and its neighbour's where a centre is rounded otherwise. */
const TOLERANCE = 0.06;

const bytesOf = (json: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(json));

async function described(
  { arch, spelling, files }: Pick<Case, "arch" | "spelling" | "files">,
  changed: Record<string, Json> = {},
): Promise<ModelDescription> {
  const all: Record<string, unknown> = { ...files, "config.json": { ...files["config.json"], ...changed } };
  const facts = await folderFacts((name) => Promise.resolve(name in all ? bytesOf(all[name]) : undefined));
  const tensors = unreadTensors(keysOf(spelling, arch, NAMES.length));
  const file = { name: "model.safetensors", metadata: new Map<string, string>(), tensors, facts };
  return fitModel(file).description;
}

/** The tool's picture: growing to the right, growing downwards, falling to the right. */
function ramps(width: number): { data: Uint8Array; width: number; height: number; channels: 3 } {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const across = (255 * x) / (width - 1);
      const down = (255 * y) / (height - 1);
      data.set([across, down, 255 - across].map(Math.round), 3 * (y * width + x));
    }
  return { data, width, height, channels: 3 };
}

const named = cases.map((one, i) => [`${one.arch} (${one.spelling}, ${i})`, one] as const);

describe.each(named)("%s", (_, one) => {
  it("a model folder feeds the network what its own processor feeds", async () => {
    const { preprocessing, arch } = await described(one);
    expect(arch).toBe(one.arch);
    const { size, ...how } = preprocessing;
    expect(size).toEqual(one.size);
    const [rows, columns] = size;
    const { data } = preprocess(ramps(one.width), {
      ...how,
      size: { height: rows, width: columns },
      channels: 3,
    });
    const at = (i: number, side: number): number => Math.round((i * (side - 1)) / (GRID - 1));
    const worst = one.samples.reduce((most, expected, k) => {
      const [c, y, x] = [Math.floor(k / GRID ** 2), Math.floor(k / GRID) % GRID, k % GRID];
      const got = data[3 * (at(y, rows) * columns + at(x, columns)) + c]!;
      return Math.max(most, Math.abs(got - expected));
    }, 0);
    expect(worst).toBeLessThan(TOLERANCE);
  });

  it("a model folder has its class names", async () => {
    const { labels, said } = await described(one);
    const config = one.files["config.json"]!;
    if (!("id2label" in config || "label_names" in config)) return expect(labels).toBeUndefined();
    expect(labels).toEqual(NAMES);
    expect(said.find(({ what }) => what === "labels")!.from).toMatch(/^config\./);
  });
});

const caseOf = (arch: string): Case => cases.find((one) => one.arch === arch)!;

it("a config.json's problem type decides the activation of scores", async () => {
  expect((await described(caseOf("swin_tiny_patch4_window7_224"))).activation).toBe("sigmoid");
});

it("a config.json of another network is refused", async () => {
  await expect(described(caseOf("vit_tiny_patch16_224"), { hidden_act: "relu" })).rejects.toThrow(
    /its config\.hidden_act is "?relu"?, and vit_tiny_patch16_224 is computed with GELU/,
  );
  await expect(described(caseOf("mobilenet_v2"), { tf_padding: false })).rejects.toThrow(
    /config\.tf_padding/,
  );
});

it("a config.json of another program is ignored", async () => {
  const config = bytesOf({ arch: "resnet50", mean: [1, 2, 3] });
  const read = (name: string): Promise<Uint8Array | undefined> =>
    Promise.resolve(name === "config.json" ? config : undefined);
  expect(await folderFacts(read)).toEqual(new Map());
});

describe("on disk", () => {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-folder-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const write = async (name: string): Promise<string> => {
    const tensor = {
      name: "w",
      dtype: "F32" as const,
      shape: [1],
      byteLength: 4,
      bytes: () => new Uint8Array(4),
    };
    writeFileSync(join(folder, name), await writeSafetensors([tensor]));
    return join(folder, name);
  };

  it.each(["openCheckpoint", "openFile"])(
    "a config.json counts beside weights of the usual names alone: %s",
    async (by) => {
      writeFileSync(join(folder, "config.json"), bytesOf(caseOf("convnext_tiny").files["config.json"]));
      const factsOf = async (name: string): Promise<readonly string[]> => {
        const path = await write(name);
        if (by === "openCheckpoint") {
          const { checkpoint, close } = await openCheckpoint(path);
          await close();
          return [...checkpoint.facts.keys()];
        }
        const file = await openFile(path);
        const { facts } = await readCheckpoint(file);
        await file.close();
        return [...facts.keys()];
      };
      expect(await factsOf("model.safetensors")).toContain("config.id2label");
      expect(await factsOf("other.safetensors")).toEqual([]);
    },
  );

  it("a config.json that is no JSON is refused", async () => {
    writeFileSync(join(folder, "config.json"), "{");
    await expect(openCheckpoint(await write("model.safetensors"))).rejects.toThrow(
      "config.json: it is not valid JSON",
    );
  });
});
