/**
 * Cycles of a directed graph: one, the shortest through its first node, for each strongly connected component (Tarjan 1972).
 * @param graph from each node to those it points at; others than the map's keys are left out
 * @returns each as its nodes in order, the first repeated at the end
 */
export function findCycles(graph) {
  return componentsOf(graph).flatMap((nodes) => {
    const cycle = shortestCycle(graph, nodes.sort()[0], new Set(nodes));
    return cycle ? [cycle] : [];
  });
}

function componentsOf(graph) {
  const index = new Map();
  const lowest = new Map();
  const stack = [];
  const components = [];
  const visit = (node) => {
    index.set(node, index.size);
    lowest.set(node, index.get(node));
    stack.push(node);
    for (const next of graph.get(node)) {
      if (!graph.has(next)) continue;
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(node, Math.min(lowest.get(node), lowest.get(next)));
    }
    if (lowest.get(node) === index.get(node)) components.push(stack.splice(stack.indexOf(node)));
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return components;
}

/** By breadth; undefined where there is none. */
function shortestCycle(graph, start, inside) {
  const cameFrom = new Map();
  for (const queue = [start]; queue.length > 0;) {
    const node = queue.shift();
    for (const next of graph.get(node)) {
      if (next === start) return pathTo(node, cameFrom, start);
      if (!inside.has(next) || cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      queue.push(next);
    }
  }
  return undefined;
}

function pathTo(last, cameFrom, start) {
  const path = [start];
  for (let node = last; node !== start; node = cameFrom.get(node)) path.unshift(node);
  return [start, ...path];
}
