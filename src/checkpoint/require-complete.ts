/** @file Refuses a checkpoint that does not fit its model, with the likely cause: no weight is ever made up. */

import { badWeights } from "../errors.js";
import { isMatrix } from "./find-head.js";
import { quote } from "./quote.js";
import { ANY, isComplete, type KeyReport } from "./match-keys.js";
import { countText, say } from "../language/say.js";

export interface FitContext {
  readonly file: string;
  readonly arch: string;
  /** Path of the model's head, such as "classifier". */
  readonly head: string;
  /** Another architecture that has these keys. Called only if they do not fit `arch`. */
  readonly otherArch?: () => string | undefined;
}

const shapeText = (shape: readonly number[]): string =>
  `[${shape.map((n) => (n === ANY ? "any" : n)).join(", ")}]`;

const firstFew = (texts: readonly string[]): string =>
  texts.slice(0, 3).join(", ") + (texts.length > 3 ? say`, and ${texts.length - 3} more` : "");

type Foreign = KeyReport["foreign"];

const withShape = ({ key, shape }: Foreign[number]): string => `${quote(key)} ${shapeText(shape)}`;

/**
 * Requires that every parameter of the model was found, once and in its shape, and that no other tensor could change the output.
 * @throws GradlensError "bad-weights", one line with the likely cause
 */
export function requireComplete(report: KeyReport, context: FitContext): void {
  if (isComplete(report)) return;
  const { missing, mismatched, ambiguous, foreign } = report;
  const { file, arch } = context;
  const problems: string[] = [];
  if (missing.length > 0)
    problems.push(say`${countText(missing.length, "key")} missing (${firstFew(missing.map(quote))})`);
  if (mismatched.length > 0) {
    const [{ from, expected, found }] = mismatched as [(typeof mismatched)[number]];
    const rest = mismatched.length > 1 ? say`, and ${mismatched.length - 1} more` : "";
    problems.push(
      say`${countText(mismatched.length, "tensor")} of another shape (${quote(from)} is ${shapeText(found)}, the model's is ${shapeText(expected)}${rest})`,
    );
  }
  if (ambiguous.length > 0) {
    const [{ key, from }] = ambiguous as [(typeof ambiguous)[number]];
    problems.push(say`several tensors could be ${quote(key)} (${firstFew(from.map(quote))})`);
  }
  if (foreign.length > 0)
    problems.push(
      say`${countText(foreign.length, "tensor")} that ${arch} lacks (${firstFew(foreign.map(withShape))})`,
    );
  throw badWeights(
    say`${file} does not fit ${arch}: ${problems.join("; ")}. ${likelyCause(report, context)}`,
  );
}

function likelyCause(report: KeyReport, context: FitContext): string {
  const { arch, head } = context;
  const other = context.otherArch?.();
  if (other !== undefined) return say`These keys are ${other}'s: try --arch ${other}`;
  const { missing, mismatched, ambiguous, used, foreign } = report;
  if (used.length === 0) {
    const has =
      foreign.length > 0
        ? say`its ${countText(foreign.length, "key")} begin with ${firstFew(foreign.map(({ key }) => quote(key)))}`
        : say`it holds no tensors`;
    return say`None of its keys is ${arch}'s (${has}): name its architecture with --arch`;
  }
  const isHead = (key: string) => key.startsWith(`${head}.`);
  if (ambiguous.length > 0 || hasDeeperHead(report, head))
    return say`Its head has several layers that are not a Sequential of Linear, BatchNorm1d, LayerNorm and activations: only such a head, or one Linear, can be computed`;
  if (missing.length > 0 && mismatched.length === 0 && missing.every(isHead)) return noHead(report, arch);
  if (missing.length > 0 && mismatched.length === 0 && foreign.length === 0) {
    return say`The file holds only a part of the model: give the file that holds all of it`;
  }
  if (missing.length + foreign.length === 0 && mismatched.every(({ key }) => isHead(key))) {
    return otherFeatures(report, context) ?? say`Its head is for another number of classes`;
  }
  if (missing.length + mismatched.length === 0) {
    return say`The file holds another network than ${arch}, and only ${arch} with a Linear or a Sequential of Linears as head can be computed; if the network does not use these tensors, save the file without them`;
  }
  return say`It is of another architecture, or a changed ${arch}: name the right one with --arch`;
}

/** The cause if the head reads another number of features than the model computes; else undefined. */
function otherFeatures({ mismatched }: KeyReport, { arch, head }: FitContext): string | undefined {
  const weight = mismatched.find(({ key, expected }) => key.startsWith(`${head}.`) && isMatrix(expected));
  const [own, found] = [weight?.expected[1], weight?.found[1]];
  if (weight === undefined || own === found) return undefined;
  const isTwice = own !== undefined && found === 2 * own;
  const features = say`Its head ${quote(weight.from)} reads ${found} features, and ${arch} has ${own} for it`;
  const what = isTwice
    ? say`These may be the mean and the maximum (timm's catavgmax), the maximum and the mean (fastai's), or a class token and the mean. A state dict does not say which`
    : say`A state dict does not say what else it reads`;
  return say`${features}. ${what}. A model saved whole (torch.save(model, ...)) or as TorchScript says how it pools`;
}

/** True if the container of the found head holds further matrices. */
function hasDeeperHead({ renamed, foreign }: KeyReport, head: string): boolean {
  const weight = renamed.find(({ to }) => to === `${head}.weight`)?.from;
  const container = weight?.split(".").slice(0, -2).join(".");
  if (container === undefined || container === "") return false;
  return foreign.some(({ key, shape }) => isMatrix(shape) && key.startsWith(`${container}.`));
}

function noHead({ foreign }: KeyReport, arch: string): string {
  // Linears before 1x1 convolutions.
  const matrices = foreign
    .filter(({ shape }) => isMatrix(shape))
    .sort((a, b) => a.shape.length - b.shape.length);
  if (matrices.length === 0) {
    const rest = foreign.length > 0 ? say`; ${arch} lacks the other tensors` : "";
    return say`It has no head, so it is a backbone only: give the file that was saved after fine-tuning${rest}`;
  }
  return say`None of its matrices is the one Linear that makes ${arch}'s logits (${firstFew(matrices.map(withShape))}): only a backbone with a Linear, or a Sequential of Linears, behind it can be computed`;
}
