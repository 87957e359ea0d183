/** @file The architectures that a file is compared with: one family, or all. */

import type { Shape } from "../graph/shape.js";
import type { requireComplete } from "../checkpoint/require-complete.js";
import type { Detected } from "../models/detect.js";
import type { checkKeysNotRefused } from "../models/unsupported.js";
import type { NamedArch } from "../models/template.js";
import type { compareModules } from "./compare-modules.js";
import type { namedModules } from "./file-modules.js";
import type { byModules } from "./modules-preferred.js";
import type { nearestInWords } from "./nearest-in-words.js";
import type { checkSaidNetwork, preferNamed } from "./said-network.js";

export interface Networks {
  /** @throws GradlensError "bad-argument" for a name that none of them has, "unsupported" for a known network */
  readonly find: (name: string) => NamedArch;
  /** Missing if only one family is loaded. A file must then name one of it, and say nothing else of its network. */
  readonly all?: AllNetworks;
}

/** What needs all architectures, and the names and keys of networks that are refused. */
export interface AllNetworks {
  readonly count: number;
  readonly detect: (shapes: ReadonlyMap<string, Shape>) => Detected[];
  readonly preferNamed: typeof preferNamed;
  readonly checkSaid: typeof checkSaidNetwork;
  readonly checkKeysNotRefused: typeof checkKeysNotRefused;
  readonly requireComplete: typeof requireComplete;
  /** What is done with a file's modules. */
  readonly modules: {
    readonly named: typeof namedModules;
    readonly prefer: typeof byModules;
    readonly compare: typeof compareModules;
  };
  readonly nearest: typeof nearestInWords;
}
