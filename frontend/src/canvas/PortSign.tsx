/** What a port carries, as a colour and a shape: colour alone is not seen by everybody. */

import type { PortType } from "@/model/ports";
import { familyOf } from "./geometry";
import styles from "./PortSign.module.css";

/** Around the middle of a 12 px square. */
const SHAPES: Readonly<Record<PortType, string>> = {
  obs: "M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9Z",
  dataset: "M2 2h8v8H2Z",
  dataset_version: "M6 .8 11.2 6 6 11.2 .8 6Z",
  label_task: "M2 1.5h5L11 6 7 10.5H2Z",
  swr: "M3.4 1.5h5.2L11.2 6 8.6 10.5H3.4L.8 6Z",
  model: "M6 1 11.4 10.4H.6Z",
  service: "M.9 4.8 6 1l5.1 3.8-2 6H2.9Z",
  metrics: "M1.5 10.5V6.5h2.6v4Zm3.3 0V1.5h2.6v9Zm3.3 0V4.5h2.6v6Z",
  order: "M4 1.5h4v9H4Z",
  unknown: "M6 2a4 4 0 1 0 0 8a4 4 0 1 0 0-8Z",
};

export function PortSign({ type, hollow = false, size = 12 }: { readonly type: PortType; readonly hollow?: boolean; readonly size?: number }) {
  return (
    <svg viewBox="0 0 12 12" width={size} height={size} className={styles.sign} data-family={familyOf(type)} data-hollow={hollow || type === "unknown" || undefined} aria-hidden="true">
      <path d={SHAPES[type]} />
    </svg>
  );
}
