/** @file Files that want to harm their reader: exploits, bombs, lies. Made here, nowhere stored. */

import { deflateSync } from "fflate";
import {
  bytes,
  dict,
  global,
  int,
  legacyFile,
  little,
  pickle,
  reduce,
  storage,
  tensor,
  text,
  torchZip,
  tuple,
  zipFile,
} from "./pickle-bytes.js";

export interface HostileFile {
  readonly name: string;
  readonly file: () => Uint8Array;
  /** The refusal, or what the notes of a file that loads must say. */
  readonly refused?: RegExp;
  readonly warned?: RegExp;
  /** A tensor that cannot be read, with its reason; the file itself loads. */
  readonly unreadable?: RegExp;
}

const ones = new Uint8Array(new Float32Array(4).fill(1).buffer);
const good = tensor(storage("0", 4), 0, [2, 2], [2, 1]);
const withGood = (evil: Uint8Array) => dict(text("w"), good, text("evil"), evil);

/** What public tools and write-ups about malicious pickles show. */
const CALLS: readonly (readonly [module: string, name: string, argument: string])[] = [
  ["os", "system", "touch /tmp/owned"],
  ["posix", "system", "touch /tmp/owned"],
  ["nt", "system", "calc"],
  ["subprocess", "Popen", "id"],
  ["subprocess", "check_output", "id"],
  ["__builtin__", "eval", "1"],
  ["builtins", "exec", "import os"],
  ["builtins", "getattr", "x"],
  ["builtins", "__import__", "os"],
  ["runpy", "_run_code", "import os"],
  ["pty", "spawn", "/bin/sh"],
  ["webbrowser", "open", "http://example.org"],
  ["importlib", "import_module", "os"],
  ["pip", "main", "install"],
  ["socket", "create_connection", "example.org"],
  ["torch.hub", "load", "user/repo"],
  ["torch.serialization", "load", "other.pt"],
  ["torch", "load", "other.pt"],
  ["numpy.testing._private.utils", "runstring", "import os"],
  ["operator", "attrgetter", "system"],
  ["timeit", "timeit", "import os"],
  ["code", "InteractiveInterpreter", ""],
  ["shutil", "rmtree", "/"],
  ["ctypes", "CDLL", "evil.so"],
];

const exploits: HostileFile[] = CALLS.map(([module, name, argument]) => ({
  name: `calls ${module}.${name}`,
  file: () => torchZip(pickle(withGood(reduce(global(module, name), text(argument)))), { 0: ones }),
  warned: new RegExp(`names .*${name}`),
}));

const SYSTEM = /names "(?:os|posix)\.system"/;
const spellings: HostileFile[] = [
  { name: "protocol 0", file: () => bytes("cos\nsystem\n(S'id'\ntR."), warned: SYSTEM },
  { name: "INST", file: () => bytes("(S'id'\nios\nsystem\n."), warned: SYSTEM },
  { name: "OBJ", file: () => pickle("(", global("os", "system"), text("id"), "o"), warned: SYSTEM },
  { name: "NEWOBJ", file: () => pickle(global("os", "system"), tuple(text("id")), 0x81), warned: SYSTEM },
  {
    name: "NEWOBJ_EX",
    file: () => pickle(global("os", "system"), tuple(text("id")), dict(), 0x92),
    warned: SYSTEM,
  },
  {
    name: "STACK_GLOBAL",
    file: () => pickle(text("os"), text("system"), 0x93, tuple(text("id")), "R"),
    warned: SYSTEM,
  },
  {
    name: "a name put together from the memo",
    file: () => pickle(text("system"), "q\x01", text("os"), "h\x01", 0x93, tuple(text("id")), "R"),
    warned: SYSTEM,
  },
  {
    name: "BUILD",
    file: () => pickle(global("os", "system"), ")", 0x81, dict(text("x"), int(1)), "b"),
    warned: SYSTEM,
  },
  {
    name: "a result that is called again",
    file: () =>
      pickle(
        reduce(global("builtins", "getattr"), global("os", "x"), text("system")),
        tuple(text("id")),
        "R",
      ),
    warned: /names .*getattr/,
  },
  {
    name: "copyreg",
    file: () => pickle(reduce(global("copy_reg", "__newobj__"), global("os", "system"))),
    warned: SYSTEM,
  },
  {
    name: "in a tensor's constructor",
    file: () =>
      pickle(
        reduce(
          global("torch._tensor", "_rebuild_from_type_v2"),
          global("os", "system"),
          "N",
          tuple(text("id")),
          "N",
        ),
      ),
    warned: SYSTEM,
  },
  {
    name: "in the legacy form's first pickle",
    file: () => bytes(pickle(reduce(global("os", "system"), text("id"))), legacyFile(good)),
    warned: SYSTEM,
  },
  {
    name: "as the class of a module with its source",
    file: () => pickle(tuple(text("module"), global("os", "system"), text("a.py"), text("import os")), "Q"),
    warned: SYSTEM,
  },
];

