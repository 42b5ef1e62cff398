/** A wire. Data has the colour of what travels; what only says "after that" is dashed and quiet. */

import { BaseEdge, EdgeLabelRenderer, getBezierPath, getSmoothStepPath, type EdgeProps } from "@xyflow/react";
import { X } from "lucide-react";
import { memo } from "react";
import { Button as AriaButton } from "react-aria-components";
import { t, useLanguage } from "@/i18n/i18n";
import { useCanvas } from "./context";
import type { FlowEdge } from "./convert";
import { familyOf } from "./geometry";
import { useKeyed } from "./keyed";
import styles from "./Wire.module.css";

/** Nearer than this, a curve would fold over itself. */
const ROOM = 24;

export const Wire = memo(function Wire({ id, data, selected, ...ends }: EdgeProps<FlowEdge>) {
  useLanguage();
  const canvas = useCanvas();
  const mark = useKeyed(canvas.marks, id);
  if (data === undefined) return null;
  const back = ends.targetPosition === "left" && ends.targetX < ends.sourceX + ROOM;
  const [path, x, y] = back ? getSmoothStepPath({ ...ends, borderRadius: 14, offset: 24 }) : getBezierPath({ ...ends, curvature: 0.32 });
  const removable = selected && data.role !== "chart" && data.role !== "reads" && !canvas.readOnly();
  return (
    <>
      <g className={styles.wire} data-role={data.role} data-family={familyOf(data.type)} data-selected={selected || undefined} data-mark={mark} data-edge={id} data-from={data.names[0]} data-to={data.names[1]}>
        <BaseEdge path={path} className={styles.halo ?? ""} interactionWidth={0} />
        <BaseEdge path={path} className={styles.line ?? ""} interactionWidth={data.role === "chart" ? 0 : 20} />
      </g>
      {(removable || data.branch !== undefined) && (
        <EdgeLabelRenderer>
          <span className={`nodrag nopan ${styles.label ?? ""}`} style={{ transform: `translate(-50%, -50%) translate(${String(x)}px, ${String(y)}px)` }}>
            {data.branch !== undefined && (
              <span className={styles.word} data-branch={data.branch}>
                {t(`canvas.branch.${data.branch}`)}
              </span>
            )}
            {removable && (
              <AriaButton
                className={styles.cut ?? ""}
                excludeFromTabOrder
                aria-label={t("canvas.unwire")}
                onPress={() => {
                  canvas.onUnwire(id);
                }}
              >
                <X size={12} strokeWidth={2.4} />
              </AriaButton>
            )}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});
