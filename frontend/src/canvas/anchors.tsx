/** Places over the canvas for what does not move with it. */
import type { ReactNode } from "react";
import styles from "./Canvas.module.css";

export function Slot({ at, children }: { readonly at: "top" | "upper-left" | "upper-right" | "lower-left"; readonly children: ReactNode }) {
  return (
    <div className={styles.slot} data-at={at}>
      {children}
    </div>
  );
}
