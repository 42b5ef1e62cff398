/** Files that are let go over the canvas. */

import { useState, type DragEvent } from "react";

interface FileDrop {
  readonly over: boolean;
  readonly handlers: {
    readonly onDragOver: (event: DragEvent) => void;
    readonly onDragLeave: (event: DragEvent) => void;
    readonly onDrop: (event: DragEvent) => void;
  };
}

export function useFileDrop(enabled: boolean, take: (file: File, screen: { readonly x: number; readonly y: number }) => void): FileDrop {
  const [over, setOver] = useState(false);
  const files = (event: DragEvent): boolean => enabled && event.dataTransfer.types.includes("Files");
  return {
    over,
    handlers: {
      onDragOver(event) {
        if (!files(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
        setOver(true);
      },
      onDragLeave(event) {
        if (!(event.relatedTarget instanceof Node) || !event.currentTarget.contains(event.relatedTarget)) setOver(false);
      },
      onDrop(event) {
        setOver(false);
        const [file] = event.dataTransfer.files;
        if (!files(event) || file === undefined) return;
        event.preventDefault();
        take(file, { x: event.clientX, y: event.clientY });
      },
    },
  };
}
