/** @file What each kind of method has in common for users: which options of an explanation change its map. */

import type { CamMethod } from "./method.js";
import { METHODS, type MethodName } from "./methods.js";
import type { ExplainOptions } from "./types.js";

/** Options that some methods' maps depend on and others' do not. */
export type MapOption = keyof Pick<ExplainOptions, "seed" | "score" | "topChannels">;

interface MethodKind {
  readonly dependsOn: readonly MapOption[];
}

const KINDS: { readonly [K in CamMethod["needs"]]: MethodKind } = {
  gradients: { dependsOn: [] },
  noise: { dependsOn: ["seed"] },
  activations: { dependsOn: [] },
  head: { dependsOn: [] },
  ablation: { dependsOn: ["score"] },
  masks: { dependsOn: ["score", "topChannels"] },
  random: { dependsOn: ["seed"] },
};

/** The options that change a method's map. */
export const optionsOf = (method: MethodName): readonly MapOption[] => KINDS[METHODS[method].needs].dependsOn;
