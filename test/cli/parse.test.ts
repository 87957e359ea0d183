/** @file Arguments to options, and options to what is done. */

import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands/table.js";
import { groupOf, namesOf, OPTION_NAMES, OPTIONS, specOf, type OptionName } from "../../src/options/table.js";
import { parseArguments } from "../../src/cli/options/parse.js";
import { commandHelp } from "../../src/cli/help.js";
import { placeholderOf } from "../../src/options/kinds.js";
import { resolveCam } from "../../src/cli/options/cam-settings.js";
import { mergeValues } from "../../src/options/merge-values.js";

const parse = (...argv: string[]) => parseArguments(argv, "cam", OPTION_NAMES);

describe("parseArguments", () => {
  it.each<[argv: string[], values: object]>([
    [["--weights", "w"], { weights: ["w"] }],
    [["--weights=a=b"], { weights: ["a=b"] }],
    [["--weights", "a", "b", "--npy", "--weights", "c"], { weights: ["a", "b", "c"], npy: true }],
    [["-o", "d", "-q"], { out: "d", quiet: true }],
    [
      ["-w", "w", "-i", "a.png", "b.png", "-t", "top3", "-m", "gradcam", "-l", "names.txt", "-v"],
      {
        weights: ["w"],
        image: ["a.png", "b.png"],
        target: ["top3"],
        method: ["gradcam"],
        labels: "names.txt",
        verbose: true,
      },
    ],
    [["-o=d"], { out: "d" }],
    [["--mean", "0.5", "0.5", "0.5"], { mean: [0.5, 0.5, 0.5] }],
    [["--mean", "0.5,", "0.5,", "0.5", "--npy"], { mean: [0.5, 0.5, 0.5], npy: true }],
    [["--window", "40", "-400"], { window: [40, -400] }],
    [["--method", "gradcam", "layercam"], { method: ["gradcam", "layercam"] }],
    [["--EIGEN_SMOOTH"], { eigenSmooth: true }],
    [["--no-npy"], { npy: false }],
    [["--relu"], { relu: true }],
    [["--no-relu"], { relu: false }],
    [["--npy=false"], { npy: false }],
    [["--image", "-"], { image: ["-"] }],
    [
      ["--image", "a.png", "b.png", "--npy", "--image", "c.png"],
      { image: ["a.png", "b.png", "c.png"], npy: true },
    ],
    [["--image-path", "a"], { image: ["a"] }],
    [["--output-dir", "a"], { out: "a" }],
    [["--layer", "features[-1]", "--layer", "x"], { layer: ["features[-1]", "x"] }],
    [["--method", "a, b", "--method", "c"], { method: ["a", "b", "c"] }],
    [["--target", "a, b", "--target", "-1"], { target: ["a, b", "-1"] }],
    [["--mean", "-0.5,1e-1,0"], { mean: [-0.5, 0.1, 0] }],
    [["--size", "320x256"], { size: [320, 256] }],
    [["--size", "320×256"], { size: [320, 256] }],
    [["--size", "224"], { size: [224, 224] }],
    [["--heat"], { heat: 8 }],
    [["--heat", "--npy"], { heat: 8, npy: true }],
    [["--heat", "16"], { heat: 16 }],
    [["--colormap", "Viridis"], { colormap: "viridis" }],
    [["--memory", "1048576"], { memory: 1_048_576 }],
    [["--memory", "500M"], { memory: 500_000_000 }],
    [["--memory", "1.5 gb"], { memory: 1_500_000_000 }],
    [["--memory", "512MiB"], { memory: 536_870_912 }],
    [["--memory=2Gi"], { memory: 2_147_483_648 }],
    [["--alpha", "0.25"], { alpha: 0.25 }],
    [["--threshold", "0.50"], { threshold: 0.5 }],
    [["--threshold", "P95.0"], { threshold: "p95" }],
    [["--dialect", "timm"], { spelling: "timm" }],
    [["--size", "224", "--size=224"], { size: [224, 224] }],
  ])("parseArguments reads %j", (argv, values) => {
    expect(parse(...argv)).toEqual({ values, strays: [] });
  });

  it("parseArguments accepts more words than a call may have arguments, at once and one after the other", () => {
    const many = Array.from({ length: 150_000 }, (_, i) => `${i}.png`);
    const { values, strays } = parseArguments(
      ["--image", "a.png", "--image", ...many, "--", ...many],
      "cam",
      ["image"],
    );
    expect(values.image).toHaveLength(150_001);
    expect(strays).toHaveLength(150_000);
  });

  it("parseArguments reports a file behind a list as the user's mistake", () => {
    expect(parse("--method", "gradcam", "x.png").strays).toEqual(["x.png"]);
    expect(parse("--mean", "0.5", "x.png").strays).toEqual(["x.png"]);
  });

  it.each([
    [["--model", "resnet50"], /^unknown option --model: did you mean --arch resnet50\?$/],
    [["--model", "a.pth"], /: did you mean --weights a\.pth\?$/],
    [["--picture", "x.png"], /^unknown option --picture: did you mean --image x\.png\?$/],
    [["--pictures"], /: did you mean --image FILE\?$/],
    [["--input", "x.png"], /: did you mean --image x\.png\?$/],
    [["--target-layer", "layer4"], /: did you mean --layer layer4\?$/],
    [["--class_names"], /: did you mean --labels FILE\|NAME\?$/],
  ])("%j is an option of other programs, and gets the one here", (argv, line) =>
    expect(() => parse(...argv)).toThrow(line),
  );

  it("parseArguments keeps what belongs to no option", () => {
    expect(parse("a", "--npy", "b", "--", "--json")).toEqual({
      values: { npy: true },
      strays: ["a", "b", "--json"],
    });
  });
});

