/** @file The size of picture that a Swin's tables are for, as timm makes them (rows printed from its models). */

import { describe, expect, it } from "vitest";
import type { Shape } from "../../src/graph/shape.js";
import { BIAS_TABLE, swinSize } from "../../src/models/swin-size.js";

const SWIN = { window: 7, table: BIAS_TABLE };

const sizeOf = (rows: readonly number[], file: Record<string, Shape> = {}) => {
  const shapes = new Map<string, Shape>(
    rows.map((n, i) => [`layers.${i}.blocks.0.attn.relative_position_bias_table`, [n, 3 << i]]),
  );
  const options = { size: [224, 224], channels: 3, classes: 2, shapes } as const;
  return swinSize(options, new Map(Object.entries(file)), SWIN);
};

describe("the size of a Swin's tables", () => {
  it.each([
    [96, [169, 169, 121, 25]],
    [160, [169, 169, 169, 81]],
  ])("the size of a Swin's tables is %i pixels where its last windows are smaller", (size, rows) => {
    expect(sizeOf(rows)).toEqual({
      size: [size, size],
      because: `the file's layers.3.blocks.0.attn.relative_position_bias_table has ${rows[3]} rows, a model's for such pictures`,
    });
  });

  it("the size of a Swin's tables is unknown where all windows are the architecture's", () => {
    expect(sizeOf([169, 169, 169, 169])).toBeUndefined();
  });

  it.each([
    ["img_size=(96, 160)", [169, 169, 143, 45], "45 rows", "96x160, 160x96"],
    ["img_size=112 or 128", [169, 169, 169, 49], "49 rows", "112x112, 128x128"],
  ])("the size of a Swin must be given where several fit: %s", (_, rows, has, likely) => {
    const open = sizeOf(rows)?.open;
    expect(open).toContain(
      `has ${has}, as those of models for several sizes: give the size of training by --size HxW`,
    );
    expect(open).toMatch(new RegExp(`likely ${likely}$`));
  });

  it.each([
    ["window_size=4", [49, 49, 49, 49]],
    ["window_size=6", [121, 121, 121, 81]],
    ["window_size=(7, 4) at 224x224", [91, 91, 91, 91]],
  ])("tables of windows of another size have no size of picture: %s", (_, rows) => {
    const mask = { "layers.0.blocks.1.attn_mask": [64, 16, 16] };
    for (const file of [{}, mask])
      expect(() => sizeOf(rows, file)).toThrow(
        /its windows are of another size, and gradlens does not compute such a Swin/,
      );
  });

  it("the shift mask of the first stage, in files that keep it, shows the size of a Swin", () => {
    const mask = { "model.layers.0.blocks.1.attn_mask": [256, 49, 49] };
    expect(sizeOf([169, 169, 169, 169], mask)).toMatchObject({ size: [448, 448] });
  });
});
