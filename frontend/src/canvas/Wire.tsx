/** A wire. Data has the colour of what travels; what only says "after that" is dashed and quiet. */

import { BaseEdge, EdgeLabelRenderer, getBezierPath, getSmoothStepPath, Position as Side, type EdgeProps } from "@xyflow/react";
import { X } from "lucide-react";
import { memo } from "react";
import { Button as AriaButton } from "react-aria-components";
import { t, useLanguage } from "@/i18n/i18n";
import { useCanvas } from "./context";
import type { FlowEdge } from "./convert";
import { familyOf } from "./geometry";
import { useKeyed } from "./keyed";
import { goesBack, levelPath, ROOM } from "./routing";
import styles from "./Wire.module.css";

type EndProps = Pick<EdgeProps<FlowEdge>, "sourceX" | "sourceY" | "targetX" | "targetY" | "sourcePosition" | "targetPosition">;

/** The path, and where its label goes. */
function pathOf(ends: EndProps, height: number | undefined): readonly [string, number, number] {
  const at = { sx: ends.sourceX, sy: ends.sourceY, tx: ends.targetX, ty: ends.targetY };
  const level = height === undefined ? {} : { centerY: height };
  if (ends.targetPosition === Side.Left && goesBack(at)) {
    const [path, x, y] = getSmoothStepPath({ ...ends, ...level, borderRadius: 14, offset: ROOM });
    return [path, x, y];
  }
  if (height !== undefined) return [levelPath(at, height), (at.sx + at.tx) / 2, height];
  const [path, x, y] = getBezierPath({ ...ends, curvature: 0.32 });
  return [path, x, y];
}

export const Wire = memo(function Wire({ id, data, selected, ...ends }: EdgeProps<FlowEdge>) {
  useLanguage();
  const canvas = useCanvas();
  const mark = useKeyed(canvas.marks, id);
  const height = useKeyed(canvas.routes, id);
  const [from, to] = data?.names ?? [];
  const before = useKeyed(canvas.dimmed, from ?? "");
  const after = useKeyed(canvas.dimmed, to ?? "");
  if (data === undefined) return null;
  const [path, x, y] = pathOf(ends, height);
  const removable = selected && data.role !== "chart" && data.role !== "reads" && !canvas.readOnly();
  return (
    <>
      <g className={styles.wire} data-role={data.role} data-family={familyOf(data.type)} data-selected={selected || undefined} data-mark={mark} data-dimmed={before ?? after} data-edge={id} data-from={data.names[0]} data-to={data.names[1]}>
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
