/** @file The messages of calls between a page and its worker, and their transferable parts. */

import { GradlensError, type ErrorCode } from "../../errors.js";

/** To the worker. */
export type WorkerRequest =
  | { readonly id: number; readonly call: string; readonly args: readonly unknown[] }
  | { readonly id: number; readonly cancel: true };

/** From the worker. */
export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly code: ErrorCode; readonly message: string } }
  | { readonly id: number; readonly progress: unknown }
  | { readonly event: unknown };

/** The part of a Worker, or of a worker's own scope, that calls need. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(kind: "message", listener: (event: { readonly data: unknown }) => void): void;
}

/** The message of an error. A GradlensError keeps its code. */
export function errorReply(error: unknown): { readonly code: ErrorCode; readonly message: string } {
  if (error instanceof GradlensError) return { code: error.code, message: error.message };
  return { code: "internal", message: error instanceof Error ? error.message : String(error) };
}

/** The buffers and bitmaps inside a value. They are transferred, not copied. */
export function movable(value: unknown): Transferable[] {
  const found = new Set<Transferable>();
  const visit = (one: unknown): void => {
    if (typeof one !== "object" || one === null) return;
    if (ArrayBuffer.isView(one)) found.add(one.buffer as ArrayBuffer);
    else if (typeof ImageBitmap !== "undefined" && one instanceof ImageBitmap) found.add(one);
    else if (one instanceof Map) for (const inner of one.values()) visit(inner);
    else if (!(one instanceof Blob)) for (const inner of Object.values(one)) visit(inner);
  };
  visit(value);
  return [...found];
}
