/** What can be done with the chosen step, above it: moved aside, or below it, where the canvas ends. */

import { NodeToolbar, Position as Side, useStore, type ReactFlowState } from "@xyflow/react";
import { useContext, useState } from "react";
import { ToolbarContext } from "./context";

const GAP = 14;
const EDGE = 8;

/** How far it must move to the right so that nothing is cut off; never so far that it leaves its step. */
function aside(state: ReactFlowState, id: string, width: number): number {
  const node = state.nodeLookup.get(id);
  if (node === undefined || width === 0) return 0;
  const [x, , zoom] = state.transform;
  const middle = x + (node.internals.positionAbsolute.x + (node.measured.width ?? 0) / 2) * zoom;
  const within = Math.min(Math.max(middle, width / 2 + EDGE), Math.max(state.width - width / 2 - EDGE, width / 2 + EDGE));
  return Math.round(Math.min(Math.max(within - middle, -width / 2), width / 2));
}

function noRoomAbove(state: ReactFlowState, id: string, height: number): boolean {
  const node = state.nodeLookup.get(id);
  if (node === undefined) return false;
  const [, y, zoom] = state.transform;
  return y + node.internals.positionAbsolute.y * zoom < height + GAP + EDGE;
}

export function StepToolbar({ id }: { readonly id: string }) {
  const toolbar = useContext(ToolbarContext)?.(id);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const shift = useStore((state) => aside(state, id, size.width));
  const below = useStore((state) => noRoomAbove(state, id, size.height));
  if (toolbar === undefined || toolbar === null) return null;
  const measure = (element: HTMLDivElement | null) => {
    if (element === null) return;
    const { offsetWidth: width, offsetHeight: height } = element;
    setSize((known) => (known.width === width && known.height === height ? known : { width, height }));
  };
  return (
    <NodeToolbar position={below ? Side.Bottom : Side.Top} offset={GAP} className="nodrag nopan">
      <div ref={measure} style={{ transform: `translateX(${String(shift)}px)` }}>
        {toolbar}
      </div>
    </NodeToolbar>
  );
}
