/** A property of any shape. What has parts is drawn part by part, because a placeholder may stand in each of them. */

import { Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { t } from "@/i18n/i18n";
import { isList, isObject, pointer as pointerOf, type Json, type JsonObject } from "@/model/json";
import { asReference } from "@/model/references";
import { Button } from "@/ui/Button";
import { unsetText } from "./control";
import controls from "./controls.module.css";
import styles from "./PropertyField.module.css";
import { startValue, type FieldSpec, type Shape } from "./shape";
import { StepField, type StepFieldProps } from "./StepField";
import { usePlace, useStepForm } from "./stepForm";
import { TextControl } from "./TextControls";
import { helpOf, labelOf } from "./words";

export function PropertyField(props: StepFieldProps) {
  const { shape } = props.field;
  const [value] = usePlace(props.pointer);
  if (shape.kind === "list") return <StepField {...props} control={isArguments(shape.items) ? <Arguments {...props} /> : <Entries {...props} items={shape.items} />} />;
  if (shape.kind === "map") return <StepField {...props} control={<Pairs {...props} values={shape.values} />} />;
  if (shape.kind === "object") return <StepField {...props} control={<Parts {...props} fields={shape.fields} />} />;
  // One choice for the whole, unless somebody put a reference into a part of it.
  const whole = shape.kind === "engine" || shape.kind === "flavor";
  if (whole && isObject(value) && asReference(value) === null && Object.values(value).some((part) => asReference(part) !== null)) return <StepField {...props} control={<Parts {...props} fields={shape.fields} />} />;
  return <StepField {...props} />;
}

const isArguments = (items: Shape): boolean => items.kind === "object" && items.fields.map((field) => field.name).join(" ") === "name value";

/** A part of something larger, of which nothing but its shape is said. */
function partOf(shape: Shape, name: string): FieldSpec {
  return { name, shape, title: name, description: "", required: true, nullable: false, mayBeUnset: false };
}

function Parts({ fields, pointer }: StepFieldProps & { readonly fields: readonly FieldSpec[] }) {
  return (
    <div className={controls.group}>
      {fields.map((field) => (
        <PropertyField key={field.name} field={field} pointer={pointer + pointerOf(field.name)} label={labelOf(field)} help={helpOf(field)} />
      ))}
    </div>
  );
}

interface ListProps {
  readonly label: string;
  readonly pointer: string;
  readonly field: FieldSpec;
}

function Add({ onPress, value, fallback, children }: { readonly onPress: () => void; readonly value: Json | undefined; readonly fallback: Json | undefined; readonly children: ReactNode }) {
  const { readOnly } = useStepForm();
  return (
    <div className={controls.row}>
      <Button small look="quiet" icon={<Plus size={14} />} isDisabled={readOnly} onPress={onPress} className={styles.add ?? ""}>
        {children}
      </Button>
      {value === undefined && fallback !== undefined && !(isList(fallback) && fallback.length === 0) && <span className={controls.said}>{unsetText(fallback)}</span>}
      {isList(value) && value.length === 0 && <span className={controls.said}>{t("form.emptyList")}</span>}
    </div>
  );
}

function Entries({ field, pointer, label, items, name }: StepFieldProps & { readonly items: Shape }) {
  const [value, set] = usePlace(pointer);
  const { readOnly } = useStepForm();
  const held = isList(value) ? value : [];
  return (
    <div className={controls.stack}>
      {held.map((entry, index) => (
        <PropertyField
          key={index}
          field={partOf(items, name ?? field.name)}
          pointer={`${pointer}/${String(index)}`}
          label={`${label} ${String(index + 1)}`}
          labelHidden={items.kind !== "object" || asReference(entry) !== null}
          more={
            readOnly
              ? []
              : [
                  {
                    id: "remove",
                    label: t("form.list.remove", { field: label, number: index + 1 }),
                    icon: <Trash2 size={14} />,
                    danger: true,
                    run: () => {
                      set(held.toSpliced(index, 1));
                    },
                  },
                ]
          }
        />
      ))}
      <Add
        value={value}
        fallback={field.default}
        onPress={() => {
          set([...held, startValue(items)]);
        }}
      >
        {t("form.list.add")}
      </Add>
    </div>
  );
}

/** What a script is given: names and values, in order. */
function Arguments({ field, pointer, label }: ListProps) {
  const [value, set] = usePlace(pointer);
  const { readOnly } = useStepForm();
  const held = isList(value) ? value.filter(isObject) : [];
  const parts = field.shape.kind === "list" && field.shape.items.kind === "object" ? field.shape.items.fields : [];
  const valueField = parts.find((part) => part.name === "value") ?? partOf({ kind: "any" }, "value");
  return (
    <div className={controls.stack} data-testid="arguments">
      {held.map((argument, index) => (
        <Argument
          key={index}
          argument={argument}
          field={valueField}
          pointer={`${pointer}/${String(index)}`}
          label={label}
          number={index + 1}
          onRemove={
            readOnly
              ? null
              : () => {
                  set(held.toSpliced(index, 1));
                }
          }
        />
      ))}
      <Add
        value={value}
        fallback={undefined}
        onPress={() => {
          set([...held, { name: freeArgument(held), value: "" }]);
        }}
      >
        {t("form.arguments.add")}
      </Add>
    </div>
  );
}

function freeArgument(held: readonly JsonObject[]): string {
  const taken = new Set(held.map((argument) => argument.name));
  let count = held.length + 1;
  while (taken.has(`argument_${String(count)}`)) count += 1;
  return `argument_${String(count)}`;
}

interface ArgumentProps {
  readonly argument: JsonObject;
  readonly field: FieldSpec;
  readonly pointer: string;
  readonly label: string;
  readonly number: number;
  readonly onRemove: (() => void) | null;
}

function Argument({ argument, field, pointer, label, number, onRemove }: ArgumentProps) {
  const { readOnly, settle } = useStepForm();
  const [, setName] = usePlace(`${pointer}/name`);
  const name = typeof argument.name === "string" ? argument.name : "";
  return (
    <div className={styles.argument}>
      <div data-pointer={`${pointer}/name`}>
        <TextControl
          label={t("form.map.name", { field: label, number })}
          value={name}
          mono
          clearable={false}
          disabled={readOnly}
          onDone={settle}
          onChange={(next) => {
            setName(next ?? "");
          }}
        />
      </div>
      <StepField
        field={field}
        pointer={`${pointer}/value`}
        label={t("form.map.value", { field: label, name })}
        name={name}
        labelHidden
        more={onRemove === null ? [] : [{ id: "remove", label: t("form.arguments.remove"), icon: <Trash2 size={14} />, danger: true, run: onRemove }]}
      />
    </div>
  );
}

function Pairs({ pointer, label, values }: StepFieldProps & { readonly values: Shape }) {
  const [value, set] = usePlace(pointer);
  const { readOnly, settle } = useStepForm();
  const held = Object.entries(isObject(value) ? value : {});
  const change = (entries: readonly (readonly [string, Json])[]): void => {
    set(Object.fromEntries(entries));
  };
  return (
    <div className={controls.stack}>
      {held.map(([name, entry], index) => (
        <div key={index} className={styles.argument}>
          <TextControl
            label={t("form.map.name", { field: label, number: index + 1 })}
            value={name}
            mono
            clearable={false}
            disabled={readOnly}
            onDone={settle}
            onChange={(next) => {
              const wanted = typeof next === "string" ? next : "";
              if (!held.some(([other], at) => at !== index && other === wanted)) change(held.with(index, [wanted, entry]));
            }}
          />
          <StepField
            field={partOf(values, name)}
            pointer={pointer + pointerOf(name)}
            label={t("form.map.value", { field: label, name })}
            name={name}
            labelHidden
            more={[
              {
                id: "remove",
                label: t("form.map.remove"),
                icon: <Trash2 size={14} />,
                danger: true,
                run: () => {
                  change(held.toSpliced(index, 1));
                },
              },
            ]}
          />
        </div>
      ))}
      <Add
        value={value}
        fallback={undefined}
        onPress={() => {
          if (!held.some(([name]) => name === "NAME")) change([...held, ["NAME", startValue(values)]]);
        }}
      >
        {t("form.list.add")}
      </Add>
    </div>
  );
}
