/** @file Networks whose keys and shapes are those of another one: told apart by the file's words, else named or refused. */

import { describe, expect, it } from "vitest";
import type { Shape } from "../../src/graph/shape.js";
import type { FitOptions } from "../../src/library/network/fit-request.js";
import { findArch } from "../../src/models/registry.js";
import { fit, keysOf } from "./key-files.js";

describe("timm's networks that are not supported, with the keys of one that is", () => {
  const TWIN = "which gradlens does not compute";
  const twins = (keys: ReadonlyMap<string, Shape>, options?: FitOptions): string[] =>
    fit(keys, options).description.assumed.flatMap(({ because }) =>
      because.includes(TWIN) ? [because] : [],
    );
  const pooled = (): Map<string, Shape> => {
    const keys = keysOf("timm", "vit_base_patch16_224");
    keys.delete("cls_token");
    return keys.set("pos_embed", [1, 196, 768]);
  };
  it.each([
    [pooled(), ["vit_base_patch16_gap_224 (with 16 heads)", "vit_*_siglip_gap_*"]],
    [keysOf("timm", "deit3_base_patch16_224"), ["rope_ape_224 (with rotary positions)"]],
    [keysOf("timm", "resnet50d"), ["(with anti-aliasing)"]],
    [keysOf("timm", "vit_base_patch16_224"), []],
  ])("an assumption names timm's networks with the same keys, case %#", (keys, names) => {
    const found = twins(keys);
    expect(found).toHaveLength(names.length > 0 ? 1 : 0);
    for (const name of names) expect(found[0]).toContain(name);
  });

  it("no assumption is reported where --arch says which network it is", () => {
    expect(twins(pooled(), { arch: "vit_base_patch16_224" })).toEqual([]);
  });

  it("a file that names an unsupported network with the same keys is refused", () => {
    for (const name of ["vit_base_patch16_gap_224", "vit_base_patch16_siglip_gap_224"])
      expect(() => fit(pooled(), {}, {}, { "args.model": name })).toThrow(name);
    expect(() =>
      fit(
        keysOf("timm", "deit3_base_patch16_224"),
        {},
        {},
        { "args.model": "vit_base_patch16_rope_ape_224" },
      ),
    ).toThrow("rope_ape");
  });
});

describe("networks of the same keys that compute otherwise", () => {
  const keys = keysOf("timm", "tf_efficientnet_b0");

  it("a network is refused by its name unless --arch decides", () => {
    expect(() => fit(keys)).toThrow(
      /^w\.pth may be efficientnet_b0 or tf_efficientnet_b0 \(with TensorFlow's padding and batch-norm epsilon\): .*name its network with --arch$/,
    );
    expect(() => fit(keysOf("timm", "tf_mobilenetv3_large_100"))).toThrow(
      /may be mobilenet_v3_large or tf_mobilenetv3_large_100 /,
    );
    for (const arch of ["efficientnet_b0", "tf_efficientnet_b0"] as const)
      expect(fit(keys, { arch }).description).toMatchObject({ arch, spelling: "timm", defaultLayer: "bn2" });
    expect(fit(keys, {}, { arch: "tf_efficientnet_b0" }).description.arch).toBe("tf_efficientnet_b0");
  });

  it.each([
    ["tf_efficientnet_b0", "tf_efficientnet_b0"],
    ["tf_efficientnet_b0_ns", "tf_efficientnet_b0"],
    ["hf_hub:timm/tf_efficientnet_b0.ns_jft_in1k", "tf_efficientnet_b0"],
    ["efficientnet_b0", "efficientnet_b0"],
    ["timm/efficientnet_b0.ra_in1k", "efficientnet_b0"],
  ])("the file's own word %s decides between networks of the same keys", (word, arch) => {
    expect(fit(keys, {}, {}, { arch: word }).description.arch).toBe(arch);
  });

  it("a name that both networks have does not decide", () => {
    expect(() => fit(keys, {}, {}, { arch: "EfficientNet-B0" })).toThrow(/may be efficientnet_b0 or/);
  });

  it("networks of the same keys have names of timm's that no other has", () => {
    expect(fit(keysOf("timm", "mobilenet_v2")).description).toMatchObject({
      arch: "mobilenet_v2",
      spelling: "timm",
    });
    expect(findArch("mobilenetv2_100").arch).toBe("mobilenet_v2");
    expect(findArch("efficientnetv2_s").arch).toBe("efficientnet_v2_s");
  });
});
