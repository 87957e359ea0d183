/** @file Handles every opcode of pickle protocols 0 to 5, named as in pickletools. Arguments are read before any state changes. */

import { COST, type Machine } from "./machine.js";
import {
  decodeInteger,
  decodeLatin1,
  decodeUtf8,
  MAX_KEY,
  parseFloatText,
  parseInteger,
  parseQuoted,
  parseRawUnicode,
} from "./text.js";
import { Malformed, PyBytes, PyRecord, type PyValue } from "./values.js";
import { say } from "../../language/say.js";

type Handler = (m: Machine) => void;

/** Longer strings stay in the file: keys are never so long, data may be. */
const MAX_TEXT = 1 << 16;

const pushTuple =
  (count: number): Handler =>
  (m) => {
    m.allowance.spend(COST.array + COST.slot * count);
    const items: PyValue[] = new Array<PyValue>(count);
    for (let i = count - 1; i >= 0; i--) items[i] = m.pop();
    m.push(items);
  };

const pushMarked: Handler = (m) => m.push(m.popMark());

const bytes = (m: Machine, length: number, latin1InUtf8 = false): void => {
  const { source, offset } = m.window;
  const key = length <= MAX_KEY ? decodeUtf8(m.window.take(length)) : undefined;
  if (key === undefined) m.window.skip(length);
  m.allowance.spend(COST.bytes + 2 * (key?.length ?? 0));
  m.push(new PyBytes(source, offset, length, latin1InUtf8, key));
};

const text = (m: Machine, length: number, decode: (b: Uint8Array) => string): void => {
  if (length > MAX_TEXT) return bytes(m, length, decode === decodeUtf8);
  const value = decode(m.window.take(length));
  m.allowance.spend(COST.slot + 2 * length);
  m.push(value);
};

const line =
  (parse: (b: Uint8Array) => PyValue): Handler =>
  (m) => {
    const taken = m.window.line();
    m.allowance.spend(COST.slot + 2 * taken.length);
    m.push(parse(taken));
  };

const lineNumber = (m: Machine): number => {
  const index = parseInteger(m.window.line());
  if (typeof index !== "number" || index < 0) throw new Malformed(say`an invalid memo index`);
  return index;
};

const signedLength = (m: Machine): number => {
  const length = m.window.i32();
  if (length < 0) throw new Malformed(say`a negative length`);
  return length;
};

const extension = (m: Machine, code: number): void => m.push(m.global("copyreg extension", String(code)));

const call = (m: Machine, callable: PyValue, args: PyValue): void => {
  m.allowance.spend(COST.record);
  m.push(m.builders.construct(callable, Array.isArray(args) ? args : [args]));
};

function callPopped(m: Machine): void {
  const args = m.pop();
  call(m, m.pop(), args);
}

function setItem(m: Machine): void {
  const value = m.pop();
  const key = m.pop();
  m.allowance.spend(COST.entry);
  m.builders.setItems(m.top(), [key, value]);
}

function newDict(m: Machine): void {
  m.allowance.spend(COST.dict);
  m.push(new Map());
}

