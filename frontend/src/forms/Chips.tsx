/** What stands in a field instead of a value. A placeholder looks the same on a node, in the inspector and in the run
 * form. */

import { HardDrive, Unlink, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components";
import { t } from "@/i18n/i18n";
import { hasDefault, type Data, type Parameter } from "@/model/document";
import { classes } from "@/ui/classes";
import { Tooltip } from "@/ui/Tooltip";
import styles from "./Chips.module.css";
import { valueText } from "./words";

interface ChipProps {
  readonly name: string;
  readonly onPress?: (() => void) | undefined;
  /** What pressing does, read aloud. */
  readonly action?: string;
}

export function PlaceholderChip({ name, onPress, action }: ChipProps) {
  if (onPress === undefined) return <span className={styles.chip}>{name}</span>;
  return (
    <AriaButton className={classes(styles.chip, styles.press)} onPress={onPress} aria-label={action ?? name}>
      {name}
    </AriaButton>
  );
}

/** When and with what a placeholder is asked: "asked at run, default 0.05". */
export function askedText(placeholder: Parameter | Data): string {
  const fixed = "placeholder" in placeholder && placeholder.placeholder === false;
  if (fixed) return t("form.fixed", { value: valueText((placeholder as Data).value ?? undefined) });
  const when = placeholder.delay === true ? t("form.asked.later") : t("form.asked");
  if (hasDefault(placeholder)) return t("form.asked.default", { when, value: valueText(placeholder.default) });
  return placeholder.required === false ? t("form.asked.optional", { when }) : when;
}

/** Only what it is when nobody says otherwise. */
export function presetText(placeholder: Parameter | Data): string {
  return hasDefault(placeholder) ? valueText(placeholder.default) : placeholder.required === false ? t("form.maybe") : t("form.noDefault");
}

interface FieldProps {
  readonly children: ReactNode;
  readonly tone: "placeholder" | "storage" | "data" | "broken";
  readonly note?: string;
  readonly onRemove?: (() => void) | undefined;
  readonly removeLabel?: string;
}

/** A field that holds a reference: the chip, what it means, and × which makes it a value again. */
export function ChipField({ children, tone, note, onRemove, removeLabel = t("form.toValue") }: FieldProps) {
  return (
    <div className={styles.field} data-tone={tone}>
      {tone === "storage" && <HardDrive size={14} className={styles.sign} aria-hidden="true" />}
      {tone === "broken" && <Unlink size={14} className={styles.sign} aria-hidden="true" />}
      {children}
      {note !== undefined && <span className={styles.note}>{note}</span>}
      {onRemove !== undefined && (
        <Tooltip text={removeLabel}>
          <AriaButton className={styles.remove ?? ""} aria-label={removeLabel} onPress={onRemove} data-testid="chip-remove">
            <X size={14} />
          </AriaButton>
        </Tooltip>
      )}
    </div>
  );
}
