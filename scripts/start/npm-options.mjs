/** Notices options that npm took for its own because they were typed without the `--` (npm 10 and 11). */
import { existsSync, readFileSync } from "node:fs";

/** Settings that npm passes to every script. */
const ALWAYS = new Set(
  (
    "audit cache cafile color fund globalconfig global_prefix init_module local_prefix loglevel node_gyp nodedir noproxy " +
    "npm_version omit_lockfile_registry_resolved prefix registry update_notifier user_agent userconfig yes allow_scripts"
  ).split(" "),
);

/**
 * Ends the program with 2, showing the command to type, where one of our options was typed before the `--`. `ours` resolves
 * to a table of them: name to whether it takes a value. npm sets `npm_config_<option>` to its value after `=`, else to true, and passes the value as a stray argument.
 */
export async function refuseLostOptions(script, args, ours) {
  const lost = await lostOptions(process.env, ours);
  if (lost.length === 0) return;
  const command = script === "test" ? "npm test" : `npm run ${script}`;
  process.stderr.write(
    `gradlens: npm kept ${lost.map(({ option }) => option).join(" ")} for itself. Type it after "--":\n`,
  );
  process.stderr.write(`  ${command} -- ${rebuilt(lost, args)}\n`);
  process.exit(2);
}

async function lostOptions(env, ours) {
  if (env.npm_lifecycle_event === undefined) return [];
  const set = Object.keys(env)
    .map((name) => /^npm_config_(.+)$/.exec(name)?.[1])
    .filter(
      (key) =>
        key !== undefined && !ALWAYS.has(key) && env[`npm_config_${key}`] !== "" && !isInNpmrc(env, key),
    );
  if (set.length === 0) return [];
  return Object.entries(await ours()).flatMap(([name, takesValue]) => {
    const key = name.replaceAll("-", "_");
    if (!set.includes(key)) return [];
    const value = env[`npm_config_${key}`];
    return [
      { option: `--${name}`, open: takesValue && value === "true", ...(value !== "true" && { value }) },
    ];
  });
}

/** npm passes on what stands in its settings files as well. */
function isInNpmrc(env, key) {
  const line = new RegExp(`^\\s*${key.replaceAll("_", "[-_]")}\\s*(=|$)`, "m");
  const files = [env.npm_config_userconfig, env.npm_config_globalconfig, ".npmrc"];
  return files.some((file) => file && existsSync(file) && line.test(readFileSync(file, "utf8")));
}

/** Which stray argument belonged to which option is lost, unless there is one of each. */
function rebuilt(lost, args) {
  const firstOption = args.findIndex((arg) => arg.startsWith("-"));
  const stray = firstOption < 0 ? args : args.slice(0, firstOption);
  const rest = args.slice(stray.length);
  const openOnes = lost.filter(({ open }) => open).length;
  const options = lost.map(({ option, open, value }) => {
    if (value !== undefined) return `${option} ${quoted(value)}`;
    if (!open) return option;
    return openOnes === 1 && stray.length > 0 ? `${option} ${stray.map(quoted).join(" ")}` : `${option} ...`;
  });
  const note = openOnes > 1 && stray.length > 0 ? `   (values: ${stray.map(quoted).join(" ")})` : "";
  return [...options, ...rest.map(quoted)].join(" ") + note;
}

const quoted = (text) => (/^[\w./:=,+@%-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
