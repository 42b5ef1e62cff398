/** The control for a shape: the same in the inspector, in the placeholder panel and in the run form. */

import { Plus, X } from "lucide-react";
import { useState, type KeyboardEvent } from "react";
import { Button as AriaButton, Input } from "react-aria-components";
import { t } from "@/i18n/i18n";
import { isList, isObject, type Json, type JsonObject } from "@/model/json";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { AnyControl } from "./AnyControl";
import { ChoiceControl, DatasetControl, DatasetVersionControl, EngineControl, FlavorControl, ImageControl, ModelControl, ReleaseControl, SwitchControl } from "./ChoiceControls";
import { unsetText, type ControlProps } from "./control";
import styles from "./controls.module.css";
import { readNumber } from "./number";
import { PathControl } from "./PathControl";
import { startValue, type Shape } from "./shape";
import { JsonControl, NumberControl, TextControl } from "./TextControls";
import { labelOf, valueText } from "./words";

export interface ValueProps extends ControlProps {
  readonly shape: Shape;
  /** The object around it, for fields that depend on one another. */
  readonly around?: JsonObject | undefined;
  readonly gpuOnly?: boolean;
  /** A path inside of this folder is written from there on. */
  readonly relativeTo?: string | null;
}

export function ValueControl({ shape, around, gpuOnly = false, relativeTo = null, ...props }: ValueProps) {
  switch (shape.kind) {
    case "text":
      switch (shape.format) {
        case "path":
          return <PathControl {...props} file={shape.file} relativeTo={relativeTo} />;
        case "flavor":
          return <FlavorControl {...props} asText gpuOnly={gpuOnly} />;
        case "dataset":
          return <DatasetControl {...props} />;
        case "dataset_version":
          return <DatasetVersionControl {...props} dataset={typeof around?.dataset_name === "string" ? around.dataset_name : null} />;
        case "model":
          return <ModelControl {...props} />;
        case "image":
          return <ImageControl {...props} />;
        case null:
          return <TextControl {...props} />;
      }
      break;
    case "number":
      return <NumberControl {...props} integer={shape.integer} minimum={shape.minimum} maximum={shape.maximum} />;
    case "switch":
      return <SwitchControl {...props} />;
    case "choice":
      return <ChoiceControl {...props} choices={shape.choices} />;
    case "engine":
      return <EngineControl {...props} />;
    case "flavor":
      return <FlavorControl {...props} gpuOnly={gpuOnly} />;
    case "release":
      return <ReleaseControl {...props} />;
    case "list":
      return <ListControl {...props} items={shape.items} />;
    case "object":
      return <ObjectControl {...props} shape={shape} />;
    case "map":
      return <MapControl {...props} values={shape.values} />;
    case "union":
      return <ValueControl {...props} shape={shape.options.find((option) => shapeTakes(option, props.value)) ?? (shape.options[0] as Shape)} />;
    case "any":
      return <AnyControl {...props} />;
    case "json":
      return <JsonControl {...props} />;
  }
}

function shapeTakes(shape: Shape, value: Json | undefined): boolean {
  if (typeof value === "string") return shape.kind === "text";
  if (typeof value === "number") return shape.kind === "number";
  if (typeof value === "boolean") return shape.kind === "switch";
  return isList(value) ? shape.kind === "list" : shape.kind === "object" || shape.kind === "map";
}

/** Texts and numbers are tags; anything larger is a row each. */
export function ListControl({ items, ...props }: ControlProps & { readonly items: Shape }) {
  const { label, value, onChange, disabled = false } = props;
  if ((items.kind === "text" && items.format === null) || items.kind === "number") return <TagsControl {...props} items={items} />;
  if (value !== undefined && !isList(value)) return <JsonControl {...props} />;
  const held = isList(value) ? value : [];
  return (
    <div className={styles.stack}>
      {held.map((entry, index) => (
        <div key={index} className={styles.entry}>
          <div className={styles.grow}>
            <ValueControl
              {...props}
              label={`${label} ${String(index + 1)}`}
              shape={items}
              value={entry}
              fallback={undefined}
              clearable={false}
              onChange={(next) => {
                onChange(held.with(index, next ?? startValue(items)));
              }}
            />
          </div>
          <Remove
            label={t("form.list.remove", { field: label, number: index + 1 })}
            onPress={() => {
              onChange(held.toSpliced(index, 1));
            }}
          />
        </div>
      ))}
      <div className={styles.row}>
        <Button
          small
          look="quiet"
          icon={<Plus size={14} />}
          isDisabled={disabled}
          onPress={() => {
            onChange([...held, nextEntry(items, held)]);
          }}
        >
          {t("form.list.add")}
        </Button>
        {value === undefined && <span className={styles.said}>{unsetText(props.fallback)}</span>}
        {isList(value) && value.length === 0 && <span className={styles.said}>{t("form.emptyList")}</span>}
      </div>
    </div>
  );
}

/** One more like the last one. */
function nextEntry(items: Shape, held: readonly Json[]): Json {
  const last = held.at(-1);
  if (items.kind !== "any") return startValue(items);
  return typeof last === "number" ? last + 1 : typeof last === "boolean" ? !last : "";
}

export function Remove({ label, onPress }: { readonly label: string; readonly onPress: () => void }) {
  return (
    <AriaButton className={styles.small ?? ""} aria-label={label} onPress={onPress}>
      <X size={14} />
    </AriaButton>
  );
}

