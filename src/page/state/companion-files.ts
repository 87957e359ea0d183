/** @file Reads the files beside weights: labels, and the command's settings. */

import { PREPROCESSOR } from "../../checkpoint/folder-names.js";
import { badArgument, GradlensError } from "../../errors.js";
import { builtinLabels } from "../../options/builtin-labels.js";
import { say } from "../../language/say.js";
import { parseLabels } from "../../options/label-file.js";
import { decodeAnyText } from "../../text/decode.js";
import { parseSettings } from "../../options/settings-text.js";
import { givenLabels } from "./model.js";
import { setValues } from "./options.js";
import * as store from "./store.js";

/** Sets the labels and options of the files. @throws GradlensError for an unreadable or missing file */
export async function applyBeside(settings: File | undefined, labels: readonly File[]): Promise<void> {
  if (settings !== undefined) await applySettings(settings, labels);
  else if (labels[0] !== undefined) givenLabels.value = await labelsOf(labels[0]);
}

async function labelsOf(file: File): Promise<readonly string[]> {
  if (file.name === PREPROCESSOR)
    throw badArgument(
      say`${PREPROCESSOR} goes with weights called model.safetensors or pytorch_model.bin: drop them together`,
    );
  const bytes = new Uint8Array(await file.arrayBuffer());
  return parseLabels(decodeAnyText(bytes, say`labels ${file.name}`).text, file.name);
}

/** Applies the options that the command saved. Their labels are a list, a built-in one, or a file dropped as well. */
async function applySettings(settings: File, named: readonly File[]): Promise<void> {
  const { labels: wanted, ...others } = parseSettings(await settings.text(), settings.name);
  const dropped = named.find(({ name }) => name === wanted?.split(/[\\/]/).at(-1)) ?? named[0];
  if (dropped !== undefined) givenLabels.value = await labelsOf(dropped);
  else if (wanted?.startsWith("[")) givenLabels.value = parseLabels(wanted, say`of ${settings.name}`);
  else if (wanted !== undefined) {
    const list = await builtinLabels(wanted);
    if (list === undefined)
      throw new GradlensError(
        "bad-file",
        say`${settings.name} names the labels ${wanted}, which were not dropped: drop that file together with ${settings.name}`,
      );
    givenLabels.value = list;
  }
  setValues({ ...store.values.value, ...others });
}
