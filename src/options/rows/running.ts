/** @file Options of a run: adapter, memory, output on the terminal; of checkpoints; accepted for other programs. */

import { LANGUAGES } from "../../language/languages.js";
import type { OptionSpec } from "../kinds.js";

export const RUNNING_ROWS = {
  adapter: {
    kind: "text",
    value: "WHICH",
    group: "Running",
    help: "auto, gpu, gpu:NAME, system or embedded (see gradlens adapters)",
    defaultWords: "$GRADLENS_ADAPTER, else auto",
  },
  batchSize: {
    kind: "integer",
    min: 1,
    max: 65_536,
    value: "N",
    group: "Running",
    help: "pictures or masks in one run of the model, where a method needs many",
  },
  memory: {
    kind: "bytes",
    value: "BYTES",
    group: "Running",
    help: "GPU memory on top of the weights for methods of many runs, as 500M",
    defaultWords: "no bound",
  },
  boundsChecks: {
    kind: "choice",
    choices: ["auto", "on", "off"],
    group: "Running",
    help: "the driver's own checks of array indexes",
    default: "auto",
    defaultWords: "auto: the faster one that is safe on the adapter",
  },
  profile: { kind: "flag", group: "Running", help: "print where the GPU's time went", typedOnly: true },
  quiet: { kind: "flag", short: "q", group: "Running", help: "print errors only", typedOnly: true },
  verbose: {
    kind: "flag",
    short: "v",
    group: "Running",
    help: "print all that is known: assumptions, notes, every file and score",
    typedOnly: true,
  },
  lang: {
    kind: "choice",
    choices: LANGUAGES,
    group: "Running",
    help: "language of messages: English or Chinese",
    defaultWords: "the system's: LC_ALL, LC_MESSAGES, LANG",
    typedOnly: true,
  },
  debug: { kind: "flag", group: "Running", help: "show stack traces", typedOnly: true },
  stats: {
    kind: "flag",
    group: "Checkpoints",
    help: "read every tensor: least, greatest and mean value; counts of NaN and infinite ones",
    typedOnly: true,
  },
  dtype: {
    kind: "choice",
    choices: ["f16", "bf16", "f32"],
    group: "Checkpoints",
    help: "element type of all float tensors; integers stay as they are",
    defaultWords: "as in the file",
    typedOnly: true,
  },
  useCuda: { kind: "flag", group: "Other", help: "accepted for pytorch-grad-cam's sake", typedOnly: true },
  device: {
    kind: "text",
    value: "NAME",
    group: "Other",
    help: "accepted for pytorch-grad-cam's sake; see --adapter",
    typedOnly: true,
  },
  version: { kind: "flag", short: "V", group: "Other", help: "print the version", typedOnly: true },
  help: { kind: "flag", short: "h", group: "Other", help: "print this", typedOnly: true },
} as const satisfies Record<string, OptionSpec>;
