/** @file The decoders' scripts, which bring no types. */

declare module "@cornerstonejs/codec-charls/decodewasmjs" {
  /** Opens the module that the package's WebAssembly makes. */
  const open: (options: object) => Promise<Readonly<Record<string, new () => never>>>;
  export default open;
}
declare module "@cornerstonejs/codec-openjpeg/decodewasmjs" {
  const open: (options: object) => Promise<Readonly<Record<string, new () => never>>>;
  export default open;
}
