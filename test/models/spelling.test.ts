/** @file Layer paths of one spelling in a file of another, and what cannot be explained. */

import { expect, test } from "vitest";
import type { ArchDef } from "../../src/models/arch.js";
import { ARCH_NAMES, ARCHITECTURES, type Arch } from "../../src/models/architectures.js";
import { buildTemplate, named } from "../../src/models/registry.js";
import { spellingOf } from "../../src/models/template.js";
import { findTap, listLayers, mapLayout, toMap, type Tap } from "../../src/models/taps.js";

const template = (arch: Arch, spelling?: string, size = 64): ReturnType<typeof buildTemplate> =>
  buildTemplate(arch, { size: [size, size], channels: 3, classes: 5, ...(spelling && { spelling }) });

const tapOf = ({ modules, otherNames }: ReturnType<typeof buildTemplate>, path: string): Tap =>
  findTap(modules, path, { otherNames });

// What each path means follows from the implementations' sources: timm's checkpoint_filter_fn for PVTv2 and Swin,
// torchvision's vision_transformer.py and swin_transformer.py, transformers' modeling_*.py.
test.each([
  ["pvt_v2_b0", "original", "norm4", "norm4"],
  ["pvt_v2_b0", "original", "block4[-1].norm1", "block4.1.norm1"],
  ["pvt_v2_b0", "original", "stages[3].blocks[-1].norm1", "block4.1.norm1"],
  ["pvt_v2_b0", "original", "stages[-1].norm", "norm4"],
  ["pvt_v2_b0", "timm", "norm4", "stages.3.norm"],
  ["pvt_v2_b0", "timm", "model.block4[-1].mlp.dwconv.dwconv", "stages.3.blocks.1.mlp.dwconv"],
  ["pvt_v2_b0", "huggingface", "encoder.layers[-1].layer_norm", undefined],
  ["pvt_v2_b0", "huggingface", "pvt_v2.encoder.layers[-1].layer_norm", "pvt_v2.encoder.layers.3.layer_norm"],
  ["pvt_v2_b0", "huggingface", "norm4", "pvt_v2.encoder.layers.3.layer_norm"],
  ["vit_tiny_patch16_224", "torchvision", "encoder.layers[-1].ln_1", "encoder.layers.encoder_layer_11.ln_1"],
  ["vit_tiny_patch16_224", "torchvision", "blocks[-1].norm1", "encoder.layers.encoder_layer_11.ln_1"],
  ["vit_tiny_patch16_224", "timm", "vit.encoder.layer[-2].layernorm_before", "blocks.10.norm1"],
  ["vit_tiny_patch16_224", "huggingface", "blocks[3]", "vit.encoder.layer.3"],
  ["swin_tiny_patch4_window7_224", "torchvision", "features[-1][-1].norm1", "features.7.1.norm1"],
  ["swin_tiny_patch4_window7_224", "torchvision", "layers[-1].blocks[-1].norm1", "features.7.1.norm1"],
  ["swin_tiny_patch4_window7_224", "timm", "features[2]", "layers.1.downsample"],
  ["swin_tiny_patch4_window7_224", "original", "layers[0].downsample", "layers.0.downsample"],
  ["swin_tiny_patch4_window7_224", "huggingface", "layers[-1].blocks[0]", "swin.encoder.layers.3.blocks.0"],
  // timm/models/resnet.py and densenet.py: an activation for each place, and one inside each norm of DenseNet
  ["resnet50", "torchvision", "layer3[-1].act2", "layer3.5.relu#2"],
  ["resnet50", "timm", "layer4[-1].relu", "layer4.2.act1"],
  ["densenet121", "torchvision", "features.norm0.act", "features.relu0"],
  [
    "densenet121",
    "timm",
    "features.denseblock4.denselayer16.relu2",
    "features.denseblock4.denselayer16.norm2.act",
  ],
  ["vgg11_bn", "timm", "features[3]", "features.3"],
  ["vgg11", "torchvision", "pre_logits.fc1", undefined],
] as const)("%s in %s's names: %s is %s", (arch, spelling, path, wanted) => {
  const t = template(arch, spelling);
  if (wanted === undefined) expect(() => tapOf(t, path)).toThrow(/no layer/);
  else expect(tapOf(t, path).path).toBe(wanted);
});

test("a block list that PyTorch never calls is indexable, not explainable", () => {
  expect(() => tapOf(template("pvt_v2_b0", "original"), "block4")).toThrow(
    /block4 \(ModuleList\) has no output of its own.*as block4\.1/,
  );
});

test("after a ViT's last attention nothing can be explained, and the message says what can", () => {
  const t = template("vit_tiny_patch16_224");
  for (const path of ["blocks[-1]", "norm", "blocks[-1].norm2", "blocks[-1].attn.proj"]) {
    expect(() => mapLayout(tapOf(t, path), "blocks[-1].norm1")).toThrow(
      /only the class token.*try blocks\[-1\]\.norm1/,
    );
  }
  expect(mapLayout(tapOf(t, "blocks[-1].attn.qkv"), "")).toEqual({ height: 4, width: 4, prefix: 1 });
});

test("the default layer is marked under the spelling's own name", () => {
  const t = template("pvt_v2_b0", "original");
  const marked = listLayers(t.modules, "stages[-1].norm", { otherNames: t.otherNames }).filter(
    (l) => l.default,
  );
  expect(marked).toEqual([{ path: "norm4", kind: "LayerNorm", shape: [4, 256], default: true }]);
});

test("class and distillation tokens are no part of the map", () => {
  const t = template("deit_tiny_distilled_patch16_224", undefined, 96);
  const tap = tapOf(t, "blocks[-1].norm1");
  const layout = mapLayout(tap, "");
  expect(layout).toEqual({ height: 6, width: 6, prefix: 2 });
  const map = toMap(t.graph, tap.output, layout);
  expect(map.shape.slice(1)).toEqual([6, 6, 192]);
  const patches = map.inputs[0]!;
  expect(patches.op === "slice" && [patches.attrs.axis, patches.attrs.start, patches.attrs.end]).toEqual([
    1, 2, 38,
  ]);
});

test("values inside Swin's windows are refused", () => {
  const t = template("swin_tiny_patch4_window7_224", "timm", 224);
  expect(() => mapLayout(tapOf(t, "layers[0].blocks[0].attn.qkv"), "norm")).toThrow(/heads or windows/);
});

test("the refusal of an unknown spelling names the known ones", () => {
  expect(() => spellingOf(named("pvt_v2_b0"), "tim")).toThrow(
    /has no spelling "tim"; it has timm, original, huggingface/,
  );
});

test("in every table of names the more special name comes first", () => {
  for (const arch of ARCH_NAMES) {
    const { spellings }: ArchDef = ARCHITECTURES[arch];
    for (const { table } of spellings) {
      const theirs = (table?.names ?? []).map(([name]) => name).filter((name) => name !== "");
      const hidden = theirs.filter((name, i) =>
        theirs.slice(0, i).some((earlier) => name.startsWith(`${earlier}.`)),
      );
      expect(hidden).toEqual([]);
    }
  }
});
