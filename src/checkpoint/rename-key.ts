/** @file Renames the keys of other implementations to a model's own. All renaming of keys and modules goes through here. */

export interface KeyRule {
  /** Shown to the user, such as "old dotted DenseNet keys". Rules of one name are alternatives: the first that matches applies. */
  readonly name: string;
  readonly pattern: RegExp;
  readonly replacement: string;
}

export interface RenamedKey {
  readonly key: string;
  /** Names of the rules that applied. */
  readonly rules: readonly string[];
}

/** Applies the rules in order, until the key is one of the model's own. */
export function renameKey(
  from: string,
  rules: readonly KeyRule[],
  isOwn: (key: string) => boolean = () => false,
): RenamedKey {
  const used: string[] = [];
  let key = from;
  for (const { name, pattern, replacement } of rules) {
    if (isOwn(key)) break;
    if (used.includes(name) || !pattern.test(key)) continue;
    key = key.replace(pattern, replacement);
    used.push(name);
  }
  return { key, rules: used };
}
