/** @file The modules of a checkpoint, under the graph's names, and their use while a graph is built. */

/** A module of the file. */
export interface ModuleFacts {
  /** As "torch.nn.modules.conv.Conv2d". */
  readonly className: string;
  /** Its plain attributes under PyTorch's names. */
  readonly settings: ReadonlyMap<string, unknown>;
}

/** One for each graph: layers look up their module here and record how they used it. */
export class FileModules {
  /** Paths of modules that gave a layer its class and settings. */
  readonly used = new Set<string>();
  /** Where the file overrides the architecture: "maxpool is Identity, not MaxPool2d". */
  readonly computed = new Set<string>();
  /** Settings that the file lacks: "conv1.stride". */
  readonly unchecked = new Set<string>();
  /** Layers without a module in the file. */
  readonly missing: { readonly path: string; readonly kind: string }[] = [];
  /** Convolutions whose map the code around them pads. */
  readonly padded = new Set<string>();
  /** Why the graph cannot compute the file's network, in order. */
  readonly problems: string[] = [];

  constructor(private readonly modules: ReadonlyMap<string, ModuleFacts>) {}

  /** The module at `path`. Records a missing one. */
  find(path: string, kind: string): ModuleFacts | undefined {
    const module = this.modules.get(path);
    if (module) this.used.add(path);
    else this.missing.push({ path, kind });
    return module;
  }

  /** The module at `path`, without recording its use. */
  peek(path: string): ModuleFacts | undefined {
    return this.modules.get(path);
  }
}
