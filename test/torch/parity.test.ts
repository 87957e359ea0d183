/** @file Cases that PyTorch and pytorch-grad-cam computed just now (`npm run test:torch`): sizes, layers, weights drawn at random. */

import { readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { afterAll, expect, it } from "vitest";
import { checkOnDevice, deviations } from "../end-to-end/harness.js";

const folder = process.env["GRADLENS_TORCH_CASES"] ?? "";
const names = readdirSync(folder).flatMap((file) => /^(.*)\.safetensors$/.exec(file)?.[1] ?? []);

it("test:torch has made cases", () => expect(names).not.toHaveLength(0));

/** Many methods and targets on software adapters. */
const TIMEOUT = 600_000;

it.each(names)(
  "fresh case %s on the device: tensors and maps are PyTorch's",
  (name) => checkOnDevice(name, { folder: pathToFileURL(`${folder}/`), beside: [0, 1] }),
  TIMEOUT,
);

afterAll(() => {
  const lines = [...deviations].map(
    ([kind, { worst, name }]) => `${kind.padEnd(24)} ${worst.toExponential(1)}  ${name}`,
  );
  process.stdout.write(
    `${["largest deviations, tensors relative to their largest value:", ...lines].join("\n")}\n`,
  );
});
