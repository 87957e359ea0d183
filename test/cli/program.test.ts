/** @file The program's other ends: help, version, lists of layers, methods and adapters; tables and bars. */

import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { COMMAND_NAMES, COMMANDS, type Command } from "../../src/cli/commands/table.js";
import { commandHelp } from "../../src/cli/help.js";
import { wrap } from "../../src/cli/terminal/messages.js";
import { scoreWords } from "../../src/cli/results/words.js";
import { CAM_OPTION_NAMES, typedName } from "../../src/options/table.js";
import { parseArguments } from "../../src/cli/options/parse.js";
import { profileTable } from "../../src/cli/terminal/profile-table.js";
import { realEngine } from "../../src/cli/engine/real-engine.js";
import { likelyMeant } from "../../src/models/nearest.js";
import type { Timing } from "../../src/index.js";
import { run, temporaryFolder, userFolder } from "./fake.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

describe("help", () => {
  it.each([[["--help"]], [["-h"]], [["help"]], [["help", "cam"]]])(
    "cam's help is printed, and names the other commands: %j",
    async (argv) => {
      const { code, stdout, stderr } = await run(temporaryFolder(), argv);
      expect({ code, stderr, stdout }).toEqual({ code: 0, stderr: "", stdout: commandHelp("cam", 100) });
      for (const name of COMMAND_NAMES) expect(stdout).toContain(`gradlens ${name} `);
    },
  );

  it("cam's help begins with examples and has every option, in lines that fit", async () => {
    const { stdout } = await run(temporaryFolder(), ["cam", "--help"]);
    expect(stdout).toMatch(/^Examples:\n/);
    for (const name of CAM_OPTION_NAMES)
      expect(stdout).toMatch(new RegExp(`^  (-\\w, )?${typedName(name)}[ \n]`, "m"));
    for (const columns of [60, 80, 100]) {
      const long = commandHelp("cam", columns)
        .split("\n")
        .filter((line) => line.length > columns && /^ {26}/.test(line));
      expect(long).toEqual([]);
    }
  });

  it("the help describes --json as each command prints it", () => {
    const words = COMMAND_NAMES.map((name) => /--json +(.*)/.exec(commandHelp(name, 120))?.[1]);
    const given = words.filter((line) => line !== undefined);
    expect(given).toHaveLength(COMMAND_NAMES.length - 1);
    expect(new Set(given).size).toBe(given.length);
  });

  it("--help wins over any other mistake", async () => {
    expect((await run(temporaryFolder(), ["cam", "--weights", "none", "--help"])).code).toBe(0);
  });

  it("the help gives examples that the program understands", () => {
    for (const name of COMMAND_NAMES) {
      for (const [line] of COMMANDS[name].examples) {
        const words = line.replace(/ < .*/, "").replaceAll("'", "").split(" ");
        expect(words.slice(0, 2)).toEqual(["gradlens", name]);
        const { options, positionals = [] }: Command = COMMANDS[name];
        expect(parseArguments(words.slice(2), name, options).strays).toHaveLength(positionals.length);
      }
    }
  });
});

it.each([[["--version"]], [["cam", "--version"]], [["-V"]]])(
  "the program prints its version: %j",
  async (argv) => {
    expect(await run(temporaryFolder(), argv)).toMatchObject({ code: 0, stdout: "1.2.3\n", stderr: "" });
  },
);

it("options alone mean cam", async () => {
  const folder = await userFolder();
  const { code, asked } = await run(folder, ["--weights", "weights.safetensors", "--image", "x.png"]);
  expect({ code, calls: asked.length }).toEqual({ code: 0, calls: 1 });
});

describe("layers", () => {
  const engine = { archLayers: realEngine.archLayers.bind(realEngine) };

  it("layers of an architecture lists paths with kind, shape and the default marked, ready to copy", async () => {
    const ran = await run(temporaryFolder(), ["layers", "--arch", "densenet121"], {
      engine,
    });
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    const lines = ran.stdout.trimEnd().split("\n");
    // torchvision's densenet121: 433 modules without the root, of which the containers that are called have shapes too.
    expect(lines.map((line) => line.split(/\s+/))).toEqual(
      expect.arrayContaining([
        ["features.conv0", "Conv2d", "112x112x64"],
        ["features.denseblock4.denselayer16.conv2", "Conv2d", "7x7x32"],
        ["features.norm5", "BatchNorm2d", "7x7x1024", "(default)"],
        ["classifier", "Linear", "1000"],
      ]),
    );
    expect(lines.filter((line) => line.endsWith("(default)"))).toHaveLength(1);
  });

  it("layers of a size prints its shapes, also as JSON", async () => {
    const { stdout } = await run(
      temporaryFolder(),
      ["layers", "--arch", "densenet121", "--size", "64x96", "--json"],
      { engine },
    );
    const layers = JSON.parse(stdout) as { path: string; shape?: number[] }[];
    expect(layers.find(({ path }) => path === "features.conv0")?.shape).toEqual([32, 48, 64]);
  });

  it("layers of an architecture prints the names of the requested spelling", async () => {
    const argv = ["layers", "--arch", "pvt_v2_b0", "--json", "--spelling"];
    const pvt = { engine: { ...engine, archNames: realEngine.archNames } };
    const paths = async (spelling: string): Promise<string[]> => {
      const { stdout } = await run(temporaryFolder(), [...argv, spelling], pvt);
      return (JSON.parse(stdout) as { path: string }[]).map(({ path }) => path);
    };
    expect(await paths("timm")).toContain("stages.3.norm");
    expect(await paths("original")).toContain("norm4");
    const { code, stderr } = await run(temporaryFolder(), [...argv, "torchvision"], pvt);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("it has") as string });
  });

  it("layers of an architecture alone has no state dict", async () => {
    const { code, stderr } = await run(temporaryFolder(), ["layers", "--state-dict", "ema"], { engine });
    expect(code).toBe(2);
    expect(stderr).toMatch(/--state-dict is a place in a file: name that with --weights FILE/);
  });

  it("layers of a weights file needs no adapter", async () => {
    const folder = await userFolder();
    const openGpu = () => Promise.reject(new Error("no adapter is needed"));
    const ran = await run(folder, ["layers", "--weights", "weights.safetensors"], { engine: { openGpu } });
    expect(ran).toMatchObject({ code: 0, open: 0 });
    expect(ran.stdout).toContain("features.norm5             BatchNorm2d  6x8x3   (default)\n");
  });

  it("layers --demo lists the layers of the demo's model", async () => {
    const openGpu = () => Promise.reject(new Error("no adapter is needed"));
    const engine = { ...realEngine, openGpu };
    const { code, stdout } = await run(root, ["layers", "--demo", "densenet"], { engine });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^features\.norm5 +BatchNorm2d +6x6x1024 +\(default\)$/m);
    const both = await run(temporaryFolder(), ["layers", "--demo", "densenet", "--weights", "x.pth"]);
    expect(both.stderr).toContain("--demo densenet and --weights x.pth contradict each other");
  });

  it("layers without a name says which architecture it shows", async () => {
    expect((await run(temporaryFolder(), ["layers"])).stderr).toContain(
      "efficientnet_lite0 (another: --arch NAME",
    );
  });
});