const TABLE: Readonly<Record<string, Handler>> = {
  // Stack and memo
  "(": (m) => m.mark(),
  "0": (m) => m.drop(),
  "1": (m) => void m.popMark(),
  "2": (m) => m.push(m.top()),
  g: (m) => m.recall(lineNumber(m)),
  h: (m) => m.recall(m.window.u8()),
  j: (m) => m.recall(m.window.u32()),
  p: (m) => m.memoize(lineNumber(m)),
  q: (m) => m.memoize(m.window.u8()),
  r: (m) => m.memoize(m.window.u32()),
  "\x94": (m) => m.memoize(),
  // Atoms
  N: (m) => m.push(null),
  "\x88": (m) => m.push(true),
  "\x89": (m) => m.push(false),
  I: line(parseInteger),
  L: line(parseInteger),
  F: line(parseFloatText),
  J: (m) => m.push(m.window.i32()),
  K: (m) => m.push(m.window.u8()),
  M: (m) => m.push(m.window.u16()),
  G: (m) => m.push(m.window.f64BigEndian()),
  "\x8a": (m) => m.push(decodeInteger(m.window.take(m.window.u8()))),
  "\x8b": (m) => m.push(decodeInteger(m.window.take(signedLength(m)))),
  // Strings and bytes
  S: line(parseQuoted),
  V: line(parseRawUnicode),
  U: (m) => text(m, m.window.u8(), decodeLatin1),
  T: (m) => text(m, signedLength(m), decodeLatin1),
  X: (m) => text(m, m.window.u32(), decodeUtf8),
  "\x8c": (m) => text(m, m.window.u8(), decodeUtf8),
  "\x8d": (m) => text(m, m.window.u64(), decodeUtf8),
  C: (m) => bytes(m, m.window.u8()),
  B: (m) => bytes(m, m.window.u32()),
  "\x8e": (m) => bytes(m, m.window.u64()),
  "\x96": (m) => bytes(m, m.window.u64()),
  // Containers
  ")": pushTuple(0),
  "\x85": pushTuple(1),
  "\x86": pushTuple(2),
  "\x87": pushTuple(3),
  "]": pushTuple(0),
  t: pushMarked,
  l: pushMarked,
  a(m) {
    const value = m.pop();
    m.allowance.spend(COST.slot);
    m.builders.append(m.top(), [value]);
  },
  e(m) {
    const values = m.popMark();
    m.builders.append(m.top(), values);
  },
  "}": newDict,
  d(m) {
    const pairs = m.popMark();
    newDict(m);
    m.allowance.spend(COST.entry * pairs.length);
    m.builders.setItems(m.top(), pairs);
  },
  s: setItem,
  u(m) {
    const pairs = m.popMark();
    m.allowance.spend(COST.entry * pairs.length);
    m.builders.setItems(m.top(), pairs);
  },
  "\x8f"(m) {
    m.allowance.spend(COST.set);
    m.push(new Set());
  },
  "\x90"(m) {
    const values = m.popMark();
    m.allowance.spend(COST.entry * values.length);
    m.builders.append(m.top(), values);
  },
  "\x91"(m) {
    const values = m.popMark();
    m.allowance.spend(COST.set + COST.entry * values.length);
    m.push(new Set(values));
  },
  // Objects
  c(m) {
    const module = decodeUtf8(m.window.line());
    m.push(m.global(module, decodeUtf8(m.window.line())));
  },
  "\x93"(m) {
    const name = m.pop();
    const module = m.pop();
    if (typeof module !== "string" || typeof name !== "string")
      throw new Malformed(say`a name that is not text`);
    m.push(m.global(module, name));
  },
  i(m) {
    const module = decodeUtf8(m.window.line());
    const callable = m.global(module, decodeUtf8(m.window.line()));
    call(m, callable, m.popMark());
  },
  o(m) {
    const [callable, ...args] = m.popMark();
    if (callable === undefined) throw new Malformed(say`an object without a class`);
    call(m, callable, args);
  },
  R: callPopped,
  "\x81": callPopped,
  "\x92"(m) {
    const keywords = m.pop();
    const args = m.pop();
    call(m, m.pop(), keywords instanceof Map && keywords.size === 0 ? args : [args, keywords]);
  },
  b(m) {
    // Not an opcode: the byte may be joblib's, which is read after the stack has changed.
    m.window.peek();
    const state = m.pop();
    m.push(m.withTrailing(m.builders.build(m.pop(), state)));
  },
  P(m) {
    const id = decodeLatin1(m.window.line());
    m.allowance.spend(COST.record + 2 * id.length);
    m.push(m.builders.persistent(id));
  },
  Q(m) {
    m.allowance.spend(COST.record);
    m.push(m.builders.persistent(m.pop()));
  },
  "\x82": (m) => extension(m, m.window.u8()),
  "\x83": (m) => extension(m, m.window.u16()),
  "\x84": (m) => extension(m, m.window.i32()),
  // Framing
  "\x80"(m) {
    const protocol = m.window.u8();
    if (protocol > 5) throw new Malformed(say`pickle protocol ${protocol}; 0 to 5 are supported`);
  },
  "\x95": (m) => void m.window.u64(),
  "\x97"(m) {
    m.push(new PyRecord("pickle.PickleBuffer, kept outside the file", null));
  },
  "\x98": () => undefined,
};

/** By opcode byte. The unpickler itself handles STOP ("."). */
export const HANDLERS: readonly (Handler | undefined)[] = Array.from(
  { length: 256 },
  (_, byte) => TABLE[String.fromCharCode(byte)],
);
