/** @file README.zh-CN.md keeps step with README.md: headings, commands, links, options and list items, section by section. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");

interface Section {
  readonly level: number;
  readonly blocks: readonly string[];
  /** `code` in the prose, in alphabetical order: sentences are turned round in translation. */
  readonly code: readonly string[];
  readonly links: readonly string[];
  readonly items: number;
}

function sectionsOf(text: string): Section[] {
  const fences = /^```.*\n[^]*?^```$/gm;
  // Headings are looked for outside fences, where # begins a comment.
  const blocks = text.match(fences) ?? [];
  let next = 0;
  const marked = text.replace(fences, () => `@@${next++}@@`);
  return marked.split(/^(?=#+ )/m).map((part) => {
    const prose = part.replace(/@@\d+@@/g, "");
    return {
      level: /^#*/.exec(part)![0].length,
      blocks: [...part.matchAll(/@@(\d+)@@/g)].map(([, i]) => blocks[Number(i)]!),
      code: [...prose.matchAll(/`([^`]+)`/g)].map(([, code]) => code!).sort(),
      links: [...prose.matchAll(/\]\(([^)]+)\)/g)]
        .map(([, link]) => link!.replace("README.zh-CN.md", "README.md"))
        .sort(),
      items: prose.match(/^(?:-|\d+\.) /gm)?.length ?? 0,
    };
  });
}

const english = sectionsOf(read("README.md"));
const chinese = sectionsOf(read("README.zh-CN.md"));

describe("README.zh-CN.md", () => {
  it("has README.md's headings", () =>
    expect(chinese.map(({ level }) => level)).toEqual(english.map(({ level }) => level)));

  it("has commands to compare", () =>
    expect(english.flatMap(({ blocks }) => blocks).length).toBeGreaterThan(3));

  it.each(english.map((section, i) => [i, section] as const))(
    "has the commands of section %i",
    (i, section) => expect(chinese[i]).toEqual(section),
  );
});
