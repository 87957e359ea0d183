/** @file Reads `config.json` and `preprocessor_config.json` of a model. Loaded when one is given. */

import { isOfFolder } from "../../checkpoint/folder-names.js";
import type { ByteSource } from "../../checkpoint/source.js";
import { badArgument } from "../../errors.js";
import { say } from "../../language/say.js";

/** The weights with these files beside them. @throws GradlensError "bad-argument" for weights of another name */
export function withBeside(source: ByteSource, files: readonly File[]): ByteSource {
  if (!isOfFolder(source.name)) {
    throw badArgument(
      say`${files[0]!.name} goes with weights called model.safetensors or pytorch_model.bin, as transformers and timm call them, not with ${source.name}: rename the weights, or leave ${files[0]!.name} out`,
    );
  }
  return {
    ...source,
    beside: async (name) => {
      const content = await files.find((file) => file.name === name)?.arrayBuffer();
      return content && new Uint8Array(content);
    },
  };
}
