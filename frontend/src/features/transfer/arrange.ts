/** Files of other programs seldom say where their steps lie: then they are laid out as "Tidy up" would. */

import { toFlow } from "@/canvas/convert";
import { tidied, tidyRequest } from "@/features/editor/tidy";
import type { WorkflowDocument } from "@/model/document";
import type { Kinds } from "@/model/ports";

export function arranged(kinds: Kinds, document: WorkflowDocument): WorkflowDocument {
  const placed = document.layout?.nodes ?? {};
  const steps = document.steps ?? [];
  if (steps.length === 0 || steps.some((step) => placed[step.id] !== undefined)) return document;
  return { ...document, layout: { ...document.layout, nodes: tidied(tidyRequest(toFlow(kinds, document))) } };
}
