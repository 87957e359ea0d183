/** @file `gradlens convert`: bit for bit what PyTorch has, rounding as PyTorch rounds, metadata for later runs, and bad input. */

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { fromBFloat16, fromFloat16 } from "../../src/checkpoint/convert.js";
import { readCheckpoint } from "../../src/checkpoint/read-checkpoint.js";
import type { Checkpoint } from "../../src/checkpoint/types.js";
import { writeSafetensors } from "../../src/checkpoint/write-safetensors.js";
import { toBFloat16, toFloat16 } from "../../src/cli/commands/floats.js";
import type { Engine } from "../../src/cli/engine/engine.js";
import { realEngine } from "../../src/cli/engine/real-engine.js";
import { GradlensError } from "../../src/errors.js";
import { run, temporaryFolder, tree, userFolder, type Ran } from "./fake.js";
import { refused } from "./refused.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const DATA = join(root, "test/data/checkpoints");

const convert = (folder: string, argv: string[], engine: Partial<Engine> = {}): Promise<Ran> =>
  run(folder, ["convert", ...argv], { engine });

async function converted(folder: string, from: string, ...argv: string[]): Promise<Checkpoint> {
  const isModel = from.endsWith("scenes14.safetensors") || from === "w.safetensors";
  // Which model a small file holds is made up.
  const engine = isModel ? realEngine : {};
  const { code, stderr } = await convert(folder, [from, "out.safetensors", ...argv], engine);
  expect(code, stderr).toBe(0);
  return readCheckpoint(readFileSync(join(folder, "out.safetensors")));
}

/** What PyTorch says that a file holds (tools/make_checkpoint_files.py): type, shape and SHA-256 of the elements. */
type Expected = Record<string, { tensors: Record<string, [dtype: string, shape: number[], sha256: string]> }>;
const { files } = JSON.parse(readFileSync(join(DATA, "expected.json"), "utf8")) as { files: Expected };

describe("without --dtype", () => {
  it.each([
    "chexnet-zip.pkl",
    "dtypes-legacy.pt",
    "views-zip.pt",
    "whole-densenet-zip.pt",
    "pytorch_model.bin.index.json",
  ])("convert without --dtype keeps every element of %s under its name", async (file) => {
    const { tensors } = await converted(temporaryFolder(), join(DATA, file));
    const got = await Promise.all(
      [...tensors.values()].map(async (tensor) => {
        const { name, dtype, shape } = tensor;
        const sha256 = createHash("sha256")
          .update(await tensor.bytes())
          .digest("hex");
        return [name, [dtype, shape, sha256]] as const;
      }),
    );
    // The file says more than safetensors does: reasons why something is no tensor.
    const want = Object.entries(files[file]!.tensors).map(([name, facts]) => [name, facts.slice(0, 3)]);
    expect(Object.fromEntries(got)).toEqual(Object.fromEntries(want));
  });
});

describe("--dtype", () => {
  const BITS = [
    ["f16", toFloat16, fromFloat16, 0x7c00],
    ["bf16", toBFloat16, fromBFloat16, 0x7f80],
  ] as const;

  it.each(BITS)(
    "convert --dtype %s keeps the values that it has, and rounds others to the nearest",
    (_, to, from, inf) => {
      // All finite values, from 0 up; the spaces between them are halved and quartered.
      const values = from(new Uint8Array(Uint16Array.from({ length: inf }, (__, i) => i).buffer));
      const nearest = (floats: Float32Array): number[] => Array.from(new Uint16Array(to(floats).buffer));
      expect(nearest(values)).toEqual(Array.from(values, (__, i) => i));
      expect(nearest(values.map((v) => -v))).toEqual(Array.from(values, (__, i) => i | 0x8000));
      const between = (share: number) =>
        values.subarray(0, -1).map((v, i) => v + (values[i + 1]! - v) * share);
      // Subnormals of bf16 have f32 neighbours of their own, but not at every quarter.
      const exact = (i: number): boolean => (values[i + 1]! - values[i]!) * 2 ** 147 >= 1;
      const check = (share: number, want: (i: number) => number): void => {
        const got = nearest(between(share));
        const wrong = got.findIndex((bits, i) => exact(i) && bits !== want(i));
        expect(wrong).toBe(-1);
      };
      check(0.25, (i) => i);
      check(0.75, (i) => i + 1);
      check(0.5, (i) => i + (i & 1));
    },
  );

  it.each(BITS)("convert --dtype %s keeps infinities and NaN", (_, to, from) => {
    const got = from(to(Float32Array.of(Infinity, -Infinity, NaN, -0)));
    expect(Array.from(got)).toEqual([Infinity, -Infinity, NaN, -0]);
  });

  it("convert --dtype changes floats and leaves integers", async () => {
    const { tensors } = await converted(temporaryFolder(), join(DATA, "dtypes-zip.pt"), "--dtype", "bf16");
    const types = Object.fromEntries([...tensors].map(([name, { dtype }]) => [name, dtype]));
    expect(types).toMatchObject({
      F64: "BF16",
      F32: "BF16",
      F16: "BF16",
      I64: "I64",
      U8: "U8",
      BOOL: "BOOL",
    });
  });

  it("convert --dtype f32 of f16 loses nothing", async () => {
    const file = join(root, "weights/densenet121-scenes14.safetensors");
    const before = (await readCheckpoint(readFileSync(file))).tensors.get("classifier.weight")!;
    const after = (await converted(temporaryFolder(), file, "--dtype", "f32")).tensors.get(
      "classifier.weight",
    )!;
    expect(after.dtype).toBe("F32");
    expect(await after.floats()).toEqual(await before.floats());
  });
});

