/** @file The command in Chinese: wrong input, a run, --help, and how the language is chosen. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { COMMAND_NAMES } from "../../src/cli/commands/table.js";
import { commandHelp } from "../../src/cli/help.js";
import { columnsOf } from "../../src/language/width.js";
import { setLanguage } from "../../src/language/languages.js";
import { languageOf } from "../../src/cli/options/language.js";
import { run, temporaryFolder, tree, userFolder, writePicture } from "./fake.js";

// The language is one of the whole program.
afterAll(() => setLanguage("en"));

const MINE = ["--lang", "zh", "--weights", "weights.safetensors", "--image", "x.png"];

describe("wrong input in Chinese", () => {
  it.each<[argv: string[], line: string]>([
    [["cma", "--lang", "zh"], '未知命令 "cma"：是否指 cam？'],
    [["--lang=zh", "--wieghts", "x"], "未知选项 --wieghts：是否指 --weights？"],
    [
      ["methods", "--weights", "x", "--lang", "zh"],
      "gradlens methods 没有 --weights；它的选项有 --json, --lang, --debug",
    ],
    [[...MINE, "--alpha", "1.5"], '--alpha "1.5"：请给出一个数（0 到 1）'],
    [[...MINE, "--batch-size", "2.5"], '--batch-size "2.5"：请给出一个整数（1 到 65536）'],
    [[...MINE, "--mean", "0.5,0.5"], "--mean 有 2 个值：请给出 3 个，或用 1 个表示全部通道"],
    [[...MINE, "--size", "big"], '--size "big"：请给出以像素为单位的边长（224）或 HEIGHTxWIDTH（320x256）'],
    [[...MINE, "--target", "dgo"], '未知目标 "dgo"：是否指 dog？'],
    [[...MINE, "--target", "7"], "目标 7 超出范围：模型有 3 个类别，序号 0 到 2"],
    [
      ["--lang", "zh", "--weights", "no.pth"],
      "没有这个文件或文件夹; 请给出检查点（safetensors，或 PyTorch 的",
    ],
    [
      ["inspect", "broken.safetensors", "--lang", "zh"],
      "broken.safetensors: 文件头不是有效的 JSON：文件已损坏",
    ],
    [
      ["--lang", "zh", "--weights", "weights.safetensors", "--image", "bad.png"],
      "bad.png：这个 PNG 无法解码（libpng read error）：可能不完整或已损坏；请重新保存",
    ],
    [
      [...MINE, "--labels", "names.json"],
      '标签 names.json："a" 和 "b" 的序号都是 1；请为每个类别给出各自的序号',
    ],
    [[...MINE, "--quiet", "--verbose"], "--quiet 与 --verbose 互相矛盾：请只用一个"],
  ])("the command refuses %j in Chinese", async (argv, line) => {
    const folder = await userFolder();
    const header = Buffer.from("{no json");
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    writeFileSync(join(folder, "broken.safetensors"), Buffer.concat([length, header, Buffer.alloc(64)]));
    writeFileSync(join(folder, "bad.png"), readFileSync(join(folder, "x.png")).subarray(0, 60));
    writeFileSync(join(folder, "names.json"), '{"a": 1, "b": 1}');
    const before = tree(folder);
    const { code, stdout, stderr } = await run(folder, argv);
    expect(stderr).toContain(line);
    expect({ code, stdout, lines: stderr.trimEnd().split("\n").length }).toEqual({
      code: 2,
      stdout: "",
      lines: 1,
    });
    expect(tree(folder)).toEqual(before);
  });
});

describe("a run in Chinese", () => {
  it("a Chinese run prints the same names and numbers, and its files for programs are as in English", async () => {
    const [chinese, english] = [await userFolder(), await userFolder()];
    const options = [
      "cam",
      "-v",
      "--target",
      "dog,cat",
      "--weights",
      "weights.safetensors",
      "--image",
      "x.png",
    ];
    const ran = await run(chinese, [...options, "--lang", "zh"]);
    const other = await run(english, options);
    expect([ran.code, other.code]).toEqual([0, 0]);
    const lines = ran.stderr.split("\n");
    expect(lines).toContain("适配器    Fake GPU");
    expect(lines).toContain("写出      out/x/weights/gradcam-dog.png");
    expect(ran.stderr).toMatch(
      /^模型 {6}weights\.safetensors: densenet121 · 3 个类别 · 输入 6x8 · Fake GPU/m,
    );
    // The same lines with the same names and numbers.
    const plain = (text: string): string[] =>
      text.replace(/[^\x21-\x7e]+/g, " ").match(/[\w./-]*\d[\w./-]*/g) ?? [];
    expect(plain(ran.stderr)).toEqual(plain(other.stderr));
    expect(tree(chinese)).toEqual(tree(english));
    for (const file of ["out/scores.csv"]) {
      expect(readFileSync(join(chinese, file), "utf8")).toBe(readFileSync(join(english, file), "utf8"));
    }
    const manifest = (folder: string): object =>
      JSON.parse(readFileSync(join(folder, "out/x/weights/manifest.json"), "utf8")) as object;
    expect(Object.keys(manifest(chinese))).toEqual(Object.keys(manifest(english)));
  });

  it("a Chinese run continues a folder of English results", async () => {
    const folder = await userFolder();
    await writePicture(join(folder, "y.png"), 3);
    const options = ["cam", "--weights", "weights.safetensors", "--image", "x.png", "y.png"];
    const first = await run(folder, options);
    const before = tree(folder);
    const again = await run(folder, [...options, "--lang", "zh"]);
    expect([first.asked.length, again.asked.length, again.code]).toEqual([2, 0, 0]);
    expect(again.stderr).toContain("2 张图片：解释 0 张，先前已完成 2 张；得分见 out/scores.csv");
    expect(tree(folder)).toEqual(before);
  });

  it("the Chinese --help fits its lines and has no word of English prose", async () => {
    const { stdout } = await run(temporaryFolder(), ["--lang", "zh", "--help"]);
    expect(stdout).toMatch(/^示例：\n/);
    expect(stdout).toContain("叠加图的配色（默认：jet；有正负的热力图用 bwr（由蓝到红））");
    for (const name of COMMAND_NAMES)
      for (const columns of [60, 80, 100]) {
        const text = commandHelp(name, columns);
        const long = text.split("\n").filter((line) => /^ {26}/.test(line) && columnsOf(line) > columns + 2);
        expect(long).toEqual([]);
        expect(text).not.toMatch(/\b(the|with|and|of) [a-z]+ [a-z]+ /);
      }
  });
});

