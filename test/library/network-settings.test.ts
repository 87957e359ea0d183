/** @file Settings in a file that mean another network than its keys say. */

import { describe, expect, it } from "vitest";
import type { Arch } from "../../src/models/architectures.js";
import { fit, keysOf } from "./key-files.js";

describe("Hugging Face's networks with their configuration", () => {
  it.each([
    ["resnet50", { downsample_in_bottleneck: true }, "the stride in its 3x3 convolutions"],
    ["resnet50", { downsample_in_first_stage: true }, "no stride in its first stage"],
    ["regnetx_002", { downsample_in_first_stage: false }, "a stride in its first stage"],
    ["mobilenet_v2", { tf_padding: false }, "TensorFlow's padding"],
    ["mobilenet_v2", { layer_norm_eps: 1e-5 }, "an eps of 1e-3"],
    ["mobilenet_v2", { hidden_act: "hard_swish" }, "ReLU6"],
    ["efficientnet_b0", { hidden_act: "relu" }, "SiLU"],
    ["efficientnet_b0", { hidden_act: "relu6" }, "SiLU"],
    ["efficientnet_b0", { hidden_act: "hard_swish" }, "SiLU"],
    ["efficientnet_b0", { batch_norm_eps: 1e-5 }, "an eps of 1e-3"],
    ["efficientnet_b0", { strides: [1, 1, 2, 2, 1, 2, 1] }, "strides of 1,2,2,2,1,2,1"],
    ["efficientnet_b2", { depthwise_padding: [] }, "the published padding of its blocks of stride 2"],
    ["resnet18", { hidden_act: "leaky_relu" }, "ReLU"],
    ["convnext_tiny", { hidden_act: "quick_gelu" }, "GELU"],
    ["convnext_tiny", { layer_norm_eps: 1e-2 }, "an eps of 1e-6"],
    ["pvt_v2_b0", { num_attention_heads: [1, 2, 4, 8] }, "1,2,5,8 heads"],
    ["vit_tiny_patch16_224", { hidden_act: "quick_gelu" }, "GELU"],
    ["vit_tiny_patch16_224", { layer_norm_eps: 1e-3 }, "an eps of 1e-6"],
    ["vit_tiny_patch16_224", { num_attention_heads: 6 }, "3 heads"],
  ])("%s with %o is refused", (arch, said, computed) =>
    expect(() => fit(keysOf("huggingface", arch), {}, {}, said)).toThrow(
      `${arch} is computed with ${computed}`,
    ),
  );

  it.each([
    ["mobilenet_v2", { tf_padding: true, hidden_act: "relu6", layer_norm_eps: 1e-3 }],
    ["efficientnet_b0", { hidden_act: "swish", batch_norm_eps: 1e-3, depthwise_padding: [] }],
    ["efficientnet_b2", { strides: [1, 2, 2, 2, 1, 2, 1], depthwise_padding: [5, 8, 16] }],
    ["resnet18", { hidden_act: "relu" }],
    ["convnext_tiny", { hidden_act: "gelu", layer_norm_eps: 1e-12 }],
    ["pvt_v2_b0", { num_attention_heads: [1, 2, 5, 8], layer_norm_eps: 1e-6 }],
    ["vit_tiny_patch16_224", { hidden_act: "gelu", layer_norm_eps: 1e-12, num_attention_heads: 3 }],
  ])("%s with %o, as published, is read", (arch, said) => {
    const file = keysOf("huggingface", arch);
    expect(fit(file, { arch: arch as Arch }, {}, said).description.arch).toBe(arch);
  });

  it("the network as published is read, and its padding is an assumption", () => {
    const published = { tf_padding: true, hidden_act: "relu6" };
    const { description } = fit(keysOf("huggingface", "mobilenet_v2"), {}, {}, published);
    expect(description.assumed).toContainEqual(expect.objectContaining({ what: "padding" }));
  });
});
