/** @file The device's errors, which arrive between calls: kept, and thrown by the next awaited call. */

import { GradlensError } from "../errors.js";
import type { Gpu } from "./gpu.js";

export class DeviceErrors {
  private pending: GradlensError | undefined;
  private closed = false;

  private readonly keep = (event: GPUUncapturedErrorEvent): void => {
    this.pending ??= errorOf(event.error, "the GPU");
  };

  constructor(private readonly gpu: Gpu) {
    gpu.device.addEventListener("uncapturederror", this.keep);
    void gpu.device.lost.then((info) => {
      if (this.closed) return;
      this.pending = new GradlensError(
        "device-lost",
        `the GPU device was lost (${info.message || info.reason}); open a new device and load the model again`,
      );
    });
  }

  /** Nobody waits for errors any more; the device may be about to be destroyed by us. */
  close(): void {
    this.closed = true;
    this.gpu.device.removeEventListener("uncapturederror", this.keep);
  }

  check(): void {
    const error = this.pending;
    if (!error) return;
    if (error.code !== "device-lost") this.pending = undefined;
    throw error;
  }

  /** Waits for the GPU, then throws what went wrong meanwhile. */
  async wait<T>(promise: Promise<T>): Promise<T> {
    try {
      const value = await this.gpu.wait(promise);
      this.check();
      return value;
    } catch (error) {
      this.check();
      if (error instanceof GradlensError) throw error;
      throw new GradlensError("gpu", `the GPU failed: ${oneLine(String((error as Error).message))}`);
    }
  }

  /** Runs `body`, which creates GPU objects for `what`, and throws a typed error that names it if the GPU refused. */
  async scoped<T>(what: () => string, body: () => T): Promise<T> {
    const { device } = this.gpu;
    this.check();
    device.pushErrorScope("out-of-memory");
    device.pushErrorScope("validation");
    let value: T;
    try {
      value = body();
    } finally {
      const scopes = [device.popErrorScope(), device.popErrorScope()];
      const errors = await this.wait(Promise.all(scopes));
      const error = errors.find((e) => e !== null);
      if (error) throw errorOf(error, what());
    }
    return value;
  }
}

function errorOf(error: GPUError, what: string): GradlensError {
  const text = oneLine(error.message);
  return /out.of.memory/i.test(`${error.constructor.name} ${text}`)
    ? new GradlensError(
        "out-of-memory",
        `${what}: the GPU has no memory left; take a smaller --size or --batch-size, or fewer targets at once`,
      )
    : new GradlensError("gpu", `${what}: ${text}`);
}

const oneLine = (text: string): string => text.split("\n")[0]!.trim();
