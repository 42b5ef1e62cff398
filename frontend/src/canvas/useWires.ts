/** Drawing and redrawing wires with the pointer. */

import type { Connection, FinalConnectionState, HandleType, OnConnectStartParams } from "@xyflow/react";
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Command } from "@/model/commands";
import type { WorkflowDocument } from "@/model/document";
import type { Kinds } from "@/model/ports";
import type { FlowEdge } from "./convert";
import { keyed, type WritableKeyed } from "./keyed";
import { rewiring, startWiring, unwiring, type StepVerdicts, type WireStart, type Wiring } from "./wiring";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A wire was let go over nothing. */
export interface WireDrop {
  readonly start: WireStart;
  readonly wiring: Wiring;
  readonly screen: Point;
}

interface Options {
  readonly kinds: Kinds;
  readonly document: WorkflowDocument;
  readonly onCommand: (command: Command) => void;
  readonly onWireDrop: ((drop: WireDrop) => void) | undefined;
}

export function pointOf(event: MouseEvent | TouchEvent): Point {
  const at = "changedTouches" in event ? event.changedTouches[0] : event;
  return { x: at?.clientX ?? 0, y: at?.clientY ?? 0 };
}

/** The step under a place on the screen. */
export function stepAt(point: Point): string | null {
  for (const element of document.elementsFromPoint(point.x, point.y)) {
    const step = element.closest<HTMLElement>("[data-step-id]") ?? element.closest<HTMLElement>(".react-flow__node")?.querySelector<HTMLElement>("[data-step-id]");
    if (step?.dataset.stepId !== undefined) return step.dataset.stepId;
  }
  return null;
}

export function useWires(options: Options) {
  const latest = useRef(options);
  useLayoutEffect(() => {
    latest.current = options;
  });
  const [verdicts] = useState<WritableKeyed<StepVerdicts>>(() => keyed<StepVerdicts>());
  const [wiring, setWiring] = useState<Wiring | null>(null);
  const current = useRef<Wiring | null>(null);
  const moving = useRef<{ readonly edge: FlowEdge; readonly end: "source" | "target"; done: boolean } | null>(null);

  const begin = useCallback(
    (_event: unknown, { nodeId, handleId }: OnConnectStartParams) => {
      if (nodeId === null || handleId === null) return;
      const { kinds, document } = latest.current;
      const started = startWiring(kinds, document, { stepId: nodeId, handle: handleId });
      current.current = started;
      setWiring(started);
      verdicts.replace(started?.verdicts ?? new Map());
    },
    [verdicts],
  );

  const finish = useCallback(() => {
    current.current = null;
    setWiring(null);
    verdicts.replace(new Map());
  }, [verdicts]);

  /** The other end of a connection, seen from where the wire begins. */
  const otherEnd = (connection: Connection): { stepId: string; handle: string | null } =>
    current.current?.forwards === true ? { stepId: connection.target, handle: connection.targetHandle } : { stepId: connection.source, handle: connection.sourceHandle };

  const isValid = useCallback((connection: Connection | FlowEdge) => {
    if (current.current === null) return false;
    const { stepId, handle } = otherEnd(connection as Connection);
    return current.current.refusal(stepId, handle) === null;
  }, []);

  const connect = useCallback((connection: Connection) => {
    const { stepId, handle } = otherEnd(connection);
    const command = current.current?.command(stepId, handle) ?? null;
    if (command !== null) latest.current.onCommand(command);
  }, []);

  const end = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      const started = current.current;
      finish();
      // Redrawn wires end in `moved`; a drop on a port was told by `connect`.
      if (started === null || moving.current !== null || state.isValid === true) return;
      const screen = pointOf(event);
      const stepId = stepAt(screen);
      if (stepId === null) {
        const below = document.elementFromPoint(screen.x, screen.y)?.closest(".react-flow__pane") ?? null;
        if (below !== null) latest.current.onWireDrop?.({ start: started.start, wiring: started, screen });
        return;
      }
      // On a port that refused, the person read why; another port is not chosen instead.
      const command = state.toHandle === null ? started.command(stepId, null) : null;
      if (command !== null) latest.current.onCommand(command);
    },
    [finish],
  );

  const moveBegin = useCallback((_event: unknown, edge: FlowEdge, fixed: HandleType) => {
    moving.current = { edge, end: fixed === "source" ? "target" : "source", done: false };
  }, []);

  const moved = useCallback((edge: FlowEdge, connection: Connection) => {
    const { kinds, document } = latest.current;
    const { end: movedEnd } = moving.current ?? { end: "target" as const };
    if (moving.current !== null) moving.current.done = true;
    const to = movedEnd === "target" ? { stepId: connection.target, handle: connection.targetHandle } : { stepId: connection.source, handle: connection.sourceHandle };
    const command = rewiring(kinds, document, edge, to, movedEnd);
    if (command !== null) latest.current.onCommand(command);
  }, []);

  /** Let go over nothing: the wire is pulled out. */
  const moveEnd = useCallback(
    (event: MouseEvent | TouchEvent, edge: FlowEdge) => {
      const move = moving.current;
      moving.current = null;
      finish();
      if (move === null || move.done || edge.data === undefined) return;
      const { kinds, document } = latest.current;
      const stepId = stepAt(pointOf(event));
      const command = stepId === null ? unwiring(document, edge.data) : rewiring(kinds, document, edge, { stepId, handle: null }, move.end);
      if (command !== null) latest.current.onCommand(command);
    },
    [finish],
  );

  const handlers = useMemo(
    () => ({ onConnectStart: begin, onConnect: connect, onConnectEnd: end, isValidConnection: isValid, onReconnectStart: moveBegin, onReconnect: moved, onReconnectEnd: moveEnd }),
    [begin, connect, end, isValid, moveBegin, moved, moveEnd],
  );
  return { verdicts, wiring, handlers };
}