const bombs: HostileFile[] = [
  { name: "lists without end", file: () => pickle("]".repeat(6e6)), refused: /more (?:objects|than)/ },
  { name: "dicts without end", file: () => pickle("}".repeat(4e6)), refused: /more objects/ },
  { name: "marks without end", file: () => pickle("(".repeat(5e6)), refused: /more than 4000000 marks/ },
  { name: "a stack without end", file: () => pickle("N".repeat(5e6)), refused: /a stack of more/ },
  { name: "opcodes without end", file: () => pickle("N0".repeat(13e6)), refused: /more opcodes/ },
  {
    name: "a memo without end",
    file: () => pickle("N", ...Array.from({ length: 100 }, () => "\x94".repeat(2e5))),
    refused: /more objects/,
  },
  {
    name: "a list doubled thirty times",
    file: () => pickle("]", ...Array.from({ length: 30 }, (_, i) => bytes("2", 0x86, "q", i))),
    warned: /^$/,
  },
  {
    name: "a dict doubled sixty times",
    file: () =>
      pickle(
        dict(),
        ...Array.from({ length: 60 }, (_, i) =>
          bytes("q", i, "0", dict(text("a"), bytes("h", i), text("b"), bytes("h", i))),
        ),
      ),
    warned: /^$/,
  },
  { name: "a list in itself", file: () => pickle("]q\x01h\x01a"), warned: /^$/ },
  { name: "a dict in itself", file: () => pickle("}q\x01", text("model"), "h\x01s"), warned: /^$/ },
  {
    name: "a million calls on one long list",
    file: () =>
      pickle(
        "](",
        "K\x01".repeat(1e6),
        "eq\x010",
        ...Array.from({ length: 1e4 }, () => reduce(global("builtins", "set"), "h\x01")),
      ),
    warned: /^$/,
  },
  {
    name: "nested calls",
    file: () =>
      pickle(
        "N",
        ...Array.from({ length: 2e4 }, () =>
          bytes(
            "q\x01",
            global("copyreg", "__newobj__"),
            global("copyreg", "__newobj__"),
            "h\x01",
            0x86,
            "R",
          ),
        ),
      ),
    warned: /^$/,
  },
  {
    name: "an integer of a megabyte",
    file: () => pickle(0x8b, little(1e6, 4), "\x7f".repeat(1e6)),
    refused: /an integer of 1000000 bytes/,
  },
  {
    name: "an integer of a million digits",
    file: () => bytes(0x80, 0, "L", "9".repeat(1e6), "L\n."),
    refused: /an integer of 1000000 digits/,
  },
  {
    name: "a string of 2^62 bytes",
    file: () => pickle(0x8d, little(2 ** 62, 8), "x"),
    refused: /cut off or damaged/,
  },
  { name: "bytes of 2^62", file: () => pickle(0x8e, little(2 ** 62, 8), "x"), refused: /cut off or damaged/ },
  {
    name: "a negative length",
    file: () => pickle("T", bytes(0xff, 0xff, 0xff, 0xff)),
    refused: /negative length/,
  },
  {
    name: "a line without end",
    file: () => bytes(0x80, 0, "V", "x".repeat(3e6)),
    refused: /cut off or damaged/,
  },
  {
    name: "modules that share children, forty levels",
    file: () => pickle(sharedModules(40)),
    refused: /values without end/,
  },
];

/** Each module has the one below it twice: 2^levels paths. */
const sharedModules = (levels: number): Uint8Array =>
  bytes(
    good,
    ...Array.from({ length: levels }, (_, i) => {
      const below = bytes("h", i);
      const state = dict(text("_modules"), dict(text("a"), below, text("b"), below));
      return bytes("q", i, "0", reduce(global("m", "Module")), state, "b");
    }),
  );

