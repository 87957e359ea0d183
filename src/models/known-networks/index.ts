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

const WANTED: ReadonlySet<string> = new Set(
  KNOWN_NETWORKS.flatMap(({ keys, without }) => [
    ...Object.values(keys).flat(),
    ...(without ? [without] : []),
  ]),
);

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

/** The ends of keys from each dot on, unchanged and with N for their numbers, that an entry asks for. */
function endsOf(keys: Iterable<string>): Set<string> {
  const ends = new Set<string>();
  const seen = new Set<string>();
  let count = 0;
  for (const key of keys) {
    if (++count > MOST_KEYS) break;
    if (key.split(".").length > MOST_PARTS) continue;
    for (const text of [key, key.replace(/\d+/g, "N")]) {
      // The blocks of a network differ in their numbers alone.
      if (seen.has(text)) continue;
      seen.add(text);
      for (let at = 0, dot = 0; dot >= 0; at = dot + 1) {
        const end = text.slice(at);
        if (WANTED.has(end)) ends.add(end);
        dot = text.indexOf(".", at);
      }
    }
  }
  return ends;
}
