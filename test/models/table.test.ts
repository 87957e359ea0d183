/** @file The table of models: its numbers against torchvision's, and docs/MODELS.md is it (`npx vitest run test/models/table -u` writes it). */

import { readFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { expect, it, test } from "vitest";
import type { Arch } from "../../src/models/architectures.js";
import { modelTable, rowOf, summaryOf, type ModelRow } from "../../src/models/table.js";

/** `meta` of torchvision 0.28's weights: num_params, and _ops, which are 10⁹ multiply-adds. */
const TORCHVISION: readonly (readonly [Arch, parameters: number, multiplyAdds: number])[] = [
  ["densenet121", 7978856, 2.834],
  ["resnet50", 25557032, 4.089],
  ["resnext101_32x8d", 88791336, 16.414],
  ["vgg16_bn", 138365992, 15.47],
  ["regnet_y_400mf", 4344144, 0.402],
  ["regnet_x_32gf", 107811560, 31.736],
  ["regnet_y_128gf", 644812894, 374.57],
  ["mnasnet1_3", 6282256, 0.526],
  ["efficientnet_b0", 5288548, 0.386],
  ["efficientnet_b7", 66347960, 37.746],
  ["efficientnet_v2_s", 21458488, 8.366],
  ["mobilenet_v2", 3504872, 0.301],
  ["mobilenet_v3_large", 5483032, 0.217],
  ["convnext_tiny", 28589128, 4.456],
  ["convnext_large", 197767336, 34.361],
  ["vit_base_patch16_224", 86567656, 17.564],
  ["vit_large_patch32_224", 306535400, 15.378],
  ["swin_tiny_patch4_window7_224", 28288354, 4.491],
];

test.each(TORCHVISION)("%s has torchvision's parameters and multiply-adds", (arch, parameters, adds) => {
  const row = rowOf(arch);
  expect(row.parameters).toBe(parameters);
  expect(row.flops / 2e9).toBeCloseTo(adds, 2);
});

const table = modelTable();

/** A file of weights is a row of its own, so that no cell is long. */
function rowsOf({ arch, parameters, flops, size, pretrained }: ModelRow): string[] {
  const facts = `| \`${arch}\` | ${(parameters / 1e6).toFixed(1)} M | ${(flops / 1e9).toFixed(1)} | ${size.join("x")} |`;
  const files = pretrained.map(({ project, file }) => `${project} \`${file}\``);
  const [first = "none with a head", ...others] = files;
  return [`${facts} ${first} |`, ...others.map((file) => `| | | | | ${file} |`)];
}

const tableOf = (rows: readonly ModelRow[]): string[] => [
  "| architecture | parameters | GFLOP | input | pretrained weights |",
  "| --- | ---: | ---: | --- | --- |",
  ...rows.flatMap(rowsOf),
];

function listing(): string {
  const families = [...new Set(table.map(({ family }) => family))];
  const blocks = families.map((family) => {
    const rows = table.filter((row) => row.family === family);
    const { title, layers, spellings } = summaryOf(rows);
    const said = `Explained at ${layers.map((layer) => `\`${layer}\``).join(", ")}; names read: ${spellings.join(", ")}.`;
    return [`### ${title}`, "", said, "", ...tableOf(rows)].join("\n");
  });
  return blocks.join("\n\n");
}

it("docs/MODELS.md lists what the table of models says", async () => {
  const page = readFileSync(new URL("../../docs/MODELS.md", import.meta.url), "utf8");
  const marks = /(<!-- begin models -->\n)[^]*(\n<!-- end models -->)/;
  expect(page).toMatch(marks);
  const config = await resolveConfig("docs/MODELS.md");
  const written = page.replace(marks, (_, begin: string, end: string) => `${begin}\n${listing()}\n${end}`);
  await expect(await format(written, { ...config, parser: "markdown" })).toMatchFileSnapshot(
    "../../docs/MODELS.md",
  );
});
