/** @file What an entry of the reference table is. */

import type { NodeOf, OpName } from "../../src/graph/types.js";
import type { NdF64 } from "./array.js";

/** Values of a graph's leaves, by input name and checkpoint key, in row-major order of their shapes. */
export interface Values {
  readonly inputs?: ReadonlyMap<string, ArrayLike<number>>;
  readonly params?: ReadonlyMap<string, ArrayLike<number>>;
}

/** The value of a node, given those of its inputs. */
export type Ref<K extends OpName> = (node: NodeOf<K>, inputs: readonly NdF64[], values: Values) => NdF64;
