/** A canvas that is painted once a frame at most, whenever something that it shows has changed. */

import { useCallback, useEffect, useLayoutEffect, useRef, type RefObject } from "react";
import { useShownTheme } from "@/ui/theme";
import { inkOf, type Ink } from "./paint";

type Painter = (canvas: HTMLCanvasElement, ink: Ink) => void;

export interface Painted {
  readonly ref: RefObject<HTMLCanvasElement | null>;
  /** Something changed that React was not told of. */
  readonly repaint: () => void;
}

export function usePainted(painter: Painter): Painted {
  const ref = useRef<HTMLCanvasElement>(null);
  const latest = useRef(painter);
  const frame = useRef(0);
  const ink = useRef<Ink | null>(null);
  const theme = useShownTheme();
  const now = useCallback(() => {
    frame.current = 0;
    const canvas = ref.current;
    if (canvas === null) return;
    ink.current ??= inkOf(canvas);
    latest.current(canvas, ink.current);
  }, []);
  const repaint = useCallback(() => {
    if (frame.current === 0) frame.current = requestAnimationFrame(now);
  }, [now]);
  useLayoutEffect(() => {
    latest.current = painter;
    repaint();
  });
  useEffect(() => {
    ink.current = null;
    repaint();
  }, [theme, repaint]);
  useEffect(
    () => () => {
      cancelAnimationFrame(frame.current);
      frame.current = 0;
    },
    [],
  );
  return { ref, repaint };
}
