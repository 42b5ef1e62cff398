/** One property of a step: its name, what can be done with it, its value or what stands instead, what is wrong. */

import { Ellipsis, Eraser, HardDrive, Link2 } from "lucide-react";
import { useId, useState, type ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components";
import { t } from "@/i18n/i18n";
import { parameterByName, type Step } from "@/model/document";
import { isObject, jsonEqual, partsOf, valueAt, type Json, type JsonObject } from "@/model/json";
import { asReference, isLiteral, type Malformed, type Reference } from "@/model/references";
import { classes } from "@/ui/classes";
import { Switch } from "@/ui/Field";
import { Menu, type MenuAction, type MenuGroup } from "@/ui/Menu";
import { Tooltip } from "@/ui/Tooltip";
import { askedText, ChipField, PlaceholderChip, presetText } from "./Chips";
import { Foot } from "./Foot";
import { fitsField, fromPlaceholder, toPlaceholder } from "./fit";
import type { FieldSpec } from "./shape";
import styles from "./StepField.module.css";
import { problemsFor, usePlace, useStepForm } from "./stepForm";
import { newStorageReference, StorageField } from "./StorageField";
import { ValueControl } from "./ValueControl";

export interface StepFieldProps {
  readonly field: FieldSpec;
  /** JSON Pointer from the step on. */
  readonly pointer: string;
  readonly label: string;
  readonly help?: string;
  /** What a placeholder made here is called; without it, the field's name. */
  readonly name?: string;
  readonly labelHidden?: boolean;
  /** Draws the value itself, instead of the shape's own control. */
  readonly control?: ReactNode;
  /** What else the menu of the field offers. */
  readonly more?: readonly MenuAction[];
  /** Only a value can stand here. */
  readonly constant?: boolean;
}

export function StepField({ field, pointer, label, help, name, labelHidden = false, control, more, constant = false }: StepFieldProps) {
  const form = useStepForm();
  const [value, set] = usePlace(pointer);
  const [wrong, setWrong] = useState<string | null>(null);
  const id = useId();
  const reference = asReference(value);
  const leaf = control === undefined;
  // A switch stands before its name, and needs no line of its own.
  const inHead = field.shape.kind === "switch" && reference === null && !labelHidden && (value === undefined || typeof value === "boolean");
  const problems = problemsFor(form.problems, pointer, leaf);
  const invalid = problems.some((each) => each.severity === "error");
  const changed = form.original !== undefined && !jsonSame(valueAt(form.original as unknown as Json, partsOf(pointer)), value);
  const describedBy = problems.length > 0 || help ? `${id}-foot` : undefined;
  return (
    <div className={classes(styles.field, labelHidden && styles.inline)} data-pointer={pointer} data-testid={`field:${pointer}`} data-invalid={invalid || undefined} data-changed={changed || undefined}>
      <div className={styles.head}>
        {!labelHidden && (
          <span className={styles.label}>
            {inHead ? (
              <Switch
                isSelected={value === undefined ? field.default === true : value === true}
                isDisabled={form.readOnly}
                onChange={(on) => {
                  set(on);
                }}
              >
                {label}
              </Switch>
            ) : (
              label
            )}
            {inHead && value === undefined && <span className={styles.required}>{t("form.byDefault")}</span>}
            {changed && leaf && <span className={styles.changed}>{t("form.changed")}</span>}
            {field.required && (value === undefined || value === null) && <span className={styles.required}>{t("field.required")}</span>}
          </span>
        )}
        {!form.readOnly && !constant && <FieldActions {...{ field, pointer, label, value, reference, set, more, name: name ?? field.name }} />}
      </div>
      {reference !== null ? (
        <ReferenceField {...{ field, pointer, label, reference, value: value as JsonObject, set, compact: labelHidden }} />
      ) : inHead ? null : (
        (control ?? (
          <ValueControl
            shape={field.shape}
            label={label}
            value={isLiteral(value) ? (value.$literal as Json) : value === null && field.nullable ? undefined : value}
            fallback={field.default}
            clearable={!field.required || field.shape.kind === "any"}
            invalid={invalid}
            disabled={form.readOnly}
            compact={labelHidden}
            describedBy={describedBy}
            relativeTo={codeFolder(form.step, pointer)}
            onChange={(next) => {
              set(escaped(next));
            }}
            onDone={form.settle}
            onWrong={setWrong}
          />
        ))
      )}
      <Foot id={`${id}-foot`} problems={wrong === null ? problems : []} help={help} />
    </div>
  );
}

const jsonSame = (left: Json | undefined, right: Json | undefined): boolean => (left === undefined || right === undefined ? left === right : jsonEqual(left, right));

/** A script is named from its code folder on. */
function codeFolder(step: Step, place: string): string | null {
  const folder = place === "/properties/algorithm/boot_file" ? valueAt(step as unknown as Json, ["properties", "algorithm", "code_dir"]) : undefined;
  return typeof folder === "string" && folder !== "" ? folder.replace(/\/*$/, "/") : null;
}

/** An object that a person types is what it says, also when it looks like a reference. */
function escaped(value: Json | undefined): Json | undefined {
  return value !== undefined && asReference(value) !== null ? { $literal: value } : value;
}

interface ActionsProps {
  readonly field: FieldSpec;
  readonly pointer: string;
  readonly label: string;
  readonly name: string;
  readonly value: Json | undefined;
  readonly reference: Reference | Malformed | null;
  readonly set: (value: Json | undefined) => void;
  readonly more: readonly MenuAction[] | undefined;
}

/** One click makes it a placeholder; the rest is in a menu. */
function FieldActions({ field, pointer, label, name, value, reference, set, more }: ActionsProps) {
  const form = useStepForm();
  const { document, step } = form;
  const make = (): void => {
    const made = toPlaceholder(document, { stepId: step.id, pointer, name, field }, isLiteral(value) ? (value.$literal as Json) : value, form.newId());
    if (made !== null && form.dispatch(made.command)) form.tell(t("form.made", { name: made.name }));
  };
  const fitting = (document.parameters ?? []).filter((parameter) => fitsField(parameter, field) && !(reference?.kind === "parameter" && reference.name === parameter.name));
  const isPath = field.shape.kind === "text" && field.shape.format === "path";
  const groups: MenuGroup[] = [];
  if (fitting.length > 0) {
    const actions = fitting.map((parameter) => ({ id: `use:${parameter.name}`, label: parameter.name, icon: <Link2 size={14} />, run: () => { set({ $parameter: parameter.name }); } }));
    groups.push({ id: "use", title: t("form.use"), actions });
  }
  if (isPath && field.shape.kind === "text") {
    const file = field.shape.file === true;
    const below = (storage: string): void => {
      form.dispatch(newStorageReference(form, pointer, storage, value, file));
    };
    const names = (document.storages ?? []).map((storage) => storage.name);
    const made = form.original === undefined ? ["runs"] : [];
    const actions = (names.length > 0 ? names : made).map((storage) => ({ id: `below:${storage}`, label: t("form.below", { storage }), icon: <HardDrive size={14} />, run: () => { below(storage); } }));
    if (actions.length > 0) groups.push({ id: "storages", title: t("form.storages"), actions });
  }
  if (value !== undefined) groups.push({ id: "value", actions: [{ id: "clear", label: t("form.unset"), icon: <Eraser size={14} />, run: () => { set(undefined); } }] });
  if (more !== undefined && more.length > 0) groups.push({ id: "more", actions: more });
  return (
    <span className={styles.actions}>
      {reference?.kind !== "parameter" && form.original === undefined && (
        <Tooltip text={t("form.ask")}>
          <AriaButton className={styles.action ?? ""} aria-label={t("form.ask.for", { field: label })} onPress={make} data-testid="make-placeholder">
            <Link2 size={14} />
          </AriaButton>
        </Tooltip>
      )}
      {groups.length > 0 && (
        <Menu
          label={t("form.more", { field: label })}
          align="end"
          trigger={
            <AriaButton className={styles.action ?? ""} aria-label={t("form.more", { field: label })} data-testid="field-menu">
              <Ellipsis size={15} />
            </AriaButton>
          }
          groups={groups}
        />
      )}
    </span>
  );
}

interface ReferenceProps {
  readonly field: FieldSpec;
  readonly pointer: string;
  readonly label: string;
  readonly reference: Reference | Malformed;
  readonly value: JsonObject;
  readonly set: (value: Json | undefined) => void;
  readonly compact: boolean;
}

function ReferenceField({ field, pointer, label, reference, value, set, compact }: ReferenceProps) {
  const form = useStepForm();
  const clear = form.readOnly
    ? undefined
    : () => {
        set(undefined);
      };
  switch (reference.kind) {
    case "parameter": {
      const parameter = parameterByName(form.document, reference.name);
      const toValue = (): void => {
        form.dispatch(fromPlaceholder(form.document, { stepId: form.step.id, pointer }, reference.name, field.required && field.shape.kind === "any"));
      };
      return (
        <ChipField tone={parameter === undefined ? "broken" : "placeholder"} note={parameter === undefined ? t("form.gone") : compact ? presetText(parameter) : askedText(parameter)} onRemove={form.readOnly ? undefined : toValue}>
          <PlaceholderChip
            name={reference.name}
            action={t("form.showPlaceholder", { name: reference.name })}
            onPress={() => {
              form.show(reference.name);
            }}
          />
        </ChipField>
      );
    }
    case "storage":
      return <StorageField label={label} pointer={pointer} value={isObject(value.$storage) ? value.$storage : {}} onRemove={clear} />;
    case "data":
    case "output":
    case "metric":
    case "any_of":
    case "system":
    case "malformed":
      return (
        <ChipField tone={reference.kind === "malformed" ? "broken" : "data"} note={reference.kind === "malformed" ? t("form.malformed") : ""} onRemove={clear}>
          <span className={styles.plain}>{referenceText(reference)}</span>
        </ChipField>
      );
  }
}

export function referenceText(reference: Reference | Malformed): string {
  switch (reference.kind) {
    case "parameter":
    case "data":
    case "system":
      return reference.name;
    case "output":
      return `${reference.step} · ${reference.output}`;
    case "metric":
      return `${reference.step} · ${reference.key}`;
    case "storage":
      return `${reference.name}/${reference.path}`;
    case "any_of":
      return reference.options.map((option) => `${option.step} · ${option.output}`).join(", ");
    case "malformed":
      return reference.key;
  }
}
