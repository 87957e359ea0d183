/** @file The table of subcommands. Each loads its own code, so that none waits for another's. */

import type { Host } from "./host.js";
import { OPTION_NAMES, type OptionName, type Values } from "./options.js";

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  readonly usage: string;
  /** What to type, and what it does. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  readonly options: readonly OptionName[];
  run(host: Host, values: Values): Promise<number>;
}

export const COMMANDS = {
  cam: {
    summary: "heat maps of pictures",
    usage: "gradlens cam [--weights FILE] [--image FILE ...] [options]",
    examples: [
      ["gradlens cam", "the demo: three labels of a shipped picture by a shipped model"],
      ["gradlens cam --demo pvt", "the same by the other shipped model, a vision transformer"],
      ["gradlens cam --weights mine.safetensors --image x.png", "your own model and picture"],
      ["gradlens cam --weights mine.safetensors --image 'scans/*.png' --target top3", "three labels each"],
      [
        "gradlens cam --weights mine.safetensors --labels chestxray14 --image x.png --target Mass",
        "one finding",
      ],
      ["gradlens cam --method gradcam,layercam --layer features.denseblock3", "other methods, another layer"],
      ["gradlens cam --image - --json --npy < x.png", "for scripts: one line of JSON, the map as .npy"],
    ],
    options: OPTION_NAMES,
    run: async (host, values) => (await import("./commands/cam.js")).runCam(host, values),
  },
  layers: {
    summary: "the modules of a model, for --layer",
    usage: "gradlens layers [--arch NAME | --weights FILE] [options]",
    examples: [
      ["gradlens layers --arch densenet121", "an architecture as it is"],
      ["gradlens layers --weights mine.safetensors", "with the shapes of one's own file"],
      ["gradlens layers --weights mine.safetensors --size 384", "at another input size"],
    ],
    options: ["weights", "arch", "size", "json", "quiet", "debug", "version", "help"],
    run: async (host, values) => (await import("./commands/layers.js")).runLayers(host, values),
  },
  methods: {
    summary: "the methods there are, for --method",
    usage: "gradlens methods [--json]",
    examples: [["gradlens methods", "names, and the papers they come from"]],
    options: ["json", "debug", "version", "help"],
    run: async (host, values) => (await import("./commands/methods.js")).runMethods(host, values),
  },
  adapters: {
    summary: "the WebGPU adapters there are, for --adapter",
    usage: "gradlens adapters [--json]",
    examples: [["gradlens adapters", "names and kinds"]],
    options: ["json", "debug", "version", "help"],
    run: async (host, values) => (await import("./commands/adapters.js")).runAdapters(host, values),
  },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof COMMANDS;

export const COMMAND_NAMES = Object.keys(COMMANDS) as CommandName[];

/** What is run where no command is named. */
export const DEFAULT_COMMAND: CommandName = "cam";
