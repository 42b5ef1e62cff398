/** Dragging nodes: where they are let go becomes one command; a step on a wire goes into it. */

import { useCallback, useLayoutEffect, useRef, useState } from "react";
import type { Command } from "@/model/commands";
import { stepById, type Position, type WorkflowDocument } from "@/model/document";
import type { Kinds } from "@/model/ports";
import type { FlowEdge, FlowGraph, FlowNode } from "./convert";
import { groupOfNode, movedWith } from "./folding";
import { edgeIdAt } from "./handle";
import type { WritableKeyed } from "./keyed";
import { rectOf, type Rect } from "./place";
import { pointOf } from "./useWires";
import { inserting } from "./wiring";

interface Options {
  readonly kinds: Kinds;
  readonly document: WorkflowDocument;
  readonly edges: readonly FlowEdge[];
  /** What is drawn; and all of it, with what lies inside of folded groups. */
  readonly graph: FlowGraph;
  readonly plain: FlowGraph;
  /** Of the nodes, as the document has them. */
  readonly places: ReadonlyMap<string, Position>;
  readonly marks: WritableKeyed<"insert" | "cut">;
  readonly settle: () => void;
  readonly onCommand: (command: Command) => void;
  /** Copies were dropped that far from their originals. */
  readonly onCopy: (ids: readonly string[], by: Position) => void;
}

type DragEvent = { readonly nativeEvent?: MouseEvent | TouchEvent } | MouseEvent | TouchEvent;

export function useDragging(options: Options) {
  const latest = useRef(options);
  useLayoutEffect(() => {
    latest.current = options;
  });

  /** The wire under the pointer into which the dragged step fits, and what that would do. */
  const into = useCallback((event: DragEvent, nodes: readonly FlowNode[]): { readonly id: string; readonly commands: readonly Command[] } | null => {
    const { kinds, document, edges } = latest.current;
    const [only] = nodes;
    const step = only === undefined || nodes.length > 1 ? undefined : stepById(document, only.id);
    if (step === undefined) return null;
    const id = edgeIdAt(edges, pointOf("nativeEvent" in event && event.nativeEvent !== undefined ? event.nativeEvent : (event as MouseEvent)));
    const wire = edges.find((edge) => edge.id === id)?.data;
    const commands = wire === undefined ? null : inserting(kinds, document, wire, step);
    return id === null || commands === null ? null : { id, commands };
  }, []);

  /** Where the originals stay, while copies are dragged. */
  const [ghosts, setGhosts] = useState<readonly Rect[]>([]);
  const copying = useRef(false);
  const onStart = useCallback((event: DragEvent, _node: FlowNode, nodes: readonly FlowNode[]) => {
    const steps = nodes.filter((node) => node.type === "step");
    copying.current = "altKey" in event && event.altKey && steps.length > 0;
    setGhosts(copying.current ? steps.map((node) => rectOf(node)) : []);
  }, []);

  const onDrag = useCallback(
    (event: DragEvent, _node: FlowNode, nodes: readonly FlowNode[]) => {
      const found = copying.current ? null : into(event, nodes);
      latest.current.marks.replace(found === null ? new Map() : new Map([[found.id, "insert" as const]]));
    },
    [into],
  );

  const onStop = useCallback(
    (event: DragEvent, _node: FlowNode, nodes: readonly FlowNode[]) => {
      const { marks, settle, onCommand, onCopy, document } = latest.current;
      if (copying.current) {
        copying.current = false;
        setGhosts([]);
        settle();
        const steps = nodes.filter((node) => node.type === "step");
        const by = moveOf(latest.current.places, steps[0]);
        if (by !== null) onCopy(steps.map((node) => node.id), by);
        return;
      }
      const found = into(event, nodes);
      marks.replace(new Map());
      const held = document.layout?.nodes ?? {};
      const positions: Record<string, Position> = {};
      for (const { id, position } of nodes) {
        if (groupOfNode(id) !== null) {
          Object.assign(positions, movedGroup(latest.current, id, position));
          continue;
        }
        const at = { x: Math.round(position.x), y: Math.round(position.y) };
        if (held[id]?.x !== at.x || held[id].y !== at.y) positions[id] = at;
      }
      const move: Command = { type: "step.move", positions };
      if (found !== null) onCommand({ type: "batch", commands: [move, ...found.commands], label: "canvas.insert" });
      else if (Object.keys(positions).length > 0) onCommand(move);
      settle();
    },
    [into],
  );
  return { ghosts, onStart, onDrag, onStop };
}

/** Where the steps of a dragged group are then. */
function movedGroup({ graph, plain }: Options, id: string, to: Position): Record<string, Position> {
  const node = graph.nodes.find((each) => each.id === id);
  if (node?.type !== "subgraph") return {};
  const by = { x: Math.round(to.x - node.position.x), y: Math.round(to.y - node.position.y) };
  return by.x === 0 && by.y === 0 ? {} : movedWith(plain, node.data.ids, by);
}

/** How far it was dragged; null for nowhere. */
function moveOf(places: ReadonlyMap<string, Position>, node: FlowNode | undefined): Position | null {
  const from = node === undefined ? undefined : places.get(node.id);
  if (node === undefined || from === undefined) return null;
  const by = { x: Math.round(node.position.x - from.x), y: Math.round(node.position.y - from.y) };
  return by.x === 0 && by.y === 0 ? null : by;
}