describe("the table of options", () => {
  it("the table of options has no name twice", () => {
    const names = OPTION_NAMES.flatMap(namesOf);
    expect(new Set(names).size).toBe(names.length);
  });

  it("the table of options describes the value of every option that has one", () => {
    const silent = OPTION_NAMES.filter(
      (name) => (specOf(name).kind === "flag") !== (placeholderOf(specOf(name)) === undefined),
    );
    expect(silent).toEqual([]);
  });

  it("the table of options explains an option in at most 15 words", () => {
    const long = OPTION_NAMES.filter((name) => specOf(name).help.split(" ").length > 15);
    expect(long).toEqual([]);
  });

  it("the table of options has aliases, which help leaves out", () => {
    expect(namesOf("spelling")).toEqual(["spelling", "dialect"]);
    expect(commandHelp("cam", 200)).toContain("--spelling NAME");
    expect(commandHelp("cam", 200)).not.toContain("dialect");
    expect(() => parse("--spelling", "timm", "--dialect", "torchvision")).toThrow(
      "--spelling is given twice",
    );
  });

  it("the table of options has the defaults that the settings and the library use", () => {
    const { out, rendering, mapOptions } = resolveCam({}, {});
    for (const [name, value] of Object.entries({ out, ...rendering, ...mapOptions }))
      if (name !== "colormap") expect([name, specOf(name as OptionName).default]).toEqual([name, value]);
  });

  it("the table of options is complete for cam", () => {
    const others = OPTION_NAMES.filter((name) => groupOf(name) === "Checkpoints");
    expect([...COMMANDS.cam.options, ...others].sort()).toEqual(Object.keys(OPTIONS).sort());
  });
});

describe("settings", () => {
  it("typed settings win over kept ones, one by one", () => {
    const merged = mergeValues(
      { norm: "half", out: "kept", bgr: true },
      { mean: [0.1], out: "typed" },
      "file",
    );
    expect(merged).toEqual({ mean: [0.1], std: [0.5], out: "typed", bgr: true });
  });

  it("--norm means ImageNet's or ½'s mean and std", () => {
    expect(mergeValues({ mean: [0.1] }, { norm: "imagenet" }, "file")).toEqual({
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    });
  });

  it("the adapter comes from the option, else from the environment, else it is auto", () => {
    const env = { GRADLENS_ADAPTER: "system" };
    expect(resolveCam({ adapter: "gpu" }, env).adapter).toBe("gpu");
    expect(resolveCam({}, env).adapter).toBe("system");
    expect(resolveCam({}, { GRADLENS_ADAPTER: "" }).adapter).toBe("auto");
  });

  it("a layer named twice counts once", () => {
    const settings = resolveCam({ layer: ["x", "x"] }, {});
    expect(settings).toMatchObject({ layers: ["x"] });
  });

  it.each([[["top3"]], [["all"]], [["above:0.5"]], [["a", "b"]], [["a,b"]]])(
    "a name without {label} is refused for the targets %j",
    (target) => {
      expect(() => resolveCam({ name: ["{method}.png"], target }, {})).toThrow("put {label} into it");
    },
  );

  it("a name without {label} is fine for one target", () => {
    expect(resolveCam({ name: ["{method}.png"], target: ["topaz"] }, {}).names).toMatchObject({
      cam: "{method}.png",
    });
  });
});
