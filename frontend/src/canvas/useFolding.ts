/** Which subgraphs are folded: the drawing says it, for everybody. Who may not change the drawing, or only wants to see
 * what lies inside for a moment, looks at it otherwise until it changes. */

import { useMemo, useState } from "react";
import type { Command } from "@/model/commands";
import type { WorkflowDocument } from "@/model/document";

export interface Folding {
  readonly folded: ReadonlySet<string>;
  readonly fold: (id: string, folded: boolean) => void;
  /** For the eye alone. */
  readonly look: (id: string, folded: boolean) => void;
}

const AS_DRAWN: ReadonlyMap<string, boolean> = new Map();

export function useFolding(document: WorkflowDocument, readOnly: boolean, onCommand: (command: Command) => void): Folding {
  const drawn = document.layout?.folded;
  const groups = document.subgraphs;
  const [seen, setSeen] = useState({ drawn, otherwise: AS_DRAWN });
  const otherwise = seen.drawn === drawn ? seen.otherwise : AS_DRAWN;
  const folded = useMemo(() => new Set((groups ?? []).filter(({ id }) => otherwise.get(id) ?? drawn?.[id] ?? false).map(({ id }) => id)), [groups, drawn, otherwise]);
  const look = (id: string, closed: boolean): void => {
    setSeen({ drawn, otherwise: new Map([...otherwise, [id, closed]]) });
  };
  const fold = (id: string, closed: boolean): void => {
    if (readOnly || (drawn?.[id] ?? false) === closed) look(id, closed);
    else onCommand({ type: "layout.fold", id, folded: closed });
  };
  return { folded, fold, look };
}
