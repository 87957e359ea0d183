/** @file The passes of a model that compares its output with vectors. */

import { unsupported } from "../errors.js";
import type { ExplainerModel } from "./model.js";
import { ForwardPasses } from "./passes/forward-passes.js";
import {
  checkVectors,
  compared,
  DEFAULT_SIMILARITY,
  rowsOfVectors,
  type Comparison,
  type Similarity,
} from "./vectors.js";
import { say } from "../language/say.js";

/** Numbers the keys: each comparison has a parameter of its own. */
let made = 0;

export class VectorPasses {
  readonly passes: ForwardPasses;
  private readonly key = `target vectors ${made++}`;
  private readonly similarity: Similarity;
  private readonly rows: Float32Array;

  /** @throws GradlensError "bad-argument" for vectors that do not fit, "unsupported" for a classifier */
  constructor(
    private readonly model: ExplainerModel,
    comparison: Comparison,
  ) {
    const { template, rebuild, weights, name } = model;
    const { embedding } = template;
    if (embedding === undefined || rebuild === undefined)
      throw unsupported(
        say`vectors are compared with the output of a model without a classifier, and this ${name} has one of ${template.logits.shape[1]} classes; leave it out (--embedding, embedding)`,
      );
    checkVectors(comparison, embedding.shape[1]!);
    this.similarity = comparison.similarity ?? DEFAULT_SIMILARITY;
    this.rows = rowsOfVectors(comparison);
    weights.add(this.key, this.rows);
    this.passes = new ForwardPasses({ ...model, template: compared(rebuild(), this.key, comparison) });
  }

  /** Whether the plans are for these vectors. */
  isOf(comparison: Comparison): boolean {
    if ((comparison.similarity ?? DEFAULT_SIMILARITY) !== this.similarity) return false;
    checkVectors(comparison, this.model.template.embedding!.shape[1]!);
    const rows = rowsOfVectors(comparison);
    return rows.length === this.rows.length && rows.every((value, i) => value === this.rows[i]);
  }

  async clear(): Promise<void> {
    await this.passes.clear();
    this.model.weights.remove(this.key);
  }
}
