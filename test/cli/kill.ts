/** @file A process that is killed before its Nth change of the disk, without a process: from then on no change is made. */

import type * as Fs from "node:fs";
import type * as FsPromises from "node:fs/promises";
import type * as Owner from "../../src/node/owner.js";

const state = { at: Infinity, half: false, done: 0, ops: [] as string[] };

/** What each change is asked of first. Throws where the process is dead. */
function change(name: string, args: readonly unknown[], half?: () => void): void {
  state.done++;
  state.ops.push(`${name} ${args.filter((arg) => typeof arg === "string" && arg.length < 300).join(" ")}`);
  if (state.done < state.at) return;
  if (state.done === state.at && state.half) half?.();
  throw new Error("killed");
}

type AnyFunction = (...args: unknown[]) => unknown;

function watched<T extends object>(module: T, names: readonly string[]): T {
  const functions = module as Record<string, AnyFunction>;
  const wrapped = names.map((name) => [
    name,
    (...args: unknown[]) => {
      if (state.at === Infinity && state.ops.length === 0) return functions[name]!(...args);
      const [path, data, ...rest] = args;
      const bytes = typeof data === "string" ? Buffer.from(data) : (data as Uint8Array);
      change(name, args, () => {
        if (name === "writeFileSync") functions[name]!(path, bytes.subarray(0, bytes.length >> 1), ...rest);
      });
      return functions[name]!(...args);
    },
  ]);
  return { ...module, ...Object.fromEntries(wrapped) } as T;
}

const SYNC = ["writeFileSync", "renameSync", "mkdirSync", "rmSync", "rmdirSync", "mkdtempSync", "unlinkSync"];

/** To be given to `vi.mock` of node:fs, */
export const watchedFs = async (original: () => Promise<typeof Fs>) => watched(await original(), SYNC);

/** of node:fs/promises, */
export const watchedPromises = async (original: () => Promise<typeof FsPromises>) =>
  watched(await original(), ["rename", "writeFile", "mkdir", "rm", "open"]);

/** and of src/node/owner.ts: what the killed process has made is marked as a dead one's. */
export async function watchedOwner(original: () => Promise<typeof Owner>): Promise<typeof Owner> {
  const owner = await original();
  // As test/node/dead-mark.ts does it, which needs what is replaced here.
  const newMark = (): string =>
    state.at === Infinity ? owner.newMark() : owner.newMark().replace(/-(\d+)-\d*-/, "-$1-1-");
  return { ...owner, newMark, unfinishedName: (suffix = "") => `.gradlens-${newMark()}${suffix}` };
}

/** Runs `work` killed before its `at`th change; `half`: a file that is being written then is there by half. */
export async function killed(at: number, half: boolean, work: () => Promise<unknown>): Promise<void> {
  Object.assign(state, { at, half, done: 0, ops: [] });
  await work().catch(() => undefined);
  Object.assign(state, { at: Infinity, ops: [] });
}

/** The changes that `work` makes, in order. */
export async function changesOf(work: () => Promise<unknown>): Promise<string[]> {
  Object.assign(state, { at: 1e9, half: false, done: 0, ops: [] });
  await work();
  const { ops } = state;
  Object.assign(state, { at: Infinity, ops: [] });
  return ops;
}
