/** The map of the canvas: everything, and the part that is seen. A press or a drag goes there; the wheel zooms. */

import { useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useEffect, useRef, type PointerEvent } from "react";
import { t, useLanguage } from "@/i18n/i18n";
import type { FlowGraph } from "./convert";
import styles from "./Minimap.module.css";
import { usePicture, useStatesWatched } from "./Overview";
import { paint, prepared, type View } from "./paint";
import { around, LEAST_ZOOM, MOST_ZOOM, type Rect } from "./place";
import { usePainted } from "./usePainted";

const WIDTH = 168;
const HEIGHT = 104;
const EDGE = 8;
const NO_ROUTES: ReadonlyMap<string, number> = new Map();

interface Props {
  readonly graph: FlowGraph;
  readonly selected: ReadonlySet<string>;
}

export function Minimap({ graph, selected }: Props) {
  useLanguage();
  const store = useStoreApi();
  const flow = useReactFlow();
  const picture = usePicture(graph, NO_ROUTES, selected);
  const shown = useRef<View>({ x: 0, y: 0, zoom: 1 });
  const { ref, repaint } = usePainted((canvas, ink) => {
    const { width, height, transform } = store.getState();
    const context = prepared(canvas, WIDTH, HEIGHT);
    if (context === null || width === 0) return;
    const seen = { x: -transform[0] / transform[2], y: -transform[1] / transform[2], width: width / transform[2], height: height / transform[2] };
    const all = united(around(graph.nodes), seen);
    const zoom = Math.min((WIDTH - 2 * EDGE) / all.width, (HEIGHT - 2 * EDGE) / all.height);
    const view = { zoom, x: WIDTH / 2 - (all.x + all.width / 2) * zoom, y: HEIGHT / 2 - (all.y + all.height / 2) * zoom };
    shown.current = view;
    paint(context, picture, view, ink, all, false);
    context.strokeStyle = ink("accent");
    context.lineWidth = 1.25;
    context.strokeRect(seen.x * zoom + view.x, seen.y * zoom + view.y, seen.width * zoom, seen.height * zoom);
  });
  useStatesWatched(repaint);
  const moved = useStore((state) => state.transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  useEffect(repaint, [moved, width, height, repaint]);

  const go = (event: PointerEvent<HTMLCanvasElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const { x, y, zoom } = shown.current;
    void flow.setCenter((event.clientX - box.left - x) / zoom, (event.clientY - box.top - y) / zoom, { zoom: flow.getZoom() });
  };
  useEffect(() => {
    const canvas = ref.current;
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      void flow.zoomTo(Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, flow.getZoom() * 2 ** (-event.deltaY / 400))));
    };
    canvas?.addEventListener("wheel", wheel, { passive: false });
    return () => canvas?.removeEventListener("wheel", wheel);
  }, [flow, ref]);
  return (
    <canvas
      ref={ref}
      className={styles.map}
      style={{ width: WIDTH, height: HEIGHT }}
      role="img"
      aria-label={t("canvas.minimap")}
      data-testid="minimap"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) go(event);
      }}
    />
  );
}

function united(left: Rect | null, right: Rect): Rect {
  if (left === null) return right;
  const [x, y] = [Math.min(left.x, right.x), Math.min(left.y, right.y)];
  return { x, y, width: Math.max(left.x + left.width, right.x + right.width) - x, height: Math.max(left.y + left.height, right.y + right.height) - y };
}
