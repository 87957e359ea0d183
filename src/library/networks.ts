/** @file The architectures that a file is compared with: one family, or all that there are. */

import type { Shape } from "../graph/shape.js";
import type { Arch } from "../models/architectures.js";
import type { Detected } from "../models/detect.js";
import type { KeyMatch, KeyReport } from "../checkpoint/match-keys.js";
import type { FitContext } from "../checkpoint/require-complete.js";
import type { Identity, NamedArch, Template } from "../models/template.js";
import type { ModuleComparison } from "./compare-modules.js";
import type { DeepHead } from "./deep-head.js";
import type { NamedModule } from "./module-names.js";
import type { Tensors } from "./tensors.js";
import type { FileWords } from "./file-words.js";
import type { FileWord } from "./settings.js";

type Shapes = ReadonlyMap<string, Shape>;

export interface Networks {
  /** @throws GradlensError "bad-argument" for a name that none of them has, "unsupported" for a known network */
  readonly find: (name: string) => NamedArch;
  /** Missing where only some are here: then a file must name one of these, and say nothing else of its network. */
  readonly all?: AllNetworks;
}

/** What needs all architectures, and the names and keys of networks that are refused. */
export interface AllNetworks {
  readonly count: number;
  readonly detect: (shapes: Shapes) => Detected[];
  /** Of architectures that the tensors fit alike, those that the file's words name. */
  readonly preferNamed: (fitting: readonly Detected[], words: FileWords) => Detected[];
  /** @throws GradlensError "unsupported" where the file's words name another network */
  readonly checkSaid: (file: string, words: FileWords, arch: Arch, named: boolean) => FileWord[];
  /** @throws GradlensError "unsupported" for the keys of a known network */
  readonly checkKeysNotRefused: (file: string, shapes: Shapes) => void;
  /** @throws GradlensError "bad-weights" with what does not fit and the likely cause */
  readonly requireComplete: (report: KeyReport, context: FitContext) => void;
  readonly modules: ModuleNetworks;
  /** The architecture nearest to tensors that fit none, as the end of a message. */
  readonly nearest: (shapes: Shapes) => string;
}

/** What is done with a file's modules. */
export interface ModuleNetworks {
  /** Under the graph's paths; undefined where the file holds tensors alone. */
  readonly named: (
    file: Tensors,
    identity: Identity,
    match: KeyMatch,
    head?: DeepHead,
  ) => readonly NamedModule[] | undefined;
  /** Of architectures and spellings that the tensors fit alike, those that the modules fit best. */
  readonly prefer: (file: Tensors, fitting: readonly Detected[]) => readonly Detected[];
  /** @throws GradlensError "bad-weights" where they say what the template does not compute */
  readonly compare: (
    file: Tensors,
    named: NamedArch,
    template: Template,
    modules: readonly NamedModule[],
  ) => ModuleComparison;
}
