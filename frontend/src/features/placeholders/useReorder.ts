/** A list whose entries are moved by their handle: dragged with the pointer, or with the arrow keys. */

import { useState, type KeyboardEvent, type PointerEvent } from "react";

export interface Handle {
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerUp: () => void;
  readonly onPointerCancel: () => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

export interface Reorder {
  readonly dragging: number | null;
  /** Before which entry what is dragged would land; the number of entries for the end. */
  readonly over: number | null;
  readonly handle: (index: number) => Handle;
}

const rowsOf = (handle: HTMLElement): Element[] => [...(handle.closest("ul")?.children ?? [])];

/** Where an entry lands that is dropped before another one: its own place is gone by then. */
export function landing(from: number, before: number): number {
  return before > from ? before - 1 : before;
}

export function useReorder(count: number, move: (from: number, to: number) => void): Reorder {
  const [drag, setDrag] = useState<{ readonly from: number; readonly over: number } | null>(null);
  const place = (handle: HTMLElement, y: number): number => {
    const rows = rowsOf(handle);
    const found = rows.findIndex((row) => {
      const { top, height } = row.getBoundingClientRect();
      return y < top + height / 2;
    });
    return found < 0 ? rows.length : found;
  };
  const handle = (index: number): Handle => ({
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setDrag({ from: index, over: index });
    },
    onPointerMove: (event) => {
      if (drag !== null) setDrag({ ...drag, over: place(event.currentTarget, event.clientY) });
    },
    onPointerUp: () => {
      if (drag !== null && landing(drag.from, drag.over) !== drag.from) move(drag.from, landing(drag.from, drag.over));
      setDrag(null);
    },
    onPointerCancel: () => {
      setDrag(null);
    },
    onKeyDown: (event) => {
      const to = event.key === "ArrowUp" ? index - 1 : event.key === "ArrowDown" ? index + 1 : index;
      if (to === index || to < 0 || to >= count) return;
      event.preventDefault();
      move(index, to);
      // The handle that had the focus shows another entry now; the focus goes with the entry.
      const list = event.currentTarget.closest("ul");
      requestAnimationFrame(() => {
        list?.children[to]?.querySelector<HTMLElement>("[data-handle]")?.focus();
      });
    },
  });
  return { dragging: drag?.from ?? null, over: drag?.over ?? null, handle };
}
