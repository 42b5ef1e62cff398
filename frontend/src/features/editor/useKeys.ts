/** The keyboard. Keys that could destroy or move something act only where the canvas, or nothing, has the focus. */

import { useEffect, useRef, useLayoutEffect } from "react";

export type Act =
  | "undo"
  | "redo"
  | "save"
  | "selectAll"
  | "duplicate"
  | "remove"
  | "removeHealed"
  | "rename"
  | "connect"
  | "leaveOut"
  | "outline"
  | "selectBefore"
  | "selectAfter"
  | "find"
  | "help"
  | "fit"
  | "fitSelection"
  | "zoomReset"
  | "zoomIn"
  | "zoomOut"
  | "tidy"
  | "toolSelect"
  | "toolHand"
  | "open"
  | "toggle"
  | "escape"
  | "menu"
  | "group"
  | "ungroup"
  | `align:${"left" | "right" | "up" | "down"}`
  | `go:${"left" | "right" | "up" | "down" | "first" | "last"}`
  | `nudge:${"left" | "right" | "up" | "down"}:${8 | 40 | 80}`;

const ARROWS: Readonly<Record<string, "left" | "right" | "up" | "down" | undefined>> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const PLAIN: Readonly<Record<string, Act | undefined>> = {
  Delete: "remove",
  Backspace: "remove",
  F2: "rename",
  c: "connect",
  d: "leaveOut",
  "[": "selectBefore",
  "]": "selectAfter",
  "0": "zoomReset",
  "1": "fit",
  "2": "fitSelection",
  f: "fit",
  ".": "fitSelection",
  "+": "zoomIn",
  "=": "zoomIn",
  "-": "zoomOut",
  l: "tidy",
  v: "toolSelect",
  h: "toolHand",
  Enter: "open",
  " ": "toggle",
  Escape: "escape",
  Home: "go:first",
  End: "go:last",
  ContextMenu: "menu",
};
/** These work wherever the focus is, but in a text. */
const ANYWHERE: Readonly<Record<string, Act | undefined>> = { "/": "find", "?": "help" };
const WITH_MOD: Readonly<Record<string, Act | undefined>> = { z: "undo", y: "redo", s: "save" };
const WITH_MOD_ON_CANVAS: Readonly<Record<string, Act | undefined>> = { a: "selectAll", d: "duplicate", Delete: "removeHealed", Backspace: "removeHealed" };

export interface KeyLike {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}
export type Where = "text" | "away" | "page" | "canvas";

/** What a key does there; null: it is not ours. */
export function actOf(event: KeyLike, where: Where): Act | null {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const mod = event.ctrlKey || event.metaKey;
  if (mod && !event.altKey && key === "s") return "save";
  const arrow = ARROWS[key];
  if (where === "canvas" && event.altKey && !mod && !event.shiftKey && arrow !== undefined) return `align:${arrow}`;
  if (where === "text" || event.altKey) return null;
  if (mod && key === "z") return event.shiftKey ? "redo" : "undo";
  if (mod && WITH_MOD[key] !== undefined) return WITH_MOD[key];
  if (mod && key === "f" && !event.shiftKey && where !== "away") return "outline";
  if (!mod && ANYWHERE[event.key] !== undefined) return ANYWHERE[event.key] ?? null;
  if (where === "away") return null;
  if (arrow !== undefined && mod) return `nudge:${arrow}:${event.shiftKey ? 40 : 8}`;
  if (mod && key === "g") return event.shiftKey ? "ungroup" : "group";
  if (mod) return WITH_MOD_ON_CANVAS[key] ?? null;
  if (where === "page" && (key === " " || key === "Enter")) return null;
  if (arrow !== undefined) return event.shiftKey ? `nudge:${arrow}:80` : `go:${arrow}`;
  if (event.shiftKey && key === "F10") return "menu";
  return event.shiftKey && event.key !== "+" ? null : (PLAIN[key] ?? null);
}

const TEXT = "input, textarea, select, [contenteditable]:not([contenteditable=false])";
const ELSEWHERE = "[role=dialog], [role=alertdialog], [role=menu], [role=listbox], [role=grid], [role=tree]";

export function whereIs(target: EventTarget | null): Where {
  if (!(target instanceof Element) || target === document.body) return "page";
  if (target.closest(TEXT) !== null) return "text";
  if (target.closest(ELSEWHERE) !== null) return "away";
  const canvas = target.closest("[data-testid=canvas]");
  if (canvas === null) return target.id === "content" ? "page" : "away";
  // Buttons that float over the canvas keep Enter, Space and the arrows for themselves.
  return target.closest("button, [role=toolbar]") === null ? "canvas" : "away";
}

/** `act` says whether it did something; only then the browser does not. */
export function useKeys(act: (wish: Act) => boolean): void {
  const latest = useRef(act);
  useLayoutEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      // A dialog or a menu is open: the page behind it rests. A message (toast) calls itself a dialog, too.
      if (document.querySelector("[role=alertdialog]:not([aria-modal=false]), [aria-modal=true], .react-aria-ModalOverlay") !== null) return;
      const wish = actOf(event, whereIs(event.target));
      // After a click, Space moves the canvas; it selects only for those who came by key.
      if (wish === "toggle" && !(event.target instanceof Element && event.target.matches(":focus-visible"))) return;
      if (wish !== null && latest.current(wish)) event.preventDefault();
    };
    document.addEventListener("keydown", key);
    return () => {
      document.removeEventListener("keydown", key);
    };
  }, []);
}
