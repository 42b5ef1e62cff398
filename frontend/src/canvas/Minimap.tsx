import { MiniMap, type MiniMapNodeProps } from "@xyflow/react";
import { createContext, memo, useContext } from "react";
import { t, useLanguage } from "@/i18n/i18n";
import { useCanvas } from "./context";
import { useKeyed } from "./keyed";
import { shownTone } from "./planned";
import styles from "./Minimap.module.css";

/** The map knows nodes by id, states are by name; and the colour of the kind. */
export const MinimapContext = createContext<(id: string) => { readonly name: string; readonly family: string } | null>(() => null);

const Shape = memo(function Shape({ id, x, y, width, height, selected }: MiniMapNodeProps) {
  const found = useContext(MinimapContext)(id);
  const shown = useKeyed(useCanvas().states, found?.name ?? "");
  const tone = shown === undefined ? undefined : shownTone(shown.state);
  return <rect x={x} y={y} width={width} height={height} rx={10} className={styles.node} data-family={found?.family ?? "chart"} data-tone={tone} data-selected={selected || undefined} />;
});

/** React Flow computes its scale from the style, not from the class. */
const SIZE = { width: 168, height: 104 };

export function Minimap() {
  useLanguage();
  return <MiniMap className={styles.map ?? ""} style={SIZE} nodeComponent={Shape} pannable zoomable zoomStep={2} ariaLabel={t("canvas.minimap")} />;
}
