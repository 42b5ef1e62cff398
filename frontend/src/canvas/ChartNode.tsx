/** The picture of a metrics output, as a node of its own. What is inside comes from the charts; this is the frame. */

import { Handle, Position as Side, type NodeProps } from "@xyflow/react";
import { ChartLine } from "lucide-react";
import { memo, useContext } from "react";
import { t, useLanguage } from "@/i18n/i18n";
import { shownTitle } from "@/model/document";
import styles from "./ChartNode.module.css";
import { ChartContext, DetailContext, useCanvas } from "./context";
import type { ChartFlowNode } from "./convert";
import { CHART_HEADER, CHART_HEIGHT, CHART_INLET, CHART_WIDTH } from "./geometry";
import { useKeyed } from "./keyed";

const INSET = 8;

export const ChartNode = memo(function ChartNode({ data: { step, output }, selected, dragging }: NodeProps<ChartFlowNode>) {
  useLanguage();
  const Chart = useContext(ChartContext);
  const level = useContext(DetailContext);
  const dimmed = useKeyed(useCanvas().dimmed, step.name);
  const size = { width: CHART_WIDTH - 2 * INSET, height: CHART_HEIGHT - CHART_HEADER - INSET };
  return (
    <>
      <figure className={styles.chart} data-chart={`${step.name}/${output}`} data-selected={selected || undefined} data-dimmed={dimmed} aria-label={t("canvas.chart.of", { output, step: shownTitle(step) })}>
        {level !== "box" && (
          <figcaption className={styles.head} style={{ height: CHART_HEADER }}>
            <ChartLine size={15} aria-hidden="true" className={styles.icon} />
            <span className={styles.title}>{output}</span>
            <span className={styles.step}>{shownTitle(step)}</span>
          </figcaption>
        )}
        {level !== "box" && (
          <div className={styles.body} style={size}>
            {Chart === null ? <p className={styles.empty}>{t("canvas.chart.empty")}</p> : <Chart step={step.name} output={output} {...size} live={level === "full" && !dragging} />}
          </div>
        )}
      </figure>
      <Handle id={Side.Left} type="target" position={Side.Left} isConnectable={false} style={{ top: 18 }} className={styles.end} />
      <Handle id={Side.Top} type="target" position={Side.Top} isConnectable={false} style={{ left: CHART_INLET }} className={styles.end} />
      <Handle id={Side.Right} type="target" position={Side.Right} isConnectable={false} style={{ top: 18 }} className={styles.end} />
    </>
  );
});
