/**
 * @file FullGrad: what the picture and every bias add to the logit, as in pytorch-grad-cam. The terms are input times
 * gradient, and bias times gradient for each convolution and batch norm. The magnitude of each channel is scaled to 0..1 and
 * resized to the picture; the map is the sum.
 */

import { unsupported } from "../../errors.js";
import type { Builder } from "../../graph/builder.js";
import { isParametric } from "../../graph/rewrite.js";
import type { Node } from "../../graph/types.js";
import { minMax, resized } from "../scaling/scale-maps.js";
import type { WholeModelMethod } from "./method.js";
import { phrase, say } from "../../language/say.js";

/**
 * The outputs of convolutions and batch norms with a bias, [B, h, w, C]. A batch norm is a scale and a shift; the shift, which
 * includes the running mean, is its bias.
 */
function biased(nodes: readonly Node[]): { value: Node; factor: Node }[] {
  return nodes.flatMap((value) => {
    const [before, bias] = value.inputs;
    const isBiased =
      value.op === "add" &&
      value.shape.length === 4 &&
      bias!.shape.length === 1 &&
      isParametric(bias!) &&
      !isParametric(before!);
    return isBiased ? [{ value, factor: bias! }] : [];
  });
}

/** The sum over channels of |x|, each channel of each target scaled to 0..1: [B, h, w]. */
function scaledSum(b: Builder, x: Node): Node {
  return b.reshape(b.sum(minMax(b, b.abs(x)), [3]), x.shape.slice(0, 3));
}

export const fullgrad: WholeModelMethod = {
  title: "FullGrad",
  paper: "Srinivas and Fleuret, NeurIPS 2019, https://arxiv.org/abs/1905.00780",
  question: phrase`What picture and biases add, over all layers`,
  group: "gradient",
  cost: "few",
  flat: phrase`the picture and the biases change the logit nowhere, or by the same at every pixel`,
  check({ template: { graph }, name }) {
    if (!graph.nodes.some((node) => node.op === "normalize")) return;
    throw unsupported(
      say`FullGrad sums the contributions of the biases of convolutions and batch norms, and ${name} has layer norms, which depend on the picture; use integrated or gradcam instead`,
    );
  },
  map(model) {
    const { graph: b, picture } = model.template;
    const found = [{ value: picture, factor: picture }, ...biased(model.forwardNodes)];
    const gradients = model.gradients(found.map(({ value }) => value));
    const [, H, W] = picture.shape as [number, number, number];
    // Resizing is linear, so maps of one size are summed before it.
    const sums = new Map<string, Node>();
    found.forEach(({ factor }, i) => {
      const term = scaledSum(b, b.mul(gradients[i]!, factor));
      const size = term.shape.join();
      const sum = sums.get(size);
      sums.set(size, sum ? b.add(sum, term) : term);
    });
    return [...sums.values()].map((sum) => resized(b, sum, [H, W])).reduce((total, sum) => b.add(total, sum));
  },
};
