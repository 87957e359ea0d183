/** @file `gradlens cam` without a classifier, with a tiny model: vectors and pictures in the place of labels. */

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { encodeNpy } from "../../src/picture-file/npy.js";
import { decodeNpy } from "../../src/picture-file/read-npy.js";
import { LABELS, run, tree, userFolder, writePicture } from "./fake.js";
import { DIR, manifestIn, MINE } from "./made-manifest.js";

/** The tiny model's embedding, to within a thousandth. */
const OUTPUT = [-1.5, 2.25, 0.5];
const LENGTH = Math.hypot(...OUTPUT);

const BARE = [...MINE, "--embedding"];

let folder: string;
beforeEach(async () => {
  folder = await userFolder();
  write("dog.npy", [0, 2, 0]);
});

const write = (name: string, values: readonly number[], shape = [values.length]): void =>
  writeFileSync(join(folder, name), encodeNpy(Float32Array.from(values), shape));

const cam = (...argv: string[]) => run(folder, [...BARE, ...argv]);

describe("an embedding", () => {
  it("the run stores an embedding, and explains it by methods that need no label", async () => {
    const { code, stderr } = await cam("--method", "eigencam,fem");
    expect(code).toBe(0);
    expect(stderr).toContain('without its classifier "classifier": the output is an embedding of 3 values');
    const { embedding, labels, logits, activation, maps } = manifestIn(folder);
    expect(embedding).toEqual({ length: 3, without: "classifier", npy: "embedding.npy" });
    expect({ labels, activation }).toEqual({ labels: ["embedding"], activation: "none" });
    expect(logits).toEqual([expect.closeTo(LENGTH, 2)]);
    expect(maps.map(({ overlay }) => overlay)).toEqual(["eigencam-embedding.png", "fem-embedding.png"]);
    const { shape, data } = decodeNpy(readFileSync(join(folder, DIR, "embedding.npy")), "embedding.npy");
    expect(shape).toEqual([3]);
    OUTPUT.forEach((value, i) => expect(data[i]).toBeCloseTo(value, 2));
    expect(tree(folder)).not.toContain("out/scores.csv");
  });

  it("an embedding needs no work where all is there, and some where its file is gone", async () => {
    await cam("--method", "eigencam");
    expect((await cam("--method", "eigencam")).asked).toHaveLength(0);
    const path = join(folder, DIR, "embedding.npy");
    const bytes = readFileSync(path);
    rmSync(path);
    expect((await cam("--method", "eigencam")).asked).toHaveLength(1);
    expect(readFileSync(path)).toEqual(bytes);
  });

  it("methods that explain a label are refused for an embedding, with what to do", async () => {
    const { code, stderr } = await cam();
    expect(code).not.toBe(0);
    expect(stderr).toContain(
      "Grad-CAM explains a label, and the model has no classifier; compare its output",
    );
    expect(stderr).toContain("--target-vector FILE.npy");
    expect((await cam("--method", "gradcam,eigencam")).code).toBe(0);
    const guided = await cam("--method", "eigencam", "--guided");
    expect(guided.stderr).toContain("guided backprop explains a label");
  });

  it.each([
    [["--target", "cat"], 'target "cat": the model has no classifier, so it has no labels'],
    [["--top", "2"], "top 2: the model has no classifier"],
    [["--similarity", "dot"], "--similarity dot compares: give --target-vector FILE.npy or --target-image"],
  ])("an embedding with %j is refused: %s", async (how, message) => {
    const { code, stderr } = await cam("--method", "eigencam", ...how);
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
  });

  it("results of an embedding are kept apart from a classifier's", async () => {
    await run(folder, MINE);
    const before = manifestIn(folder);
    const { code, stderr } = await cam("--method", "eigencam");
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Beside .*holds results of the model with its classifier; .*-2 \(--force/m);
    expect(manifestIn(folder)).toEqual(before);
  });

  it("an embedding is refused with --flat: every picture has a file of that name", async () => {
    const { code, stderr } = await cam("--method", "eigencam", "--flat");
    expect(code).toBe(2);
    expect(stderr).toContain("--flat: each picture of a model without a classifier has an embedding.npy");
  });
});

