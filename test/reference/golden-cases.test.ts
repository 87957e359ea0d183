/** @file The tables of golden cases name every case that test/data holds. */

import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { readTensors } from "./golden.js";
import { GOLDEN_CASES, MODEL_CASES, PERTURBATION_CASES } from "./golden-cases.js";

const DATA = new URL("../data/", import.meta.url);

test("every golden file has a row in GOLDEN_CASES", () => {
  const files = readdirSync(new URL("golden", DATA)).filter((file) => file.endsWith(".safetensors"));
  const names = files.map((file) => file.replace(/\.safetensors$/, ""));
  expect(Object.keys(GOLDEN_CASES).sort()).toEqual(names.sort());
});

test.each([
  ["models", "MODEL_CASES", MODEL_CASES],
  ["perturbation", "PERTURBATION_CASES", PERTURBATION_CASES],
])("every case of %s.safetensors has a row in %s", (file, _, rows) => {
  const { metadata } = readTensors(new URL(`${file}.safetensors`, DATA));
  const cases = JSON.parse(metadata["cases"]!) as object;
  expect(Object.keys(rows).sort()).toEqual(Object.keys(cases).sort());
});
