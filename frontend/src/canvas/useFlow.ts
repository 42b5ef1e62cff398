/** The nodes and wires as React Flow gets them: from the document, with what is selected and what is being dragged laid
 * over. Only what changed is a new object. */

import type { EdgeChange, NodeChange } from "@xyflow/react";
import { useCallback, useMemo, useRef, useState } from "react";
import type { Position, WorkflowDocument } from "@/model/document";
import type { Kinds } from "@/model/ports";
import { keepingOld, toFlow, type FlowEdge, type FlowGraph, type FlowNode } from "./convert";
import { movedWith, withGroups } from "./folding";

const NOTHING: FlowGraph = { nodes: [], edges: [] };
export type Moves = ReadonlyMap<string, Position>;
const NO_MOVES: Moves = new Map();

/** The graph of the document, with the old objects where they are still right. */
export function useGraph(kinds: Kinds, document: WorkflowDocument): FlowGraph {
  const [remember] = useState(remembering);
  return useMemo(() => remember(toFlow(kinds, document)), [remember, kinds, document]);
}

/** What of it is drawn: subgraphs as frames, or folded, as one node. */
export function useShownGraph(plain: FlowGraph, document: WorkflowDocument, folded: ReadonlySet<string>): FlowGraph {
  const [remember] = useState(remembering);
  return useMemo(() => remember(withGroups(plain, document, folded)), [remember, plain, document, folded]);
}

function remembering(): (graph: FlowGraph) => FlowGraph {
  let before = NOTHING;
  return (graph) => {
    before = keepingOld(before, graph);
    return before;
  };
}

interface Decorated<Each> {
  readonly plain: Each;
  readonly selected: boolean;
  readonly move: Position | undefined;
  readonly shown: Each;
}

/** Lays selection and moves over the list; what is as before stays the same object. */
function decorator<Each extends FlowNode | FlowEdge>() {
  let held = new Map<string, Decorated<Each>>();
  return (list: readonly Each[], selected: ReadonlySet<string>, moves: Moves): Each[] => {
    const next = new Map<string, Decorated<Each>>();
    const shown = list.map((plain) => {
      const chosen = selected.has(plain.id);
      const move = moves.get(plain.id);
      const old = held.get(plain.id);
      const same = old !== undefined && old.plain === plain && old.selected === chosen && old.move === move;
      const entry = same ? old : { plain, selected: chosen, move, shown: { ...plain, selected: chosen, ...(move && { position: move }) } };
      next.set(plain.id, entry);
      return entry.shown;
    });
    held = next;
    return shown;
  };
}

function useDecorated<Each extends FlowNode | FlowEdge>(list: readonly Each[], selected: ReadonlySet<string>, moves: Moves): Each[] {
  const [decorate] = useState(() => decorator<Each>());
  return useMemo(() => decorate(list, selected, moves), [decorate, list, selected, moves]);
}

export interface FlowOptions {
  readonly graph: FlowGraph;
  /** With all steps, also those inside of folded groups. */
  readonly plain: FlowGraph;
  readonly selection: readonly string[];
  readonly others: readonly string[];
  readonly onSelect: (steps: readonly string[], others: readonly string[]) => void;
}

export function useFlow({ graph, plain, selection, others, onSelect }: FlowOptions) {
  const selected = useMemo(() => new Set([...selection, ...others]), [selection, others]);
  const [moves, setMoves] = useState<Moves>(NO_MOVES);
  const nodes = useDecorated(graph.nodes, selected, moves);
  const edges = useDecorated(graph.edges, selected, NO_MOVES);
  // React Flow tells nodes and edges apart, within one gesture: the second must see what the first did.
  const pending = useRef<Set<string> | null>(null);
  const steps = useMemo(() => new Set(graph.nodes.filter((node) => node.type === "step").map((node) => node.id)), [graph]);

  const choose = useCallback(
    (changes: readonly { readonly id: string; readonly selected: boolean }[]) => {
      if (changes.length === 0) return;
      if (pending.current === null) {
        pending.current = new Set(selected);
        queueMicrotask(() => {
          const chosen = [...(pending.current ?? [])];
          pending.current = null;
          onSelect(
            chosen.filter((id) => steps.has(id)),
            chosen.filter((id) => !steps.has(id)),
          );
        });
      }
      for (const change of changes) {
        if (change.selected) pending.current.add(change.id);
        else pending.current.delete(change.id);
      }
    },
    [selected, steps, onSelect],
  );

  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      choose(changes.filter((change) => change.type === "select"));
      const moved = changes.filter((change) => change.type === "position" && change.position !== undefined && change.dragging === true);
      if (moved.length === 0) return;
      setMoves((held) => {
        const next = new Map(held);
        for (const change of moved) {
          if (change.type !== "position" || change.position === undefined) continue;
          next.set(change.id, change.position);
          const group = graph.nodes.find((node) => node.id === change.id);
          if (group?.type !== "subgraph") continue;
          // The frame takes its steps along.
          const by = { x: change.position.x - group.position.x, y: change.position.y - group.position.y };
          for (const [id, at] of Object.entries(movedWith(plain, group.data.ids, by))) next.set(id, at);
        }
        return next;
      });
    },
    [choose, graph, plain],
  );

  const onEdgesChange = useCallback(
    (changes: EdgeChange<FlowEdge>[]) => {
      choose(changes.filter((change) => change.type === "select"));
    },
    [choose],
  );

  const settle = useCallback(() => {
    setMoves(NO_MOVES);
  }, []);

  return { nodes, edges, selected, onNodesChange, onEdgesChange, setMoves, settle };
}

