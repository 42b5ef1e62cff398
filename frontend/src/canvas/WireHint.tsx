/** Why a port refuses the wire over it: said at the port, while the wire is still in the hand. */

import { CircleSlash2 } from "lucide-react";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { sayRefusal } from "./refusals";
import { stepAt } from "./useWires";
import type { Wiring } from "./wiring";
import styles from "./WireHint.module.css";

interface Hint {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

export function WireHint({ wiring }: { readonly wiring: Wiring | null }) {
  const [hint, setHint] = useState<Hint | null>(null);
  useEffect(() => {
    if (wiring === null) return undefined;
    const look = (event: PointerEvent | MouseEvent): void => {
      setHint(hintAt(wiring, event.clientX, event.clientY));
    };
    document.addEventListener("pointermove", look);
    return () => {
      document.removeEventListener("pointermove", look);
      setHint(null);
    };
  }, [wiring]);
  if (hint === null) return null;
  return createPortal(
    <div role="status" className={styles.hint} style={{ left: hint.x, top: hint.y }} data-testid="wire-refusal">
      <CircleSlash2 size={14} aria-hidden="true" />
      {hint.text}
    </div>,
    document.body,
  );
}

function hintAt(wiring: Wiring, x: number, y: number): Hint | null {
  const port = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-port]");
  const stepId = port?.closest<HTMLElement>(".react-flow__node")?.dataset.id ?? stepAt({ x, y });
  if (stepId === null || stepId === wiring.start.stepId) return null;
  const handle = port?.dataset.port ?? null;
  const refusal = wiring.refusal(stepId, handle);
  if (refusal === null) return null;
  const box = port?.getBoundingClientRect();
  return { text: sayRefusal(refusal), x: box === undefined ? x : box.left + box.width / 2, y: (box === undefined ? y : box.bottom) + 10 };
}
