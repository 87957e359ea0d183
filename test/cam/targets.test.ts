/** @file Reading of target specs, and scores. */

import { describe, expect, test } from "vitest";
import { GradlensError } from "../../src/errors.js";
import { scoresOf } from "../../src/cam/scores.js";
import {
  chooseTargets,
  numericTargetNotes,
  parseTargets,
  type TargetChoice,
  type TargetSpec,
} from "../../src/cam/request/targets.js";

const labels = ["Mass", "Pleural_Thickening", "Hernia", "tabby, tabby cat", "crane", "crane", "No Finding"];
const logits = Float32Array.of(-1, 2, 0.5, 3, -4, 2, 0);
const scores = scoresOf(logits, "sigmoid");
const indices = (spec?: TargetSpec, withLabels = true): number[] =>
  parseTargets(spec, { logits, scores, labels: withLabels ? labels : undefined }).map((t) => t.index);

function refusal(spec: TargetSpec, withLabels = true): string {
  try {
    indices(spec, withLabels);
  } catch (error) {
    expect(error).toBeInstanceOf(GradlensError);
    expect((error as GradlensError).code).toBe("bad-argument");
    expect((error as GradlensError).message).not.toContain("\n");
    return (error as GradlensError).message;
  }
  throw new Error("was not refused");
}

