/** @file The worker's side of calls: it answers each, reports progress, and cancels on request. */

import { errorReply, movable, type Port, type Reply, type WorkerRequest } from "./messages.js";

/** What a function may use besides its arguments. */
export interface CallContext {
  readonly signal: AbortSignal;
  readonly progress: (value: unknown) => void;
}

/** Functions by name; the last argument is the call's context. */
export type Service = Readonly<Record<string, (...args: never[]) => unknown>>;

/** Answers the calls that arrive at `port`. @returns a function that sends an event outside of any call */
export function serve(service: Service, port: Port): (event: unknown) => void {
  const running = new Map<number, AbortController>();
  const send = (reply: Reply, transfer: Transferable[] = []): void => port.postMessage(reply, transfer);
  const answer = async (id: number, call: string, args: readonly unknown[]): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    const context: CallContext = {
      signal: controller.signal,
      progress: (progress) => send({ id, progress }),
    };
    try {
      const run = service[call] as (...all: unknown[]) => unknown;
      const value = await run(...args, context);
      send({ id, value }, movable(value));
    } catch (error) {
      send({ id, error: errorReply(error) });
    } finally {
      running.delete(id);
    }
  };
  port.addEventListener("message", ({ data }) => {
    const request = data as WorkerRequest;
    if ("cancel" in request) running.get(request.id)?.abort();
    else void answer(request.id, request.call, request.args);
  });
  return (event) => send({ event });
}
