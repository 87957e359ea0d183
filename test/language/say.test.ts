/** @file The tag of messages: English without a catalogue, reordered places and phrases with one. */

import { afterEach, describe, expect, test, vi } from "vitest";
import {
  countText,
  keepMessages,
  phrase,
  saidAgain,
  say,
  setCatalogue,
  translated,
} from "../../src/language/say.js";
import { columnsOf, filledTo, filledToRight } from "../../src/language/width.js";

afterEach(() => setCatalogue(undefined));

const message = (name: string, index: number): string => say`${name} has no class ${index}`;

describe("messages", () => {
  test("without a catalogue a message is the template's text", () => {
    expect(message("m.pth", 3)).toBe("m.pth has no class 3");
    expect(say`a\\b \`c\` ${true} ${undefined}`).toBe(`a\\b \`c\` ${true} ${undefined}`);
    expect([0, 1, 2].map((n) => countText(n, "map"))).toEqual(["0 maps", "1 map", "2 maps"]);
  });

  test("with a catalogue its places may change their order, and values with braces stay as they are", () => {
    setCatalogue({ "{0} has no class {1}": "没有第 {1} 类：{0}", "{0} maps": "{0} 张热力图" });
    expect(message("m.pth", 3)).toBe("没有第 3 类：m.pth");
    expect(message("{1}", 3)).toBe("没有第 3 类：{1}");
    expect(countText(1, "map")).toBe("1 张热力图");
  });

  test("a message that the catalogue lacks is English, also one named like a property of every object", () => {
    setCatalogue({});
    expect(message("m.pth", 3)).toBe("m.pth has no class 3");
    expect(say`constructor`).toBe("constructor");
  });

  test("a message that is kept is said again in the language of now, with its parts", () => {
    keepMessages();
    const kind = phrase`an HDF5 file`;
    const english = say`${"w.h5"} is ${translated(kind)} of ${countText(1, "map")}`;
    setCatalogue({
      "{0} is {1} of {2}": "{0} 是 {2} 的 {1}",
      "an HDF5 file": "HDF5 文件",
      "{0} maps": "{0} 张图",
    });
    const chinese = saidAgain(english);
    expect(chinese).toBe("w.h5 是 1 张图 的 HDF5 文件");
    setCatalogue(undefined);
    expect(saidAgain(chinese)).toBe(english);
    expect(saidAgain(`a.zip: ${chinese}`)).toBe(`a.zip: ${english}`);
    expect(saidAgain("never said")).toBe("never said");
  });

  test("no message is kept unless asked for", async () => {
    vi.resetModules();
    const { say: sayAnew, saidAgain: anew, setCatalogue: set } = await import("../../src/language/say.js");
    const text = sayAnew`${"w.pth"} is empty`;
    set({ "{0} is empty": "{0} 是空的" });
    expect(anew(text)).toBe(text);
  });

  test("a phrase is English where it is made, and translated where it is printed", () => {
    const windows = phrase`windows of ${7}x${8} patches`;
    expect([windows, translated(windows)]).toEqual(["windows of 7x8 patches", "windows of 7x8 patches"]);
    setCatalogue({ "windows of {0}x{1} patches": "{1}x{0} 的窗口", help: "帮助" });
    expect([windows, translated(windows)]).toEqual(["windows of 7x8 patches", "8x7 的窗口"]);
    expect([translated("help"), translated("another text")]).toEqual(["帮助", "another text"]);
  });
});

test("Chinese letters and full-width signs need two columns", () => {
  expect(["abc", "热力图", "（a）", ""].map(columnsOf)).toEqual([3, 6, 5, 0]);
  expect([filledTo("模型", 6), filledToRight("模型", 6), filledTo("abcdefg", 3)]).toEqual([
    "模型  ",
    "  模型",
    "abcdefg",
  ]);
});
