/** @file `gradlens inspect`: files of PyTorch and shipped weights as they are told, and bad input in one line. */

import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { CheckpointTensor } from "../../src/checkpoint/types.js";
import { writeSafetensors } from "../../src/checkpoint/write-safetensors.js";
import { tensorTree } from "../../src/cli/commands/tensor-tree.js";
import { outputWords } from "../../src/cli/text/module-words.js";
import { realEngine } from "../../src/cli/engine/real-engine.js";
import { byteText } from "../../src/text/format.js";
import { run, temporaryFolder, type Ran } from "./fake.js";
import { refused } from "./refused.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const DATA = join(root, "test/data/checkpoints");

/** Everything is real; nobody needs an adapter. */
const inspect = (folder: string, ...argv: string[]): Promise<Ran> =>
  run(folder, ["inspect", ...argv], {
    engine: { ...realEngine, openGpu: () => Promise.reject(new Error("no adapter is needed")) },
  });

interface Told {
  readonly format: string;
  readonly stateDict: string;
  readonly records: string[];
  readonly tensors: { name: string; dtype: string; shape: number[]; bytes: number; stats?: object }[];
  readonly model: { arch: string; spelling: string; classes: number; evidence: string[] } | null;
  readonly problem: string | null;
}

async function told(...argv: string[]): Promise<Told> {
  const { code, stdout, stderr } = await inspect(temporaryFolder(), "--json", ...argv);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as Told;
}

it("inspect prints of a shipped model what it is, how that is known, and what cam would do", async () => {
  const file = join(root, "weights/densenet121-scenes14.safetensors");
  const { code, stdout } = await inspect(temporaryFolder(), file);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Format +safetensors$/m);
  expect(stdout).toMatch(/^Metadata +\w+: /m);
  expect(stdout).toMatch(/^ {2}norm0\n {4}bias +F16 \[64\] {2}128 bytes$/m);
  expect(stdout).toMatch(
    /^Model +densenet121 \(torchvision\), 14 classes\n +its metadata says densenet121$/m,
  );
  expect(stdout).toMatch(/^cam +would feed 192x192 pixels, RGB$/m);
  expect(stdout).toContain("name labels cat, dog, elephant");
});

it("inspect --demo prints the same facts as inspect of the demo's file", async () => {
  const file = join(root, "weights/densenet121-scenes14.safetensors");
  const { code, stdout } = await inspect(root, "--json", "--demo", "densenet");
  expect(code).toBe(0);
  const { file: name, ...facts } = JSON.parse(stdout) as Told & { readonly file: string };
  expect(name).toBe("densenet121-scenes14.safetensors");
  expect({ file, ...facts }).toEqual(await told(file));
  const both = await inspect(temporaryFolder(), file, "--demo", "densenet");
  expect(both.stderr).toContain("--demo densenet and --weights");
});

it("inspect lists more tensors than a call may have arguments", () => {
  const tensors = Array.from({ length: 150_000 }, (_, i) => ({ name: `t${i}` }) as CheckpointTensor);
  const lines = tensorTree(tensors, () => "F32");
  expect(lines).toHaveLength(150_000);
  expect(lines[0]).toBe("t0       F32");
});