it("methods are those of the table by their groups, with their papers", async () => {
  const { stdout } = await run(temporaryFolder(), ["methods"]);
  expect(stdout).toMatch(/^gradient:\n {2}gradcam +Grad-CAM: Selvaraju.*\n {2}gradcam\+\+/);
  expect(stdout).toMatch(/\n\nno-gradient:\n( {2}.*\n)* {2}scorecam +Score-CAM: Wang/);
  const named = [...stdout.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name!);
  const { stdout: json } = await run(temporaryFolder(), ["methods", "--json"]);
  const listed = JSON.parse(json) as { name: string; group: string }[];
  expect(listed.map(({ name }) => name).sort()).toEqual(named.sort());
  expect(listed).toContainEqual(expect.objectContaining({ name: "fem", group: "no-gradient" }));
});

it("adapters are listed by what --adapter takes", async () => {
  const { stdout } = await run(temporaryFolder(), ["adapters"]);
  expect(stdout).toMatch(/^gpu:Fake GPU {2}Fake GPU, a GPU by vulkan\nembedded /);
  expect(JSON.parse((await run(temporaryFolder(), ["adapters", "--json"])).stdout)).toEqual([
    { name: "Fake GPU", kind: "gpu", backend: "vulkan" },
  ]);
});

describe("nearest", () => {
  it.each([
    ["gradcm", "gradcam"],
    ["grad_cam", "gradcam"],
    ["densnet121", "densenet121"],
    ["layer", "layercam"],
    ["cma", undefined],
    ["xyzzy", undefined],
    ["-", undefined],
  ])("the nearest name of %s: %s", (word, found) =>
    expect(likelyMeant(word, ["gradcam", "layercam", "densenet121"])).toBe(found),
  );
});

describe("scores", () => {
  const scores = (count: number, activation: string, labels: string[] | null = null, width = 80) =>
    scoreWords(
      {
        logits: Array.from({ length: count }, (_, i) => i),
        scores: Array.from({ length: count }, (_, i) => i / count),
        labels,
        activation,
      },
      width,
    );

  it("the run prints all scores of a multi-label model, the highest first", () => {
    expect(scores(4, "sigmoid", ["a", "b", "c", "d"])).toEqual(["d 0.750", "c 0.500", "b 0.250", "a 0.000"]);
  });

  it("the run prints the top three scores for a model of one label, or of very many", () => {
    expect(scores(5, "softmax")).toEqual(["class 4 0.800", "class 3 0.600", "class 2 0.400"]);
    expect(scores(50, "sigmoid")).toHaveLength(3);
  });

  it("the run prints scores of labels no longer than a line", () => {
    const long = `${"fracture ".repeat(40)}🦴`;
    const [shown] = scores(1, "softmax", [long], 20);
    expect(shown).toBe("fracture frac… 0.000");
    expect(scores(1, "softmax", ["🦴".repeat(14)], 20)).toEqual([`${"🦴".repeat(14)} 0.000`]);
  });

  it("the list of scores wraps between labels", () => {
    expect(wrap(["aaaa 1", "bbbb 2", "cccc 3"], "  ", 18)).toEqual(["  aaaa 1, bbbb 2,", "  cccc 3"]);
  });
});

it("a profile is a table by kernel, the slowest first", () => {
  const timing = (shader: string, milliseconds: number, flops: number): Timing =>
    ({ step: { shader, flops }, milliseconds }) as unknown as Timing;
  const lines = profileTable(
    [timing("pool", 1, 0), timing("gemm", 2, 4e6), timing("gemm", 1, 2e6)],
    "A",
  ).split("\n");
  expect(lines.map((line) => line.split(/\s+/))).toEqual([
    expect.arrayContaining(["A,"]),
    ["kernel", "runs", "ms", "share", "GF/s"],
    ["gemm", "2", "3.00", "75.0%", "2.0"],
    ["pool", "1", "1.00", "25.0%", "0.0"],
    ["total", "3", "4.00", "100.0%", "1.5"],
  ]);
});