describe("metadata", () => {
  it("convert writes the file's own metadata with the given options", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "names.txt"), Array.from({ length: 14 }, (_, i) => `thing ${i}`).join("\n"));
    const file = join(root, "weights/densenet121-scenes14.safetensors");
    const argv = [
      "--labels",
      "names.txt",
      "--size",
      "96x160",
      "--norm",
      "imagenet",
      "--activation",
      "softmax",
      "--resize",
      "pillow-bicubic",
      "--crop-pct",
      "0.9",
      "--bgr",
    ];
    const { metadata } = await converted(folder, file, ...argv);
    expect(Object.fromEntries(metadata)).toEqual({
      format: "pt",
      arch: "densenet121",
      spelling: "torchvision",
      labels: JSON.stringify(Array.from({ length: 14 }, (_, i) => `thing ${i}`)),
      size: "[96,160]",
      mean: "[0.485,0.456,0.406]",
      std: "[0.229,0.224,0.225]",
      multi_label: "false",
      resize: "pillow-bicubic",
      crop_pct: "0.9",
      bgr: "true",
    });
    const { stdout } = await run(folder, ["inspect", "out.safetensors", "--json"], { engine: realEngine });
    expect((JSON.parse(stdout) as { model: object }).model).toMatchObject({
      assumed: [{ what: "modules" }],
      activation: "softmax",
      preprocessing: {
        size: [96, 160],
        mean: [0.485, 0.456, 0.406],
        std: [0.229, 0.224, 0.225],
        bgr: true,
        resize: "pillow-bicubic",
        cropPct: 0.9,
      },
      differences: [{ what: "size", trained: [224, 224], used: [96, 160] }],
    });
  });

  it("convert refuses a network whose changed modules safetensors cannot hold", async () => {
    const folder = temporaryFolder();
    const { code, stderr } = await run(
      folder,
      ["convert", join(root, "test/data/module-files/strides-whole.pt"), "out.safetensors"],
      { engine: realEngine },
    );
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(
        /is a changed resnet18 \(bn1\.eps 0\.01 .*which safetensors cannot hold: use the file as it is\n$/,
      ) as string,
    });
  });

  it("convert keeps the activation of a head of several layers, and refuses a head that one word cannot describe", async () => {
    const folder = temporaryFolder();
    const data = join(root, "test/data/module-files");
    await run(folder, ["convert", join(data, "head-whole.pt"), "out.safetensors"], { engine: realEngine });
    const kept = await readCheckpoint(readFileSync(join(folder, "out.safetensors")));
    expect(kept.metadata.get("head_activation")).toBe("gelu");
    const { stdout } = await run(folder, ["inspect", "out.safetensors", "--json"], { engine: realEngine });
    expect(stdout).not.toContain("head-activation");
    const named = ["convert", join(data, "head-named-script.pt"), "named.safetensors"];
    const refused = await run(folder, named, { engine: realEngine });
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toContain("classifier.act is Tanh");
  });

  it("convert keeps --spelling", async () => {
    const file = join(root, "weights/densenet121-scenes14.safetensors");
    const folder = temporaryFolder();
    expect((await converted(folder, file, "--spelling", "timm")).metadata.get("spelling")).toBe("timm");
    const { stdout } = await run(folder, ["inspect", "out.safetensors", "--json"], { engine: realEngine });
    expect((JSON.parse(stdout) as { model: object }).model).toMatchObject({ spelling: "timm" });
  });

  it("convert uses the settings beside the file", async () => {
    const folder = temporaryFolder();
    copyFileSync(join(root, "weights/densenet121-scenes14.safetensors"), join(folder, "w.safetensors"));
    writeFileSync(join(folder, "w.safetensors.gradlens.json"), '{"size": 64}');
    expect((await converted(folder, "w.safetensors")).metadata.get("size")).toBe("[64,64]");
  });
});

