/** @file The function from logits to scores. It is given, or inferred from the head, the labels and the number of classes. */

import type { Activation } from "../../cam/scores.js";
import { multiLabelSet } from "./multi-label-sets.js";
import { STATE_SETTINGS } from "./state-settings.js";
import type { HeadFacts } from "./settings.js";
import type { SettingResolver } from "./setting-resolver.js";
import { say } from "../../language/say.js";

export function resolveActivation(resolver: SettingResolver, model: HeadFacts): Activation {
  const { given, metadata } = resolver;
  const asked = (given.activation === "auto" ? undefined : given.activation) ?? metadata.activation;
  const module = asked ? undefined : lastModule(model);
  if (module !== undefined) resolver.record({ what: "activation", ...module, used: true });
  const chosen = asked ?? module?.value;
  const said = resolver.resolve("activation", chosen, STATE_SETTINGS.activation);
  const [usual, because] = usualActivation(model);
  return resolver.choose("activation", said, usual, because);
}

/** A Sigmoid or a Softmax after the head: in the head's Sequential, or a module of the network itself. */
function lastModule({ head, modules }: HeadFacts): { value: Activation; from: string } | undefined {
  if (head === undefined || modules === undefined) return undefined;
  const own = head.split(".");
  const paths = [...modules.keys()];
  for (const [path, { className }] of modules) {
    const [, kind] = /(?:^|\.)(Sigmoid|Softmax|LogSoftmax)$/.exec(className) ?? [];
    if (kind === undefined) continue;
    const parent = path.split(".").slice(0, -1);
    // A gate belongs to a block, which does not contain the head.
    const isBeside = parent.every((step, i) => step === own[i]);
    if (isBeside && paths.indexOf(path) > paths.indexOf(head))
      return { value: kind === "Sigmoid" ? "sigmoid" : "softmax", from: say`its module ${path}` };
  }
  return undefined;
}

function usualActivation({ classes, sequentialHead, labels }: HeadFacts): [Activation, string] {
  if (classes === 1) return ["sigmoid", say`one class`];
  const set = labels && multiLabelSet(labels);
  if (set !== undefined)
    return ["sigmoid", say`the labels are ${set}'s, of which a picture may have several`];
  if (sequentialHead && classes === 14)
    return ["sigmoid", say`the head is a Sequential of 14 classes, as CheXNet's Linear and Sigmoid`];
  if (classes === 1000) return ["softmax", say`1000 classes, as ImageNet's`];
  return [
    "softmax",
    say`usual for a classifier of ${classes} classes; sigmoid is for several labels a picture`,
  ];
}
