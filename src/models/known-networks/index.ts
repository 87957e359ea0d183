/**
 * @file Networks that are well known and not read, so that a file of theirs is called what it is. The keys are those of
 * torchvision, timm, Hugging Face and the authors; tools/make_known_networks.py lists them for the tests.
 */

import { CONVOLUTIONAL } from "./convolutional.js";
import type { KnownNetwork } from "./known-network.js";
import { TASKS } from "./tasks.js";
import { TRANSFORMERS } from "./transformers.js";

/** The first that fits is the one: special ones come before those that they grew out of. */
export const KNOWN_NETWORKS: readonly KnownNetwork[] = [...TASKS, ...CONVOLUTIONAL, ...TRANSFORMERS];

/** More keys than any of them has tell no more. */
const MOST_KEYS = 20_000;
const MOST_PARTS = 32;

/** The network whose keys a file has, and whose names they are. */
export function knownByKeys(keys: Iterable<string>): { network: KnownNetwork; whose: string } | undefined {
  const ends = endsOf(keys);
  for (const network of KNOWN_NETWORKS) {
    if (network.without !== undefined && ends.has(network.without)) continue;
    for (const [whose, wanted] of Object.entries(network.keys)) {
      if (wanted.every((key) => ends.has(key))) return { network, whose };
    }
  }
  return undefined;
}

/** The network that an architecture's name belongs to. */
export function knownByName(arch: string): KnownNetwork | undefined {
  const folded = arch.toLowerCase().replace(/[-_]/g, "");
  return KNOWN_NETWORKS.find(({ called }) => called?.test(folded));
}

/** What keys end with, from some dot on: as they stand, and with N for their numbers. */
function endsOf(keys: Iterable<string>): Set<string> {
  const ends = new Set<string>();
  let count = 0;
  for (const key of keys) {
    if (++count > MOST_KEYS) break;
    const parts = key.split(".");
    if (parts.length > MOST_PARTS) continue;
    for (let i = 0; i < parts.length; i++) {
      const end = parts.slice(i).join(".");
      ends.add(end).add(end.replace(/\d+/g, "N"));
    }
  }
  return ends;
}
