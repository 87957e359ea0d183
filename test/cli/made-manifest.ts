/** @file What tests of `gradlens cam` share: the usual command, and manifests that the schema allows. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect } from "vitest";
import type { Manifest } from "../../src/results/manifest.js";
import schema from "../../src/results/manifest.schema.json" with { type: "json" };

export const MINE = ["cam", "--weights", "weights.safetensors", "--image", "x.png"];
export const DIR = "out/x/weights";

const validate = new Ajv({ allErrors: true, strictTuples: false }).compile(schema);

export function manifestIn(folder: string, dir = DIR): Manifest {
  const manifest = JSON.parse(readFileSync(join(folder, dir, "manifest.json"), "utf8")) as Manifest;
  expect(validate(manifest), JSON.stringify(validate.errors)).toBe(true);
  return manifest;
}
