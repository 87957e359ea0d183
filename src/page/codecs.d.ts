/** @file Types of the decoders' scripts, which lack their own. */

declare module "@cornerstonejs/*/decodewasmjs" {
  /** Opens the module that the package's WebAssembly makes. */
  const open: (options: object) => Promise<Readonly<Record<string, new () => never>>>;
  export default open;
}
