/** @file An entry in the lists of networks that are recognised and not supported. */

export interface KnownNetwork {
  /** With its article, as it follows "holds". */
  readonly name: string;
  /** How its architectures' names begin, in small letters without `-` and `_`. */
  readonly called?: RegExp;
  /**
   * Lists of its keys, by implementation. It has all keys of a list. N stands for a number, and anything may precede a key, up
   * to a dot. A key without N is literal.
   */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** A key of supported networks that may have all of these keys too. */
  readonly without?: string;
}
