/** @file Labels of chest X-rays, and the preprocessing of their most used models. Data only. */

/** ChestX-ray14's findings in CheXNet's order. */
export const CHESTXRAY14: readonly string[] = [
  "Atelectasis",
  "Cardiomegaly",
  "Effusion",
  "Infiltration",
  "Mass",
  "Nodule",
  "Pneumonia",
  "Pneumothorax",
  "Consolidation",
  "Edema",
  "Emphysema",
  "Fibrosis",
  "Pleural_Thickening",
  "Hernia",
];

/** torchxrayvision's `xrv.datasets.default_pathologies`. */
export const XRAY_LABELS: readonly string[] = [
  "Atelectasis",
  "Consolidation",
  "Infiltration",
  "Pneumothorax",
  "Edema",
  "Emphysema",
  "Fibrosis",
  "Effusion",
  "Pneumonia",
  "Pleural_Thickening",
  "Cardiomegaly",
  "Nodule",
  "Mass",
  "Hernia",
  "Lung Lesion",
  "Fracture",
  "Lung Opacity",
  "Enlarged Cardiomediastinum",
];

/** xrv.datasets.normalize(picture, 255): (2 p - 1) 1024 for p in 0..1 */
export const XRAY_STATISTICS = { mean: [0.5], std: [1 / 2048] };
