/** @file What `npm run bench` may be told, and what its commands share. */

import type { AdapterChoice } from "../src/node/open-device.js";
import { ADAPTER, countOf, fail, readArguments } from "./arguments.js";

const COMMANDS = {
  cases: "every model: forward pass, backward pass, Grad-CAM (without a command)",
  methods: "what each method costs, in forward passes and memory",
  "scorecam-memory": "Score-CAM within three budgets of memory",
} as const;

const { values, command: named } = readArguments({
  line: "npm run bench -- [COMMAND] [OPTIONS]",
  commands: COMMANDS,
  options: {
    only: {
      type: "string",
      default: "",
      value: "PATTERN",
      help: "cases whose names match, as densenet121@224",
    },
    json: { type: "boolean", default: false, help: "one object a line on stdout" },
    rounds: { type: "string", default: "5", value: "N", help: "runs of each case" },
    adapter: ADAPTER,
    seconds: {
      type: "string",
      default: "40",
      value: "N",
      help: "methods: how long measuring a model should take, once each case ran",
    },
    torch: { type: "boolean", default: false, help: "methods: pytorch-grad-cam beside it" },
    plot: { type: "string", value: "FILE", help: "methods: an SVG to write" },
    from: {
      type: "string",
      value: "FILE",
      help: "methods: lines of an earlier --json run, instead of measuring",
    },
    "top-channels": { type: "string", default: "24", value: "N|all", help: "scorecam-memory: channels" },
  },
});

export type CommandName = keyof typeof COMMANDS;

export const command = named as CommandName;

export const options = {
  only: patternOf(values.only),
  json: values.json,
  rounds: countOf(values.rounds, "rounds"),
  adapter: values.adapter as AdapterChoice,
  /** methods: what measuring one model should take, in seconds, once each case ran. */
  seconds: countOf(values.seconds, "seconds"),
  /** methods: measure pytorch-grad-cam instead, beside ours. */
  torch: values.torch,
  /** methods: an SVG to write. */
  plot: values.plot,
  /** methods: lines of an earlier --json run, instead of measuring. */
  from: values.from,
  /** scorecam-memory: undefined for all. */
  topChannels: values["top-channels"] === "all" ? undefined : countOf(values["top-channels"], "top-channels"),
};

export type Options = typeof options;

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    return fail(`--only ${text}: ${(error as Error).message}`);
  }
}
