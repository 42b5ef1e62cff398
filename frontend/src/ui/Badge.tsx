import type { ReactNode } from "react";
import styles from "./Badge.module.css";
import { classes } from "./classes";

export type Tone = "good" | "bad" | "warn" | "busy" | "idle" | "reuse" | "placeholder";

interface Props {
  readonly tone?: Tone;
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  /** Without a background: inside of nodes and tables. */
  readonly bare?: boolean;
  readonly title?: string;
}

export function Badge({ tone = "idle", icon, children, bare = false, title }: Props) {
  return (
    <span className={classes(styles.badge, styles[tone], bare && styles.bare)} title={title}>
      {icon}
      <span className={styles.text}>{children}</span>
    </span>
  );
}
