/** Files of other programs, and programs, seldom say where their steps lie: then they are laid out as "Tidy up" would. */

import { toFlow } from "@/canvas/convert";
import { tidied, tidyRequest } from "@/features/editor/tidy";
import type { WorkflowDocument } from "@/model/document";
import type { Kinds } from "@/model/ports";

/** More than these are not laid out while somebody waits for the page. */
const AT_ONCE = 500;

export function arrangedAtOnce(kinds: Kinds, document: WorkflowDocument): WorkflowDocument {
  return (document.steps?.length ?? 0) > AT_ONCE ? document : arranged(kinds, document);
}

export function arranged(kinds: Kinds, document: WorkflowDocument): WorkflowDocument {
  const placed = document.layout?.nodes ?? {};
  const steps = document.steps ?? [];
  if (steps.length === 0 || steps.some((step) => placed[step.id] !== undefined)) return document;
  return { ...document, layout: { ...document.layout, nodes: tidied(tidyRequest(toFlow(kinds, document))) } };
}
