/** @file Compares the network that a training state names with the tensors. */

import type { Json } from "../../checkpoint/json.js";
import { unsupported } from "../../errors.js";
import { isNameOf, matchName, namesFamilyOf } from "../../models/name-match.js";
import type { ArchDef } from "../../models/arch.js";
import { ARCH_NAMES, ARCHITECTURES, type Arch } from "../../models/architectures.js";
import { CLIP } from "../../models/clip.js";
import { valuesNamed, type TrainingState, type FileValue } from "../file/training-state.js";
import { contradiction } from "../settings/network-settings.js";
import type { FileWord } from "../settings/settings.js";
import { shownValue } from "../settings/setting-resolver.js";
import { say } from "../../language/say.js";

/** Names under which people keep the network's name. The later ones count only inside one of the earlier. */
const NAMES =
  `arch architecture arch_name model_arch model model_name modelname model_type model_id network network_name
  net net_name net_type backbone backbone_name backbone_type base_model base_model_name encoder encoder_name cnn`.split(
    /\s+/,
  );
const INSIDE = ["name", "type", "_target_"];

/** The names that a file gives its network, the nearest to the weights first. */
export function networkNames(state: TrainingState): FileValue<string>[] {
  return valuesNamed(state, [...NAMES, ...INSIDE], (value: Json, path) => {
    const name = path.at(-1)!.toLowerCase();
    const isName = !INSIDE.includes(name) || NAMES.includes(path.at(-2)?.toLowerCase() ?? "");
    return typeof value === "string" && isName ? value : undefined;
  });
}

/** Those of equally fitting architectures that a name in the file means; all of them if no name does. */
export function preferNamed<T extends { readonly arch: Arch }>(
  fitting: readonly T[],
  state: TrainingState,
): T[] {
  for (const { value } of networkNames(state)) {
    const named = fitting.filter(({ arch }) => matchName(value, arch) === "agrees");
    const ofFamily = named.filter(({ arch }) => namesFamilyOf(value, arch));
    const exactly = ofFamily.filter(({ arch }) => isNameOf(value, arch));
    if (exactly.length > 0) return exactly;
    if (ofFamily.length > 0) return ofFamily;
  }
  return byActivation(fitting, state);
}

/** Of CLIPs, which differ in their activation alone, those that a setting in the file does not contradict. */
function byActivation<T extends { readonly arch: Arch }>(fitting: readonly T[], state: TrainingState): T[] {
  const isClip = fitting.every(({ arch }) => ARCHITECTURES[arch].family === CLIP);
  const agreeing = fitting.filter(({ arch }) => contradiction(state, ARCHITECTURES[arch]) === undefined);
  return isClip && agreeing.length > 0 ? agreeing : [...fitting];
}

/** True if a name is exactly that of an architecture of other sizes with another activation. */
function hasOtherAct(name: string, arch: Arch): boolean {
  const { family, act }: ArchDef = ARCHITECTURES[arch];
  return ARCH_NAMES.some((one) => {
    const other: ArchDef = ARCHITECTURES[one];
    return other.family === family && other.act !== act && isNameOf(name, one);
  });
}

/**
 * Records the names that the file gives its network.
 * @param named true if the caller names the architecture. Then a name that belongs to other weights does not matter
 * @throws GradlensError "unsupported" where it says that its network is another one
 */
export function checkNetworkName(file: string, state: TrainingState, arch: Arch, named: boolean): FileWord[] {
  const said = networkNames(state).map((name) => ({
    ...name,
    stands: hasOtherAct(name.value, arch) ? ("other" as const) : matchName(name.value, arch),
  }));
  const changed = said.find(({ stands }) => stands === "changed");
  if (changed !== undefined)
    throw unsupported(
      say`${file}: its ${changed.from} says ${shownValue(changed.value)}, which gradlens does not compute, though its keys are ${arch}'s; use a checkpoint of a network that gradlens models lists`,
    );
  const agrees = said.some(({ stands }) => stands === "agrees");
  const other = said.find(({ stands }) => stands === "other");
  if (other !== undefined && !agrees && !named)
    throw unsupported(
      say`${file}: its ${other.from} says ${shownValue(other.value)}, but its tensors are ${arch}'s; if ${other.from} is not about these weights, name their network with --arch`,
    );
  const setting = contradiction(state, ARCHITECTURES[arch]);
  if (setting !== undefined)
    throw unsupported(
      say`${file}: its ${setting.from} is ${shownValue(setting.value)}, and ${arch} is computed with ${setting.computed}: gradlens does not compute that network`,
    );
  return said.map(({ value, from, stands }) => {
    if (stands === "agrees") return { what: "arch", value, from, used: true };
    const note = stands === "other" ? say`its tensors are ${arch}'s` : say`names no network that is known`;
    return { what: "arch", value, from, used: false, note };
  });
}
