/** @file Bad input of every kind: the exact exit code, one line on stderr that names the thing, and nothing written. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { GradlensError, type ErrorCode } from "../../src/errors.js";
import { run, tree, userFolder, type FakeOptions } from "./fake.js";
import { refused } from "./refused.js";

const WEIGHTS = ["--weights", "weights.safetensors"];
const IMAGE = ["--image", "x.png"];
const MINE = ["cam", ...WEIGHTS, ...IMAGE];

describe("bad arguments", () => {
  it.each<[argv: string[], line: RegExp]>([
    [["cma"], /unknown command "cma": did you mean cam\?/],
    [["cam", "--wieghts", "x"], /unknown option --wieghts: did you mean --weights\?/],
    [["cam", "--zzz"], /unknown option --zzz: gradlens cam --help/],
    [["methods", "--weights", "x"], /gradlens methods has no --weights; it has --json/],
    [["cam", "--weights"], /--weights needs a value: --weights FILE/],
    [["cam", "--weights", "--image", "x.png"], /--weights needs a value/],
    [["cam", "--out="], /--out needs a value/],
    [["x.png"], /"x.png" belongs to no option: did you mean --image x.png\?/],
    [["cam", "x.png"], /"x.png" belongs to no option: did you mean --image x.png\?/],
    [["cam", "mine.safetensors"], /did you mean --weights mine.safetensors\?/],
    [[...MINE, "--", "y.png"], /"y.png" belongs to no option/],
    [[...MINE, "--quiet=maybe"], /--quiet is a switch/],
    [[...MINE, "--no-npy=true"], /--no-npy has no value/],
    [
      [...MINE, "--activation", "sigmid"],
      /"sigmid" is not one of auto, softmax, sigmoid, none: did you mean sigmoid\?/,
    ],
    [[...MINE, "--colormap", "rainbow"], /"rainbow" is not one of jet, viridis/],
    [[...MINE, "--heat", "32"], /--heat "32" is not one of 8, 16/],
    [[...MINE, "--size", "big"], /--size "big": give one side in pixels/],
    [[...MINE, "--size", "0"], /--size "0"/],
    [[...MINE, "--size", "224x"], /--size "224x"/],
    [[...MINE, "--alpha", "1.5"], /--alpha "1.5": give a number from 0 to 1/],
    [[...MINE, "--threshold", "50%"], /--threshold "50%": give a heat from 0 to 1 .*otsu.*p95/],
    [[...MINE, "--threshold", "1.5"], /--threshold "1.5": give a heat from 0 to 1/],
    [[...MINE, "--threshold", "p101"], /--threshold "p101".*p0 to p100/],
    [[...MINE, "--threshold", "otsu", "--min-area", "2"], /--min-area "2": give a number from 0 to 1/],
    [[...MINE, "--draw-boxes"], /--draw-boxes needs regions: define them by --threshold/],
    [[...MINE, "--min-area", "0.1"], /--min-area needs regions: define them by --threshold/],
    [[...MINE, "--boxes", "coco"], /--boxes needs regions: define them by --threshold/],
    [
      [...MINE, "--threshold", "otsu", "--boxes", "coca"],
      /--boxes "coca" is not one of json, coco, csv: did you mean coco/,
    ],
    [[...MINE, "--batch-size", "2.5"], /--batch-size "2.5": give a whole number from 1/],
    [[...MINE, "--memory", "lots"], /--memory "lots": give bytes, as 500M or 2G/],
    [[...MINE, "--memory", "0.5"], /--memory "0.5": give bytes/],
    [[...MINE, "--memory", "9000000T"], /--memory "9000000T": give bytes/],
    [[...MINE, "--score", "loss"], /--score "loss" is not one of logit, probability/],
    [[...MINE, "--seed", "-1"], /--seed "-1": give a whole number from 0/],
    [[...MINE, "--top-channels", "0"], /--top-channels "0": give a whole number from 1/],
    [[...MINE, "--discard-ratio", "1"], /--discard-ratio "1": give a number from 0 to less than 1/],
    [[...MINE, "--rollout-heads", "median"], /--rollout-heads "median" is not one of mean, max, min/],
    [[...MINE, "--mean", "0.5,x,0.5"], /--mean "x": give a number/],
    [[...MINE, "--mean", "0.5,0.5"], /--mean has 2 values/],
    [[...MINE, "--std", "0.5,0,0.5"], /--std 0.5,0,0.5: give values above 0/],
    [[...MINE, "--method", "gradcam,,layercam"], /a comma with nothing beside it/],
    [[...MINE, "--method", "gradcan"], /unknown method "gradcan": did you mean gradcam\?/],
    [[...MINE, "--method", "GradCamPlus"], /unknown method "GradCamPlus": did you mean gradcam\+\+\?/],
    [[...MINE, "--method", "smoothgradcamplus"], /did you mean smoothgradcam\+\+\?/],
    [[...MINE, "--method", "lime"], /unknown method "lime" \(supported: gradcam,/],
    [[...MINE, "--arch", "densnet121"], /unknown architecture "densnet121": did you mean densenet121\?/],
    [[...MINE, "--arch", "fractalnet"], /unknown architecture "fractalnet" \(gradlens models lists all 3\)/],
    [
      [...MINE, "--arch", "ghostnet_100"],
      /ghostnet_100 is a GhostNet or RepGhostNet, which gradlens does not compute; gradlens models lists/,
    ],
    [["cam", "--arch", "resnet18"], /no demo weights for resnet18/],
    [
      ["cam", "--demo", "densenet", "--arch", "resnet18"],
      /--demo densenet and --arch resnet18 contradict each other/,
    ],
    [
      [...MINE, "--demo", "densenet"],
      /--demo densenet and --weights weights.safetensors contradict each other/,
    ],
    [["cam", "--demo", "swin"], /--demo "swin" is not one of photo, densenet/],
    [[...MINE, "--name", "{label}.gif"], /must end in \.png, \.jpg or \.webp/],
    [[...MINE, "--name", "../{label}.png"], /must be a path below the output folder/],
    [[...MINE, "--name", "/{label}.png"], /must be a path below the output folder/],
    [[...MINE, "--name", "a\\{label}.png"], /put \/ between folders/],
    [[...MINE, "--name", "{label}.png", "--format", "webp"], /--format and --name contradict each other/],
    [[...MINE, "--name", "{lable}.png"], /\{lable\}.*did you mean label\?/],
    [[...MINE, "--name", "{label}.png", "--method", "gradcam,layercam"], /put \{method\} into it/],
    [[...MINE, "--name", "{method}.png", "--target", "top3"], /put \{label\} into it/],
    [[...MINE, "--name", "{label}.png", "--layers-each"], /put \{layer\} into it/],
  ])("the command refuses %j", (argv, line) => refused(argv, { code: 2, line }));

  it.each<[argv: string[], line: RegExp]>([
    [["--norm", "half", "--mean", "0.5"], /--norm and --mean contradict each other/],
    [["--norm", "imagenet", "--std", "1"], /--norm and --std contradict each other/],
    [["--size", "224", "--size", "384"], /--size is given twice, as "224" and "384"/],
    [["--npy", "--no-npy"], /--npy is given twice/],
    [["--image", "-", "--image", "-"], /--image - is given twice/],
  ])("the command refuses arguments that contradict each other: %j", (more, line) =>
    refused([...MINE, ...more], { code: 2, line }),
  );

  it.each<[argv: string[], line: RegExp]>([
    [["--layer", "features.norm6"], /no layer "features.norm6"/],
    [["--target", "dgo"], /unknown target "dgo": did you mean dog\?/],
    [["--target", "3"], /target 3 is out of range: the model has 3 classes, 0 to 2/],
    [["--target", "-1"], /target -1 is out of range/],
    [["--target", "cat,,dog"], /empty entry/],
  ])("the command refuses arguments that only the model can judge: %j", (more, line) =>
    refused([...MINE, ...more], { code: 2, line }),
  );
});

describe("bad files", () => {
  it.each<[argv: string[], line: RegExp, change?: (folder: string) => void]>([
    [
      ["cam", "--weights", "weigths.safetensors"],
      /no such file or folder: did you mean weights.safetensors\?/,
    ],
    [["cam", "--weights", "no/such.safetensors"], /the folder .*no/],
    [["cam", "--weights", "."], /this is a folder; name the file in it/],
    [
      ["cam", ...WEIGHTS, "--image", "y.png"],
      /picture .*y\.png: no such file or folder: did you mean x.png\?/,
    ],
    [["cam", ...WEIGHTS, "--image", "x.png/y.png"], /picture .*y\.png: .*x\.png is a file, not a folder; /],
    [["cam", ...WEIGHTS, "--image", "*.jpg"], /picture \*\.jpg: nothing matches/],
    [
      ["cam", ...WEIGHTS, "--image", "*.safetensors"],
      /no picture matches \(PNG.*\): 1 skipped: 1 not a picture \(weights\.safetensors\)/,
    ],
    [
      ["cam", ...WEIGHTS, "--image", "empty"],
      /folder empty holds no pictures/,
      (f) => mkdirSync(join(f, "empty")),
    ],
    [["cam", ...WEIGHTS, "--image", "-"], /stdin is empty/],
    [[...MINE, "--labels", "chestxray"], /labels chestxray: no such file: did you mean chestxray14\?/],
    [[...MINE, "--labels", "names.txt"], /labels .*names\.txt: no such file/],
    [[...MINE, "--labels", "."], /this is a folder/],
    [
      [...MINE, "--labels", "l"],
      /has no name for class 1/,
      (f) => writeFileSync(join(f, "l"), "cat\n\ndog\n"),
    ],
    [[...MINE, "--labels", "l"], /is empty/, (f) => writeFileSync(join(f, "l"), "\n")],
    [[...MINE, "--labels", "l"], /not valid JSON/, (f) => writeFileSync(join(f, "l"), '["cat"')],
    [[...MINE, "--labels", "l"], /indexes begin at 1/, (f) => writeFileSync(join(f, "l"), '{"1": "cat"}')],
    [[...MINE, "--out", "x.png"], /x\.png is a file, not a folder; use another path with --out/],
    [[...MINE, "--out", "x.png/below"], /x\.png is a file, not a folder/],
  ])("the command refuses %j %s", (argv, line, change) => refused(argv, { code: 2, line }, change));

  const content: [what: string, bytes: Uint8Array | string, line: RegExp][] = [
    ["empty", "", /is empty/],
    ["text", "this is a text file, longer than a header\n", /is text; supported are safetensors/],
    ["a picture", Buffer.from("\x89PNG\r\n\x1a\nxxxxxxxxx", "latin1"), /is a PNG picture/],
    ["an HDF5 file", Buffer.from("\x89HDF\r\n\x1a\nxxxxxxxxx", "latin1"), /is an HDF5 file/],
    ["a header of gigabytes", Buffer.from('\x00\x00\x00\x00\x10\x00\x00\x00{"a":1}', "latin1"), /header/],
  ];
  it.each(content)("the command refuses weights that are %s", (_, bytes, line) =>
    refused(MINE, { code: 2, line }, (folder) => writeFileSync(join(folder, "weights.safetensors"), bytes)),
  );

  it("the command refuses weights that are cut off", () =>
    refused(MINE, { code: 2, line: /weights\.safetensors/ }, (folder) => {
      const path = join(folder, "weights.safetensors");
      writeFileSync(path, readFileSync(path).subarray(0, -2));
    }));

  it.each<[what: string, bytes: string, line: RegExp]>([
    ["text", "no picture", /x\.png/],
    ["empty", "", /x\.png is empty/],
    ["a BMP", "BM0000\0\0", /x\.png is a BMP picture/],
  ])("the command refuses a picture that is %s", (_, bytes, line) =>
    refused(MINE, { code: 2, line }, (folder) => writeFileSync(join(folder, "x.png"), bytes)),
  );

  it("the command refuses a picture that is cut off", () =>
    refused(MINE, { code: 2, line: /x\.png: this PNG .*cut off/ }, (folder) => {
      const path = join(folder, "x.png");
      writeFileSync(path, readFileSync(path).subarray(0, -30));
    }));

  it("the command refuses a picture of more pixels than the limit, and names the way to raise it", () =>
    refused([...MINE, "--max-pixels", "100"], { code: 2, line: /20x12 pixels.*--max-pixels/ }));

  it.each<[text: string, line: RegExp]>([
    ["{", /weights\.safetensors\.gradlens\.json is not JSON/],
    ["[]", /must hold an object of options/],
    ['{"sise": 224}', /"sise" is not an option.*did you mean size\?/],
    ['{"weights": "x"}', /"weights" is not an option for a settings file/],
    ['{"size": "big"}', /gradlens\.json: "size" "big": give one side/],
    ['{"npy": "yes"}', /"npy" has a value of the wrong kind/],
    ['{"norm": "half", "mean": [0.5]}', /"norm" and .*"mean" contradict each other/],
  ])("the command refuses settings %s", (text, line) =>
    refused(MINE, { code: 2, line }, (folder) =>
      writeFileSync(join(folder, "weights.safetensors.gradlens.json"), text),
    ),
  );
});

it("the command refuses settings of endlessly nested lists as the wrong kind", () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  return refused(MINE, { code: 2, line: /"labels" has a value of the wrong kind/ }, (folder) =>
    writeFileSync(join(folder, "weights.safetensors.gradlens.json"), `{"labels": ${deep}}`),
  );
});

describe("bad output folders", () => {
  const results = "out/x/weights";
  const put = (name: string, text: string) => (folder: string) => {
    mkdirSync(join(folder, results), { recursive: true });
    writeFileSync(join(folder, results, name), text);
  };

  it("a run refuses an output folder that is someone's file", () =>
    refused(
      MINE,
      { code: 2, line: /gradcam-dog\.png exists and is not.*--force/ },
      put("gradcam-dog.png", "mine"),
    ));

  it("a run refuses an output folder with someone's manifest.json", () =>
    refused(
      MINE,
      { code: 2, line: /manifest\.json was not written by gradlens/ },
      put("manifest.json", "{}"),
    ));

  it("a run refuses an output folder with a manifest of a later gradlens", () =>
    refused(
      MINE,
      { code: 2, line: /later gradlens/ },
      put("manifest.json", '{"format": "gradlens-manifest", "formatVersion": 2}'),
    ));

  it("a run refuses a folder in the place of a result, --force or not", () =>
    refused([...MINE, "--force"], { code: 2, line: /output folder/ }, (folder) =>
      mkdirSync(join(folder, results, "gradcam-dog.png"), { recursive: true }),
    ));

  it("a run with --force keeps other files, and replaces the one in the way", async () => {
    const folder = await userFolder();
    put("gradcam-dog.png", "mine")(folder);
    put("notes.txt", "mine")(folder);
    expect((await run(folder, [...MINE, "--force"])).code).toBe(0);
    expect(tree(join(folder, results))).toEqual(["gradcam-dog.png", "manifest.json", "notes.txt"]);
    expect(readFileSync(join(folder, results, "notes.txt"), "utf8")).toBe("mine");
  });

  it("a run refuses an output folder whose name no file system allows", () =>
    refused([...MINE, "--out", "o".repeat(300)], { code: 2, line: /the name is too long.*--out/ }));
});

describe("bad machines", () => {
  const failing = (code: ErrorCode, message: string): FakeOptions => ({
    engine: { openGpu: () => Promise.reject(new GradlensError(code, message)) },
  });

  it.each<[code: ErrorCode, exit: number]>([
    ["no-adapter", 3],
    ["gpu", 1],
    ["out-of-memory", 1],
    ["device-lost", 1],
  ])("the command refuses %s", (code, exit) =>
    refused(MINE, { code: exit, line: /what happened/ }, undefined, failing(code, "what\nhappened")),
  );

  it("a run without an adapter reports bad input first", async () => {
    const without = failing("no-adapter", "none");
    await refused(["cam", ...WEIGHTS, "--image", "y.png"], { code: 2, line: /y\.png/ }, undefined, without);
    await refused(MINE, { code: 2, line: /x\.png/ }, (f) => writeFileSync(join(f, "x.png"), "no"), without);
  });

  it("a run refuses weights that do not fit the model", () =>
    refused(MINE, { code: 2, line: /missing key/ }, undefined, {
      engine: {
        loadModel: () =>
          Promise.reject(new GradlensError("bad-weights", "missing key features.conv0.weight")),
      },
    }));

  it("a run reports an error while explaining in one line", () =>
    refused(MINE, { code: 2, line: /NaN in w/ }, undefined, {
      model: { explain: () => Promise.reject(new GradlensError("bad-weights", "NaN in w")) },
    }));

  it("a run reports a bug of ours, with its stack only under --debug", async () => {
    const model = { explain: () => Promise.reject(new TypeError("x is undefined")) };
    await refused(MINE, { code: 1, line: /this is a bug in gradlens: x is undefined \(--debug/ }, undefined, {
      model,
    });
    const folder = await userFolder();
    const { code, stderr } = await run(folder, [...MINE, "--debug"], { model });
    expect(code).toBe(1);
    expect(stderr).toMatch(/caused by TypeError: x is undefined\n\s+at /);
  });
});

it("names with control characters do not garble the terminal", async () => {
  const folder = await userFolder();
  const { stderr } = await run(folder, ["cam", ...WEIGHTS, "--image", "\x1b[31m\nred.png"]);
  expect(stderr).toContain("\\x1b[31m red.png");
});