const lies: HostileFile[] = [
  {
    name: "a storage larger than its record",
    file: () => torchZip(pickle(tensor(storage("0", 5), 0, [5], [1])), { 0: ones }),
    refused: /a storage of 20 bytes whose record has 16/,
  },
  {
    name: "a storage larger than its file",
    file: () => legacyFile(tensor(storage("0", 1e12), 0, [4], [1]), [["0", new Float32Array(4)]]),
    refused: /cut off: storage "0" ends at/,
  },
  {
    name: "a storage that is listed twice",
    file: () =>
      legacyFile(good, [
        ["0", new Float32Array(4)],
        ["0", new Float32Array(4)],
      ]),
    refused: /lists one twice/,
  },
  {
    name: "a tensor beyond its storage",
    file: () => torchZip(pickle(dict(text("w"), tensor(storage("0", 4), 1, [2, 2], [2, 1]))), { 0: ones }),
    unreadable: /"w" reaches beyond its storage/,
  },
  {
    name: "strides beyond the storage",
    file: () => torchZip(pickle(dict(text("w"), tensor(storage("0", 4), 0, [2, 2], [1e9, 1]))), { 0: ones }),
    unreadable: /"w" reaches beyond/,
  },
  {
    name: "a tensor of 2^60 elements",
    file: () =>
      torchZip(pickle(dict(text("w"), tensor(storage("0", 4), 0, [2 ** 30, 2 ** 30], [0, 0]))), { 0: ones }),
    unreadable: /"w" has an impossible size/,
  },
  {
    name: "a tensor expanded to a terabyte",
    file: () =>
      torchZip(pickle(dict(text("w"), tensor(storage("0", 4), 0, [2 ** 19, 2 ** 19], [0, 0]))), { 0: ones }),
    unreadable: /"w" claims 1099511627776 bytes/,
  },
  {
    name: "a negative stride",
    file: () => torchZip(pickle(tensor(storage("0", 4), 0, [2, 2], [-1, 1])), { 0: ones }),
    refused: /stride is not a list of counts/,
  },
  {
    name: "a thousand axes",
    file: () =>
      torchZip(
        pickle(tensor(storage("0", 4), 0, new Array<number>(1000).fill(1), new Array<number>(1000).fill(1))),
        { 0: ones },
      ),
    refused: /size is not a list of counts/,
  },
  {
    name: "more strides than axes",
    file: () => torchZip(pickle(tensor(storage("0", 4), 0, [4], [1, 1])), { 0: ones }),
    refused: /another number of strides/,
  },
  {
    name: "a tensor whose storage is text",
    file: () => pickle(tensor(text("0"), 0, [4], [1])),
    refused: /without a storage/,
  },
  {
    name: "a storage of an unknown class",
    file: () => torchZip(pickle(storage("0", 4, "EvilStorage_")), { 0: ones }),
    refused: /a storage of the unknown class "torch.EvilStorage_"/,
  },
  {
    name: "a kind of tensor whose name is for a terminal",
    file: () => {
      const kind = global("my", "T\x1b[2J");
      const args = tuple(kind, global("torch", "float32"), tuple(int(4)), tuple(int(1)), int(0));
      const make = global("torch._tensor", "_rebuild_from_type_v2");
      const evil = reduce(make, global("torch._utils", "_rebuild_wrapper_subclass"), kind, args, "N");
      return torchZip(pickle(dict(text("w"), evil)));
    },
    unreadable: /"w" is of the class "my\.T\\u001b\[2J", which keeps/,
  },
  {
    name: "a storage that is not there",
    file: () => torchZip(pickle(dict(text("w"), good))),
    unreadable: /"w" has no record in the archive/,
  },
  {
    name: "a wrong length before a storage",
    file: () => wrongLength(),
    unreadable: /says at byte \d+ that a storage has 9 elements, its pickle says 4/,
  },
  {
    name: "bytes that are no storage",
    file: () =>
      pickle(
        reduce(
          global("torch.storage", "_load_from_bytes"),
          bytes("B", little(30, 4), pickle(text("x".repeat(22)))),
        ),
      ),
    refused: /has an invalid storage/,
  },
  {
    name: "a numpy array that is too short",
    file: () => pickle(dict(text("w"), numpyArray([100], bytes("C", 4, "abcd")))),
    unreadable: /"w" reaches beyond its storage/,
  },
  { name: "protocol 6", file: () => bytes(0x80, 5, 0x80, 6, "N."), refused: /pickle protocol 6/ },
  {
    name: "an opcode of no pickle",
    file: () => pickle("N\xff"),
    refused: /at byte 3 its pickle has an unknown opcode \(255\)/,
  },
  {
    name: "an empty stack",
    file: () => pickle("0"),
    refused: /at byte 2 its pickle has an opcode that takes from an empty stack/,
  },
  { name: "values under a mark", file: () => pickle("N(R"), refused: /empty stack/ },
  { name: "a memo entry that was never made", file: () => pickle("h\x07"), refused: /memo entry 7/ },
  {
    name: "a name that is a number",
    file: () => pickle("K\x01K\x02", 0x93),
    refused: /a name that is not text/,
  },
];

