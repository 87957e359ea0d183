/** @file File names in model folders of transformers and timm. */

/** Weights. Beside other files a `config.json` may be of any program. */
export const FOLDER_WEIGHTS: readonly string[] = [
  "model.safetensors",
  "model.safetensors.index.json",
  "pytorch_model.bin",
  "pytorch_model.bin.index.json",
];

export const CONFIG = "config.json";
export const PREPROCESSOR = "preprocessor_config.json";

export const isConfig = (name: string): boolean => name === CONFIG || name === PREPROCESSOR;

/** @param path of weights, with any separators */
export const isOfFolder = (path: string): boolean => FOLDER_WEIGHTS.includes(path.split(/[\\/]/).at(-1)!);
