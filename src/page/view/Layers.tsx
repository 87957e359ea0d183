/** @file The model's modules as a searchable tree, with the shapes of their outputs. */

import { useMemo, useState } from "preact/hooks";
import type { LayerLine } from "../../models/taps.js";
import { chooseLayer } from "../state/actions.js";
import * as store from "../state/store.js";

interface Branch {
  readonly line: LayerLine;
  readonly name: string;
  readonly children: Branch[];
}

function treeOf(lines: readonly LayerLine[]): Branch[] {
  const roots: Branch[] = [];
  const byPath = new Map<string, Branch>();
  for (const line of lines) {
    if (line.path === "") continue;
    const at = line.path.lastIndexOf(".");
    const parent = at < 0 ? undefined : byPath.get(line.path.slice(0, at));
    const branch = { line, name: parent ? line.path.slice(at + 1) : line.path, children: [] };
    byPath.set(line.path, branch);
    (parent?.children ?? roots).push(branch);
  }
  return roots;
}

export function Layers() {
  const [query, setQuery] = useState("");
  const w = store.words.value;
  const lines = store.model.value?.layers ?? [];
  const tree = useMemo(() => treeOf(lines), [lines]);
  const wanted = query.trim().toLowerCase();
  const found = lines.filter(
    ({ path, kind }) => path !== "" && `${path} ${kind}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <input
        type="search"
        value={query}
        placeholder={w.search}
        aria-label={`${w.search}: ${w.layer}`}
        onInput={(event) => setQuery(event.currentTarget.value)}
      />
      <ul class="tree">
        {wanted === ""
          ? tree.map((branch) => <BranchRow key={branch.line.path} branch={branch} />)
          : found.slice(0, 200).map((line) => (
              <li key={line.path}>
                <LayerButton line={line} name={line.path} />
              </li>
            ))}
      </ul>
      {wanted !== "" && found.length === 0 && <p class="hint">{w.noMatch}</p>}
    </>
  );
}

const chosenPath = (): string | undefined => store.layers.value?.[0] ?? store.defaultLayer.value;

function BranchRow({ branch }: { readonly branch: Branch }) {
  const { line, name, children } = branch;
  const chosen = chosenPath() ?? "";
  const [isOpen, setOpen] = useState(chosen.startsWith(`${line.path}.`) || chosen === line.path);
  if (children.length === 0)
    return (
      <li>
        <LayerButton line={line} name={name} />
      </li>
    );
  return (
    <li>
      <div class="branch">
        <button
          type="button"
          class="twist"
          aria-expanded={isOpen}
          aria-label={line.path}
          onClick={() => setOpen(!isOpen)}
        />
        <LayerButton line={line} name={name} />
      </div>
      {isOpen && (
        <ul>
          {children.map((child) => (
            <BranchRow key={child.line.path} branch={child} />
          ))}
        </ul>
      )}
    </li>
  );
}

function LayerButton({ line, name }: { readonly line: LayerLine; readonly name: string }) {
  const { path, kind, shape } = line;
  const isGrid = store.viewMode.value === "grid";
  const inGrid = store.gridLayers.value.includes(path);
  const choose = (): void => {
    if (!isGrid) return void chooseLayer(path);
    const others = store.gridLayers.value.filter((one) => one !== path);
    store.gridLayers.value = inGrid ? others : [...others, path];
  };
  return (
    <button
      type="button"
      class="row layer"
      title={path}
      disabled={shape === undefined}
      aria-pressed={isGrid ? inGrid : path === chosenPath()}
      data-layer={path}
      onClick={choose}
    >
      <span class="name">{name}</span>
      <span class="hint cut">{kind}</span>
      <span class="shape hint">{shape?.join("×") ?? ""}</span>
      {line.default && <span class="badge">{store.words.value.defaultLayer}</span>}
    </button>
  );
}
