/** @file Inflates the deflated transfer syntax: one raw deflate stream after the file's meta group. */

import { Inflate } from "fflate";
import { joined } from "./joined.js";
import { problem } from "./problem.js";
import { say } from "../language/say.js";

/** The limit against deflate bombs. */
const MOST_BYTES = 512 * 2 ** 20;

/** Input is fed in pieces, so that the limit stops a bomb early. */
const PIECE = 2 ** 16;

/** The file with everything from `start` on inflated. @throws GradlensError "bad-picture" */
export function inflateFrom(bytes: Uint8Array, start: number): Uint8Array {
  const pieces: Uint8Array[] = [bytes.subarray(0, start)];
  let length = start;
  const stream = new Inflate((piece) => {
    length += piece.length;
    if (length > MOST_BYTES) throw problem(say`inflates to more than ${MOST_BYTES} bytes`);
    pieces.push(piece);
  });
  for (let at = start; at < bytes.length; at += PIECE) {
    stream.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length);
  }
  return joined(pieces);
}