it("inspect folds numbered blocks that are alike, and spells them out with --verbose", async () => {
  const file = join(root, "weights/densenet121-scenes14.safetensors");
  const { stdout } = await inspect(temporaryFolder(), file);
  expect(stdout.split("\n").length).toBeLessThan(110);
  // In the file layer10 comes before layer2.
  expect(stdout).toMatch(
    /^ {4}denselayer1\.\.24\n {6}conv1\.weight +24 x F16 \[128, 256\.\.992, 1, 1\] {2}3\.83 MB$/m,
  );
  expect(stdout.indexOf("and look at features.norm5")).toBeLessThan(stdout.indexOf("conv0.weight"));
  const all = (await inspect(temporaryFolder(), file, "-v")).stdout;
  expect(all).toMatch(/^ {4}denselayer24\n {6}conv1\.weight +F16 \[128, 992, 1, 1\]/m);
  expect(all.match(/F16 \[/g)).toHaveLength(606);
});

it("inspect counts one class in the singular", () => {
  expect([1, 2].map((classes) => outputWords({ classes, embedding: undefined }))).toEqual([
    "1 class",
    "2 classes",
  ]);
});

it("inspect folds no blocks that differ in a tensor or a type", () => {
  const tensor = (name: string, dtype = "F32", ...shape: number[]) =>
    ({ name, dtype, shape }) as unknown as CheckpointTensor;
  const names = ["b.1.a.w", "b.2.a.w", "b.3.a.w", "b.3.a.v", "b.4.a.w"];
  const lines = tensorTree(
    [...names.map((name) => tensor(name)), tensor("b.5.a.w", "F16"), tensor("c1"), tensor("c2")],
    () => "one",
    (all) => `${all.length}`,
  );
  expect(lines).toEqual([
    "b",
    "  1..2.a.w  2",
    "  3.a",
    "    w       one",
    "    v       one",
    "  4.a.w     one",
    "  5.a.w     one",
    "c1          one",
    "c2          one",
  ]);
});

it("inspect keeps the file's order within folded blocks; only blocks are brought together", () => {
  const names = ["conv1.w", "bn1.w", "conv2.w", "bn2.w", "down.0.w", "down.1.w"];
  const blocks = ["layer1.0", "layer1.1", "layer10.0", "layer2.0"];
  const tensors = [
    ...blocks.flatMap((block) => names.map((name) => `${block}.${name}`)),
    "head2",
    "fc.w",
    "head10",
    "head1",
  ];
  const lines = tensorTree(
    tensors.map((name) => ({ name, dtype: "F32", shape: [] }) as unknown as CheckpointTensor),
    () => "",
    (all) => `${all.length}`,
  ).map((line) => line.trim().replace(/ +/, " "));
  const inside = ["conv1.w", "bn1.w", "conv2.w", "bn2.w", "down", "0.w", "1.w"];
  const folded = (count: number, ...ends: string[]): string[] => [
    ...ends,
    ...inside.map((name) => (name === "down" || count === 1 ? name : `${name} ${count}`)),
  ];
  expect(lines).toEqual([
    ...folded(2, "layer1", "0..1"),
    ...folded(1, "layer2.0"),
    ...folded(1, "layer10.0"),
    ...["head2", "fc.w", "head10", "head1"],
  ]);
});

it("inspect prints how many modules were compared, and what the file computes otherwise than the architecture", async () => {
  const file = (name: string): string => join(root, `test/data/module-files/${name}.pt`);
  const { evidence } = (await told(file("strides-trace"))).model!;
  expect(evidence).toContainEqual(
    expect.stringMatching(
      /^52 modules compared, 6 settings computed as the file says: .*bn1\.eps 0\.01 \(not 0\.00001\)/,
    ),
  );
  expect((await told(file("resnet18-zip"))).model!.evidence).toContain(
    "52 modules compared, all as in the architecture",
  );
  expect((await told(file("subclass-whole"))).model!.evidence).toContainEqual(
    expect.stringMatching(
      /^assumed: forward of __main__\.NoPool: the code of these classes is not in the file/,
    ),
  );
  const shipped = await told(join(root, "weights/densenet121-scenes14.safetensors"));
  expect(shipped.model!.evidence).toContainEqual(
    expect.stringMatching(/^assumed: modules of densenet121: a state dict/),
  );
});

it("inspect prints of PyTorch's files their kind, where the weights are, and classes that stay records", async () => {
  expect(await told(join(DATA, "module-inside.pt"))).toMatchObject({
    format: "PyTorch (zip, 1.6 or later)",
    stateDict: "model",
    records: expect.arrayContaining(["argparse.Namespace", "__main__.Small"]) as string[],
    model: null,
    problem: expect.stringContaining("does not say its architecture") as string,
  });
  expect((await told(join(DATA, "module-inside.pt"), "--state-dict", "ema")).stateDict).toBe("ema");
  expect((await told(join(DATA, "chexnet-legacy.pkl"))).format).toMatch(/legacy/);
});

describe("--stats", () => {
  it("inspect --stats describes the finite values, and counts the others", async () => {
    const folder = temporaryFolder();
    const floats = (...values: number[]) => ({
      dtype: "F32" as const,
      shape: [values.length],
      byteLength: values.length * 4,
      bytes: () => new Uint8Array(Float32Array.from(values).buffer),
    });
    const tensors = [
      { name: "a.weight", ...floats(-1, 3, 1, NaN, -Infinity) },
      { name: "b", ...floats() },
      {
        name: "n",
        dtype: "I64" as const,
        shape: [2],
        byteLength: 16,
        bytes: () => new Uint8Array(BigInt64Array.of(-4n, 8n).buffer),
      },
    ];
    writeFileSync(join(folder, "w.safetensors"), await writeSafetensors(tensors));
    const { stdout } = await inspect(folder, "w.safetensors", "--stats");
    expect(stdout).toMatch(
      /^a\.weight {2}F32 \[5\] {2}20 bytes {2}min -1, max 3, mean 1, 1 NaN, 1 infinite$/m,
    );
    const { stdout: json } = await inspect(folder, "w.safetensors", "--stats", "--json");
    const stats = Object.fromEntries((JSON.parse(json) as Told).tensors.map((t) => [t.name, t.stats]));
    expect(stats).toEqual({
      "a.weight": { min: -1, max: 3, mean: 1, nan: 1, infinite: 1 },
      b: { min: null, max: null, mean: null, nan: 0, infinite: 0 },
      n: { min: -4, max: 8, mean: 2, nan: 0, infinite: 0 },
    });
  });

  it("inspect reads values only with --stats", async () => {
    const { tensors } = await told(join(DATA, "chexnet-zip.pkl"));
    expect(tensors.filter(({ stats }) => stats !== undefined)).toEqual([]);
  });
});

describe("--spelling", () => {
  const file = join(root, "weights/densenet121-scenes14.safetensors");

  it("inspect --spelling decides where keys fit several implementations", async () => {
    const { model } = await told(file);
    expect(model).toMatchObject({ arch: "densenet121", spelling: "torchvision" });
    expect(model!.evidence).toContain("keys and shapes fit densenet121 (timm) as well");
    expect((await told(file, "--spelling", "timm")).model).toMatchObject({ spelling: "timm" });
  });

  it("inspect reports a --spelling of another architecture as cam does", async () => {
    expect((await told(file, "--spelling", "original")).problem).toMatch(
      /densenet121 has no spelling "original"; it has torchvision, timm/,
    );
    expect((await told(join(DATA, "chexnet.safetensors"), "--spelling", "timm")).model).toBeNull();
  });
});

it("inspect reports an --arch that does not fit as cam does", async () => {
  const file = join(root, "weights/densenet121-scenes14.safetensors");
  const { model, problem } = await told(file, "--arch", "resnet50");
  expect(model).toBeNull();
  expect(problem).toMatch(/These keys are densenet121's/);
});

describe("bad input", () => {
  it.each<[argv: string[], line: RegExp]>([
    [["inspect"], /gradlens inspect needs FILE: gradlens inspect FILE/],
    [["inspect", "a.pt", "b.pt"], /"b.pt" belongs to no option: gradlens inspect --help/],
    [["inspect", "weigths.safetensors"], /no such file or folder: did you mean weights.safetensors\?/],
    [["inspect", "."], /this is a folder/],
    [["inspect", "x.png"], /x\.png: is a PNG picture/],
    [["inspect", "weights.safetensors", "--arch", "densnet121"], /did you mean densenet121\?/],
    [
      ["inspect", "weights.safetensors", "--state-dict", "model"],
      /--state-dict model: weights.safetensors is safetensors, .* leave the option out/,
    ],
    [["inspect", "weights.safetensors", "--labels", "x"], /gradlens inspect has no --labels; it has --stats/],
  ])("inspect refuses %j", (argv, line) => refused(argv, { code: 2, line }));

  const withFile = (from: string) => (folder: string) =>
    copyFileSync(join(DATA, from), join(folder, "mine.pt"));

  it("inspect refuses a state dict that the file lacks, and names those it has", () =>
    refused(
      ["inspect", "mine.pt", "--state-dict", "teacher"],
      { code: 2, line: /no state dict "teacher": there are .*"model", "ema"/ },
      withFile("module-inside.pt"),
    ));

  it("inspect refuses a pickle that names functions under --strict-pickle only", async () => {
    const pickle = Buffer.from("cposix\nsystem\n(S'true'\ntR.", "latin1");
    const write = (folder: string) => writeFileSync(join(folder, "mine.pt"), pickle);
    const argv = ["inspect", "mine.pt"];
    await refused([...argv, "--strict-pickle"], { code: 2, line: /posix\.system.*--strict-pickle/ }, write);
    const folder = temporaryFolder();
    write(folder);
    const { code, stdout } = await inspect(folder, "mine.pt");
    expect(code).toBe(0);
    expect(stdout).toMatch(/warning: its pickle names "posix\.system"/);
  });
});

it.each<[bytes: number, text: string]>([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1000, "1.00 kB"],
  [999_400, "999 kB"],
  [28_214_000, "28.2 MB"],
])("inspect prints %i bytes as %s", (bytes, text) => expect(byteText(bytes)).toBe(text));
