/** Fields for text, numbers, choices and switches: label, control, help, and what is wrong with the value. */
import { ChevronDown, Check, Minus, Plus, Search, X } from "lucide-react";
import type { ReactNode } from "react";
import {
  Button as AriaButton,
  FieldError,
  Group,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  NumberField as AriaNumberField,
  Popover,
  SearchField as AriaSearchField,
  Select as AriaSelect,
  SelectValue,
  Switch as AriaSwitch,
  Text,
  TextArea,
  TextField as AriaTextField,
  type Key,
} from "react-aria-components";
import { t } from "@/i18n/i18n";
import { classes } from "./classes";
import styles from "./Field.module.css";

interface FieldProps {
  readonly label: string;
  /** The label is read aloud only. */
  readonly labelHidden?: boolean;
  readonly help?: ReactNode;
  /** What is wrong with the value, from the server or from a check. */
  readonly error?: string | null | undefined;
  readonly isRequired?: boolean;
  readonly isDisabled?: boolean;
  readonly className?: string;
  readonly "data-testid"?: string;
}

function FieldLabel({ label, labelHidden = false, isRequired = false }: Pick<FieldProps, "label" | "labelHidden" | "isRequired">) {
  if (labelHidden) return null;
  return (
    <Label className={styles.label}>
      {label}
      {isRequired && <span className={styles.required}>{t("field.required")}</span>}
    </Label>
  );
}

function FieldFoot({ help, error }: Pick<FieldProps, "help" | "error">) {
  return (
    <>
      {help !== undefined && !error && (
        <Text slot="description" className={styles.help}>
          {help}
        </Text>
      )}
      <FieldError className={styles.error}>{error}</FieldError>
    </>
  );
}

export interface TextFieldProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onBlur?: () => void;
  readonly rows?: number;
  readonly placeholder?: string;
  readonly autoFocus?: boolean;
  readonly mono?: boolean;
  readonly maxLength?: number;
  /** Of the day, as the browser's own field for it writes it: "09:30". */
  readonly type?: "time";
}

export function TextField({ label, labelHidden = false, help, error, rows, placeholder, mono = false, className, ...props }: TextFieldProps) {
  const control = classes(styles.control, mono && styles.mono);
  return (
    <AriaTextField {...props} {...(labelHidden && { "aria-label": label })} isInvalid={Boolean(error)} className={classes(styles.field, className)}>
      <FieldLabel label={label} labelHidden={labelHidden} isRequired={props.isRequired ?? false} />
      {rows === undefined ? <Input className={control} placeholder={placeholder} /> : <TextArea className={classes(control, styles.area)} rows={rows} placeholder={placeholder} />}
      <FieldFoot help={help} error={error} />
    </AriaTextField>
  );
}

export interface NumberFieldProps extends FieldProps {
  /** null: not set, which is not 0. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
  readonly minValue?: number;
  readonly maxValue?: number;
  readonly step?: number;
  readonly integer?: boolean;
}

export function NumberField({ label, labelHidden = false, help, error, value, onChange, integer = false, className, ...props }: NumberFieldProps) {
  return (
    <AriaNumberField
      {...props}
      {...(labelHidden && { "aria-label": label })}
      value={value ?? NaN}
      onChange={(next) => {
        onChange(Number.isNaN(next) ? null : next);
      }}
      formatOptions={{ maximumFractionDigits: integer ? 0 : 15, useGrouping: false }}
      isInvalid={Boolean(error)}
      className={classes(styles.field, className)}
    >
      <FieldLabel label={label} labelHidden={labelHidden} isRequired={props.isRequired ?? false} />
      <Group className={classes(styles.control, styles.group)}>
        <Input className={styles.bare} />
        <AriaButton slot="decrement" className={styles.stepper} aria-label={t("field.decrease")}>
          <Minus size={13} />
        </AriaButton>
        <AriaButton slot="increment" className={styles.stepper} aria-label={t("field.increase")}>
          <Plus size={13} />
        </AriaButton>
      </Group>
      <FieldFoot help={help} error={error} />
    </AriaNumberField>
  );
}

export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly note?: string;
}

export interface SelectProps extends FieldProps {
  readonly choices: readonly Choice[];
  readonly value: string | null;
  readonly onChange: (value: string) => void;
  readonly small?: boolean;
}

export function Select({ label, labelHidden = false, help, error, choices, value, onChange, small = false, className, ...props }: SelectProps) {
  return (
    <AriaSelect
      {...props}
      {...(labelHidden && { "aria-label": label })}
      selectedKey={value}
      onSelectionChange={(key: Key | null) => {
        if (key !== null) onChange(String(key));
      }}
      isInvalid={Boolean(error)}
      className={classes(styles.field, className)}
    >
      <FieldLabel label={label} labelHidden={labelHidden} isRequired={props.isRequired ?? false} />
      <AriaButton className={classes(styles.control, styles.select, small && styles.small)}>
        <SelectValue className={styles.chosen} />
        <ChevronDown size={15} className={styles.chevron} />
      </AriaButton>
      <FieldFoot help={help} error={error} />
      <Popover className={styles.popover} offset={4}>
        <ListBox items={choices} className={styles.list}>
          {(choice) => (
            <ListBoxItem textValue={choice.label} className={styles.option}>
              {({ isSelected }) => (
                <>
                  <span className={styles.optionText}>
                    {choice.label}
                    {choice.note !== undefined && <small className={styles.note}>{choice.note}</small>}
                  </span>
                  {isSelected && <Check size={14} className={styles.check} />}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

export interface SwitchProps {
  readonly children: ReactNode;
  readonly isSelected: boolean;
  readonly onChange: (selected: boolean) => void;
  readonly isDisabled?: boolean;
  /** Where what is shown beside it does not say what it switches. */
  readonly "aria-label"?: string;
}

export function Switch({ children, ...props }: SwitchProps) {
  return (
    <AriaSwitch {...props} className={styles.switch}>
      <span className={styles.track}>
        <span className={styles.thumb} />
      </span>
      <span>{children}</span>
    </AriaSwitch>
  );
}

export interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onSubmit?: (value: string) => void;
  readonly autoFocus?: boolean;
  /** Of an empty field; in any other, Escape clears it. */
  readonly onEscape?: () => void;
  readonly hint?: ReactNode;
  readonly className?: string;
}

export function SearchField({ label, hint, className, onEscape, ...props }: SearchFieldProps) {
  // Only where it is wanted: a field that listens keeps its keys from what lies around it.
  const key = (event: { readonly key: string }): void => {
    if (event.key === "Escape" && props.value === "") onEscape?.();
  };
  return (
    <AriaSearchField {...props} {...(onEscape !== undefined && { onKeyDown: key })} aria-label={label} className={classes(styles.field, className)}>
      {({ isEmpty }) => (
        <Group className={classes(styles.control, styles.group, styles.search)}>
          <Search size={15} className={styles.chevron} aria-hidden="true" />
          <Input className={styles.bare} placeholder={label} />
          {isEmpty ? (
            hint
          ) : (
            <AriaButton className={styles.clear} aria-label={t("action.clear")}>
              <X size={14} />
            </AriaButton>
          )}
        </Group>
      )}
    </AriaSearchField>
  );
}
