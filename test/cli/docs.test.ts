/**
 * @file docs/OPTIONS.md and the options in manifest.schema.json follow from the tables of options
 * (`npx vitest run test/cli/docs -u` writes them), and commands in the docs are real.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { describe, expect, it } from "vitest";
import { MAP_OPTION_NAMES, mapOptionSpec, type MapOptionName } from "../../src/cam/map-options.js";
import { flatReason } from "../../src/cam/flat/reason.js";
import type { CamMethod } from "../../src/cam/methods/method.js";
import { isWholeModelMethod, METHOD_NAMES, METHODS, type MethodName } from "../../src/cam/methods/table.js";
import { COMMAND_NAMES, COMMANDS, type Command } from "../../src/cli/commands/table.js";
import { defaultOf, optionRow } from "../../src/cli/help.js";
import { ARCH_NAMES } from "../../src/models/architectures.js";
import { namesOf, OPTION_GROUPS, specOf, type OptionName } from "../../src/options/table.js";
import { parseArguments } from "../../src/cli/options/parse.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A cell of a Markdown table. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("*", "\\*");

function row(name: OptionName): string {
  const { help } = specOf(name);
  const [typed] = optionRow(name);
  const others = namesOf(name)
    .slice(1)
    .map((other) => `\`--${other}\``);
  const also = others.length > 0 ? `; also ${others.join(", ")}` : "";
  return `| \`${typed.replaceAll("|", "\\|")}\` | ${cell(help + also)} | ${cell(defaultOf(specOf(name)))} |`;
}

function optionsPage(): string {
  const tableOf = (rows: object): string[] => [
    "| option | meaning | default |",
    "| --- | --- | --- |",
    ...(Object.keys(rows) as OptionName[]).map(row),
    "",
  ];
  const { Checkpoints, ...ofCam } = OPTION_GROUPS;
  const tables = Object.entries(ofCam).flatMap(([group, rows]) => [`### ${group}`, "", ...tableOf(rows)]);
  const commands = COMMAND_NAMES.flatMap((name) => {
    const { summary, examples }: Command = COMMANDS[name];
    return [
      `\`gradlens ${name}\`: ${summary}.`,
      "",
      "```sh",
      ...examples.flatMap(([line, what]) => [`# ${what}`, line]),
      "```",
      "",
    ];
  });
  const intro =
    'In a clone `npm run cam --` stands for `gradlens`, as in `npm run cam -- --image x.png`. `cam` may be left out. A switch is taken back by `--no-` before its name, and underscores count as hyphens. Options may also stand in `FILE.gradlens.json` beside the weights `FILE`, as `{"size": 224, "labels": "names.txt"}`; what is typed wins.';
  const others = "Each command's `--help` lists the options that it reads. `cam` ignores these:";
  return [
    "# Commands and options",
    "",
    ...commands,
    "## Options of `cam`",
    "",
    intro,
    "",
    ...tables,
    "## Options of `inspect` and `convert`",
    "",
    others,
    "",
    ...tableOf(Checkpoints),
  ].join("\n");
}

it("docs/OPTIONS.md lists what the table of options says", async () => {
  const page = await format(optionsPage(), {
    ...(await resolveConfig("docs/OPTIONS.md")),
    parser: "markdown",
  });
  await expect(page).toMatchFileSnapshot("../../docs/OPTIONS.md");
});

/** Options that a map's record keeps in another form than that of the command line. */
const OTHERWISE_RECORDED: readonly MapOptionName[] = ["relu", "compareScale", "inputHeat", "score"];

/** An option's value in a map's record. */
function recordSchema(name: MapOptionName): object {
  const spec = mapOptionSpec(name);
  const description = spec.help;
  switch (spec.kind) {
    case "flag":
      return { description, type: "boolean" };
    case "choice":
      return { description, enum: spec.choices };
    case "integer":
      return { description, type: "integer", minimum: spec.min, maximum: spec.max };
    case "number":
      return { description, type: "number", minimum: spec.min, exclusiveMaximum: spec.below };
  }
}

it("manifest.schema.json describes the options of a map as their table does", async () => {
  const path = "src/results/manifest.schema.json";
  const schema = JSON.parse(readFileSync(root + path, "utf8")) as ManifestSchema;
  const { properties } = schema.definitions.map;
  for (const name of MAP_OPTION_NAMES)
    if (!OTHERWISE_RECORDED.includes(name)) properties[name] = recordSchema(name);
  const text = await format(JSON.stringify(schema), { ...(await resolveConfig(path)), parser: "json" });
  await expect(text).toMatchFileSnapshot(`../../${path}`);
});

interface ManifestSchema {
  readonly definitions: { readonly map: { readonly properties: Record<string, object> } };
}

