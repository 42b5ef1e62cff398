import type { LineageGraph, LineageNode } from "@/features/assets/lineage";
import { runHref } from "@/features/assets/wire";
import type { Background } from "./background";

interface Given {
  readonly version: string;
  readonly background: Background;
  /** null: it cannot be seen, or is not here yet. */
  readonly workflowName: string | null;
  readonly words: { readonly run: (number: string) => string };
}

/** Datasets and the workflow, their versions and the run, the step, the model: from left to right. */
export function lineageOf({ version, background, workflowName, words }: Given): LineageGraph {
  const { origin, workflow, datasets } = background;
  const nodes: LineageNode[] = [];
  const edges: { from: string; to: string }[] = [];
  const add = (node: LineageNode) => {
    if (!nodes.some((each) => each.id === node.id)) nodes.push(node);
  };
  for (const used of datasets) {
    const [dataset, of] = [`dataset:${used.dataset}`, `version:${used.dataset}/${used.version}`];
    add({ id: dataset, kind: "dataset", title: used.datasetName, href: `/datasets/${used.dataset}`, column: 0 });
    add({ id: of, kind: "version", title: used.version, href: `/datasets/${used.dataset}?tab=versions&version=${encodeURIComponent(used.version)}`, column: 1 });
    edges.push({ from: dataset, to: of }, { from: of, to: "step" });
  }
  if (workflow !== null && workflowName !== null) add({ id: "workflow", kind: "workflow", title: workflowName, href: `/workflows/${workflow}`, column: 0 });
  if (origin !== null) {
    add({ id: "run", kind: "run", title: words.run(String(origin.number ?? origin.run.slice(0, 8))), href: runHref(origin.run), column: 1 });
    add({ id: "step", kind: "step", title: origin.step ?? "–", href: runHref(origin.run, origin.step), column: 2 });
    edges.push({ from: "workflow", to: "run" }, { from: "run", to: "step" }, { from: "step", to: "model" });
  }
  add({ id: "model", kind: "model", title: version, href: null, here: true, column: 3 });
  return { nodes, edges };
}