describe("--target-vector", () => {
  it("--target-vector explains the cosine, under the file's name", async () => {
    const { code, stderr, stdout } = await cam("--target-vector", "dog.npy", "--json");
    expect(code).toBe(0);
    expect(stderr).toContain(`dog ${(2.25 / LENGTH).toFixed(3)}`);
    const { maps, labels, logits, embedding } = JSON.parse(stdout) as ReturnType<typeof manifestIn>;
    const vector = {
      file: "dog.npy",
      similarity: "cosine",
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    };
    expect(labels).toEqual(["dog"]);
    expect(logits).toEqual([expect.closeTo(2.25 / LENGTH, 3)]);
    expect(embedding).toMatchObject({ length: 3, vectors: [vector] });
    expect(maps).toMatchObject([
      { overlay: "gradcam-dog.png", target: { index: 0, label: "dog", logit: logits[0]!, vector } },
    ]);
    expect(readFileSync(join(folder, "out/scores.csv"), "utf8")).toMatch(/^picture,model,dog\r\n/);
  });

  it("--target-vector has one target a row, and --top and --target choose among them", async () => {
    write("words.npy", [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1], [4, 3]);
    const overlays = async (...how: string[]): Promise<string[]> => {
      const { stdout } = await cam("--target-vector", "words.npy", "--json", ...how);
      const { maps } = JSON.parse(stdout) as ReturnType<typeof manifestIn>;
      return maps.map(({ overlay }) => overlay);
    };
    const all = ["0", "1", "2", "3"].map((row) => `gradcam-words-${row}.png`);
    expect(await overlays()).toEqual(all);
    expect(await overlays("--out", "top", "--top", "1")).toEqual(["gradcam-words-1.png"]);
    expect(await overlays("--out", "named", "--target", "words-2,0")).toEqual([
      "gradcam-words-2.png",
      "gradcam-words-0.png",
    ]);
  });

  it("--target-vector adds maps of other vectors, whatever their place, and makes none twice", async () => {
    write("cat.npy", [1, 0, 0]);
    await cam("--target-vector", "dog.npy");
    const { asked } = await cam("--target-vector", "cat.npy", "dog.npy");
    expect(asked).toHaveLength(1);
    const { maps } = manifestIn(folder);
    expect(maps.map(({ overlay }) => overlay).sort()).toEqual(["gradcam-cat.png", "gradcam-dog.png"]);
    expect((await cam("--target-vector", "cat.npy", "dog.npy")).asked).toHaveLength(0);
    await cam("--target-vector", "dog.npy", "--similarity", "dot");
    expect(manifestIn(folder).maps.map(({ overlay }) => overlay)).toContain("gradcam-dog-dot.png");
    expect(manifestIn(folder).logits).toEqual([expect.closeTo(4.5, 2)]);
  });

  it("--target-vector passes its values to the library", async () => {
    const { asked } = await cam("--target-vector", "dog.npy", "--similarity", "difference");
    expect(asked[0]).toMatchObject({
      vectors: [{ name: "dog-difference", data: Float64Array.of(0, 2, 0) }],
      similarity: "difference",
    });
  });

  it("--target-vector keeps the maps of all kinds of methods apart from one another", async () => {
    write("cat.npy", [1, 0, 0]);
    const methods = ["gradcam", "scorecam", "ablationcam", "saliency", "integrated", "shapleycam", "cam"];
    const { code, stderr } = await cam(
      ...["--target-vector", "dog.npy", "cat.npy", "--method", methods.join(), "--similarity", "dot"],
      ...["--guided", "--grid", "methodxtarget"],
    );
    expect(stderr).not.toContain("Refused");
    expect(code).toBe(0);
    expect(manifestIn(folder).maps).toHaveLength(2 * methods.length);
    expect(tree(folder)).toContain("out/grid.png");
  });

  it("--target-vector compares maps on one scale, and the record names the vectors", async () => {
    write("words.npy", [1, 0, 0, 0, 1, 0], [2, 3]);
    const how = [
      "--target-vector",
      "words.npy",
      "--aug-smooth",
      "--eigen-smooth",
      "--compare-scale",
      "shared",
    ];
    expect((await cam(...how)).code).toBe(0);
    const [first, second] = manifestIn(folder).maps;
    const { sha256 } = first!.target.vector!;
    expect(first!.scaledWith).toEqual([`${sha256}:0`, `${sha256}:1`]);
    expect(second!.scaledWith).toEqual(first!.scaledWith);
    expect((await cam(...how)).asked).toHaveLength(0);
    expect((await cam(...how, "--target", "words-0")).asked).toHaveLength(1);
  });

  it("--target-vector needs a model without a classifier, which --embedding makes of any", async () => {
    const { code, stderr } = await run(folder, [...MINE, "--target-vector", "dog.npy"]);
    expect(code).not.toBe(0);
    expect(stderr).toContain(`has a classifier of ${LABELS.length} classes`);
    expect(stderr).toContain("add --embedding");
  });

  it.each<[string, (name: string) => void, string]>([
    ["of another length", (name) => write(name, [1, 2]), "has 2 values, and the model's output has 3"],
    ["with NaN", (name) => write(name, [1, NaN, 0]), "value 1 is NaN; finite numbers are needed"],
    ["of zeros", (name) => write(name, [0, 0, 0]), "is zero everywhere"],
    ["of three axes", (name) => write(name, [1, 2, 3], [1, 1, 3]), "has the shape [1, 1, 3]"],
    ["of text", (name) => writeFileSync(join(folder, name), "1 2 3"), "is not a .npy file"],
  ])("--target-vector refuses a vector %s in one line", async (_, make, message) => {
    make("bad.npy");
    const { code, stderr } = await cam("--target-vector", "bad.npy");
    expect(code).not.toBe(0);
    const [line] = stderr.split("\n").filter((text) => text.startsWith("gradlens:"));
    expect(line).toContain("bad");
    expect(line).toContain(message);
    expect(tree(folder).filter((name) => name.endsWith(".png"))).toEqual(["x.png"]);
  });

  it("--target-vector names a file that is not there", async () => {
    const { stderr } = await cam("--target-vector", "dgo.npy");
    expect(stderr).toContain("vector dgo.npy");
  });
});

describe("--target-image", () => {
  it("--target-image compares with the model's own output for a picture", async () => {
    await writePicture(join(folder, "other.png"), 100);
    const { code, asked } = await cam("--target-image", "other.png", "--target-vector", "dog.npy");
    expect(code).toBe(0);
    const [dog, other] = asked[0]!.vectors!;
    expect([dog!.name, other!.name]).toEqual(["dog", "other"]);
    OUTPUT.forEach((value, i) => expect(other!.data[i]).toBeCloseTo(value, 2));
    const { maps, embedding } = manifestIn(folder);
    expect(maps.map(({ overlay }) => overlay)).toEqual(["gradcam-dog.png", "gradcam-other.png"]);
    expect(embedding!.vectors![1]).toMatchObject({ file: "other.png", similarity: "cosine" });
    expect((await cam("--target-image", "other.png", "--target-vector", "dog.npy")).asked).toHaveLength(0);
  });

  it("--target-image refuses stdin and a missing file", async () => {
    expect((await cam("--target-image", "-")).stderr).toContain("stdin is for --image");
    expect((await cam("--target-image", "none.png")).stderr).toContain("none.png");
  });
});
