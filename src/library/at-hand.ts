/** @file The demo's family. A file that names one of its architectures is fitted without the code of other families. */

import { EFFICIENTNETS } from "../models/efficientnet.js";
import type { Networks } from "./networks.js";
import type { Tensors } from "./tensors.js";

type Name = keyof typeof EFFICIENTNETS;

const isAtHand = (name: string): name is Name => Object.hasOwn(EFFICIENTNETS, name);

/** The family, for a file that names one of it and says nothing else of its network; undefined for other files. */
export function networksAtHand(
  { metadata, facts, modules }: Tensors,
  arch = metadata.get("arch"),
): Networks | undefined {
  const saysMore = modules !== undefined || (facts !== undefined && facts.size > 0);
  if (saysMore || arch === undefined || !isAtHand(arch)) return undefined;
  return { find: () => ({ arch, def: EFFICIENTNETS[arch] }) };
}