describe("the result", () => {
  it("convert --force may replace its own input", async () => {
    const folder = await userFolder();
    const argv = ["weights.safetensors", "weights.safetensors", "--dtype", "f16", "--force"];
    expect((await convert(folder, argv)).code).toBe(0);
    const { tensors } = await readCheckpoint(readFileSync(join(folder, "weights.safetensors")));
    expect(tensors.get("w")!.dtype).toBe("F16");
    expect(tree(folder)).toEqual(["weights.safetensors", "x.png"]);
  });

  it("convert leaves no file after Ctrl-C", async () => {
    const folder = await userFolder();
    const signal = AbortSignal.abort();
    const argv = ["convert", "weights.safetensors", "out.safetensors"];
    const { code } = await run(folder, argv, { engine: realEngine, signal });
    expect(code).toBe(130);
    expect(tree(folder)).toEqual(["weights.safetensors", "x.png"]);
  });
});

describe("bad input", () => {
  const argv = ["convert", "weights.safetensors", "out.safetensors"];
  it.each<[argv: string[], line: RegExp]>([
    [["convert"], /gradlens convert needs IN: gradlens convert IN OUT\.safetensors/],
    [["convert", "weights.safetensors"], /gradlens convert needs OUT\.safetensors/],
    [[...argv, "more.safetensors"], /"more.safetensors" belongs to no option/],
    [["convert", "weights.safetensors", "out.pth"], /out\.pth: convert writes safetensors; name/],
    [
      ["convert", "weights.safetensors", "x.png/out.safetensors"],
      /^gradlens: .*x\.png\/out\.safetensors: a part of this path is a file, not a folder; /m,
    ],
    [["convert", "none.pth", "out.safetensors"], /none\.pth: no such file/],
    [["convert", "x.png", "out.safetensors"], /x\.png: is a PNG picture/],
    [["convert", "weights.safetensors", "weights.safetensors"], /is there already: --force replaces it/],
    [["convert", "weights.safetensors", "no/out.safetensors"], /cannot write .*no such file or folder/],
    [[...argv, "--dtype", "f8"], /--dtype "f8" is not one of f16, bf16, f32/],
    [[...argv, "--activation", "none"], /--activation none cannot be kept/],
    [[...argv, "--labels", "none.txt"], /labels .*none\.txt: no such file/],
    [[...argv, "--std", "0"], /--std 0: give values above 0/],
    [[...argv, "--arch", "densnet121"], /did you mean densenet121\?/],
  ])("convert refuses %j", (words, line) => refused(words, { code: 2, line }));

  it("convert refuses a folder in the place of the result, --force or not", () =>
    refused([...argv, "--force"], { code: 2, line: /cannot write .*out\.safetensors/ }, (folder) =>
      mkdirSync(join(folder, "out.safetensors")),
    ));

  it("convert refuses labels that are too few for the model", () =>
    refused([...argv, "--labels", "chestxray14"], { code: 2, line: /14 labels/ }, undefined, {
      engine: {
        describeModel: () => {
          throw new GradlensError("bad-argument", "the model has 2 classes, not 14 labels");
        },
      },
    }));

  it.each(["cam", "convert"])("convert refuses a file of no known architecture, also by %s", (command) => {
    const files =
      command === "cam" ? ["--weights", "mine.pt", "--image", "x.png"] : ["mine.pt", "out.safetensors"];
    return refused(
      [command, ...files],
      { code: 2, line: /mine\.pt does not say its architecture/ },
      (folder) => copyFileSync(join(DATA, "views-zip.pt"), join(folder, "mine.pt")),
      { engine: realEngine },
    );
  });

  it("convert refuses an architecture that does not fit", () =>
    refused([...argv, "--arch", "densenet121"], { code: 2, line: /does not fit densenet121/ }, undefined, {
      engine: realEngine,
    }));

  it("convert refuses a file whose tensors cannot be read before it writes anything", () =>
    refused(
      ["convert", "mine.pt", "out.safetensors"],
      { code: 2, line: /mine\.pt: tensor "\w+" / },
      (folder) => copyFileSync(join(DATA, "refused.pt"), join(folder, "mine.pt")),
    ));

  it("convert refuses a value that f16 cannot hold, and names it", async () => {
    const bytes = new Uint8Array(Float32Array.of(1, -65520, 3).buffer);
    const tensor = { name: "big", dtype: "F32", shape: [3], byteLength: 12, bytes: () => bytes } as const;
    const file = await writeSafetensors([tensor]);
    await refused(
      [...argv, "--dtype", "f16"],
      { code: 2, line: /"big" has a value of -65520, which f16 cannot hold; use bf16/ },
      (folder) => writeFileSync(join(folder, "weights.safetensors"), file),
    );
  });

  it("convert leaves nothing behind of a file that is cut off", async () => {
    const folder = await userFolder();
    const file = readFileSync(join(DATA, "chexnet-zip.pkl"));
    writeFileSync(join(folder, "cut.pkl"), file.subarray(0, file.length / 2));
    expect((await convert(folder, ["cut.pkl", "out.safetensors"])).code).toBe(2);
    expect(existsSync(join(folder, "out.safetensors"))).toBe(false);
  });
});
