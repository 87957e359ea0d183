/** @file The page's side of calls to a worker. */

import { GradlensError } from "../../errors.js";
import type { Port, Reply } from "./messages.js";

export interface CallSettings<P = never> {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: P) => void) | undefined;
  /** The parts of the arguments that are transferred to the worker. */
  readonly transfer?: Transferable[];
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((progress: unknown) => void) | undefined;
}

export class WorkerClient {
  private readonly pending = new Map<number, Pending>();
  private next = 1;

  /** @param onEvent receives the events that the worker sends outside of any call */
  constructor(
    private readonly port: Port,
    private readonly onEvent: (event: unknown) => void = () => undefined,
  ) {
    port.addEventListener("message", ({ data }) => this.receive(data as Reply));
  }

  /** @throws GradlensError the worker's error; "aborted" by the signal */
  async call<T, P = never>(
    name: string,
    args: readonly unknown[],
    { signal, onProgress, transfer = [] }: CallSettings<P> = {},
  ): Promise<T> {
    const id = this.next++;
    const result = new Promise<unknown>((resolve, reject) =>
      this.pending.set(id, { resolve, reject, onProgress: onProgress as Pending["onProgress"] }),
    );
    const cancel = (): void => this.port.postMessage({ id, cancel: true }, []);
    this.port.postMessage({ id, call: name, args }, transfer);
    if (signal?.aborted) cancel();
    signal?.addEventListener("abort", cancel);
    try {
      return (await result) as T;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  /** Rejects all open calls, as when the worker ends. */
  end(error: GradlensError): void {
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
  }

  private receive(reply: Reply): void {
    if ("event" in reply) return this.onEvent(reply.event);
    const call = this.pending.get(reply.id);
    if (call === undefined) return;
    if ("progress" in reply) return call.onProgress?.(reply.progress);
    this.pending.delete(reply.id);
    if ("error" in reply) call.reject(new GradlensError(reply.error.code, reply.error.message));
    else call.resolve(reply.value);
  }
}
