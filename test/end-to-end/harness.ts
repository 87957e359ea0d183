/** @file Golden cases through the library: weights by rule, the picture from its file, everything compared with PyTorch. */

import { expect } from "vitest";
import type { CheckpointTensor } from "../../src/checkpoint/types.js";
import { isMethodName, type MethodName } from "../../src/cam/methods/table.js";
import type { Explanation } from "../../src/cam/request/types.js";
import { guidedPicture } from "../../src/image/guided-picture.js";
import { overlay } from "../../src/image/overlay.js";
import type { Picture } from "../../src/image/picture.js";
import { resizePicture } from "../../src/image/resize.js";
import { loadModel, type Arch, type Model, type Tensors } from "../../src/index.js";
import type { ArchDef } from "../../src/models/arch.js";
import { ARCHITECTURES } from "../../src/models/architectures.js";
import type { NodeDeviceOptions } from "../../src/node/open-device.js";
import { readPicture } from "../../src/node/read-picture.js";
import type { Gpu } from "../../src/runtime/gpu.js";
import { channelsLast, goldenWeights, loadGolden, type Golden } from "../reference/golden.js";
import type { Tensor } from "../reference/weights.js";
import { openTestGpu } from "../kernels/test-gpu.js";

export { openTestGpu };

/** Made weights as if they had been read from a file. */
export function checkpointOf(name: string, weights: ReadonlyMap<string, Tensor>): Tensors {
  const tensors = new Map<string, CheckpointTensor>();
  for (const [key, { shape, data }] of weights) {
    tensors.set(key, {
      name: key,
      dtype: "F32",
      shape,
      byteLength: data.byteLength,
      bytes: () => Promise.resolve(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
      floats: () => Promise.resolve(data),
    });
  }
  return { name, tensors, metadata: new Map() };
}

/** A golden case's weights. */
export const madeCheckpoint = (name: string, folder?: URL): Tensors =>
  checkpointOf(name, goldenWeights(name, folder));

export interface LoadedCase {
  readonly golden: Golden;
  readonly model: Model;
  readonly picture: Picture;
}

/** @param given a folder of cases where it is not the committed one, and a size that is not the case's */
export async function loadCase(
  name: string,
  gpu: Gpu,
  given: { readonly folder?: URL | undefined; readonly size?: readonly [number, number] } = {},
): Promise<LoadedCase> {
  const { folder } = given;
  const golden = loadGolden(name, folder);
  const { arch, mean, std, dialect } = golden.case;
  const { spellings }: ArchDef = ARCHITECTURES[arch as Arch];
  // Others are told by their keys.
  const isOpen = spellings.some(({ name, differs }) => name === dialect && differs !== undefined);
  const size = given.size ?? golden.case.size;
  const model = await loadModel(madeCheckpoint(name, folder), {
    gpu,
    arch: arch as Arch,
    ...(isOpen && { spelling: dialect }),
    size: typeof size === "number" ? [size, size] : size,
    mean,
    std,
    resize: "opencv-bilinear",
  });
  return { golden, model, picture: await goldenPicture() };
}

export const goldenPicture = (): Promise<Picture> =>
  readPicture(new URL("../data/golden/picture.png", import.meta.url).pathname);

/** DESIGN's tolerances: a share of the largest value for tensors, absolute for maps, more where f32 itself is worse. */
function toleranceOf(golden: Golden, key: string): number {
  const usual = key === "logits" ? 1e-4 : /scorecam|ablationcam/.test(key) ? 2e-3 : 1e-3;
  return Math.max(usual, 5 * (golden.case.f32_vs_f64[key] ?? 0));
}

/** The largest deviation so far of each kind of tensor and its case, as a share of its largest value (of maps: absolute). */
export const deviations = new Map<string, { readonly worst: number; readonly name: string }>();

export function expectTensor(golden: Golden, key: string, got: Float32Array, shape?: "nchw"): void {
  const tensor = golden.floats(key);
  // timm's Swin has channels last itself.
  const isNchw = shape === "nchw" && tensor.shape.length === 4 && !golden.case.arch.startsWith("swin");
  const want = isNchw ? channelsLast(tensor).data : tensor.data;
  expect(got.length, `${key}: size`).toBe(want.length);
  const scale = key.startsWith("cam.") ? 1 : want.reduce((m, v) => Math.max(m, Math.abs(v)), 1e-30);
  let worst = 0;
  let at = 0;
  want.forEach((v, i) => {
    const d = Math.abs(got[i]! - v) / scale;
    if (!(d <= worst)) [worst, at] = [d, i];
  });
  const kind = key.replace(/\.\d+$/, "");
  if (!(worst <= (deviations.get(kind)?.worst ?? -1)))
    deviations.set(kind, { worst, name: golden.case.name });
  expect(worst, `${key} at ${at}: got ${got[at]}, PyTorch has ${want[at]}`).toBeLessThanOrEqual(
    toleranceOf(golden, key),
  );
}

/** Within 1 of 255 on 99.9 % of the samples. */
export function expectPicture(golden: Golden, key: string, got: Picture): void {
  const want = golden.tensors.get(key)!.data;
  expect(got.data.length, `${key}: size`).toBe(want.length);
  let off = 0;
  for (let i = 0; i < want.length; i++) if (Math.abs(want[i]! - got.data[i]!) > 1) off++;
  expect(off / want.length, `${key}: share of samples off by more than 1`).toBeLessThanOrEqual(0.001);
}

const methodsOf = (golden: Golden, suffix = ""): MethodName[] =>
  [...golden.tensors.keys()].flatMap((key) => {
    const name =
      key.startsWith("cam.") && key.endsWith(suffix) ? key.slice(4, key.length - suffix.length) : "";
    return isMethodName(name) ? [name] : [];
  });

/** Methods that run the model, or what comes after the layer, once for each channel: these have tests of their own. */
const MANY_FORWARDS: readonly MethodName[] = ["scorecam", "ablationcam"];

function expectMaps(golden: Golden, { maps }: Explanation, suffix = ""): void {
  for (const map of maps)
    if (map.target.index === golden.case.target) expectTensor(golden, `cam.${map.method}${suffix}`, map.data);
}

/** Methods of the picture whose gradients a case has. */
const ofPicture = (golden: Golden): MethodName[] =>
  [...golden.tensors.keys()].flatMap((key) => (/^input\.(\w+)$/.exec(key)?.[1] ?? []) as MethodName);

/**
 * Logits, activations, gradients, and all maps and pictures that a case has.
 * @param beside other targets in the same calls, which must change nothing
 */
export async function checkCase(
  { golden, model, picture }: LoadedCase,
  beside: readonly number[] = [],
): Promise<void> {
  const { layers, target } = golden.case;
  const targets = [...beside.filter((other) => other !== target), target];
  const run = await model.run(picture, { taps: layers });
  expectTensor(golden, "logits", run.logits);
  const gradients = await model.grad(picture, { layers, target });
  layers.forEach((layer, i) => {
    expectTensor(golden, `activations.${i}`, run.taps.get(layer)!.data, "nchw");
    expectTensor(golden, `gradients.${i}`, gradients.get(layer)!.data, "nchw");
  });

  const guided = golden.tensors.has("guided");
  const methods = methodsOf(golden).filter((name) => !MANY_FORWARDS.includes(name));
  methods.push(...ofPicture(golden));
  const all = await model.explain(picture, { methods, layers, targets, guided });
  expectTensor(golden, "logits", all.logits);
  expect(all.refused).toBeUndefined();
  for (const { method, target: of, data } of all.inputGradients ?? [])
    if (of.index === target) expectTensor(golden, `input.${method}`, data);
  expectMaps(golden, { ...all, maps: all.maps.filter((map) => golden.tensors.has(`cam.${map.method}`)) });
  const [height, width] = model.preprocessing.size;
  const ofTarget = <T extends { readonly target: { readonly index: number } }>(values: readonly T[]): T =>
    values.find((value) => value.target.index === target)!;
  const gradcam = ofTarget(all.maps.filter((map) => map.method === "gradcam"));
  if (golden.tensors.has("overlay")) {
    const resized = resizePicture(picture, { height, width });
    expectPicture(golden, "overlay", overlay(resized, gradcam.data, { mapSize: { height, width } }));
  }
  if (guided) {
    const { data } = ofTarget(all.guided!);
    expectTensor(golden, "guided", data);
    const size = { height, width };
    // Cases made afresh have the gradient only: the pictures follow from it.
    if (golden.tensors.has("guided_image")) {
      expectPicture(golden, "guided_image", guidedPicture(data, size));
      expectPicture(golden, "guided_cam_image", guidedPicture(data, size, { map: gradcam.data }));
    }
  }
  const smoothed = methodsOf(golden, ".eigen_smooth");
  if (smoothed.length > 0) {
    const eigen = await model.explain(picture, {
      methods: smoothed,
      layers,
      targets,
      eigenSmooth: true,
    });
    expectMaps(golden, eigen, ".eigen_smooth");
  }
  const augmented = methodsOf(golden, ".aug_smooth");
  if (augmented.length > 0) {
    const aug = await model.explain(picture, {
      methods: augmented,
      layers,
      targets,
      augSmooth: true,
    });
    expectMaps(golden, aug, ".aug_smooth");
  }
}

/** Opens a device, compares a golden case with what the device computes (`checkCase`), closes the device. */
export async function checkOnDevice(
  name: string,
  {
    folder,
    beside,
    ...options
  }: NodeDeviceOptions & { readonly folder?: URL; readonly beside?: readonly number[] } = {},
): Promise<void> {
  const gpu = await openTestGpu(options);
  const loaded = await loadCase(name, gpu, { folder });
  try {
    await checkCase(loaded, beside);
  } finally {
    loaded.model.dispose();
    gpu.dispose();
  }
}
