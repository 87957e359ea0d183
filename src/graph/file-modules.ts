/** @file The modules of a file that holds modules, under the graph's names, and what became of each in a graph that is built. */

/** A module as the file says it. */
export interface ModuleFacts {
  /** As "torch.nn.modules.conv.Conv2d". */
  readonly className: string;
  /** Its plain attributes under PyTorch's names. */
  readonly settings: ReadonlyMap<string, unknown>;
}

/** A layer of the graph that the file should have a module for. */
export interface MissingModule {
  readonly path: string;
  readonly kind: string;
}

/** One for each graph that is built: layers look their module up here and write down what they made of it. */
export class FileModules {
  /** Paths of modules that a layer took its class and settings from. */
  readonly used = new Set<string>();
  /** What is computed as the file says and otherwise than in the architecture: "maxpool is Identity, not MaxPool2d". */
  readonly computed = new Set<string>();
  /** Settings that the file should hold and does not: "conv1.stride". */
  readonly unchecked = new Set<string>();
  /** Layers without a module in the file. */
  readonly missing: MissingModule[] = [];
  /** Why the graph cannot compute what the file says, the first reason first. */
  readonly problems: string[] = [];

  constructor(private readonly modules: ReadonlyMap<string, ModuleFacts>) {}

  /** The module at `path`; one that is not there is written down. */
  find(path: string, kind: string): ModuleFacts | undefined {
    const module = this.modules.get(path);
    if (module) this.used.add(path);
    else this.missing.push({ path, kind });
    return module;
  }

  /** The module at `path`, which need not be there and is not used up by it. */
  peek(path: string): ModuleFacts | undefined {
    return this.modules.get(path);
  }
}