/** Enter or a comma makes a tag of what is typed; Backspace in the empty box takes the last one away. */
function TagsControl({ items, label, value, onChange, onDone, onWrong, fallback, clearable = true, invalid = false, disabled = false, describedBy }: ControlProps & { readonly items: Shape }) {
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const held = isList(value) ? value : [];
  const complain = (message: string | null): void => {
    setWrong(message);
    onWrong?.(message);
  };
  const take = (): void => {
    if (typed.trim() === "") return;
    if (items.kind !== "number") {
      onChange([...held, typed.trim()]);
      setTyped("");
      return;
    }
    const read = readNumber(typed, items.integer);
    if (read.wrong !== null || read.value === undefined) {
      complain(t(`form.number.${read.wrong ?? "not_a_number"}`));
      return;
    }
    onChange([...held, read.value]);
    setTyped("");
    complain(null);
  };
  const key = (event: KeyboardEvent): void => {
    if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === ",") {
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && typed === "" && held.length > 0) onChange(held.slice(0, -1));
  };
  return (
    <div>
      <div className={classes(styles.box, styles.tags)} data-invalid={invalid || wrong !== null || undefined}>
        {held.map((entry, index) => (
          <span key={index} className={styles.tag}>
            <span>{valueText(entry)}</span>
            <Remove
              label={t("form.list.remove", { field: label, number: index + 1 })}
              onPress={() => {
                onChange(held.toSpliced(index, 1));
              }}
            />
          </span>
        ))}
        <Input
          aria-label={label}
          aria-describedby={describedBy}
          disabled={disabled}
          value={typed}
          placeholder={value === undefined ? unsetText(fallback) : held.length === 0 ? t("form.emptyList") : t("form.list.add")}
          className={styles.input ?? ""}
          onChange={(event) => {
            setTyped(event.target.value);
            if (wrong !== null) complain(null);
          }}
          onKeyDown={key}
          onBlur={() => {
            take();
            onDone?.();
          }}
        />
        {clearable && value !== undefined && (
          <AriaButton
            className={styles.small ?? ""}
            aria-label={t("form.clear", { field: label })}
            onPress={() => {
              onChange(undefined);
            }}
          >
            <X size={14} />
          </AriaButton>
        )}
      </div>
      {wrong !== null && (
        <p role="alert" className={styles.wrong}>
          {wrong}
        </p>
      )}
    </div>
  );
}

function ObjectControl({ shape, ...props }: ControlProps & { readonly shape: Extract<Shape, { kind: "object" }> }) {
  const { value, onChange } = props;
  const held = isObject(value) ? value : {};
  const [only, ...others] = shape.fields;
  if (only !== undefined && others.length === 0) {
    return (
      <ValueControl
        {...props}
        shape={only.shape}
        value={held[only.name]}
        fallback={only.default}
        onChange={(next) => {
          onChange(next === undefined ? undefined : withMember(held, only.name, next));
        }}
      />
    );
  }
  return (
    <div className={styles.group}>
      {shape.fields.map((field) => (
        <div key={field.name} className={styles.stack}>
          <span className={styles.said}>{labelOf(field)}</span>
          <ValueControl
            {...props}
            label={labelOf(field)}
            shape={field.shape}
            around={held}
            value={held[field.name]}
            fallback={field.default}
            clearable={!field.required}
            onChange={(next) => {
              onChange(withMember(held, field.name, next));
            }}
          />
        </div>
      ))}
    </div>
  );
}

export function withMember(held: JsonObject, name: string, value: Json | undefined): JsonObject {
  if (value !== undefined) return { ...held, [name]: value };
  return Object.fromEntries(Object.entries(held).filter(([key]) => key !== name));
}

/** Names and values; a name that is being typed keeps its place. */
function MapControl({ values, ...props }: ControlProps & { readonly values: Shape }) {
  const { label, value, onChange, disabled = false } = props;
  const held = Object.entries(isObject(value) ? value : {});
  const change = (entries: readonly (readonly [string, Json])[]): void => {
    onChange(Object.fromEntries(entries));
  };
  return (
    <div className={styles.stack}>
      {held.map(([name, entry], index) => (
        <div key={index} className={styles.pair}>
          <TextControl
            label={t("form.map.name", { field: label, number: index + 1 })}
            value={name}
            mono
            clearable={false}
            disabled={disabled}
            onChange={(next) => {
              const wanted = typeof next === "string" ? next : "";
              if (!held.some(([other], at) => at !== index && other === wanted)) change(held.with(index, [wanted, entry]));
            }}
          />
          <ValueControl
            {...props}
            label={t("form.map.value", { field: label, name })}
            shape={values}
            value={entry}
            fallback={undefined}
            clearable={false}
            onChange={(next) => {
              change(held.with(index, [name, next ?? startValue(values)]));
            }}
          />
          <Remove
            label={t("form.list.remove", { field: label, number: index + 1 })}
            onPress={() => {
              change(held.toSpliced(index, 1));
            }}
          />
        </div>
      ))}
      <div>
        <Button
          small
          look="quiet"
          icon={<Plus size={14} />}
          isDisabled={disabled || held.some(([name]) => name === "")}
          onPress={() => {
            change([...held, ["", startValue(values)]]);
          }}
        >
          {t("form.list.add")}
        </Button>
      </div>
    </div>
  );
}
