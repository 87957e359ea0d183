/** @file The table of commands. Each loads its own code when it runs. */

import type { Host } from "../terminal/host.js";
import { CAM_OPTION_NAMES, type OptionName, type OptionValues } from "../../options/table.js";

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  readonly usage: string;
  /** What to type, and what it does. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  readonly options: readonly OptionName[];
  /** What an option means to this command, where that is not what the table of options says. */
  readonly own?: Readonly<Partial<Record<OptionName, string>>>;
  /** Arguments without an option's name. All are needed, except with --demo. */
  readonly positionals?: readonly string[];
  run(host: Host, values: OptionValues, positionals: readonly string[]): Promise<number>;
}

/** The options of every command. */
const COMMON: readonly OptionName[] = ["lang", "debug", "version", "help"];
/** How a checkpoint is read, and as what. */
const READING: readonly OptionName[] = ["arch", "spelling", "stateDict", "strictPickle"];

export const COMMANDS = {
  cam: {
    summary: "heat maps of pictures",
    usage: "gradlens cam [--weights FILE ...] [--image FILE ...] [options]",
    examples: [
      ["gradlens cam", "the demo: two labels of a shipped photograph by a shipped model"],
      ["gradlens cam --demo densenet", "three labels of a drawn scene by a DenseNet121"],
      ["gradlens cam --weights mine.safetensors --image x.png", "your own model and picture"],
      ["gradlens cam --weights mine.safetensors --image 'scans/*.png' --target top3", "three labels each"],
      [
        "gradlens cam --weights mine.safetensors --labels chestxray14 --image x.png --target Mass",
        "one finding",
      ],
      [
        "gradlens cam --weights mine.pth --labels names.txt --norm half --remember",
        "settings kept beside the weights: later --weights mine.pth alone will do",
      ],
      [
        "gradlens cam --demo densenet --method gradcam,layercam --layer features.denseblock3",
        "other methods, another layer",
      ],
      [
        "gradlens cam --weights a.pth b.pth --image scans --method all --min-probability 0.5",
        "every method by two models, for the labels that they find; scores.csv has all scores",
      ],
      ["gradlens cam --image - --json --npy < x.png", "for scripts: one line of JSON, the map as .npy"],
    ],
    options: CAM_OPTION_NAMES,
    run: async (host, values) => (await import("./cam.js")).runCam(host, values),
  },
  report: {
    summary: "one HTML page of all results in a folder",
    usage: "gradlens report DIR [options]",
    positionals: ["DIR"],
    examples: [
      ["gradlens report out --image scans", "OUT/report.html, with the pictures that were explained"],
      ["gradlens report out", "the same without the pictures below the maps"],
    ],
    options: ["image", "force", "json", "quiet", ...COMMON],
    own: { json: "print the report's path as one line on stdout" },
    run: async (host, values, [folder]) => (await import("./report.js")).runReport(host, values, folder!),
  },
  layers: {
    summary: "the modules of a model, for --layer",
    usage: "gradlens layers [--arch NAME | --weights FILE | --demo NAME] [options]",
    examples: [
      ["gradlens layers --arch densenet121", "an architecture as it is"],
      ["gradlens layers --weights mine.safetensors", "with the shapes of one's own file"],
      ["gradlens layers --weights mine.safetensors --size 384", "at another input size"],
      ["gradlens layers --demo densenet", "those of a shipped model"],
    ],
    options: ["weights", "demo", ...READING, "size", "json", "quiet", ...COMMON],
    own: { json: "print the modules as one line on stdout: path, kind, shape, default" },
    run: async (host, values) => (await import("./layers.js")).runLayers(host, values),
  },
  models: {
    summary: "the supported architectures, for --arch",
    usage: "gradlens models [--json]",
    examples: [["gradlens models", "parameters, GFLOP, default layers, and where pretrained weights are"]],
    options: ["json", ...COMMON],
    own: { json: "print the architectures as one line on stdout, with the same facts" },
    run: async (host, values) => (await import("./models.js")).runModels(host, values),
  },
  methods: {
    summary: "the supported methods, for --method",
    usage: "gradlens methods [--json]",
    examples: [["gradlens methods", "names, and the papers they come from"]],
    options: ["json", ...COMMON],
    own: { json: "print the methods as one line on stdout: name, group, title, paper, note" },
    run: async (host, values) => (await import("./methods.js")).runMethods(host, values),
  },
  adapters: {
    summary: "the WebGPU adapters of this machine, for --adapter",
    usage: "gradlens adapters [--json]",
    examples: [["gradlens adapters", "names and kinds"]],
    options: ["json", ...COMMON],
    own: { json: "print the adapters as one line on stdout: name, kind, backend" },
    run: async (host, values) => (await import("./adapters.js")).runAdapters(host, values),
  },
  inspect: {
    summary: "what a checkpoint holds, and what cam would make of it",
    usage: "gradlens inspect FILE [options], or gradlens inspect --demo NAME",
    positionals: ["FILE"],
    examples: [
      [
        "gradlens inspect mine.pth",
        "its kind, its tensors as a tree, its architecture and how that is known",
      ],
      ["gradlens inspect mine.pth --stats", "with the range of values, and counts of NaN"],
      ["gradlens inspect mine.pth --json", "the same for programs"],
    ],
    options: ["stats", "demo", ...READING, "json", "verbose", ...COMMON],
    own: {
      json: "print all of it as one line on stdout: metadata, every tensor, the model or the problem",
      verbose: "print every tensor, equal blocks too",
    },
    run: async (host, values, [file]) => (await import("./inspect.js")).runInspect(host, values, file),
  },
  convert: {
    summary: "a checkpoint as clean safetensors, which later runs need no options for",
    usage: "gradlens convert IN OUT.safetensors [options]",
    positionals: ["IN", "OUT.safetensors"],
    examples: [
      ["gradlens convert mine.pkl mine.safetensors", "tensors bit for bit, under the names they have"],
      [
        "gradlens convert mine.pkl mine.safetensors --labels chestxray14 --norm imagenet --size 224",
        "with settings that later runs read",
      ],
      ["gradlens convert mine.pkl half.safetensors --dtype f16", "half as large"],
    ],
    options: [
      "dtype",
      ...READING,
      "labels",
      "activation",
      "size",
      "mean",
      "std",
      "norm",
      "resize",
      "cropPct",
      "bgr",
      "force",
      "quiet",
      ...COMMON,
    ],
    run: async (host, values, [input, output]) =>
      (await import("./convert.js")).runConvert(host, values, input!, output!),
  },
  verify: {
    summary: "whether gradlens computes what your PyTorch model does",
    usage: "gradlens verify WEIGHTS REF.safetensors [options]",
    positionals: ["WEIGHTS", "REF.safetensors"],
    examples: [
      ["gradlens verify mine.pth ref.safetensors", "REF is made by tools/make_ref.py where PyTorch is"],
    ],
    options: [...READING, "adapter", "boundsChecks", "json", "quiet", ...COMMON],
    own: {
      json: "print the comparison as one line on stdout: deviations with their limits, and the verdict",
    },
    run: async (host, values, [weights, reference]) =>
      (await import("./verify.js")).runVerify(host, values, weights!, reference!),
  },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof COMMANDS;

export const COMMAND_NAMES = Object.keys(COMMANDS) as CommandName[];

/** What is run where no command is named. */
export const DEFAULT_COMMAND: CommandName = "cam";
