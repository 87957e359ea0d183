/** @file What a BEiT's file tells: its size, what its head reads, and which of its kind are refused. */

import { describe, expect, it } from "vitest";
import { checkAttentions } from "../../src/cam/methods/attention.js";
import type { Shape } from "../../src/graph/shape.js";
import type { FitOptions } from "../../src/library/network/fit-request.js";
import type { FittedModel } from "../../src/library/fit/fit-steps.js";
import { fitKeys } from "../reference/fitted.js";
import { readModuleList } from "./module-list.js";

const TABLE = "relative_position_bias_table";
const keysOf = (arch: string, spelling = "timm"): Map<string, Shape> =>
  new Map(readModuleList(spelling, arch).keys);

/** The same with tables of so many rows. */
const withRows = (rows: number): Map<string, Shape> =>
  new Map(
    [...keysOf("beit_base_patch16_224")].map(([key, shape]) => [
      key,
      key.endsWith(TABLE) ? [rows, 12] : shape,
    ]),
  );

/** As below a wrapper. */
const fit = (keys: ReadonlyMap<string, Shape>, options: FitOptions = {}): FittedModel =>
  fitKeys(keys, options, "module.");

const assumed = ({ description }: FittedModel, what: string): unknown =>
  description.assumed.find((one) => one.what === what)?.value;

describe("the size of a BEiT", () => {
  it.each([
    [732, "beit_base_patch16_224", 224],
    [2212, "beit_base_patch16_384", 384],
    [28, "beit_base_patch16_224", 48],
    [3028, "beit_base_patch16_224", 448],
  ])("the size of a BEiT comes from its tables: %i rows", (rows, arch, size) => {
    const model = fit(withRows(rows));
    expect(model.description).toMatchObject({ arch, spelling: "timm" });
    expect(model.description.preprocessing.size).toEqual([size, size]);
    expect(assumed(model, "positions")).toBeUndefined();
  });

  it("the refusal of tables of no square asks for the size of a BEiT", () => {
    expect(() => fit(withRows(18))).toThrow(
      /has 18 rows, which are no square grid's: give the size .* --size HxW, likely 32x48, 48x32/,
    );
    expect(fit(withRows(18), { size: [32, 48] }).description.preprocessing.size).toEqual([32, 48]);
    expect(() => fit(withRows(18), { size: [48, 48] })).toThrow(/no square grid's to resample from/);
  });

  it("a BEiT whose tables are no grid's is refused", () => {
    expect(() => fit(withRows(19))).toThrow(/has 19 rows, which no grid of patches and a class token gives/);
  });

  it("a BEiT at another size than its tables' is read, which is printed", () => {
    expect(assumed(fit(withRows(732), { size: [192, 256] }), "positions")).toBe("14x14");
  });
});

describe("the head of a BEiT", () => {
  const token = new Map(
    [...keysOf("beit_base_patch16_224")].map(([key, shape]) => [key.replace(/^fc_norm/, "norm"), shape]),
  );

  it("the head reads the class token where it has norm in place of fc_norm, which is printed", () => {
    const model = fit(token);
    expect(model.description.report.missing).toEqual([]);
    expect(assumed(model, "pooling")).toBe("token");
    expect(() => checkAttentions({ template: model.template, name: "m" }, "LeGrad")).not.toThrow();
  });

  it("the head else reads the patches' mean, of which rollout and LeGrad make no map", () => {
    const model = fit(keysOf("beit_base_patch16_224"));
    expect(assumed(model, "pooling")).toBeUndefined();
    expect(() => checkAttentions({ template: model.template, name: "m" }, "LeGrad")).toThrow(
      /reads the patches, pooled/,
    );
  });

  it.each(["timm", "huggingface"])(
    "a BEiT without a head gives what the head would read, in %s's names",
    (spelling) => {
      const whole = [...keysOf("beit_base_patch16_224", spelling)];
      const { template } = fit(new Map(whole.filter(([key]) => !/^(?:head|classifier)\./.test(key))));
      expect(template.embedding?.shape.slice(1)).toEqual([768]);
    },
  );
});

it("tables of indices, as the authors' files hold them, do not matter", () => {
  const keys = keysOf("beit_base_patch16_224");
  for (let i = 0; i < 12; i++) keys.set(`blocks.${i}.attn.relative_position_index`, [197, 197]);
  expect(fit(keys).description).toMatchObject({ arch: "beit_base_patch16_224", spelling: "timm" });
});

it("data2vec's image network is recognised as a BEiT", () => {
  const keys = [...keysOf("beit_base_patch16_224", "huggingface")];
  const theirs = new Map(keys.map(([key, shape]) => [key.replace(/^beit\./, "data2vec_vision."), shape]));
  const { description } = fit(theirs);
  expect(description).toMatchObject({ arch: "beit_base_patch16_224", spelling: "huggingface", classes: 10 });
});

describe("a BEiT whose blocks share one table is refused by name", () => {
  const without = (spelling: string, shared: string): Map<string, Shape> => {
    const own = [...keysOf("beit_base_patch16_224", spelling)].filter(([key]) => !key.endsWith(TABLE));
    return new Map<string, Shape>([...own, [`${shared}.${TABLE}`, [732, 12]]]);
  };

  it.each([
    ["timm", "rel_pos_bias", /relative positions that its blocks share/],
    [
      "huggingface",
      "beit.encoder.relative_position_bias",
      /a BEiT whose blocks share their relative positions/,
    ],
    ["huggingface-5", "beit.shared_position_bias", /a BEiT whose blocks share their relative positions/],
  ])("a BEiT whose blocks share one table is refused by name, in %s's names", (spelling, shared, message) => {
    expect(() => fit(without(spelling, shared))).toThrow(message);
  });
});
