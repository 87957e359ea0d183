/** @file ConvNeXt's names in Hugging Face, whose modules are the authors'. */

import type { Names, NameTable } from "./spelling.js";

const NAMES: Names = [
  [".embeddings.patch_embeddings", "downsample_layers.0.0"],
  [".embeddings.layernorm", "downsample_layers.0.1"],
  [".embeddings", "downsample_layers.0"],
  [".encoder.stages.{i}.downsampling_layer", "downsample_layers.{i}"],
  ["", "downsample_layers"],
  [".encoder.stages.{i}.layers.{j}.layernorm", "stages.{i}.{j}.norm"],
  [".encoder.stages.{i}.layers.{j}.layer_scale_parameter", "stages.{i}.{j}.gamma"],
  [".encoder.stages.{i}.layers.{j}.grn.weight", "stages.{i}.{j}.grn.gamma"],
  [".encoder.stages.{i}.layers.{j}.grn.bias", "stages.{i}.{j}.grn.beta"],
  [".encoder.stages.{i}.layers.{j}", "stages.{i}.{j}"],
  [".encoder.stages", "stages"],
  [".layernorm", "norm"],
  ["classifier", "head"],
];

export const HUGGING_FACE_CONVNEXTS: Readonly<Record<1 | 2, NameTable>> = {
  1: { roots: ["convnext"], names: NAMES },
  2: { roots: ["convnextv2"], names: NAMES },
};
