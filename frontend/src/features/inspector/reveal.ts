/** From a place in the document to the field that shows it. */

import { REVEAL } from "@/forms/Fold";
import type { WorkflowDocument } from "@/model/document";
import { partsOf, pointer } from "@/model/json";

/** "/steps/3/properties/x" and "/properties/x" are both the field of the step that is shown; placeholders are shown by
 * their name. */
export function insideStep(path: string, document: WorkflowDocument): string {
  const [list = "", index = "", ...rest] = partsOf(path);
  if (!/^\d+$/.test(index)) return path;
  if (list === "steps") return pointer(...rest);
  if (list === "scenes") return pointer("placeholder", `scenes:${document.scenes?.[Number(index)]?.id ?? ""}`, ...rest);
  if (list === "subgraphs") return pointer("placeholder", `subgraphs:${document.subgraphs?.[Number(index)]?.id ?? ""}`, ...rest);
  if (list !== "parameters" && list !== "data" && list !== "storages") return path;
  return pointer("placeholder", document[list]?.[Number(index)]?.name ?? "", ...rest);
}

/** The place, and those around it, nearest first. */
export function around(path: string): string[] {
  const parts = partsOf(path);
  return parts.map((_, index) => pointer(...parts.slice(0, parts.length - index)));
}

const FIELDS = "input:not([disabled]), textarea:not([disabled]), [role=switch]:not([disabled])";
const OTHERS = "button:not([disabled])";
const SHOWN_MS = 1600;

/** Opens what is folded around the field, brings it into view, and gives it the focus. */
export function focusPlace(root: HTMLElement, path: string): boolean {
  const found = path === "" ? root.querySelector<HTMLElement>("[data-pointer]") : nearest(root, path);
  if (found === null) return false;
  found.dispatchEvent(new CustomEvent(REVEAL, { bubbles: true }));
  // The fold opens with the next frame; what is hidden takes no focus.
  requestAnimationFrame(() => {
    requestAnimationFrame(() => {
      const target = found.querySelector<HTMLElement>(FIELDS) ?? found.querySelector<HTMLElement>(OTHERS) ?? found;
      target.focus({ preventScroll: true });
      found.scrollIntoView({ block: "nearest" });
      found.dataset.revealed = "true";
      setTimeout(() => {
        delete found.dataset.revealed;
      }, SHOWN_MS);
    });
  });
  return true;
}

function nearest(root: HTMLElement, path: string): HTMLElement | null {
  for (const place of around(path)) {
    const found = root.querySelector<HTMLElement>(`[data-pointer="${CSS.escape(place)}"]`);
    if (found !== null) return found;
  }
  return root.querySelector<HTMLElement>("[data-pointer]");
}
