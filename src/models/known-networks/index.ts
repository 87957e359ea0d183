/**
 * @file Well-known networks that are not supported, so that an error can name them. The keys are those of torchvision, timm,
 * Hugging Face and the authors; tools/make_known_networks.py lists them for the tests.
 */

import { CONVOLUTIONAL } from "./convolutional.js";
import type { KnownNetwork } from "./known-network.js";
import { TASKS } from "./tasks.js";
import { TRANSFORMERS } from "./transformers.js";

/** The first entry that fits counts: a derived network comes before the one that it derives from. */
export const KNOWN_NETWORKS: readonly KnownNetwork[] = [...TASKS, ...CONVOLUTIONAL, ...TRANSFORMERS];

/** No entry has more keys than this. Further keys say nothing. */
const MOST_KEYS = 20_000;
const MOST_PARTS = 32;

/** The network whose keys a file has, and the implementation that names them so. */
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

/** The ends of keys from each dot on: unchanged, and with N for their numbers. */
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
