/** @file The Chinese catalogue has every message of the source, and nothing else. */

import { expect, test } from "vitest";
import { CHINESE, ROOMS } from "../../src/language/zh/index.js";
import { findKeys } from "./messages.js";

const keys = findKeys();

/** The places of a template, as "{0} {1}". */
const placesOf = (text: string): string => [...new Set(text.match(/\{\d+\}/g))].sort().join(" ");

/** An entry to paste into a file of src/language/zh/. */
const entry = (key: string): string => `  ${JSON.stringify(key)}: "", // ${keys.get(key)}`;

test("every message has a Chinese entry", () => {
  const missing = [...keys.keys()].filter((key) => !Object.hasOwn(CHINESE, key));
  expect(missing.map(entry).join("\n"), "paste these into src/language/zh/ and translate them").toBe("");
});

test("every entry belongs to a message", () => {
  expect(Object.keys(CHINESE).filter((key) => !keys.has(key))).toEqual([]);
});

test("an entry stands in one file alone", () => {
  const all = ROOMS.flatMap((room) => Object.keys(room));
  expect(all.filter((key, i) => all.indexOf(key) !== i)).toEqual([]);
});

test("an entry has the places of its message", () => {
  const wrong = Object.entries(CHINESE).filter(([key, text]) => placesOf(key) !== placesOf(text));
  expect(wrong).toEqual([]);
});

/** Names of the field that Chinese texts keep, and texts of names and options alone. */
const KEPT = /^[\p{ASCII}（）、，：]*$/u;

test("an entry is Chinese, with full-width signs after Chinese letters", () => {
  const plain = Object.entries(CHINESE).filter(
    ([key, text]) => KEPT.test(text) && text === key && /[a-z]{4,} [a-z]{3,}/.test(text),
  );
  expect(plain.map(([key]) => key)).toEqual(["rescale slope", "rescale intercept"]);
  const half = Object.entries(CHINESE).filter(([, text]) =>
    /\p{sc=Han}[,;:?!()]|[,;:?!(]\p{sc=Han}/u.test(text),
  );
  expect(half).toEqual([]);
});
