/** Tool, zoom and fit, at the lower left of the canvas. */

import { useReactFlow, useViewport } from "@xyflow/react";
import { Hand, Maximize, MousePointer2, ZoomIn, ZoomOut } from "lucide-react";
import type { ReactNode } from "react";
import { formatNumber, t, useLanguage } from "@/i18n/i18n";
import { Button, IconButton } from "@/ui/Button";
import styles from "./ZoomBar.module.css";

export type Tool = "select" | "hand";
export const ZOOM_MS = 160;

interface Props {
  readonly tool: Tool;
  readonly onTool: (tool: Tool) => void;
  readonly onFit: () => void;
  /** More buttons, from the page. */
  readonly children?: ReactNode;
}

export function ZoomBar({ tool, onTool, onFit, children }: Props) {
  useLanguage();
  const flow = useReactFlow();
  return (
    <div role="toolbar" aria-label={t("canvas.tools")} className={styles.bar}>
      <Toggle label={t("canvas.tool.select")} keys="V" on={tool === "select"} icon={<MousePointer2 size={16} />} onPress={() => { onTool("select"); }} />
      <Toggle label={t("canvas.tool.hand")} keys="H" on={tool === "hand"} icon={<Hand size={16} />} onPress={() => { onTool("hand"); }} />
      <span className={styles.line} />
      <IconButton label={t("canvas.zoomOut")} keys="-" icon={<ZoomOut size={16} />} onPress={() => void flow.zoomOut({ duration: ZOOM_MS })} />
      <Percent />
      <IconButton label={t("canvas.zoomIn")} keys="+" icon={<ZoomIn size={16} />} onPress={() => void flow.zoomIn({ duration: ZOOM_MS })} />
      <IconButton label={t("canvas.fit")} keys="1" data-testid="fit" icon={<Maximize size={16} />} onPress={onFit} />
      {children !== undefined && <span className={styles.line} />}
      {children}
    </div>
  );
}

function Percent() {
  const flow = useReactFlow();
  const { zoom } = useViewport();
  const text = formatNumber(zoom, { style: "percent", maximumFractionDigits: 0 });
  return (
    <Button look="quiet" className={styles.percent ?? ""} aria-label={t("canvas.zoomTo", { zoom: text })} data-testid="zoom" onPress={() => void flow.zoomTo(1, { duration: ZOOM_MS })}>
      {text}
    </Button>
  );
}

function Toggle({ on, ...props }: { readonly label: string; readonly keys: string; readonly on: boolean; readonly icon: ReactNode; readonly onPress: () => void }) {
  return <IconButton {...props} className={on ? (styles.on ?? "") : ""} aria-pressed={on} />;
}
