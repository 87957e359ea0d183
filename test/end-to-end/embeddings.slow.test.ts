/** @file All methods and similarities of networks without a classifier against PyTorch and pytorch-grad-cam. */

import { expect, it } from "vitest";
import type { Similarity } from "../../src/index.js";
import { checkEmbedding, checkSimilarity, EMBEDDING_CASES, loadEmbedding } from "./embedding-cases.js";
import { openTestGpu } from "./harness.js";

const TIMEOUT_MS = 600_000;

it.each(Object.entries(EMBEDDING_CASES))(
  "%s: all maps are PyTorch's",
  async (_, one) => {
    const gpu = await openTestGpu();
    const model = await loadEmbedding(one, gpu);
    try {
      await checkEmbedding(one, model);
      const similarities = Object.keys(one.maps) as Similarity[];
      expect(similarities).toContain("dot");
      for (const similarity of similarities) await checkSimilarity(one, model, similarity);
    } finally {
      model.dispose();
      gpu.dispose();
    }
  },
  TIMEOUT_MS,
);
