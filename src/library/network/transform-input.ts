/** @file torchvision's setting `transform_input`, which no state dict holds. It is given, read from the file, or assumed. */

import type { Json } from "../../checkpoint/json.js";
import { FACTOR } from "../../checkpoint/torch/setting-names.js";
import { badArgument } from "../../errors.js";
import { IMAGENET } from "../../models/arch.js";
import { ownSpelling } from "../../models/template.js";
import { trainingStateOf } from "../file/tensors.js";
import type { SettingNames } from "../file/training-state.js";
import type { Network } from "./read-network.js";
import type { Assumption, FileWord } from "../settings/settings.js";
import { SettingResolver } from "../settings/setting-resolver.js";
import { phrase, say, translated } from "../../language/say.js";

export interface TransformInput {
  /** Undefined if the implementation lacks the setting. */
  readonly value: boolean | undefined;
  readonly assumed: readonly Assumption[];
  readonly said: readonly FileWord[];
}

/** Its names in torchvision and in programs that use it. */
const SETTING = "transform_input";

const NAMES: SettingNames<boolean> = {
  names: [SETTING],
  read: (value: Json) => (typeof value === "boolean" ? value : undefined),
};

const BECAUSE = phrase`torchvision sets transform_input where it loads its weights, and a state dict does not hold it; --no-transform-input says otherwise`;

/** @throws GradlensError "bad-argument" where the network lacks the setting, or the file holds another value */
export function resolveTransformInput(
  { identity, file, kept, build, modules }: Network,
  asked: boolean | undefined,
): TransformInput {
  const { arch, spelling } = identity;
  const refuse = (why: string): never => {
    throw badArgument(say`transform input ${asked}: ${why}; leave the option out`);
  };
  if (ownSpelling(identity).mayTransformInput !== true) {
    if (asked !== undefined) refuse(say`${arch} (${spelling}) has no such setting`);
    return { value: undefined, assumed: [], said: [] };
  }
  if (build.channels !== IMAGENET.mean.length) {
    if (asked === true) refuse(say`the network reads grey pictures, and the setting is for colours`);
    return { value: false, assumed: [], said: [] };
  }
  const resolver = new SettingResolver(trainingStateOf(file));
  const own = ownSetting(modules, file.calls !== undefined);
  if (own !== undefined) {
    if (asked !== undefined && asked !== own.value) refuse(say`the file's network has ${own.value}`);
    resolver.record({ what: "transform-input", ...own, used: true });
    return { value: own.value, assumed: [], said: resolver.said };
  }
  const known = resolver.resolve("transform-input", asked ?? kept.transformInput, NAMES);
  const value = resolver.choose("transform-input", known, true, translated(BECAUSE));
  return { value, assumed: resolver.assumed, said: resolver.said };
}

/** The setting of the file's own network: its module's attribute, which traced files lack, or what its code computes. */
function ownSetting(
  modules: Network["modules"],
  hasCode: boolean,
): { readonly value: boolean; readonly from: string } | undefined {
  const settings = modules?.find(({ path }) => path === "")?.module.settings;
  const value = settings?.get(SETTING);
  if (typeof value === "boolean") return { value, from: say`its module's ${SETTING}` };
  return settings && hasCode ? { value: settings.has(FACTOR), from: say`its code` } : undefined;
}