describe("docs/METHODS.md has a row and a section with the paper for", () => {
  const page = readFileSync(`${root}docs/METHODS.md`, "utf8");

  it.each(METHOD_NAMES)("docs/METHODS.md has a row and a section with the paper for %s", (name) => {
    expect(page.includes(`\n| [\`${name}\`](#`), `METHODS.md has a row for ${name}`).toBe(true);
    const [, section = ""] = page.split(`\n### ${name}\n`);
    const { paper } = METHODS[name];
    expect(section.split("\n#")[0]).toContain(/https:\S+/.exec(paper)?.[0] ?? paper);
  });
});

describe("docs/METHODS.md lists the reason of a flat map", () => {
  const page = readFileSync(`${root}docs/METHODS.md`, "utf8");
  const facts = { highest: 1, lowest: 1, activation: 1, gradient: 1 };
  const ofLayer = [
    { ...facts, activation: 0 },
    { ...facts, gradient: 0 },
    { ...facts, highest: 0, lowest: 0 },
    { ...facts, highest: -1, lowest: -1 },
    { ...facts, highest: 1e-40, lowest: 0 },
    facts,
  ].map((found) => flatReason(found, { path: "LAYER", positions: 2 }, false));
  const onePosition = flatReason(facts, { path: "LAYER", positions: 1 }, false);
  const ofMethods = METHOD_NAMES.filter(isWholeModelMethod).map((name) => METHODS[name].flat);

  it.each([...new Set([...ofLayer, onePosition, ...ofMethods])])("%s", (reason) =>
    // Up to the details and the way out, which the table puts in its own words.
    expect(page).toContain(`| ${/^[^:;(]*[^:;( ]/.exec(reason)![0]} `),
  );
});

it("docs/USING.md names the methods whose sign is evidence", () => {
  const [, sentence = ""] = /With (`gradcam`[^.]*?)\s+blue\s+speaks\s+against/.exec(
    readFileSync(`${root}docs/USING.md`, "utf8"),
  )!;
  const named = [...sentence.matchAll(/`([\w+]+)`/g)].map(([, name]) => name!);
  const table: [MethodName, CamMethod][] = METHOD_NAMES.map((name) => [name, METHODS[name]]);
  const expected = table.filter(([, method]) => method.signIsEvidence).map(([name]) => name);
  expect(named.sort()).toEqual(expected.sort());
});

it.each(["README.md", "README.zh-CN.md"])("the package holds what %s links to", (page) => {
  const { files } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { readonly files: string[] };
  const always = ["README.md", "LICENSE"];
  const patterns = files.map(
    (file) => new RegExp(`^${file.replaceAll(".", "\\.").replace("*", "[^/]*")}(/|$)`),
  );
  const links = [...readFileSync(root + page, "utf8").matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(
    ([, link]) => link!,
  );
  expect(links.length).toBeGreaterThan(10);
  const missing = links.filter(
    (link) => !existsSync(root + link) || !(always.includes(link) || patterns.some((one) => one.test(link))),
  );
  expect(missing).toEqual([]);
});

it.each([
  ["README.md", /(\d+) methods and (\d+)/],
  ["README.zh-CN.md", /(\d+) 种方法、(\d+) 种/],
])("%s has the right counts of methods and architectures", (page, counts) => {
  const [, methods, archs] = counts.exec(readFileSync(root + page, "utf8"))!.map(Number);
  expect([methods, archs]).toEqual([METHOD_NAMES.length, ARCH_NAMES.length]);
});

describe("every gradlens command in the docs can be typed", () => {
  const pages = ["README.md", ...readdirSync(`${root}docs`).map((name) => `docs/${name}`)].filter(
    (name) => name.endsWith(".md") && existsSync(root + name),
  );

  it.each(pages)("the command can be typed: %s", (page) => {
    // What stands between fences; prose may begin with the program's name as well.
    const blocks = readFileSync(root + page, "utf8").matchAll(/^```.*\n([^]*?)^```/gm);
    const lines = [...blocks].flatMap(([, block]) => block!.split("\n"));
    for (const line of lines) {
      const typed = /^(?:\$ )?(?:npx )?(?:npm run cam(?: --)?|gradlens)(?: (.*))?$/.exec(
        line.replace(/\s+#.*|\s+[<>|] .*/, ""),
      );
      if (!typed) continue;
      const words =
        (typed[1] ?? "").match(/'[^']*'|"[^"]*"|\S+/g)?.map((word) => word.replace(/^(['"])(.*)\1$/, "$2")) ??
        [];
      const name = COMMAND_NAMES.find((one) => one === words[0]);
      const argv = name === undefined ? words : words.slice(1);
      const { options, positionals = [] }: Command = COMMANDS[name ?? "cam"];
      const { strays } = parseArguments(argv, name ?? "cam", options);
      expect(strays, line).toHaveLength(argv.includes("--help") ? 0 : positionals.length);
    }
  });
});
