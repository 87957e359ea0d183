/** @file The shader files as text, by name. */

import divide from "../../shaders/common/divide.wgsl";
import erf from "../../shaders/common/erf.wgsl";
import epilogue from "../../shaders/common/epilogue.wgsl";
import gemmParts from "../../shaders/common/gemm.wgsl";
import window from "../../shaders/common/window.wgsl";
import convDirect from "../../shaders/conv-direct.wgsl";
import depthwise from "../../shaders/depthwise.wgsl";
import gemmPlain from "../../shaders/gemm-plain.wgsl";
import gemmSubgroup from "../../shaders/gemm-subgroup.wgsl";
import gemmTiled from "../../shaders/gemm-tiled.wgsl";
import maxPool from "../../shaders/max-pool.wgsl";
import pointwise from "../../shaders/pointwise.wgsl";
import reduce from "../../shaders/reduce.wgsl";
import resample from "../../shaders/resample.wgsl";
import rows from "../../shaders/rows.wgsl";

export const SHADERS = {
  "conv-direct": convDirect,
  depthwise,
  "gemm-plain": gemmPlain,
  "gemm-subgroup": gemmSubgroup,
  "gemm-tiled": gemmTiled,
  "max-pool": maxPool,
  pointwise,
  reduce,
  resample,
  rows,
} as const;

export type ShaderName = keyof typeof SHADERS;

/** What `//@use` pulls in. */
export const SHADER_PARTS: ReadonlyMap<string, string> = new Map([
  ["common/divide", divide],
  ["common/epilogue", epilogue],
  ["common/erf", erf],
  ["common/gemm", gemmParts],
  ["common/window", window],
]);
