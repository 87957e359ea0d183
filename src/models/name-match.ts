/** @file Decides what a name in a training state means: this architecture, a changed one, another network, or none. */

import { networksIn, normalised, OTHERS, type NetworkName } from "./network-names.js";
import { ARCH_NAMES, type Arch } from "./architectures.js";
import { TIMM_NAMES } from "./timm-names.js";

/** How a name relates to an architecture. */
type NameMatch =
  /** It names the architecture, perhaps incompletely: "resnet" for resnet18. */
  | "agrees"
  /** It names a network that may have the same keys and computes something else: "wideresnet18", "resnet18d". */
  | "changed"
  /** It names a network that has other tensors: resnet50 for resnet18, efficientnet_b0. */
  | "other"
  /** It names no known network. */
  | "nothing";

export function matchName(name: string, arch: Arch): NameMatch {
  const words = normalised(name);
  if (words === undefined) return "nothing";
  const all = networksIn(words);
  const own = ownOf(arch);
  const same = all.filter((one) => fits(one, own));
  if (same.length > 0) {
    const changed = same.every(({ changedBy }) => changedBy !== undefined) || OTHERS.test(words);
    return changed ? "changed" : "agrees";
  }
  if (all.length === 0) return OTHERS.test(words) ? "other" : "nothing";
  // A network that is not supported may have the keys of one that is.
  return all.some((one) => one.changedBy === undefined && ours().some((known) => fits(one, known)))
    ? "other"
    : "changed";
}

/** True if a name says the architecture's own family. "deit" does not, for a ViT with the same keys. */
export function namesFamilyOf(name: string, arch: Arch): boolean {
  const own = networksIn(arch)[0]!;
  return networksIn(normalised(name) ?? "").some(({ family }) => family === own.family);
}

let known: readonly NetworkName[] | undefined;
const ours = (): readonly NetworkName[] => (known ??= ARCH_NAMES.map(ownOf));

/** The values that names of architectures leave out: mobilenet_v2 has width 1. */
const LEFT_OUT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  mobilenet: { width: "100" },
  clip: { act: "gelu" },
};

/** An architecture as its own name says it, with the values that the name leaves out. */
function ownOf(arch: Arch): NetworkName {
  const { fields, ...own } = networksIn(arch)[0]!;
  return { ...own, fields: { ...LEFT_OUT[own.family], ...fields } };
}

/** True if a name is exactly an architecture's in torchvision or timm. Any tag of weights may follow. */
export function isNameOf(name: string, arch: Arch): boolean {
  const [plain] = name.replace(/^.*[/:]/, "").split(".");
  return plain === arch || plain === TIMM_NAMES[arch];
}

/** DeiTs are ViTs with another training. */
const networkOf = (family: string): string => (family === "deit" ? "vit" : family);

/** DeiT III has layer scales, which the name of a ViT does not imply. CLIP's tower is called ViT-B/32, as a ViT is. */
function isSameNetwork(one: NetworkName, arch: NetworkName): boolean {
  if (arch.family === "deit" && arch.fields["version"] === "3") return one.family === arch.family;
  return networkOf(one.family) === networkOf(arch.family) || (arch.family === "clip" && one.family === "vit");
}

/** True if an architecture agrees with all that a name says. */
const fits = (one: NetworkName, arch: NetworkName): boolean =>
  isSameNetwork(one, arch) &&
  Object.entries(one.fields).every(([name, value]) => arch.fields[name] === value);
