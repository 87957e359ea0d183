/** @file README.zh-CN.md keeps step with README.md: the same sections with the same commands and links. The prose is its own. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");

interface Section {
  readonly level: number;
  readonly blocks: readonly string[];
  readonly links: readonly string[];
}

/** Comments are prose. */
const withoutComments = (block: string): string => block.replace(/ +# .*$/gm, "");

function sectionsOf(text: string): Section[] {
  const fences = /^```.*\n[^]*?^```$/gm;
  // Headings are looked for outside fences, where # begins a comment.
  const blocks = (text.match(fences) ?? []).map(withoutComments);
  let next = 0;
  const marked = text.replace(fences, () => `@@${next++}@@`);
  return marked.split(/^(?=#+ )/m).map((part) => ({
    level: /^#*/.exec(part)![0].length,
    blocks: [...part.matchAll(/@@(\d+)@@/g)].map(([, i]) => blocks[Number(i)]!),
    links: [...part.matchAll(/\]\(([^)]+)\)/g)]
      .map(([, link]) => link!.replace("README.zh-CN.md", "README.md"))
      .sort(),
  }));
}

const english = sectionsOf(read("README.md"));
const chinese = sectionsOf(read("README.zh-CN.md"));

describe("README.zh-CN.md", () => {
  it("README.zh-CN.md has commands to compare", () =>
    expect(english.flatMap(({ blocks }) => blocks).length).toBeGreaterThan(3));

  it("README.zh-CN.md has README.md's sections, with their commands and links", () =>
    expect(chinese).toEqual(english));
});
