/** @file `gradlens adapters`: lists the names for --adapter. */

import type { Host } from "../terminal/host.js";
import type { OptionValues } from "../../options/table.js";
import { say } from "../../language/say.js";

export async function runAdapters(host: Host, { json }: OptionValues): Promise<number> {
  const adapters = await (await host.engine()).listAdapters();
  if (json) {
    host.stdout.write(`${JSON.stringify(adapters)}\n`);
    return 0;
  }
  const rows = adapters.map(({ name, kind, backend }) => [
    kind === "gpu" ? `gpu:${name}` : "system",
    say`${name}, ${kind === "gpu" ? say`a GPU` : say`a software driver`} by ${backend}`,
  ]);
  rows.push(["embedded", say`SwiftShader, fetched once where it is needed (Linux on x64)`]);
  const width = Math.max(...rows.map(([choice]) => choice!.length));
  for (const [choice, what] of rows) host.stdout.write(`${choice!.padEnd(width)}  ${what}\n`);
  return 0;
}
