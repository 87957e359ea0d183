/** @file The demo's family: a file that names one of it is fitted without the code of all other families. */

import { EFFICIENTNETS } from "../models/efficientnet.js";
import type { Networks } from "./networks.js";
import type { Tensors } from "./tensors.js";

type Name = keyof typeof EFFICIENTNETS;

const isAtHand = (name: string): name is Name => Object.hasOwn(EFFICIENTNETS, name);

/** The family of a file that names it, and that holds nothing else about its network; undefined for other files. */
export function networksAtHand(
  { metadata, facts, modules }: Tensors,
  arch = metadata.get("arch"),
): Networks | undefined {
  const saysMore = modules !== undefined || (facts !== undefined && facts.size > 0);
  if (saysMore || arch === undefined || !isAtHand(arch)) return undefined;
  return { find: () => ({ arch, def: EFFICIENTNETS[arch] }) };
}
