/** What the page may ask of the canvas. */

import type { ReactFlowInstance } from "@xyflow/react";
import type { Position } from "@/model/document";
import type { FlowEdge, FlowGraph, FlowNode, WireData } from "./convert";
import type { WritableKeyed } from "./keyed";
import type { Moves } from "./useFlow";
import type { Point } from "./useWires";
import { viewOf } from "./place";
import { ZOOM_MS, type Tool } from "./ZoomBar";

export interface CanvasHandle {
  fit(ids?: readonly string[]): void;
  zoomIn(): void;
  zoomOut(): void;
  /** 100 %. */
  zoomReset(): void;
  tool(tool: Tool): void;
  /** Brings a node into view; leaves the canvas where it is when it is seen already. */
  show(id: string): void;
  /** Gives a step the tab stop, and the focus. */
  focusStep(id: string, take: boolean): void;
  toPlace(screen: Point): Position;
  /** The middle of what is seen. */
  middle(): Position;
  /** The wire under a place on the screen. */
  wireAt(screen: Point): WireData | null;
  /** Moves nodes there over a moment; then it is over, and the document should say the same. */
  glide(positions: Readonly<Record<string, Position>>): Promise<void>;
  /** Shows a subgraph as one node, or opens it: for everybody, where this can be said. */
  fold(groupId: string, folded: boolean): void;
  folded(groupId: string): boolean;
  /** Opens the folded subgraph in which a step lies, for this eye; false where none hides it. */
  unhide(stepId: string): boolean;
  /** What is drawn. */
  graph(): FlowGraph;
  /** All of it, with what lies inside of folded groups. */
  plain(): FlowGraph;
}

interface Inside {
  readonly flow: ReactFlowInstance<FlowNode, FlowEdge>;
  /** As it is when somebody asks. */
  readonly graph: () => FlowGraph;
  /** With what lies inside of folded groups. */
  readonly plain: () => FlowGraph;
  readonly focus: WritableKeyed<number>;
  readonly setMoves: (moves: Moves) => void;
  readonly setTool: (tool: Tool) => void;
  readonly setTabStop: (id: string) => void;
  readonly expect: (zoom: number) => void;
  readonly size: () => { readonly width: number; readonly height: number };
}

const GLIDE_MS = 220;
const MOST_GLIDING = 600;
const MARGIN = 16;
let wishes = 0;

export function createHandle({ flow, graph, plain, focus, setMoves, setTool, setTabStop, expect, size }: Inside): Omit<CanvasHandle, "fold" | "folded" | "unhide"> {
  const box = (): DOMRect => document.querySelector(".react-flow")?.getBoundingClientRect() ?? new DOMRect();
  return {
    fit(ids = []) {
      const wanted = ids.length === 0 ? graph().nodes : graph().nodes.filter((node) => ids.includes(node.id));
      const view = viewOf(wanted, size().width, size().height);
      if (view === null) return;
      expect(view.zoom);
      void flow.setViewport(view, { duration: ZOOM_MS });
    },
    zoomIn: () => void flow.zoomIn({ duration: ZOOM_MS }),
    zoomOut: () => void flow.zoomOut({ duration: ZOOM_MS }),
    zoomReset: () => void flow.zoomTo(1, { duration: ZOOM_MS }),
    tool: setTool,
    show(id) {
      const node = graph().nodes.find((each) => each.id === id);
      if (node === undefined) return;
      const { x, y } = flow.flowToScreenPosition(node.position);
      const end = flow.flowToScreenPosition({ x: node.position.x + (node.width ?? 0), y: node.position.y + (node.height ?? 0) });
      const seen = box();
      // No further than needed: whoever looks at a part of the canvas wants to go on looking at it.
      const dx = Math.max(0, seen.left + MARGIN - x) || Math.min(0, seen.right - MARGIN - end.x);
      const dy = Math.max(0, seen.top + MARGIN - y) || Math.min(0, seen.bottom - MARGIN - end.y);
      if (dx === 0 && dy === 0) return;
      const now = flow.getViewport();
      void flow.setViewport({ x: now.x + dx, y: now.y + dy, zoom: now.zoom }, { duration: ZOOM_MS });
    },
    focusStep(id, take) {
      wishes += 1;
      setTabStop(id);
      focus.replace(new Map([[id, take ? wishes : 0]]));
    },
    toPlace: (screen) => flow.screenToFlowPosition(screen),
    middle() {
      const seen = box();
      return flow.screenToFlowPosition({ x: seen.left + seen.width / 2, y: seen.top + seen.height / 2 });
    },
    wireAt: (screen) => wireAt(graph().edges, screen),
    glide: (positions) => glide(graph(), positions, setMoves),
    graph,
    plain,
  };
}

/** By what is drawn: the wire's wide, unseen line is under the pointer, also below the node that is dragged over it. */
export function wireAt(edges: readonly FlowEdge[], { x, y }: Point): WireData | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const id = element.closest<HTMLElement>(".react-flow__edge")?.dataset.id;
    const found = id === undefined ? undefined : edges.find((edge) => edge.id === id)?.data;
    if (found !== undefined) return found;
  }
  return null;
}

export function edgeIdAt(edges: readonly FlowEdge[], point: Point): string | null {
  const data = wireAt(edges, point);
  return edges.find((edge) => edge.data === data)?.id ?? null;
}

function glide(graph: FlowGraph, positions: Readonly<Record<string, Position>>, setMoves: (moves: Moves) => void): Promise<void> {
  const moving = graph.nodes.filter((node) => positions[node.id] !== undefined);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches || moving.length > MOST_GLIDING || document.hidden;
  if (still || moving.length === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const start = performance.now();
    const frame = (now: number): void => {
      const share = Math.min(1, (now - start) / GLIDE_MS);
      const eased = 1 - (1 - share) ** 3;
      const between = (from: number, to: number): number => from + (to - from) * eased;
      setMoves(
        new Map(
          moving.map(({ id, position }) => {
            const to = positions[id] as Position;
            return [id, { x: between(position.x, to.x), y: between(position.y, to.y) }];
          }),
        ),
      );
      if (share < 1) requestAnimationFrame(frame);
      else {
        setMoves(new Map());
        resolve();
      }
    };
    requestAnimationFrame(frame);
  });
}
