/** @file Names of files and folders that are safe on every file system. */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** Longest file name, in bytes of UTF-8; some encrypted file systems allow 143. */
const NAME_BYTES = 120;

/** Names that Windows keeps for devices, also with a suffix. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i;
/** What no file name may hold on some system: control, format and surrogate characters, and <>:"/\|?* . */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffd<>:"/\\|?*]/gu;

/**
 * A text as one part of a path that every file system accepts. It is NFC, without forbidden characters, a leading dot, a dot
 * or space at the end, and device names. A text of more than `bytes` is cut, and gets a hash of the whole.
 */
export function safeName(text: string, bytes = NAME_BYTES): string {
  const name = text
    .normalize("NFC")
    .replace(FORBIDDEN, "_")
    .replace(/^\s+|[\s.]+$/g, "")
    .replace(/^\./, "_");
  if (name === "") return `_${hashOf(text)}`;
  if (byteLength(name) > bytes) return `${cut(name, bytes - 9)}~${hashOf(text)}`;
  return RESERVED.test(name) ? `_${name}` : name;
}

/** Two texts as one safe name, `first-second`. Where that is too long, both are cut, so that it stays recognisable. */
export function safePair(first: string, second: string): string {
  const whole = `${first}-${second}`;
  if (byteLength(whole) <= NAME_BYTES) return safeName(whole);
  const room = NAME_BYTES - 1;
  const end = safeName(second, Math.max(room >> 1, room - byteLength(first)));
  return `${safeName(first, room - byteLength(end))}-${end}`;
}

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

function hashOf(text: string): string {
  return bytesToHex(sha256(new TextEncoder().encode(text))).slice(0, 8);
}

/** The longest beginning of whole characters within a number of bytes. */
function cut(text: string, bytes: number): string {
  let result = "";
  for (const character of text) {
    if (byteLength(result) + byteLength(character) > bytes) break;
    result += character;
  }
  return result.replace(/[\s.]+$/, "");
}

/** Equal for names that some file system treats as the same (without case, composed or not). */
export function foldName(name: string): string {
  return name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}

/** Gives out names once: a name already taken gets a number. */
export class NameBook {
  private readonly taken = new Set<string>();

  take(stem: string, suffix = ""): string {
    let name = stem + suffix;
    for (let i = 2; this.taken.has(foldName(name)); i++) name = `${stem}-${i}${suffix}`;
    this.taken.add(foldName(name));
    return name;
  }
}
