/** One of several, where "nothing chosen" is a state that shows. */

import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { Button, Header, ListBox, ListBoxItem, ListBoxSection, Popover, Select, SelectValue } from "react-aria-components";
import { classes } from "@/ui/classes";
import field from "@/ui/Field.module.css";
import styles from "./controls.module.css";

export interface PickerChoice {
  readonly id: string;
  readonly label: string;
  readonly note?: string;
  readonly icon?: ReactNode;
  /** Choices of one group stand together under its name. */
  readonly group?: string;
}

interface Props {
  readonly label: string;
  readonly choices: readonly PickerChoice[];
  readonly value: string | null;
  readonly onChange: (id: string) => void;
  /** What is said while nothing is chosen. */
  readonly unset: string;
  readonly invalid?: boolean;
  readonly disabled?: boolean;
  readonly className?: string | undefined;
  readonly describedBy?: string | undefined;
  /** The button shows the choice without its note. */
  readonly brief?: boolean;
  readonly "data-testid"?: string;
}

export function Picker({ label, choices, value, onChange, unset, invalid = false, disabled = false, className, describedBy, brief = false, ...rest }: Props) {
  const groups = [...new Set(choices.map((choice) => choice.group ?? ""))];
  const chosen = choices.find((choice) => choice.id === value);
  return (
    <Select
      aria-label={label}
      selectedKey={chosen === undefined ? null : value}
      onSelectionChange={(key) => {
        if (key !== null) onChange(String(key));
      }}
      placeholder={unset}
      isInvalid={invalid}
      isDisabled={disabled}
      className={classes(styles.grow, className)}
      {...rest}
    >
      <Button className={classes(styles.box, styles.picker)} data-invalid={invalid || undefined} aria-describedby={describedBy}>
        <SelectValue className={styles.chosen ?? ""}>
          {() =>
            chosen === undefined ? (
              unset
            ) : (
              <>
                {chosen.label}
                {chosen.note !== undefined && !brief && <span className={styles.noteInline}>{chosen.note}</span>}
              </>
            )
          }
        </SelectValue>
        <ChevronDown size={15} className={styles.chevron} aria-hidden="true" />
      </Button>
      <Popover className={field.popover ?? ""} offset={4}>
        <ListBox className={field.list ?? ""}>
          {groups.map((group) => (
            <ListBoxSection key={group} id={group === "" ? "-" : group} aria-label={group === "" ? label : group}>
              {group !== "" && <Header className={styles.header ?? ""}>{group}</Header>}
              {choices
                .filter((choice) => (choice.group ?? "") === group)
                .map((choice) => (
                  <ListBoxItem key={choice.id} id={choice.id} textValue={choice.label} className={field.option ?? ""}>
                    {({ isSelected }) => (
                      <>
                        {choice.icon}
                        <span className={field.optionText}>
                          {choice.label}
                          {choice.note !== undefined && <small className={field.note}>{choice.note}</small>}
                        </span>
                        {isSelected && <Check size={14} className={field.check} aria-hidden="true" />}
                      </>
                    )}
                  </ListBoxItem>
                ))}
            </ListBoxSection>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
