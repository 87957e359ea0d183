/** @file The device's errors arrive between calls: the next awaited call throws them. */

import { GradlensError } from "../errors.js";
import type { Gpu } from "./gpu.js";
import { say } from "../language/say.js";

/** Time for the event of a lost device to arrive, in milliseconds: a refused call is often its first sign. */
const LOSS_MS = 100;

export class DeviceErrors {
  private pending: GradlensError | undefined;
  /** Thrown by every later call. */
  private final: GradlensError | undefined;
  private closed = false;

  private readonly keep = (event: GPUUncapturedErrorEvent): void => {
    // Dawn's Node binding prints to stdout what no handler claims.
    event.preventDefault();
    this.pending ??= errorOf(event.error, say`the GPU`);
  };

  constructor(private readonly gpu: Gpu) {
    gpu.device.addEventListener("uncapturederror", this.keep);
    void gpu.device.lost.then((info) => {
      if (this.closed) return;
      this.final ??= new GradlensError(
        "device-lost",
        say`the GPU device was lost (${info.message || info.reason}). Open a new device and load the model again.`,
      );
    });
  }

  /** Every call that waits for the GPU, now or later, throws this error. */
  stop(error: GradlensError): void {
    this.final ??= error;
  }

  /** Ignores later errors, as before we destroy the device. */
  close(): void {
    this.closed = true;
    this.gpu.device.removeEventListener("uncapturederror", this.keep);
  }

  check(): void {
    const error = this.final ?? this.pending;
    this.pending = undefined;
    if (error) throw error;
  }

  /** Waits for the GPU, then throws an error that arrived meanwhile. */
  async wait<T>(promise: Promise<T>): Promise<T> {
    try {
      const value = await this.gpu.wait(promise);
      this.check();
      return value;
    } catch (error) {
      if (!(error instanceof GradlensError)) await this.waitForLoss();
      this.check();
      if (error instanceof GradlensError) throw error;
      throw new GradlensError("gpu", say`the GPU failed: ${textOf(error)}`, { cause: error });
    }
  }

  /** Runs `body`, which creates GPU objects for `what`. @throws GradlensError that names `what` if the GPU refuses */
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
      const [invalid, noMemory] = await this.wait(Promise.all(scopes));
      // Objects made of a refused buffer are invalid too: the refusal is the cause.
      const error = noMemory ?? invalid;
      if (error) {
        await this.waitForLoss();
        this.check();
        throw errorOf(error, what());
      }
    }
    return value;
  }

  /** Waits for the event of a lost device. */
  private async waitForLoss(): Promise<void> {
    if (this.final) return;
    const { device } = this.gpu;
    // Dawn's Node binding polls for events only while a promise is pending.
    device.queue.onSubmittedWorkDone().catch(() => undefined);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, LOSS_MS)));
    await this.gpu.wait(Promise.race([device.lost, late]));
    clearTimeout(timer);
  }
}

function errorOf(error: GPUError, what: string): GradlensError {
  const text = oneLine(error.message);
  return /out.of.memory/i.test(`${error.constructor.name} ${text}`)
    ? new GradlensError(
        "out-of-memory",
        say`${what}: the GPU has no memory left. Use a smaller --size or --batch-size, or fewer targets at once.`,
      )
    : new GradlensError("gpu", `${what}: ${text}`);
}

function textOf(error: unknown): string {
  const { name, message } = error as Error;
  return oneLine(message) || name;
}

const oneLine = (text: string): string => text.split("\n")[0]!.trim();