describe("parseTargets", () => {
  test("parseTargets without a target chooses the highest logit", () => expect(indices()).toEqual([3]));

  test("a parsed target carries label, logit and score", () => {
    expect(parseTargets(1, { logits, scores, labels })).toEqual([
      { index: 1, label: "Pleural_Thickening", logit: 2, score: scores[1] },
    ]);
    expect(parseTargets("1", { logits, scores })).toEqual([{ index: 1, logit: 2, score: scores[1] }]);
  });

  test.each<[TargetSpec, number[]]>([
    [5, [5]],
    ["0", [0]],
    ["top3", [3, 1, 5]],
    ["TOP1", [3]],
    ["top99", [3, 1, 5, 2, 6, 0, 4]],
    ["above:0.5", [3, 1, 5, 2]],
    ["above: .99", []],
    ["above:1e-1", [3, 1, 5, 2, 6, 0]],
    ["all", [0, 1, 2, 3, 4, 5, 6]],
    ["6, Hernia,0", [6, 2, 0]],
    ["top2,1,3", [3, 1]],
    [
      ["Mass", 4, "top1"],
      [0, 4, 3],
    ],
    ["Hernia", [2]],
    ["hernia", [2]],
    ["pleural thickening", [1]],
    ["no-finding", [6]],
    ["tabby, tabby cat", [3]],
    ["Hernia,tabby,tabby cat,Mass", [2, 3, 0]],
    ["Tabby Cat", [3]],
    [[], []],
  ])("parseTargets reads %j", (spec, expected) => expect(indices(spec)).toEqual(expected));

  test("parseTargets refuses an index out of range, and names the range", () => {
    expect(refusal(7)).toMatch(/target 7 .*0 to 6/);
    expect(refusal("-1")).toMatch(/target -1 .*0 to 6/);
    expect(refusal(1.5)).toMatch(/target 1.5 /);
    expect(refusal(NaN)).toMatch(/NaN/);
  });

  test("parseTargets refuses an unknown target with a suggestion and the forms of a target", () => {
    expect(refusal("Hernai")).toMatch(/unknown target "Hernai": did you mean Hernia\?/);
    expect(refusal("pleural_thickning")).toMatch(/did you mean Pleural_Thickening\?/);
    expect(refusal("above;0.7")).toMatch(
      /did you mean above:0.5\? .*a class index, a label, topN, above:P or all/,
    );
    expect(refusal("Hernia", false)).toMatch(
      /^unknown target "Hernia": the model has no labels; give them by --labels FILE, or a class index, topN/,
    );
    expect(refusal("Giraffe")).toMatch(
      /^unknown target "Giraffe": the labels are Mass, [^()]*; a target is a class index/,
    );
    const many = Array.from({ length: 1000 }, (_, i) => `name${i}`);
    expect(() => parseTargets("Giraffe", { logits, scores, labels: many })).toThrow(
      /the labels are name0, [^()]*, name7 and 992 more; a target is a class index, a label, topN, above:P or all; /,
    );
    expect(refusal("tpo3", false)).toMatch(/did you mean top3\? \(the model has no labels/);
    expect(refusal("None")).toMatch(/without a target the highest logit is explained: leave it out$/);
  });

  test("parseTargets refuses an ambiguous label, and lists its indexes", () =>
    expect(refusal("crane")).toMatch(/4, 5/));

  test.each(["", "1,,2", "top", "top0", "top-1", "above:", "above:x", "above", "allx"])(
    "parseTargets refuses %j",
    (spec) => {
      expect(refusal(spec)).toContain(`"${spec}"`);
    },
  );
});

describe("labels that are numbers", () => {
  // ImageFolder's order of the folders 0, 1, 2, 10, 100.
  const digits = ["0", "1", "10", "100", "2"];
  const of = (spec: TargetSpec): number[] =>
    parseTargets(spec, { logits: logits.slice(0, 5), scores: scores.slice(0, 5), labels: digits }).map(
      ({ index }) => index,
    );

  test.each<[TargetSpec, number[], RegExp[]]>([
    ["1", [1], []],
    ["2", [2], [/^target 2 is the index 2, whose label is "10"; the label "2" is label:2$/]],
    ["10", [2], [/^target 10 is the label "10" \(index 2\): index 10 does not exist$/]],
    ["label:2", [4], []],
    ["Label: 10, index:4", [2, 4], []],
    ["index:2", [2], []],
    [
      ["100", "2"],
      [3, 2],
      [/^target 100 is the label/, /^target 2 is the index 2/],
    ],
    [4, [4], []],
  ])("labels that are numbers: parseTargets reads %j", (spec, expected, notes) => {
    expect(of(spec)).toEqual(expected);
    expect(numericTargetNotes(spec, digits)).toEqual(
      notes.map((note) => expect.stringMatching(note) as string),
    );
  });

  test("a number that is neither label nor index is out of range, and a program's number is no label", () => {
    expect(() => of("7")).toThrow(/target 7 is out of range/);
    expect(() => of(10)).toThrow(/target 10 is out of range/);
    expect(() => of("index:10")).toThrow(/target 10 is out of range/);
    expect(() => of("label:7")).toThrow(/unknown target "label:7"/);
  });

  test("a label's exact words win over its other spellings", () => {
    const odd = ["label:2", "2", "a, b"];
    const at = (spec: string): number | undefined =>
      parseTargets(spec, { logits: logits.slice(0, 3), scores, labels: odd })[0]?.index;
    expect(at("label:2")).toBe(0);
    expect(at("label:a, b")).toBe(2);
    expect(numericTargetNotes("2", undefined)).toEqual([]);
  });
});

describe("scoresOf", () => {
  test("softmax scores sum to 1 and do not overflow", () => {
    expect([...scoresOf(Float32Array.of(1000, 1000, -1000), "softmax")]).toEqual([0.5, 0.5, 0]);
    const p = scoresOf(Float32Array.of(1, 2, 3), "softmax");
    expect(p[2]! / p[0]!).toBeCloseTo(Math.exp(2), 5);
    expect(p.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
  });

  test("sigmoid scores are right at both ends", () => {
    const [low, middle, high, one] = scoresOf(Float32Array.of(-500, 0, 500, 1), "sigmoid");
    expect([low, middle, high]).toEqual([0, 0.5, 1]);
    expect(one).toBeCloseTo(1 / (1 + Math.exp(-1)), 7);
  });

  test("scores without activation are a copy of the logits", () => {
    expect(scoresOf(logits, "none")).toEqual(logits);
    expect(scoresOf(logits, "none")).not.toBe(logits);
  });
});

describe("chooseTargets", () => {
  const chosen = (choice: TargetChoice, activation: "sigmoid" | "none" = "sigmoid"): number[] =>
    chooseTargets(choice, { logits, scores, labels, activation }).map((target) => target.index);

  test.each<[TargetChoice, number[]]>([
    [{}, [3]],
    [{ targets: "Mass,Hernia" }, [0, 2]],
    [{ top: 3 }, [3, 1, 5]],
    [{ top: 99 }, [3, 1, 5, 2, 6, 0, 4]],
    [{ top: 2, targets: "Mass,0,Hernia,6" }, [2, 6]],
    // The score of 0 is exactly a half.
    [{ minProbability: 0.5 }, [3, 1, 5, 2, 6]],
    [{ minProbability: 0 }, [3, 1, 5, 2, 6, 0, 4]],
    [{ minProbability: 0.6, targets: ["Mass", "Hernia", 3] }, [2, 3]],
    [{ minProbability: 0.6, top: 2 }, [3, 1]],
    [{ minProbability: 0.99 }, []],
    [{ minProbability: 0.99, targets: "Mass", top: 1 }, []],
  ])("chooseTargets selects by %j", (choice, expected) => expect(chosen(choice)).toEqual(expected));

  test("chooseTargets orders by logit where there is no activation, and refuses probabilities", () => {
    expect(chosen({ top: 1 }, "none")).toEqual([3]);
    expect(() => chosen({ minProbability: 0.5 }, "none")).toThrow(/not probabilities.*--activation/);
  });

  test.each<[TargetChoice, RegExp]>([
    [{ top: 0 }, /^top 0: a whole number/],
    [{ top: 1.5 }, /^top 1.5: a whole number/],
    [{ minProbability: 1.5 }, /^min probability 1.5: a number from 0 to 1/],
    [{ minProbability: NaN }, /^min probability NaN: a number from 0 to 1/],
  ])("chooseTargets refuses %j", (choice, words) => {
    expect(() => chosen(choice)).toThrow(words);
    expect(() => chosen(choice)).toThrow(GradlensError);
  });
});
