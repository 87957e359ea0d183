/** @file Renaming keys: alternatives, order, and where it stops. */

import { expect, test } from "vitest";
import { renameKey } from "../../src/checkpoint/rename-key.js";

const RULES = [
  { name: "a table", pattern: /^head(?=\.)/, replacement: "head.fc" },
  { name: "a table", pattern: /^(?:head|fc)\./, replacement: "head." },
  { name: "an old head", pattern: /^head\.\d+\./, replacement: "head." },
];

test("only the first rule of a name that fits is applied", () => {
  expect(renameKey("head.weight", RULES)).toEqual({ key: "head.fc.weight", rules: ["a table"] });
});

test("rules of another name are applied to the result of earlier ones", () => {
  expect(renameKey("fc.1.weight", RULES)).toEqual({ key: "head.weight", rules: ["a table", "an old head"] });
});

test("a key of the model's own stays as it is", () => {
  const isOwn = (key: string): boolean => key === "head.1.weight";
  expect(renameKey("head.1.weight", RULES, isOwn)).toEqual({ key: "head.1.weight", rules: [] });
  expect(renameKey("fc.1.weight", RULES, isOwn)).toEqual({ key: "head.1.weight", rules: ["a table"] });
});
