/** @file A checkpoint that does not fit its model is an error that says what is wrong and what to do: never a random weight. */

import { GradlensError } from "../errors.js";
import { quoted } from "./quoted.js";
import { HEAD_NAME } from "./key-prefix.js";
import { ANY, type KeyReport } from "./match-keys.js";

export interface FitContext {
  /** The file's name. */
  readonly file: string;
  readonly arch: string;
  /** Another architecture whose keys these are; asked for only where they are not `arch`'s. */
  readonly otherArch?: () => string | undefined;
}

const shapeText = (shape: readonly number[]): string =>
  `[${shape.map((n) => (n === ANY ? "any" : n)).join(", ")}]`;

const firstFew = (keys: readonly string[]): string =>
  keys.slice(0, 3).map(quoted).join(", ") + (keys.length > 3 ? `, and ${keys.length - 3} more` : "");

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

/**
 * Makes sure that every parameter of the model was found, once and in its shape.
 * @throws GradlensError "bad-weights", one line with the likely cause
 */
export function requireComplete(report: KeyReport, { file, arch, otherArch }: FitContext): void {
  const { missing, mismatched, ambiguous } = report;
  if (missing.length + mismatched.length + ambiguous.length === 0) return;
  const problems: string[] = [];
  if (missing.length > 0) problems.push(`${count(missing.length, "key")} missing (${firstFew(missing)})`);
  if (mismatched.length > 0) {
    const [{ from, expected, found }] = mismatched as [(typeof mismatched)[number]];
    const rest = mismatched.length > 1 ? `, and ${mismatched.length - 1} more` : "";
    problems.push(
      `${count(mismatched.length, "tensor")} of another shape (${quoted(from)} is ${shapeText(found)}, the model's is ${shapeText(expected)}${rest})`,
    );
  }
  if (ambiguous.length > 0) {
    const [{ key, from }] = ambiguous as [(typeof ambiguous)[number]];
    problems.push(`several tensors could be ${quoted(key)} (${firstFew(from)})`);
  }
  throw new GradlensError(
    "bad-weights",
    `${file} does not fit ${arch}: ${problems.join("; ")}. ${likelyCause(report, arch, otherArch?.())}`,
  );
}

function likelyCause(report: KeyReport, arch: string, other: string | undefined): string {
  if (other !== undefined) return `These keys are ${other}'s: try --arch ${other}`;
  const { missing, mismatched, ambiguous, used, unused } = report;
  if (used.length === 0) {
    const has =
      unused.length > 0
        ? `its ${count(unused.length, "key")} begin with ${firstFew(unused)}`
        : "it holds no tensors";
    return `None of its keys is ${arch}'s (${has}): name its architecture with --arch`;
  }
  const isHead = (key: string) => HEAD_NAME.test(key.split(".").slice(0, -1).join("."));
  if (ambiguous.length > 0)
    return `Its head has several layers, ${arch}'s has one: only a single Linear can be read`;
  if (missing.length > 0 && missing.every(isHead)) {
    return "It has no head, so it is a backbone only: give the file that was saved after fine-tuning";
  }
  if (missing.length > 0 && mismatched.length === 0 && unused.length === 0) {
    return "The file holds only a part of the model: give the file that holds all of it";
  }
  if (missing.length === 0 && mismatched.every(({ key }) => isHead(key))) {
    return "Its head is for another number of classes";
  }
  return `It is of another architecture, or a changed ${arch}: name the right one with --arch`;
}
