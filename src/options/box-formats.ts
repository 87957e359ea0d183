/** @file The formats of `--boxes`; cli/results/boxes.ts writes them. */

export const BOX_FORMAT_NAMES = ["json", "coco", "csv"] as const;
export type BoxFormatName = (typeof BOX_FORMAT_NAMES)[number];
