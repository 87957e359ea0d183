/** @file `gradlens methods`: what --method may name. */

import type { Host } from "../host.js";
import type { Values } from "../options.js";

export async function runMethods(host: Host, { json }: Values): Promise<number> {
  const { methods } = await host.engine();
  if (json) {
    host.stdout.write(`${JSON.stringify(methods)}\n`);
    return 0;
  }
  const width = Math.max(...methods.map(({ name }) => name.length));
  for (const { name, title, paper } of methods)
    host.stdout.write(`${name.padEnd(width)}  ${title}: ${paper}\n`);
  return 0;
}
