/** @file The options that the page's settings offer. */

import { toChildArray, type ComponentChildren, type VNode } from "preact";
import { expect, it } from "vitest";
import { MAP_OPTION_NAMES } from "../../src/cam/map-options.js";
import { OPTION_NAMES } from "../../src/options/table.js";
import { Settings } from "../../src/page/view/Settings.js";

/** The names of the fields below a node, in their order. */
function fieldsIn(children: ComponentChildren): string[] {
  const nodes = toChildArray(children).filter((one): one is VNode<Props> => typeof one === "object");
  return nodes.flatMap(({ props: { name, children: inner } }) =>
    name === undefined ? fieldsIn(inner) : [name],
  );
}

interface Props {
  readonly name?: string;
  readonly children?: ComponentChildren;
}

it("the settings have a field for every option that changes a map, and none twice", () => {
  const fields = fieldsIn(Settings());
  expect(fields).toEqual(expect.arrayContaining(MAP_OPTION_NAMES));
  expect(OPTION_NAMES).toEqual(expect.arrayContaining(fields));
  expect(new Set(fields).size).toBe(fields.length);
});
