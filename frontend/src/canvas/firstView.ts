/** Where one looks when a graph opens: all of it if it can be read like that, else its beginning at a size that can. Stays
 * right while the window or a panel beside it changes, until somebody pans or zooms. */

import { getViewportForBounds, type ReactFlowInstance, type Viewport } from "@xyflow/react";
import { useEffect, useRef, type RefObject } from "react";
import type { FlowEdge, FlowNode } from "./convert";
import { FIT_ROOM, type Rect } from "./place";

/** To see the whole is worth smaller letters, down to this; smaller still, titles are only marks. */
const WHOLE = 0.55;
/** The size of what does not fit as a whole. */
const LEGIBLE = 0.8;
const MARGIN = 28;

interface Size {
  readonly width: number;
  readonly height: number;
}

export function firstView(bounds: Size & { readonly x: number; readonly y: number }, { width, height }: Size): Viewport {
  const whole = getViewportForBounds(bounds, width, height, 0.1, 1, FIT_ROOM);
  if (whole.zoom >= WHOLE) return whole;
  const along = (start: number, length: number, room: number): number => {
    const drawn = length * LEGIBLE;
    return drawn + 2 * MARGIN <= room ? (room - drawn) / 2 - start * LEGIBLE : MARGIN - start * LEGIBLE;
  };
  return { x: along(bounds.x, bounds.width, width), y: along(bounds.y, bounds.height, height), zoom: LEGIBLE };
}

const same = (one: Viewport, other: Viewport): boolean => Math.abs(one.x - other.x) + Math.abs(one.y - other.y) < 1 && Math.abs(one.zoom - other.zoom) < 0.001;

/** `bounds`: what there is to look at; null where there was nothing at the first moment. */
export function useFirstView(flow: ReactFlowInstance<FlowNode, FlowEdge>, surface: RefObject<HTMLElement | null>, bounds: (() => Rect | null) | null): void {
  const mine = useRef<Viewport | null>(null);
  const wanted = useRef(bounds);
  useEffect(() => {
    const element = surface.current;
    if (wanted.current === null || element === null) return;
    const place = () => {
      const { clientWidth: width, clientHeight: height } = element;
      if (width === 0 || height === 0 || (mine.current !== null && !same(mine.current, flow.getViewport()))) return;
      const all = wanted.current?.() ?? null;
      if (all === null) return;
      mine.current = firstView(all, { width, height });
      void flow.setViewport(mine.current);
    };
    const observer = new ResizeObserver(place);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [flow, surface]);
}
