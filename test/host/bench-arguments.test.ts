/** @file What `npm run bench` says of --help and of arguments that it does not understand. */

import { expect, it, onTestFinished, vi } from "vitest";
import { countOf, readArguments } from "../../bench/arguments.js";

const USAGE = {
  line: "npm run bench -- [COMMAND] [OPTIONS]",
  commands: { cases: "every model", methods: "each method" },
  options: {
    rounds: { type: "string", default: "5", value: "N", help: "runs of each case" },
    json: { type: "boolean", help: "objects" },
  },
} as const;

/** Where the process would end: its code and what it printed. */
function endOf(call: () => unknown): { code: unknown; text: string } {
  let text = "";
  const print = (line: string): void => void (text += `${line}\n`);
  const spies = [
    vi.spyOn(console, "log").mockImplementation(print),
    vi.spyOn(console, "error").mockImplementation(print),
    vi.spyOn(process, "exit").mockImplementation((code) => {
      throw Object.assign(new Error("exit"), { code });
    }),
  ];
  onTestFinished(() => spies.forEach((spy) => spy.mockRestore()));
  try {
    call();
  } catch (error) {
    return { code: (error as { code?: unknown }).code, text };
  }
  return { code: undefined, text };
}

it("the bench's parser gives the typed arguments, with defaults", () => {
  const { values, command } = readArguments(USAGE, ["methods", "--json"]);
  expect({ ...values, command }).toEqual({ rounds: "5", json: true, command: "methods" });
  expect(readArguments(USAGE, []).command).toBe("cases");
});

it("the bench prints its usage", () => {
  const { code, text } = endOf(() => readArguments(USAGE, ["--help"]));
  expect(code).toBe(0);
  expect(text.split("\n")).toEqual([
    "npm run bench -- [COMMAND] [OPTIONS]",
    "",
    "  cases    every model",
    "  methods  each method",
    "",
    "  --rounds N  runs of each case (5)",
    "  --json      objects",
    "",
  ]);
});

it.each([
  [["--ronds", "3"], "bench: Unknown option '--ronds' (--help lists all)\n"],
  [["--rounds"], "bench: Option '--rounds <value>' argument missing (--help lists all)\n"],
  [["case"], "bench: case: there is cases, methods\n"],
  [["methods", "cases"], "bench: methods cases: there is cases, methods\n"],
])("the bench ends with one line at %j", (args, text) => {
  expect(endOf(() => readArguments(USAGE, args))).toEqual({ code: 2, text });
});

it.each(["x", "0", "1.5", ""])("the bench refuses %j as a count", (text) => {
  expect(endOf(() => countOf(text, "rounds"))).toEqual({
    code: 2,
    text: `bench: --rounds ${text}: a whole number from 1 up is needed\n`,
  });
});
