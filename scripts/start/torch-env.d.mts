/** Runs a step of a program; ends the program where it fails. */
export function step(
  root: string,
  what: string,
  command: string,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): void;
/** The environment's Python; sets it up the first time. */
export function torchPython(root: string): string;
