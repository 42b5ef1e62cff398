/** Which nodes are elements while the rest is a picture, and the gestures that React Flow cannot do on a picture. */

import { useReactFlow, useStoreApi } from "@xyflow/react";
import { flushSync } from "react-dom";
import { useCallback, useEffect, useMemo, useRef, useState, type PointerEvent } from "react";
import type { DetailLevel } from "./context";
import type { FlowEdge, FlowGraph, FlowNode } from "./convert";
import { nodeAt, overlaps, rectOf, type Rect } from "./place";
import { ZOOM_MS } from "./ZoomBar";

/** So few are elements at any distance. */
const FEW = 80;
const NO_EDGES: FlowEdge[] = [];

export const levelOf = (zoom: number): DetailLevel => (zoom >= 0.5 ? "full" : zoom >= 0.28 ? "title" : "box");
/** Reach is measured on the canvas; what is far away needs more of it to be hit as easily. */
const FAR = 0.75;
const ARRIVED_MS = ZOOM_MS + 150;

/** How far away the canvas is, in words that seldom change. */
interface Distance {
  readonly level: DetailLevel;
  readonly far: boolean;
  /** The canvas is about to go this far away: what is an element only nearby stops being one first. Otherwise everything
   * that comes into sight would be made into elements, and thrown away at once. */
  readonly expect: (zoom: number) => void;
}

export function useDistance(begin: number): Distance {
  const store = useStoreApi();
  const expected = useRef<number | null>(null);
  const [level, setLevel] = useState<DetailLevel>(() => levelOf(begin));
  const [far, setFar] = useState(begin < FAR);
  useEffect(
    () =>
      store.subscribe(({ transform, panZoom }) => {
        // Before React Flow is ready it says 100 %, whatever it was told.
        if (panZoom === null) return;
        setLevel(levelOf(Math.min(transform[2], expected.current ?? Infinity)));
        setFar(transform[2] < FAR);
      }),
    [store],
  );
  const expect = useCallback(
    (zoom: number) => {
      if (levelOf(zoom) !== "box" || levelOf(store.getState().transform[2]) === "box") return;
      expected.current = zoom;
      flushSync(() => {
        setLevel("box");
      });
      // Somebody may have stopped it on its way.
      setTimeout(() => {
        expected.current = null;
        setLevel(levelOf(store.getState().transform[2]));
      }, ARRIVED_MS);
    },
    [store],
  );
  return { level, far, expect };
}

interface Options {
  readonly graph: FlowGraph;
  readonly nodes: FlowNode[];
  readonly edges: FlowEdge[];
  readonly level: DetailLevel;
  readonly selected: ReadonlySet<string>;
  readonly tabStop: string | null;
  readonly onSelect: (steps: readonly string[], others: readonly string[]) => void;
}

export function useOverview({ graph, nodes, edges, level, selected, tabStop, onSelect }: Options) {
  const flow = useReactFlow();
  const store = useStoreApi();
  const on = level === "box" && graph.nodes.length > FEW;
  const [under, setUnder] = useState<string | null>(null);
  const real = useMemo(() => new Set([...selected, ...[under, tabStop].filter((id) => id !== null)]), [selected, under, tabStop]);
  const named = useMemo(() => new Set([...(selected.size > 40 ? [] : selected), ...(under === null ? [] : [under])]), [selected, under]);
  const mounted = useMemo(() => (on ? nodes.filter((node) => real.has(node.id)) : nodes), [on, nodes, real]);

  const onPointerMove = useCallback(
    (event: PointerEvent) => {
      if (on && event.buttons === 0) setUnder(nodeAt(graph, flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }))?.id ?? null);
    },
    [on, graph, flow],
  );

  const box = useRef<Rect | null>(null);
  useEffect(() => {
    if (!on) return undefined;
    return store.subscribe(({ userSelectionRect }) => {
      box.current = userSelectionRect ?? box.current;
    });
  }, [on, store]);
  const onSelectionStart = useCallback(() => {
    box.current = null;
  }, []);
  const onSelectionEnd = useCallback(() => {
    const drawn = box.current;
    if (!on || drawn === null) return;
    const [x, y, zoom] = store.getState().transform;
    const caught = { x: (drawn.x - x) / zoom, y: (drawn.y - y) / zoom, width: drawn.width / zoom, height: drawn.height / zoom };
    const found = graph.nodes.filter((node) => overlaps(rectOf(node), caught));
    // After React Flow has told what it knows, which is only of the elements.
    setTimeout(() => {
      onSelect(
        found.filter((node) => node.type === "step").map((node) => node.id),
        found.filter((node) => node.type === "chart").map((node) => node.id),
      );
    }, 0);
  }, [on, graph, store, onSelect]);
  const onPaneClick = useCallback(() => {
    if (on) onSelect([], []);
  }, [on, onSelect]);

  return { on, named, nodes: mounted, edges: on ? NO_EDGES : edges, onPointerMove, handlers: { onSelectionStart, onSelectionEnd, onPaneClick } };
}
