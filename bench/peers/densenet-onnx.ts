/**
 * @file DenseNet121 as an ONNX file (opset 17) with random weights, as torch.onnx.export would write it: Conv,
 * BatchNormalization, Relu, Concat, pools, Gemm. What a peer is timed on.
 */

import { message, type Field } from "./protobuf.js";

const FLOAT = 1;
const BLOCKS = [6, 12, 24, 16];
const GROWTH = 32;

class Model {
  private readonly nodes: Uint8Array[] = [];
  private readonly tensors: Uint8Array[] = [];
  private count = 0;
  private state = 1;

  private tensor(shape: readonly number[], make: (uniform: number) => number): string {
    const name = `w${this.count++}`;
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => {
      this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
      return make(this.state / 2 ** 31 - 1);
    });
    const dims = shape.map((d): Field => [1, d]);
    this.tensors.push(message([...dims, [2, FLOAT], [8, name], [9, new Uint8Array(values.buffer)]]));
    return name;
  }

  node(
    type: string,
    inputs: readonly string[],
    ints: Readonly<Record<string, number | readonly number[]>> = {},
  ): string {
    const output = `v${this.count++}`;
    const attributes = Object.entries(ints).map(([name, value]): Field => {
      const list = Array.isArray(value);
      const numbers = (list ? (value as readonly number[]) : [value as number]).map((v): Field => [
        list ? 8 : 3,
        v,
      ]);
      return [5, message([[1, name], ...numbers, [20, list ? 7 : 2]])];
    });
    this.nodes.push(
      message([...inputs.map((i): Field => [1, i]), [2, output], [3, output], [4, type], ...attributes]),
    );
    return output;
  }

  conv(x: string, from: number, to: number, kernel: number, stride = 1): string {
    const scale = Math.sqrt(6 / (from * kernel * kernel));
    const pad = kernel >> 1;
    return this.node("Conv", [x, this.tensor([to, from, kernel, kernel], (u) => scale * u)], {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
    });
  }

  norm(x: string, channels: number): string {
    const near = (middle: number) => this.tensor([channels], (u) => middle + 0.1 * u);
    return this.node("BatchNormalization", [x, near(1), near(0), near(0), near(1)]);
  }

  linear(x: string, from: number, to: number): string {
    const w = this.tensor([to, from], (u) => u / Math.sqrt(from));
    return this.node("Gemm", [x, w, this.tensor([to], (u) => 0.1 * u)], { transB: 1 });
  }

  bytes(input: Field, output: string, classes: number): Uint8Array {
    const graph = message([
      ...this.nodes.map((n): Field => [1, n]),
      [2, "densenet121"],
      ...this.tensors.map((t): Field => [5, t]),
      input,
      [12, valueInfo(output, [1, classes])],
    ]);
    return message([
      [1, 8],
      [7, graph],
      [8, message([[2, 17]])],
    ]);
  }
}

function valueInfo(name: string, shape: readonly number[]): Uint8Array {
  const dims = shape.map((d): Field => [1, message([[1, d]])]);
  const type = message([
    [
      1,
      message([
        [1, FLOAT],
        [2, message(dims)],
      ]),
    ],
  ]);
  return message([
    [1, name],
    [2, type],
  ]);
}

/** Input "x" [1, 3, size, size]. */
export function densenet121Onnx(size: number, classes: number): Uint8Array {
  const m = new Model();
  const relu = (x: string): string => m.node("Relu", [x]);
  let x = relu(m.norm(m.conv("x", 3, 64, 7, 2), 64));
  x = m.node("MaxPool", [x], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
  let channels = 64;
  BLOCKS.forEach((layers, block) => {
    for (let i = 0; i < layers; i++) {
      const bottleneck = m.conv(relu(m.norm(x, channels)), channels, 4 * GROWTH, 1);
      const added = m.conv(relu(m.norm(bottleneck, 4 * GROWTH)), 4 * GROWTH, GROWTH, 3);
      x = m.node("Concat", [x, added], { axis: 1 });
      channels += GROWTH;
    }
    if (block + 1 < BLOCKS.length) {
      x = m.conv(relu(m.norm(x, channels)), channels, channels / 2, 1);
      x = m.node("AveragePool", [x], { kernel_shape: [2, 2], strides: [2, 2] });
      channels /= 2;
    }
  });
  const pooled = m.node("Flatten", [m.node("GlobalAveragePool", [relu(m.norm(x, channels))])], { axis: 1 });
  const logits = m.linear(pooled, channels, classes);
  return m.bytes([11, valueInfo("x", [1, 3, size, size])], logits, classes);
}
