/** @file `gradlens methods`: lists the names for --method. */

import type { Host } from "../terminal/host.js";
import type { OptionValues } from "../../options/table.js";
import { say, translated } from "../../language/say.js";

export async function runMethods(host: Host, { json }: OptionValues): Promise<number> {
  const { methods } = await host.engine();
  if (json) {
    host.stdout.write(`${JSON.stringify(methods)}\n`);
    return 0;
  }
  const width = Math.max(...methods.map(({ name }) => name.length));
  const blocks = [...new Set(methods.map(({ group }) => group))].map((group) => {
    const inGroup = methods.filter((method) => method.group === group);
    const lines = inGroup.map(
      ({ name, title, paper, note }) =>
        `  ${name.padEnd(width)}  ${title}: ${paper}\n${note === undefined ? "" : `${" ".repeat(width + 4)}${translated(note)}\n`}`,
    );
    return `${say`${translated(group)}:`}\n${lines.join("")}`;
  });
  host.stdout.write(`${blocks.join("\n")}\n${say`--method accepts names, groups, and all`}\n`);
  return 0;
}
