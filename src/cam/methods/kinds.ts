/** @file What users are told of each kind of method: its group, and which options of an explanation change its map. */

import type { MapOptionName } from "../map-options.js";
import type { CamMethod } from "./method.js";
import { isWholeModelMethod, METHODS, type MethodName } from "./table.js";

/** By what they need of the model; in the order in which they are listed. */
export const METHOD_GROUPS = ["gradient", "no-gradient", "attention", "input"] as const;
export type MethodGroup = (typeof METHOD_GROUPS)[number];

interface MethodKind {
  readonly group: MethodGroup;
  readonly dependsOn: readonly MapOptionName[];
}

const KINDS: { readonly [K in CamMethod["needs"]]: MethodKind } = {
  gradients: { group: "gradient", dependsOn: [] },
  noise: { group: "gradient", dependsOn: ["seed"] },
  activations: { group: "no-gradient", dependsOn: [] },
  head: { group: "no-gradient", dependsOn: [] },
  ablation: { group: "no-gradient", dependsOn: ["score"] },
  masks: { group: "no-gradient", dependsOn: ["score", "topChannels"] },
  random: { group: "no-gradient", dependsOn: ["seed"] },
  biases: { group: "gradient", dependsOn: [] },
  attention: { group: "attention", dependsOn: [] },
  input: { group: "input", dependsOn: ["inputHeat"] },
};

export const groupOf = (method: MethodName): MethodGroup => KINDS[METHODS[method].needs].group;

/** The options that change a method's map, beside those that all methods read. */
export const optionsOf = (method: MethodName): readonly MapOptionName[] => [
  ...KINDS[METHODS[method].needs].dependsOn,
  ...((isWholeModelMethod(method) && METHODS[method].reads) || []),
];
