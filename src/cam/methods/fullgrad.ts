/**
 * @file FullGrad: what the picture and every bias add to the logit. As pytorch-grad-cam has it: the magnitude of each
 * channel of input times gradient, and of bias times gradient for each convolution and batch norm, is scaled to 0..1 by
 * itself and resized to the picture; the map is their sum.
 */

import { GradlensError } from "../../errors.js";
import type { Builder } from "../../graph/builder.js";
import { isParametric } from "../../graph/rewrite.js";
import { bilinearMap } from "../../graph/sparse-map.js";
import type { Node } from "../../graph/types.js";
import { minMax } from "../scaling/scale-maps.js";
import type { GraphMethod } from "./method.js";

/**
 * The biased values of a model's convolutions and batch norms, [B, h, w, C]. A batch norm is a scale and a shift, and the
 * shift is its bias: that of the checkpoint less what the running mean takes away.
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

export const fullgrad: GraphMethod = {
  title: "FullGrad",
  paper: "Srinivas and Fleuret, NeurIPS 2019, https://arxiv.org/abs/1905.00780",
  needs: "biases",
  flat: "the picture and the biases change the logit nowhere, or by the same at every pixel",
  check({ graph }, model) {
    if (!graph.nodes.some((node) => node.op === "normalize")) return;
    throw new GradlensError(
      "unsupported",
      `FullGrad adds up what the biases of convolutions and batch norms give, and ${model} has layer norms, which depend on the picture; take integrated or gradcam instead`,
    );
  },
  map(model) {
    const { graph: b, picture } = model.template;
    const found = [{ value: picture, factor: picture }, ...biased(model.forwardNodes)];
    const gradients = model.gradients(found.map(({ value }) => value));
    const [, H, W] = picture.shape as [number, number, number];
    // Resizing is linear: maps of one size are added up before it.
    const sums = new Map<string, Node>();
    found.forEach(({ factor }, i) => {
      const term = scaledSum(b, b.mul(gradients[i]!, factor));
      const size = term.shape.join();
      const sum = sums.get(size);
      sums.set(size, sum ? b.add(sum, term) : term);
    });
    return [...sums.values()]
      .map((sum) => {
        const tall = b.resample(sum, 1, bilinearMap(sum.shape[1]!, H));
        return b.resample(tall, 2, bilinearMap(sum.shape[2]!, W));
      })
      .reduce((total, sum) => b.add(total, sum));
  },
};
