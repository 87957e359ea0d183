/** @file A command line made of option values is parsed to the same values. */

import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { parseArguments } from "../../src/cli/options/parse.js";
import { argumentsOf, commandLine } from "../../src/options/command-line.js";
import { OPTION_NAMES, specOf, type OptionName, type OptionValues } from "../../src/options/table.js";

const parse = (words: readonly string[]): OptionValues => parseArguments(words, "cam", OPTION_NAMES).values;

/** A value of each option, other than its default. */
function exampleOf(name: OptionName): unknown {
  const spec = specOf(name);
  switch (spec.kind) {
    case "flag":
      return spec.default !== true;
    case "texts":
      return ["a b.pth", "it's.pth"];
    case "list":
      return ["json", "csv"];
    case "numbers":
      return [0.25, 40];
    case "size":
      return [320, 256];
    case "choice":
      return spec.choices.at(-1);
    case "integer":
      return Math.max(spec.min, 3);
    case "number":
      return Math.max(spec.min, 0.5);
    case "bytes":
      return 500_000_000;
    case "threshold":
      return "p95";
    case "text":
    case "words":
      return "a $b";
  }
}

it.each(OPTION_NAMES)("the command line is parsed to the values it was made of: %s", (name) => {
  const values = { [name]: exampleOf(name) } as OptionValues;
  expect(parse(argumentsOf(values))).toEqual(values);
});

it("a shell reads the printed command line as the same words", () => {
  const values = {
    weights: ["my model's.pth"],
    image: ["a b.png"],
    method: ["gradcam++"],
    target: ["tiger cat"],
  };
  const words = execFileSync(
    "sh",
    ["-c", `printf '%s\\n' ${commandLine(values).replace(/^gradlens cam /, "")}`],
    {
      encoding: "utf8",
    },
  );
  expect(words.trimEnd().split("\n")).toEqual(argumentsOf(values));
});

it("the command line leaves out switches at their default", () => {
  expect(argumentsOf({ relu: true, npy: false, alpha: 0.25 })).toEqual(["--alpha", "0.25"]);
});
