/** Copy, cut and paste by the browser's own events: they need no permission, and the text also goes to other windows. */

import { useEffect, useLayoutEffect, useRef } from "react";
import { whereIs } from "./useKeys";

interface Options {
  readonly copy: () => string | null;
  readonly cut: () => void;
  /** False when the text is nothing for us. */
  readonly paste: (text: string) => boolean;
}

export function useClipboard(options: Options): void {
  const latest = useRef(options);
  useLayoutEffect(() => {
    latest.current = options;
  });
  useEffect(() => {
    const ours = (event: ClipboardEvent): boolean => {
      const where = whereIs(document.activeElement ?? event.target);
      return (where === "canvas" || where === "page") && (getSelection()?.isCollapsed ?? true);
    };
    const taking = (event: ClipboardEvent): boolean => {
      if (!ours(event)) return false;
      const text = latest.current.copy();
      if (text === null) return false;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      return true;
    };
    const cut = (event: ClipboardEvent): void => {
      if (taking(event)) latest.current.cut();
    };
    const paste = (event: ClipboardEvent): void => {
      if (ours(event) && latest.current.paste(event.clipboardData?.getData("text/plain") ?? "")) event.preventDefault();
    };
    document.addEventListener("copy", taking);
    document.addEventListener("cut", cut);
    document.addEventListener("paste", paste);
    return () => {
      document.removeEventListener("copy", taking);
      document.removeEventListener("cut", cut);
      document.removeEventListener("paste", paste);
    };
  }, []);
}
