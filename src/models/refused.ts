/** @file Networks that are told from their keys or names, and refused by name: they resemble ours and compute something else. */

import { GradlensError } from "../errors.js";
import type { Shape } from "../graph/shape.js";

interface Refused {
  readonly name: string;
  readonly why: string;
  readonly isNamed: RegExp;
  /** What stands before a key may be anything. */
  readonly key: RegExp;
}

const REFUSED: readonly Refused[] = [
  {
    name: "timm's densenetblur121d",
    why: "a DenseNet with a stem of three convolutions and blurred pooling, which is not read",
    isNamed: /^densenetblur/i,
    key: /(?:^|\.)features\.conv2\.weight$/,
  },
];

const refusal = (what: string, { name, why }: Refused): GradlensError =>
  new GradlensError("unsupported", `${what} is ${name}: ${why}; train or find a densenet121`);

/** @throws GradlensError "unsupported" for an architecture's name */
export function checkNotRefused(arch: string): void {
  const found = REFUSED.find(({ isNamed }) => isNamed.test(arch));
  if (found) throw refusal(arch, found);
}

/** @throws GradlensError "unsupported" for a checkpoint's keys */
export function checkKeysNotRefused(file: string, shapes: ReadonlyMap<string, Shape>): void {
  const found = REFUSED.find(({ key }) => [...shapes.keys()].some((k) => key.test(k)));
  if (found) throw refusal(file, found);
}
