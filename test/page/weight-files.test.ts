/** @file Which of the files given to the engine are weights, in which order they are opened, and what counts beside them. */

import { expect, it } from "vitest";
import { readCheckpoint } from "../../src/checkpoint/read-checkpoint.js";
import { writeSafetensors } from "../../src/checkpoint/write-safetensors.js";
import { weightFilesOf } from "../../src/web/engine/files.js";

const json = (name: string, value: unknown): File => new File([JSON.stringify(value)], name);
const weights = async (name: string, tensor = "w"): Promise<File> => {
  const bytes = (): Uint8Array => new Uint8Array(4);
  const all = await writeSafetensors([{ name: tensor, dtype: "F32", shape: [1], byteLength: 4, bytes }]);
  return new File([Uint8Array.from(all)], name);
};
const config = json("config.json", { architectures: ["ResNetForImageClassification"], hidden_act: "relu" });
const preprocessor = json("preprocessor_config.json", { image_mean: [0.5, 0.5, 0.5], image_std: [1, 1, 1] });

it("the engine reads config.json and preprocessor_config.json beside weights of the usual names", async () => {
  const file = await weights("model.safetensors");
  const { source, opened } = await weightFilesOf([config, file, preprocessor]);
  const { facts } = await readCheckpoint(source);
  expect(Object.fromEntries(facts)).toMatchObject({
    "config.hidden_act": "relu",
    "preprocessor.image_mean": [0.5, 0.5, 0.5],
  });
  expect(opened).toEqual([file]);
});

it("the engine finds no settings beside weights alone", async () => {
  const { source } = await weightFilesOf([await weights("model.safetensors")]);
  expect((await readCheckpoint(source)).facts.size).toBe(0);
});

it("the engine refuses config.json beside weights of another name, and without weights", async () => {
  const other = await weights("mine.safetensors");
  await expect(weightFilesOf([other, config])).rejects.toThrow(
    /^config\.json goes with weights called .* not with mine\.safetensors: rename the weights/,
  );
  await expect(weightFilesOf([config])).rejects.toThrow("no weights file is given");
});

it("the engine refuses a config.json that is no JSON", async () => {
  const broken = new File(["{"], "config.json");
  const { source } = await weightFilesOf([await weights("model.safetensors"), broken]);
  await expect(readCheckpoint(source)).rejects.toThrow("config.json: it is not valid JSON");
});

it("the engine orders the files of a model in parts as the command does: the index, then its parts", async () => {
  const parts = await Promise.all(["b", "a"].map((name) => weights(`${name}.safetensors`, name)));
  const index = json("model.safetensors.index.json", {
    weight_map: { a: "a.safetensors", b: "b.safetensors" },
  });
  const { source, openSibling, opened } = await weightFilesOf([...parts, index]);
  await readCheckpoint(source, { openSibling });
  expect(opened.map(({ name }) => name)).toEqual([
    "model.safetensors.index.json",
    "a.safetensors",
    "b.safetensors",
  ]);
});
