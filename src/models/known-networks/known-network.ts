/** @file An entry in the lists of networks that are recognised and not supported. */

export interface KnownNetwork {
  /** With its article, as it follows "holds". */
  readonly name: string;
  /** How its architectures' names begin, in small letters without `-` and `_`. */
  readonly called?: RegExp;
  /**
   * Keys that it has, all of a list, by whose names they are. N is a number in them; anything may stand before them, up to a
   * dot. Keys without N are meant as they stand.
   */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** A key that networks with all of these may have which are read. */
  readonly without?: string;
}
