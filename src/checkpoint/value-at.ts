/** @file Values of a map that are computed at first use. */

/** The value at `key`. A missing one is computed and stored. */
export function valueAt<K, V>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
