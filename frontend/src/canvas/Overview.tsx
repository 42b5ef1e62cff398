/** From far away the graph is one picture instead of thousands of elements. The nodes that somebody works with (under the
 * pointer, selected, with the focus) are real ones in front of it, so that everything works on them as always. */

import { useStore, useStoreApi } from "@xyflow/react";
import { useEffect, useMemo } from "react";
import { shownTitle } from "@/model/document";
import { useCanvas } from "./context";
import type { FlowGraph, FlowNode } from "./convert";
import styles from "./Overview.module.css";
import { paint, prepared, type Picture, type View } from "./paint";
import { endsOf, rectOf } from "./place";
import { shownTone } from "./planned";
import { usePainted } from "./usePainted";

interface Props {
  readonly graph: FlowGraph;
  readonly routes: ReadonlyMap<string, number>;
  readonly selected: ReadonlySet<string>;
  /** Whose name is written beside it. */
  readonly named: ReadonlySet<string>;
}

/** What is drawn, for overview and map alike. */
export function usePicture(graph: FlowGraph, routes: ReadonlyMap<string, number>, selected: ReadonlySet<string>): Picture {
  const { states, problems, dimmed } = useCanvas();
  const ends = useMemo(() => endsOf(graph), [graph]);
  return useMemo(
    () => ({
      graph,
      routes,
      ends,
      selected,
      toneOf: (step) => {
        const shown = states?.get(step);
        return shown === undefined ? undefined : shownTone(shown.state);
      },
      faint: (step) => dimmed.get(step) === true,
      troubled: (id) => (problems?.get(id)?.errors ?? 0) > 0,
    }),
    [graph, routes, ends, selected, states, problems, dimmed],
  );
}

/** Paints again when a state or a problem changes. */
export function useStatesWatched(repaint: () => void): void {
  const { states, problems, dimmed } = useCanvas();
  useEffect(() => dimmed.watch(repaint), [dimmed, repaint]);
  useEffect(() => states?.watch(repaint), [states, repaint]);
  useEffect(() => problems?.watch(repaint), [problems, repaint]);
}

function nameOf(node: FlowNode): string {
  if (node.type === "subgraph") return node.data.group.name;
  return node.type === "chart" ? node.data.output : shownTitle(node.data.step);
}

export function Overview({ graph, routes, selected, named }: Props) {
  const flow = useStoreApi();
  const picture = usePicture(graph, routes, selected);
  const { ref, repaint } = usePainted((canvas, ink) => {
    const { width, height, transform } = flow.getState();
    const view: View = { x: transform[0], y: transform[1], zoom: transform[2] };
    const context = prepared(canvas, width, height);
    if (context === null || width === 0) return;
    paint(context, picture, view, ink, { x: -view.x / view.zoom, y: -view.y / view.zoom, width: width / view.zoom, height: height / view.zoom });
    context.font = `550 12px ${ink("font")}`;
    context.fillStyle = ink("ink");
    for (const node of graph.nodes) {
      if (!named.has(node.id)) continue;
      const rect = rectOf(node);
      context.fillText(nameOf(node), rect.x * view.zoom + view.x, (rect.y + rect.height) * view.zoom + view.y + 14);
    }
    canvas.dataset.drawn = String(graph.nodes.length);
  });
  useStatesWatched(repaint);
  const moved = useStore((state) => state.transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  useEffect(repaint, [moved, width, height, repaint]);
  return <canvas ref={ref} className={styles.overview} style={{ width, height }} aria-hidden="true" data-testid="overview" />;
}
