/** @file Counts, sizes and types of tensors in words. */

import type { DType } from "../checkpoint/dtype.js";

const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** A size with three digits, in powers of 1000. */
export function byteText(bytes: number): string {
  const unit = Math.min(bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  const value = bytes / 1000 ** unit;
  return `${unit === 0 ? value : value.toPrecision(value < 999.5 ? 3 : 4)} ${UNITS[unit]!}`;
}

/** How many tensors of which type, as "362 F32, 121 I64". */
export function dtypeWords(tensors: Iterable<{ readonly dtype: DType }>): string {
  const counts = new Map<DType, number>();
  for (const { dtype } of tensors) counts.set(dtype, (counts.get(dtype) ?? 0) + 1);
  return [...counts].map(([dtype, count]) => `${count} ${dtype}`).join(", ");
}
