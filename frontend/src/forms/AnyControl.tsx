/** A constant of any type. */

import { Braces, CaseSensitive, Hash, ToggleLeft } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components";
import { t } from "@/i18n/i18n";
import { isList, isObject, type Json } from "@/model/json";
import { Menu } from "@/ui/Menu";
import { SwitchControl } from "./ChoiceControls";
import type { ControlProps } from "./control";
import styles from "./controls.module.css";
import { readNumber } from "./number";
import { constantType, type ConstantType } from "./shape";
import { JsonControl, NumberControl, TextControl } from "./TextControls";

const SIGNS: Readonly<Record<ConstantType, ReactNode>> = {
  text: <CaseSensitive size={16} aria-hidden="true" />,
  number: <Hash size={14} aria-hidden="true" />,
  truth: <ToggleLeft size={16} aria-hidden="true" />,
  json: <Braces size={14} aria-hidden="true" />,
};
const TYPES = ["text", "number", "truth", "json"] as const;

/** A constant of any type: its type stands before it, because "3" and 3 reach the script as different things. */
export function AnyControl(props: ControlProps) {
  const { label, value, onChange, disabled = false, compact = false } = props;
  const [wish, setWish] = useState<ConstantType | null>(null);
  const type = value === undefined ? (wish ?? "text") : constantType(value);
  const turn = (next: ConstantType): void => {
    setWish(next);
    if (next !== type && value !== undefined) onChange(turned(value, next));
  };
  return (
    <div className={styles.typed} data-compact={compact || undefined}>
      <Menu
        label={t("form.type", { field: label })}
        trigger={
          <AriaButton className={styles.typeButton ?? ""} aria-label={t("form.type.now", { field: label, type: t(`form.type.${type}`) })} isDisabled={disabled}>
            {SIGNS[type]}
          </AriaButton>
        }
        groups={[
          {
            id: "types",
            actions: TYPES.map((each) => ({
              id: each,
              label: t(`form.type.${each}`),
              icon: SIGNS[each],
              checked: each === type,
              run: () => {
                turn(each);
              },
            })),
          },
        ]}
      />
      {type === "text" && <TextControl {...props} />}
      {type === "number" && <NumberControl {...props} integer={false} />}
      {type === "truth" && <SwitchControl {...props} />}
      {type === "json" && <JsonControl {...props} rows={2} />}
    </div>
  );
}

export function turned(value: Json, type: ConstantType): Json | undefined {
  switch (type) {
    case "text":
      return typeof value === "string" ? value : JSON.stringify(value);
    case "number":
      return readNumber(typeof value === "string" ? value : JSON.stringify(value), false).value;
    case "truth":
      return value === true || value === 1 || (typeof value === "string" && value.toLowerCase() === "true");
    case "json":
      return typeof value === "string" ? parsed(value) : value;
  }
}

function parsed(text: string): Json {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) || isList(value) ? value : [value];
  } catch {
    return [text];
  }
}
