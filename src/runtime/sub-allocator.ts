/**
 * @file Sub-allocates a few large buffers. A freed piece merges with free neighbours; a buffer without pieces is
 * destroyed.
 */

import { invariant } from "../errors.js";
import type { GpuMemory } from "./gpu-memory.js";
import type { Range } from "./buffer-assignment.js";

/** A free piece of a buffer, in bytes. */
interface Piece {
  offset: number;
  size: number;
}

interface Chunk {
  readonly buffer: GPUBuffer;
  /** By offset; no two are adjacent. */
  readonly free: Piece[];
}

export class SubAllocator {
  private readonly chunks: Chunk[] = [];

  /**
   * @param align where pieces may begin
   * @param chunkBytes size of a buffer; a larger piece has a buffer of its own
   */
  constructor(
    private readonly device: Pick<GpuMemory, "createBuffer" | "destroyBuffer">,
    private readonly label: string,
    private readonly align: number,
    private readonly chunkBytes: number,
  ) {}

  /** Of all buffers. */
  get bytes(): number {
    return this.chunks.reduce((sum, { buffer }) => sum + buffer.size, 0);
  }

  allocate(bytes: number): Range {
    const size = this.aligned(bytes);
    const chunk = this.chunks.find(({ free }) => free.some((piece) => piece.size >= size)) ?? this.add(size);
    const at = chunk.free.findIndex((piece) => piece.size >= size);
    const piece = chunk.free[at]!;
    const range = { buffer: chunk.buffer, offset: piece.offset, size: Math.ceil(bytes / 16) * 16 };
    piece.offset += size;
    piece.size -= size;
    if (piece.size === 0) chunk.free.splice(at, 1);
    return range;
  }

  /** The range may be allocated again: submit its last reader before its next writer. */
  free({ buffer, offset, size: bytes }: Range): void {
    const chunk = this.chunks.find((one) => one.buffer === buffer);
    invariant(chunk, "freed memory is in no chunk");
    const { free } = chunk;
    const size = this.aligned(bytes);
    const next = free.findIndex((piece) => piece.offset > offset);
    const at = next < 0 ? free.length : next;
    free.splice(at, 0, { offset, size });
    merge(free, at);
    if (at > 0) merge(free, at - 1);
    if (free[0]!.size === buffer.size) {
      this.chunks.splice(this.chunks.indexOf(chunk), 1);
      this.device.destroyBuffer(buffer);
    }
  }

  private add(size: number): Chunk {
    const buffer = this.device.createBuffer(Math.max(size, this.chunkBytes), this.label);
    const chunk = { buffer, free: [{ offset: 0, size: buffer.size }] };
    this.chunks.push(chunk);
    return chunk;
  }

  private aligned(bytes: number): number {
    return Math.ceil(bytes / this.align) * this.align;
  }

  dispose(): void {
    for (const { buffer } of this.chunks) this.device.destroyBuffer(buffer);
    this.chunks.length = 0;
  }
}

/** Joins the piece at `at` with the next if they are adjacent. */
function merge(pieces: Piece[], at: number): void {
  const piece = pieces[at]!;
  const next = pieces[at + 1];
  if (!next || piece.offset + piece.size !== next.offset) return;
  piece.size += next.size;
  pieces.splice(at + 1, 1);
}