describe("the language", () => {
  it.each<[argv: string[], env: Record<string, string>, language: string]>([
    [[], { LANG: "zh_CN.UTF-8" }, "zh"],
    [[], { LANG: "zh" }, "zh"],
    [[], { LANG: "en_US.UTF-8", LC_ALL: "zh_CN.UTF-8" }, "zh"],
    [[], { LANG: "zh_CN.UTF-8", LC_MESSAGES: "C" }, "en"],
    [[], { LANG: "zh_CN.UTF-8", LC_ALL: "C" }, "en"],
    [[], { LANG: "C" }, "en"],
    [[], { LANG: "zha_CN" }, "en"],
    [["--lang", "en"], { LANG: "zh_CN.UTF-8" }, "en"],
    [["cam", "--lang=zh"], { LC_ALL: "C" }, "zh"],
    [["--lang", "fr"], { LANG: "zh_CN.UTF-8" }, "zh"],
    [["--lang"], { LANG: "C" }, "en"],
    [["--", "--lang", "zh"], { LANG: "C" }, "en"],
  ])("the language of %j with %j is %s", (argv, env, language) => {
    expect(languageOf(argv, env)).toBe(language);
  });

  it("the environment sets the language of a whole run, and an explicit --lang wins", async () => {
    const env = { LANG: "zh_CN.UTF-8" };
    const line = async (argv: string[]): Promise<string> =>
      (await run(temporaryFolder(), argv, { env })).stderr;
    expect(await line(["cma"])).toContain("未知命令");
    expect(await line(["cma", "--lang", "en"])).toContain("unknown command");
    expect(await line(["methods", "--lang", "fr"])).toBe('gradlens: --lang "fr" 不是 en, zh 之一\n');
  });
});
