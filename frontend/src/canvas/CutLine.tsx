import { createPortal } from "react-dom";
import styles from "./Canvas.module.css";
import type { Point } from "./useWires";

export function CutLine({ line }: { readonly line: readonly Point[] | null }) {
  if (line === null) return null;
  return createPortal(
    <svg className={styles.cutLine} aria-hidden="true" data-testid="cut-line">
      <polyline points={line.map(({ x, y }) => `${String(x)},${String(y)}`).join(" ")} />
    </svg>,
    document.body,
  );
}
