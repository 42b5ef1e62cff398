/** What other features put into the inspector. */

import { createContext, type ComponentType } from "react";

export interface InspectorSlots {
  /** What the step made in the newest run. */
  readonly Output?: ComponentType<{ readonly step: string }>;
  readonly Logs?: ComponentType<{ readonly step: string }>;
}

export const InspectorSlotsContext = createContext<InspectorSlots>({});
