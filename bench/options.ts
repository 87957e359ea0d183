/** @file What `npm run bench` may be told, and what its commands share. */

import { parseArgs } from "node:util";
import type { AdapterChoice } from "../src/node/open-device.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string", default: "" },
    json: { type: "boolean", default: false },
    rounds: { type: "string", default: "5" },
    adapter: { type: "string", default: process.env["GRADLENS_ADAPTER"] ?? "auto" },
    seconds: { type: "string", default: "40" },
    torch: { type: "boolean", default: false },
    plot: { type: "string" },
    from: { type: "string" },
    "top-channels": { type: "string", default: "24" },
  },
});

export const command = positionals[0] ?? "cases";

export const options = {
  only: new RegExp(values.only),
  json: values.json,
  rounds: Number(values.rounds),
  adapter: values.adapter as AdapterChoice,
  /** methods: what measuring one model should take, in seconds, once each case ran. */
  seconds: Number(values.seconds),
  /** methods: measure pytorch-grad-cam instead, beside ours. */
  torch: values.torch,
  /** methods: an SVG to write. */
  plot: values.plot,
  /** methods: lines of an earlier --json run, instead of measuring. */
  from: values.from,
  /** scorecam-memory: "all" or how many. */
  topChannels: values["top-channels"] === "all" ? undefined : Number(values["top-channels"]),
};

export type Options = typeof options;
