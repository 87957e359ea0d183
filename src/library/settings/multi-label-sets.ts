/** @file Label sets whose pictures have several labels each. Data only. */

import { CHESTXRAY14, XRAY_LABELS } from "../../models/label-sets.js";

const CHEXPERT = [
  "No Finding",
  "Enlarged Cardiomediastinum",
  "Cardiomegaly",
  "Lung Opacity",
  "Lung Lesion",
  "Edema",
  "Consolidation",
  "Pneumonia",
  "Atelectasis",
  "Pneumothorax",
  "Pleural Effusion",
  "Pleural Other",
  "Fracture",
  "Support Devices",
];

const SETS: readonly (readonly [name: string, labels: readonly string[]])[] = [
  ["ChestX-ray14", CHESTXRAY14],
  ["torchxrayvision", XRAY_LABELS],
  ["CheXpert", CHEXPERT],
];

/** Whose labels these are, in any order and spelling. */
export function multiLabelSet(labels: readonly string[]): string | undefined {
  const sorted = (names: readonly string[]): string =>
    names
      .map((name) => name.toLowerCase().replace(/[^a-z]/g, ""))
      .sort()
      .join();
  const own = sorted(labels);
  return SETS.find(([, names]) => sorted(names) === own)?.[0];
}
