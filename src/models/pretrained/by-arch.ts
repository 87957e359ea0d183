/** @file The type of the tables of published weights. */

import type { Arch } from "../architectures.js";

/** Of each architecture that a project publishes: a file, a repository or a tag. */
export type ByArch = { readonly [A in Arch]?: string };
