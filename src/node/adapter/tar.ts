/** @file Reads the files of an uncompressed tar archive (POSIX ustar; extended headers with long names are not needed here). */
import { GradlensError } from "../../errors.js";
import { say } from "../../language/say.js";

const BLOCK = 512;

/** The regular files of the archive in order, their data as views of `archive`. */
export function* tarFiles(archive: Uint8Array): Generator<{ name: string; data: Uint8Array }> {
  let offset = 0;
  while (offset + BLOCK <= archive.length) {
    const header = archive.subarray(offset, offset + BLOCK);
    const name = text(header, 0, 100);
    if (name === "") return;
    const prefix = text(header, 257, 5) === "ustar" ? text(header, 345, 155) : "";
    const size = Number.parseInt(text(header, 124, 12), 8);
    const start = offset + BLOCK;
    if (!Number.isSafeInteger(size) || start + size > archive.length) throw damaged(offset);
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === "0" || type === "\0") {
      yield { name: prefix === "" ? name : `${prefix}/${name}`, data: archive.subarray(start, start + size) };
    }
    offset = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw damaged(offset); // an archive ends with empty blocks
}

function damaged(offset: number): GradlensError {
  return new GradlensError("bad-file", say`the tar archive is cut off or damaged at byte ${offset}`);
}

/** A header's field, up to its first NUL. */
function text(header: Uint8Array, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end)).trim();
}
