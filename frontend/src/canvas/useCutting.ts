/** Alt and a drag over the empty canvas: every wire under the line is cut, in one step. */

import { useCallback, useRef, useState, type PointerEvent } from "react";
import type { Command } from "@/model/commands";
import { tryExecute } from "@/model/commands";
import type { WorkflowDocument } from "@/model/document";
import type { FlowEdge } from "./convert";
import { edgeIdAt } from "./handle";
import type { WritableKeyed } from "./keyed";
import type { Point } from "./useWires";
import { unwiring } from "./wiring";

interface Options {
  readonly document: WorkflowDocument;
  readonly edges: readonly FlowEdge[];
  readonly marks: WritableKeyed<"insert" | "cut">;
  readonly enabled: boolean;
  readonly onCommand: (command: Command) => void;
}

const STRIDE = 4;

/** The line on the screen; null while nothing is cut. */
export function useCutting({ document, edges, marks, enabled, onCommand }: Options) {
  const [line, setLine] = useState<readonly Point[] | null>(null);
  const caught = useRef(new Set<string>());
  const last = useRef<Point | null>(null);

  const begin = useCallback(
    (event: PointerEvent<HTMLElement>) => {
      if (!enabled || !event.altKey || event.button !== 0 || !(event.target as Element).classList.contains("react-flow__pane")) return;
      // React Flow would draw its marquee.
      event.stopPropagation();
      event.currentTarget.setPointerCapture(event.pointerId);
      caught.current = new Set();
      last.current = { x: event.clientX, y: event.clientY };
      setLine([last.current]);
    },
    [enabled],
  );

  const move = useCallback(
    (event: PointerEvent<HTMLElement>) => {
      const from = last.current;
      if (from === null) return;
      const to = { x: event.clientX, y: event.clientY };
      for (const point of between(from, to)) {
        const id = edgeIdAt(edges, point);
        if (id !== null) caught.current.add(id);
      }
      marks.replace(new Map([...caught.current].map((id) => [id, "cut" as const])));
      last.current = to;
      setLine((held) => (held === null ? held : [...held, to]));
    },
    [edges, marks],
  );

  const end = useCallback(() => {
    if (last.current === null) return;
    last.current = null;
    setLine(null);
    marks.replace(new Map());
    const commands = cuts(document, edges, caught.current);
    if (commands.length > 0) onCommand({ type: "batch", commands, label: "input.disconnect" });
  }, [document, edges, marks, onCommand]);

  return { line, handlers: { onPointerDownCapture: begin, onPointerMoveCapture: move, onPointerUpCapture: end, onPointerCancelCapture: end } };
}

/** One after the other: what a wire leaves behind depends on those that went before. */
export function cuts(document: WorkflowDocument, edges: readonly FlowEdge[], ids: ReadonlySet<string>): Command[] {
  const commands: Command[] = [];
  let current = document;
  for (const { id, data } of edges) {
    const command = ids.has(id) && data !== undefined ? unwiring(current, data) : null;
    const done = command === null ? null : tryExecute(current, command);
    if (command === null || done === null) continue;
    commands.push(command);
    current = done.document;
  }
  return commands;
}

function between(from: Point, to: Point): Point[] {
  const count = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / STRIDE));
  return Array.from({ length: count }, (_, index) => ({ x: from.x + ((to.x - from.x) * (index + 1)) / count, y: from.y + ((to.y - from.y) * (index + 1)) / count }));
}
