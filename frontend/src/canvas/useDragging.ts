/** Dragging nodes: where they are let go becomes one command; a step on a wire goes into it. */

import { useCallback, useLayoutEffect, useRef } from "react";
import type { Command } from "@/model/commands";
import { stepById, type Position, type WorkflowDocument } from "@/model/document";
import type { Kinds } from "@/model/ports";
import type { FlowEdge, FlowNode } from "./convert";
import { edgeIdAt } from "./handle";
import type { WritableKeyed } from "./keyed";
import { pointOf } from "./useWires";
import { inserting } from "./wiring";

interface Options {
  readonly kinds: Kinds;
  readonly document: WorkflowDocument;
  readonly edges: readonly FlowEdge[];
  readonly marks: WritableKeyed<"insert">;
  readonly settle: () => void;
  readonly onCommand: (command: Command) => void;
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

  const onDrag = useCallback(
    (event: DragEvent, _node: FlowNode, nodes: readonly FlowNode[]) => {
      const found = into(event, nodes);
      latest.current.marks.replace(found === null ? new Map() : new Map([[found.id, "insert" as const]]));
    },
    [into],
  );

  const onStop = useCallback(
    (event: DragEvent, _node: FlowNode, nodes: readonly FlowNode[]) => {
      const found = into(event, nodes);
      const { marks, settle, onCommand, document } = latest.current;
      marks.replace(new Map());
      const held = document.layout?.nodes ?? {};
      const positions: Record<string, Position> = {};
      for (const { id, position } of nodes) {
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
  return { onDrag, onStop };
}
