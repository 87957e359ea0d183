/** @file Options of a run: adapter, memory, output on the terminal; of commands about checkpoints; and others. */

import { LANGUAGES } from "../../language/languages.js";
import type { OptionSpec } from "../kinds.js";

export const RUNNING_ROWS = {
  adapter: {
    kind: "text",
    value: "WHICH",
    help: "auto, gpu, gpu:NAME, system or embedded (see gradlens adapters)",
    defaultWords: "$GRADLENS_ADAPTER, else auto",
  },
  batchSize: {
    kind: "integer",
    min: 1,
    max: 65_536,
    value: "N",
    help: "pictures or masks in one run of the model, where a method needs many",
  },
  memory: {
    kind: "bytes",
    value: "BYTES",
    help: "GPU memory on top of the weights for methods of many runs, as 500M",
    defaultWords: "no bound",
  },
  boundsChecks: {
    kind: "choice",
    choices: ["auto", "on", "off"],
    help: "the driver's own checks of array indexes",
    default: "auto",
    defaultWords: "auto: the faster one that is safe on the adapter",
  },
  profile: { kind: "flag", help: "print where the GPU's time went", typedOnly: true },
  quiet: { kind: "flag", short: "q", help: "print errors only", typedOnly: true },
  verbose: {
    kind: "flag",
    short: "v",
    help: "print all that is known: assumptions, notes, every file and score",
    typedOnly: true,
  },
  lang: {
    kind: "choice",
    choices: LANGUAGES,
    help: "language of messages: English or Chinese",
    defaultWords: "the system's: LC_ALL, LC_MESSAGES, LANG",
    typedOnly: true,
  },
  debug: { kind: "flag", help: "show stack traces", typedOnly: true },
} as const satisfies Record<string, OptionSpec>;

export const CHECKPOINT_ROWS = {
  stats: {
    kind: "flag",
    help: "read every tensor: least, greatest and mean value; counts of NaN and infinite ones",
    typedOnly: true,
  },
  dtype: {
    kind: "choice",
    choices: ["f16", "bf16", "f32"],
    help: "element type of all float tensors; integers stay as they are",
    defaultWords: "as in the file",
    typedOnly: true,
  },
} as const satisfies Record<string, OptionSpec>;

export const OTHER_ROWS = {
  useCuda: { kind: "flag", help: "accepted for pytorch-grad-cam's sake", typedOnly: true },
  device: {
    kind: "text",
    value: "NAME",
    help: "accepted for pytorch-grad-cam's sake; see --adapter",
    typedOnly: true,
  },
  version: { kind: "flag", short: "V", help: "print the version", typedOnly: true },
  help: { kind: "flag", short: "h", help: "print this", typedOnly: true },
} as const satisfies Record<string, OptionSpec>;
