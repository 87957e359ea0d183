/** @file `--weights` that name a folder, or one of several files: what is read, and what makes it this checkpoint. */

import { copyFileSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { checkWeights, hashFiles } from "../../src/cli/inputs/weights.js";
import { temporaryFolder } from "./fake.js";

const DATA = fileURLToPath(new URL("../data/", import.meta.url));
const WEIGHTS = join(DATA, "checkpoints/chexnet.safetensors");

const check = (folder: string, name: string) =>
  checkWeights({ path: join(folder, name), shown: name, folder: "results" });

function folderWith(...names: string[]): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "model"));
  for (const name of names) writeFileSync(join(folder, "model", name), "");
  return folder;
}

it.each([
  [["config.json", "model.safetensors"], "model.safetensors"],
  [["config.json", "pytorch_model.bin", "training_args.bin"], "pytorch_model.bin"],
  [["model-00001-of-00002.safetensors", "model.safetensors.index.json"], "model.safetensors.index.json"],
  [["__0_0.distcp", "__1_0.distcp", ".metadata"], ".metadata"],
])("--weights finds in a folder of %j its %s", async (names, file) => {
  const folder = folderWith(...names);
  const path = join(folder, "model", file);
  expect(await check(folder, "model")).toEqual({
    path,
    shown: join("model", file),
    folder: "results",
  });
});

it("--weights of a distributed checkpoint's file means its .metadata", async () => {
  const folder = folderWith("__0_0.distcp", ".metadata");
  expect(await check(folder, "model/__0_0.distcp")).toMatchObject({ shown: join("model", ".metadata") });
});

it.each([
  [["best.pth", "last.pth", "log.txt"], /name the file in it, as best\.pth or last\.pth$/],
  [
    ["model.safetensors", "pytorch_model.bin"],
    /name the file in it, as model\.safetensors or pytorch_model\.bin$/,
  ],
  [["log.txt"], /this is a folder; name the file in it$/],
  [
    ["data.pkl", "data", "version"],
    /an unpacked torch\.save file; pack it again: cd .* && zip -0 -r w\.pth model$/,
  ],
  [
    ["zero_to_fp32.py", "latest"],
    /a DeepSpeed checkpoint; join it: cd .* && python zero_to_fp32\.py \. pytorch_model\.bin$/,
  ],
  [["saved_model.pb"], /this is a TensorFlow SavedModel; supported are/],
  [["_CHECKPOINT_METADATA", "d"], /this is a JAX checkpoint \(Orbax\); supported are/],
])("--weights refuses a folder of %j", async (names, line) => {
  await expect(check(folderWith(...names), "model")).rejects.toMatchObject({
    code: "bad-file",
    message: expect.stringMatching(line) as string,
  });
});

it("the hash of weights is that of one file, and covers each of several", async () => {
  const folder = temporaryFolder();
  copyFileSync(WEIGHTS, join(folder, "a"));
  cpSync(join(DATA, "containers/dcp-2"), join(folder, "dcp"), { recursive: true });
  const parts = [".metadata", "__0_0.distcp"].map((name) => join(folder, "dcp", name));
  const [one, both] = [await hashFiles([join(folder, "a")]), await hashFiles(parts)];
  expect(one).toBe(await hashFiles([WEIGHTS]));
  writeFileSync(parts[1]!, "changed");
  expect(await hashFiles(parts)).not.toBe(both);
  expect(await hashFiles(parts.slice(0, 1))).not.toBe(both);
});
