/** @file Cases that PyTorch and pytorch-grad-cam computed just now (`npm run test:torch`): sizes, layers, weights drawn at random. */

import { readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { afterAll, expect, it } from "vitest";
import { checkCase, deviations, loadCase, openTestGpu } from "../parity/harness.js";

const folder = process.env["GRADLENS_TORCH_CASES"] ?? "";
const names = readdirSync(folder).flatMap((file) => /^(.*)\.safetensors$/.exec(file)?.[1] ?? []);

it("has cases", () => expect(names).not.toHaveLength(0));

it.each(names)("%s", async (name) => {
  const gpu = await openTestGpu();
  const loaded = await loadCase(name, gpu, pathToFileURL(`${folder}/`));
  try {
    await checkCase(loaded);
  } finally {
    loaded.model.dispose();
    gpu.dispose();
  }
});

afterAll(() => {
  const lines = [...deviations].map(([kind, worst]) => `${kind.padEnd(24)} ${worst.toExponential(1)}`);
  process.stdout.write(
    `${["largest deviations, tensors relative to their largest value:", ...lines].join("\n")}\n`,
  );
});
