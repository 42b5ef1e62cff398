/** The top bar has places that a page may fill: what it shows there belongs to the page, not to the bar. */
import { createContext, useContext, type ReactNode } from "react";
import { createPortal } from "react-dom";

export type BarPlace = "left" | "center" | "tools" | "right";
export type BarNodes = Readonly<Record<BarPlace, HTMLElement | null>>;

export const BarContext = createContext<BarNodes>({ left: null, center: null, tools: null, right: null });

export function BarSlot({ place, children }: { readonly place: BarPlace; readonly children: ReactNode }) {
  const node = useContext(BarContext)[place];
  return node === null ? null : createPortal(children, node);
}
