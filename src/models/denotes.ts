/**
 * @file Which network a free name denotes, as a training state's `arch`: one of ours, one of ours that was changed, another
 * one, or nobody's ("chest_v3").
 */

import { networksIn, normalised, OTHERS, type Named } from "./network-names.js";
import { ARCH_NAMES, type Arch } from "./architectures.js";
import { TIMM_NAMES } from "./timm-names.js";

/** How a name stands to an architecture. */
export type Denotes =
  /** It names it, or leaves open what it does not say: "resnet" for resnet18. */
  | "agrees"
  /** A network that may have the same keys and computes something else: "wideresnet18", "resnet18d". */
  | "changed"
  /** One whose tensors cannot be these: resnet50 for resnet18, efficientnet_b0. */
  | "other"
  /** No network that is known. */
  | "nothing";

export function denotes(name: string, arch: Arch): Denotes {
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
  // One that is none of ours may have the keys of ours.
  return all.some((one) => one.changedBy === undefined && ours().some((known) => fits(one, known)))
    ? "other"
    : "changed";
}

/** Whether a name says an architecture's own family, as "deit" does not for a ViT of the same keys. */
export function namesFamilyOf(name: string, arch: Arch): boolean {
  const own = networksIn(arch)[0]!;
  return networksIn(normalised(name) ?? "").some(({ family }) => family === own.family);
}

let known: readonly Named[] | undefined;
const ours = (): readonly Named[] => (known ??= ARCH_NAMES.map(ownOf));

/** What names of architectures leave out: mobilenet_v2 is the one of width 1. */
const LEFT_OUT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  mobilenet: { width: "100" },
  clip: { act: "gelu" },
};

/** An architecture by its own name, with what that leaves out. */
function ownOf(arch: Arch): Named {
  const { fields, ...own } = networksIn(arch)[0]!;
  return { ...own, fields: { ...LEFT_OUT[own.family], ...fields } };
}

/** Whether a name is exactly an architecture's in torchvision or timm, whatever tag of weights follows it. */
export function isNameOf(name: string, arch: Arch): boolean {
  const [plain] = name.replace(/^.*[/:]/, "").split(".");
  return plain === arch || plain === TIMM_NAMES[arch];
}

/** DeiTs are ViTs by another training. */
const kin = (family: string): string => (family === "deit" ? "vit" : family);

/** DeiT III has layer scales, which no ViT has by its name alone; CLIP's tower is called ViT-B/32 as a ViT is. */
function isKin(one: Named, arch: Named): boolean {
  if (arch.family === "deit" && arch.fields["version"] === "3") return one.family === arch.family;
  return kin(one.family) === kin(arch.family) || (arch.family === "clip" && one.family === "vit");
}

/** Whether all that a name says is so in an architecture. */
const fits = (one: Named, arch: Named): boolean =>
  isKin(one, arch) && Object.entries(one.fields).every(([name, value]) => arch.fields[name] === value);
