/** What every control is given. A control knows a value and how to change it; not where it stands. */

import { t } from "@/i18n/i18n";
import type { Json } from "@/model/json";
import { valueText } from "./words";

export interface ControlProps {
  /** Read aloud; the label that is seen stands above. */
  readonly label: string;
  /** undefined: not set, which is neither "" nor 0, false or null. */
  readonly value: Json | undefined;
  readonly onChange: (value: Json | undefined) => void;
  /** The control was left: what is typed next is another edit. */
  readonly onDone?: (() => void) | undefined;
  /** What is typed is no value, so the value has not changed; null: all is well again. */
  readonly onWrong?: ((message: string | null) => void) | undefined;
  /** What holds while nothing is set. */
  readonly fallback?: Json | undefined;
  /** Whether the value can be taken away. */
  readonly clearable?: boolean;
  readonly invalid?: boolean;
  readonly disabled?: boolean;
  /** In a row with other things: nothing but the value. */
  readonly compact?: boolean;
  readonly describedBy?: string | undefined;
}

export function unsetText(fallback: Json | undefined): string {
  return fallback === undefined || fallback === null ? t("form.notSet") : t("form.default", { value: valueText(fallback) });
}
