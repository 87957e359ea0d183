/** @file A network of each kind without a classifier against PyTorch; all methods are in embeddings.slow.test.ts. */

import { expect, it } from "vitest";
import { checkEmbedding, checkSimilarity, EMBEDDING_CASES, loadEmbedding } from "./embedding-cases.js";
import { openTestGpu } from "./harness.js";

// Of 93 million weights.
const LARGE = "SigLIP with num_classes=0";

const CASES = Object.entries(EMBEDDING_CASES).filter(([name]) => name !== LARGE);

it("the embedding cases are five small ones and a large one", () => {
  expect(CASES).toHaveLength(5);
  expect(EMBEDDING_CASES).toHaveProperty([LARGE]);
});

it.each(CASES)("%s: the embedding and Grad-CAM of its cosine are PyTorch's", async (_, one) => {
  const gpu = await openTestGpu();
  const model = await loadEmbedding(one, gpu);
  try {
    await checkEmbedding(one, model);
    await checkSimilarity(one, model, "cosine", ["gradcam"]);
  } finally {
    model.dispose();
    gpu.dispose();
  }
});
