/** @file The modules of a graph that is being built: nested scopes whose outputs are registered under their PyTorch paths. */

import type { Node } from "./types.js";

/**
 * How a token value [B, prefix + height * width, C] is a picture: class and distillation tokens, then the patches row by
 * row. Or why it is no picture.
 */
export type TokenLayout =
  { readonly height: number; readonly width: number; readonly prefix: number } | { readonly noMap: string };

/** A module's call, which `layers` lists and taps name. */
export interface ModuleRecord {
  /** As in PyTorch's named_modules(), with `#2` for a second call of the same module. */
  readonly path: string;
  /** PyTorch's class name. */
  readonly kind: string;
  /** Missing for a module that is never called, as a ModuleList. */
  readonly output?: Node;
  /** Of tokens; a value [B, H, W, C] needs none. */
  readonly layout?: TokenLayout;
}

export class ModuleScopes {
  /** In PyTorch's order: a module before its children. */
  readonly modules: ModuleRecord[] = [];
  private current = "";
  private layout: TokenLayout | undefined;
  private readonly calls = new Map<string, number>();

  /** The dotted path of the current scope. */
  get path(): string {
    return this.current;
  }

  /** The dotted path of the module or parameter `name` of the current scope. */
  pathOf(name: string): string {
    return this.path === "" ? name : `${this.path}.${name}`;
  }

  /**
   * Runs `body` inside a module `name` (dots nest) and registers its result as the module's output.
   * @param kind PyTorch's class name, as in "Conv2d"
   */
  scope<T extends Node>(name: string, kind: string, body: () => T): T {
    return this.enter(name, kind, body, (output) => output);
  }

  /** As `scope`, for a module without output: one that is never called (a ModuleList, a dropout). */
  container<T>(name: string, kind: string, body: () => T): T {
    return this.enter(name, kind, body, () => undefined);
  }

  private enter<T>(name: string, kind: string, body: () => T, outputOf: (result: T) => Node | undefined): T {
    const path = this.pathOf(name);
    const place = this.modules.length;
    const result = this.within(path, body);
    const call = (this.calls.get(path) ?? 0) + 1;
    this.calls.set(path, call);
    const output = outputOf(result);
    this.modules.splice(place, 0, {
      path: call === 1 ? path : `${path}#${call}`,
      kind,
      ...(output && { output }),
      ...(this.layout && { layout: this.layout }),
    });
    return result;
  }

  /** Modules in `body` have token values of this layout. */
  tokens<T>(layout: TokenLayout, body: () => T): T {
    const outer = this.layout;
    this.layout = layout;
    try {
      return body();
    } finally {
      this.layout = outer;
    }
  }

  /** Runs `body` in the scope `path`, without registering a module. */
  within<T>(path: string, body: () => T): T {
    const outer = this.current;
    this.current = path;
    try {
      return body();
    } finally {
      this.current = outer;
    }
  }
}
