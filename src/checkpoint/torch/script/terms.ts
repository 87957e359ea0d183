/**
 * @file Counts how often a value holds each layer's output: `x + f(x) + f(x)` is one x and two f. A set of layers would be the
 * same as for `x + f(x)`.
 */

/**
 * A count for each term. A term is a layer's path, or a function of several layers, such as a gate's product, whose order and
 * form are left open.
 */
export type Terms = ReadonlyMap<string, number>;

const FUNCTION = "f\0";

export const NO_TERMS: Terms = new Map();

export const termOf = (path: string): Terms => new Map([[path, 1]]);

const pathsIn = (term: string): readonly string[] =>
  term.startsWith(FUNCTION) ? term.slice(FUNCTION.length).split("\0") : [term];

/** The layers of all terms. */
export const pathsOf = (terms: Terms): Set<string> => new Set([...terms.keys()].flatMap(pathsIn));

/** The terms of a sum, or of values side by side, which may share layers. */
export function joinedTerms(all: readonly Terms[], how: "sum" | "beside"): Terms {
  const known = all.filter(({ size }) => size > 0);
  if (known.length < 2) return known[0] ?? NO_TERMS;
  const joined = new Map<string, number>();
  for (const terms of known)
    for (const [term, count] of terms) {
      const before = joined.get(term) ?? 0;
      joined.set(term, how === "sum" ? before + count : Math.max(before, count));
    }
  return joined;
}

/** A product or a function, as one term. */
export function functionTerm(all: readonly Terms[]): Terms {
  const paths = new Set(all.flatMap((terms) => [...pathsOf(terms)]));
  return paths.size === 0 ? NO_TERMS : new Map([[FUNCTION + [...paths].sort().join("\0"), 1]]);
}

/** The terms after each layer is replaced by the terms that it stands for. */
export function replacedTerms(terms: Terms, standsFor: (path: string) => Terms): Terms {
  const parts = [...terms].map(([term, count]): Terms => {
    const within = pathsIn(term).map(standsFor);
    const replaced = term.startsWith(FUNCTION) ? functionTerm(within) : within[0]!;
    return new Map([...replaced].map(([one, own]) => [one, own * count]));
  });
  return joinedTerms(parts, "sum");
}

export const sameTerms = (a: Terms, b: Terms): boolean =>
  a.size === b.size && [...a].every(([term, count]) => b.get(term) === count);

/** The terms whose count differs from that in `others`, in words: "2 x layer", "f(gate, layer)". All terms if none differs. */
export function termTexts(terms: Terms, others: Terms, nameOf: (path: string) => string): string[] {
  const differing = [...terms].filter(([term, count]) => others.get(term) !== count);
  return (differing.length > 0 ? differing : [...terms]).map(([term, count]) => {
    const names = pathsIn(term).map(nameOf).join(", ");
    const text = term.startsWith(FUNCTION) ? `f(${names})` : names;
    return count === 1 ? text : `${count} x ${text}`;
  });
}
