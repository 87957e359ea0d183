/** @file Shapes: lists of dimension sizes, outermost first. Axis 0 of an activation is always the batch. */

import { GradlensError } from "../errors.js";
import { say } from "../language/say.js";

export type Shape = readonly number[];

export const sizeOf = (shape: Shape): number => shape.reduce((product, d) => product * d, 1);

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((d, i) => d === b[i]);

export const shapeText = (shape: Shape): string => `[${shape.join(", ")}]`;

/** Row-major strides in elements. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** NumPy's broadcasting of two or more shapes. */
export function broadcastShapes(...shapes: Shape[]): number[] {
  const rank = Math.max(...shapes.map((s) => s.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    const shift = rank - shape.length;
    shape.forEach((d, i) => {
      const have = result[i + shift]!;
      if (have !== d && have !== 1 && d !== 1) {
        throw new ShapeError(say`shapes ${shapes.map(shapeText).join(say` and `)} do not broadcast`);
      }
      if (d !== 1) result[i + shift] = d;
    });
  }
  return result;
}

/** Python's indexing: -1 is the last axis. */
export function normalizeAxis(axis: number, rank: number): number {
  const result = axis < 0 ? axis + rank : axis;
  if (result < 0 || result >= rank) throw new ShapeError(say`axis ${axis} of a value of rank ${rank}`);
  return result;
}

/** A broken shape rule: a bug in a model's or a method's graph, or a picture too small for the model. */
export class ShapeError extends GradlensError {
  constructor(message: string) {
    super("internal", message);
  }
}