function wrongLength(): Uint8Array {
  const file = legacyFile(dict(text("w"), good), [["0", new Float32Array(4)]]);
  file[file.length - 24] = 9;
  return file;
}

const numpyArray = (shape: readonly number[], data: Uint8Array): Uint8Array =>
  bytes(
    reduce(
      global("numpy.core.multiarray", "_reconstruct"),
      global("numpy", "ndarray"),
      tuple(int(0)),
      bytes("C", 1, "b"),
    ),
    tuple(
      int(1),
      tuple(...shape.map(int)),
      bytes(reduce(global("numpy", "dtype"), text("f4"), 0x89, 0x88)),
      0x89,
      data,
    ),
    "b",
  );

const zeros = (size: number) => deflateSync(new Uint8Array(size));
const archives: HostileFile[] = [
  {
    name: "entries that overlap",
    file: () =>
      zipFile([
        { name: "a/data.pkl", data: pickle("N") },
        { name: "a/data/0", data: ones, header: 20 },
      ]),
    refused: /that overlaps the next/,
  },
  {
    name: "an entry there twice",
    file: () =>
      zipFile([
        { name: "a/data.pkl", data: pickle("N") },
        { name: "a/data.pkl", data: pickle("N") },
      ]),
    refused: /is there twice/,
  },
  {
    name: "a stored entry of two sizes",
    file: () => zipFile([{ name: "a/data.pkl", data: pickle("N"), size: 4000 }]),
    refused: /has two sizes/,
  },
  {
    name: "an entry that claims a terabyte",
    file: () => zipFile([{ name: "a/data.pkl", data: zeros(1e6), size: 1e12, method: 8, zip64: true }]),
    refused: /claims to grow from \d+ to 1000000000000 bytes/,
  },
  {
    name: "a pickle that inflates without measure",
    file: () => zipFile([{ name: "a/data.pkl", data: zeros(140e6), size: 140e6, method: 8 }]),
    refused: /inflates to 140000000 bytes, more than/,
  },
  {
    name: "an entry that inflates to more than it claims",
    file: () => zipFile([{ name: "a/data.pkl", data: zeros(5e7), size: 4, method: 8 }]),
    refused: /inflates to more than the 4 bytes it claims/,
  },
  {
    name: "an entry that inflates to less than it claims",
    file: () => zipFile([{ name: "a/data.pkl", data: zeros(1e5), size: 1e5 + 1, method: 8 }]),
    refused: /inflates to 100000 bytes, not the 100001/,
  },
  {
    name: "an entry that does not inflate",
    file: () => zipFile([{ name: "a/data.pkl", data: bytes("\xff".repeat(99)), size: 99, method: 8 }]),
    refused: /does not inflate/,
  },
  {
    name: "an unknown compression",
    file: () => zipFile([{ name: "a/data.pkl", data: pickle("N"), method: 99, size: 4 }]),
    refused: /compressed by method 99/,
  },
  {
    name: "an encrypted entry",
    file: () => zipFile([{ name: "a/data.pkl", data: pickle("N"), flags: 1 }]),
    refused: /encrypted/,
  },
  {
    name: "a header beyond the file",
    file: () => zipFile([{ name: "a/data.pkl", data: pickle("N"), header: 4e9 }]),
    refused: /reaches into the directory/,
  },
  {
    name: "a local header elsewhere",
    file: () => zipFile([{ name: "a/data.pkl", data: pickle("N".repeat(99)), header: 3 }]),
    refused: /is not where the directory says/,
  },
  {
    name: "a zip in itself",
    file: () => zipFile([{ name: "r/r.zip", data: zipFile([{ name: "r/r.zip", data: bytes() }]) }]),
    refused: /not one that PyTorch wrote/,
  },
  { name: "an empty zip", file: () => zipFile([]), refused: /not one that PyTorch wrote|too short/ },
];

export const HOSTILE_FILES: readonly HostileFile[] = [
  ...exploits,
  ...spellings,
  ...bombs,
  ...lies,
  ...archives,
];
