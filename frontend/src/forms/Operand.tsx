/** One side of a condition: a constant, a placeholder, a metric, or another condition. */

import { Braces, CaseSensitive, ChartNoAxesColumn, CircleSlash, Hash, Link2, List, Split, ToggleLeft } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components";
import { t } from "@/i18n/i18n";
import { parameterByName, type WorkflowDocument } from "@/model/document";
import type { Json, JsonObject } from "@/model/json";
import { asReference } from "@/model/references";
import { Menu } from "@/ui/Menu";
import { Tooltip } from "@/ui/Tooltip";
import { askedText, ChipField, PlaceholderChip } from "./Chips";
import { SuggestControl, SwitchControl } from "./ChoiceControls";
import { ConditionEditor } from "./ConditionField";
import styles from "./ConditionField.module.css";
import { knownKeys, metricSources, operandOf, operandType, type OperandType } from "./conditions";
import controls from "./controls.module.css";
import { fromPlaceholder, toPlaceholder } from "./fit";
import { Picker } from "./Picker";
import type { FieldSpec } from "./shape";
import { Foot } from "./Foot";
import { problemsFor, usePlace, useStepForm } from "./stepForm";
import { JsonControl, NumberControl, TextControl } from "./TextControls";
import { ListControl } from "./ValueControl";

const SIGNS: Readonly<Record<OperandType, ReactNode>> = {
  metric: <ChartNoAxesColumn size={14} aria-hidden="true" />,
  parameter: <Link2 size={14} aria-hidden="true" />,
  number: <Hash size={14} aria-hidden="true" />,
  text: <CaseSensitive size={16} aria-hidden="true" />,
  truth: <ToggleLeft size={16} aria-hidden="true" />,
  list: <List size={14} aria-hidden="true" />,
  null: <CircleSlash size={14} aria-hidden="true" />,
  condition: <Split size={14} aria-hidden="true" />,
  json: <Braces size={14} aria-hidden="true" />,
};
const CONSTANTS: readonly OperandType[] = ["number", "text", "truth", "list", "null"];

interface Props {
  readonly operand: Json;
  readonly pointer: string;
  readonly label: string;
  /** The other side: it says what a new placeholder would be called. */
  readonly other: Json;
  readonly before: ReadonlySet<string>;
  /** Takes this side away, and leaves the other. */
  readonly onDrop?: (() => void) | undefined;
}

export function Operand(props: Props) {
  const { operand, pointer, label, other, before, onDrop } = props;
  const { problems } = useStepForm();
  const type = operandType(operand);
  if (type === "condition") {
    return <ConditionEditor nested condition={operand} pointer={pointer} label={label} before={before} onRemove={onDrop} aside={<TypeMenu {...props} type={type} />} />;
  }
  return (
    <div data-pointer={pointer}>
      <div className={styles.operand}>
        <TypeMenu {...props} type={type} />
        <OperandValue operand={operand} pointer={pointer} label={label} type={type} before={before} />
        {CONSTANTS.includes(type) && type !== "null" && <AskButton operand={operand} pointer={pointer} label={label} other={other} />}
      </div>
      <Foot problems={problemsFor(problems, pointer, true)} />
    </div>
  );
}

function TypeMenu({ operand, pointer, label, before, type }: Props & { readonly type: OperandType }) {
  const [, set] = usePlace(pointer);
  const { document, readOnly } = useStepForm();
  const sources = metricSources(document, before);
  const parameter = document.parameters?.[0]?.name ?? null;
  const offered: OperandType[] = [...(sources.length > 0 ? ["metric" as const] : []), ...(parameter === null ? [] : ["parameter" as const])];
  const action = (each: OperandType) => ({
    id: each,
    label: t(`cond.type.${each}`),
    icon: SIGNS[each],
    checked: each === type,
    run: () => {
      if (each !== type) set(operandOf(each, operand, { parameter, metric: sources[0] ?? null }));
    },
  });
  return (
    <Menu
      label={t("cond.type", { operand: label })}
      trigger={
        <AriaButton className={controls.typeButton ?? ""} aria-label={t("cond.type.now", { operand: label, type: t(`cond.type.${type}`) })} isDisabled={readOnly}>
          {SIGNS[type]}
        </AriaButton>
      }
      groups={[
        ...(offered.length > 0 ? [{ id: "read", title: t("cond.read"), actions: offered.map(action) }] : []),
        { id: "constants", title: t("cond.constants"), actions: CONSTANTS.map(action) },
        { id: "more", actions: [action("condition")] },
      ]}
    />
  );
}

interface ValueProps {
  readonly operand: Json;
  readonly pointer: string;
  readonly label: string;
  readonly type: OperandType;
  readonly before: ReadonlySet<string>;
}

function OperandValue({ operand, pointer, label, type, before }: ValueProps) {
  const [, set] = usePlace(pointer);
  const { readOnly, settle } = useStepForm();
  const shared = { label, value: operand, onDone: settle, clearable: false, disabled: readOnly };
  switch (type) {
    case "number":
      return <NumberOperand {...shared} onChange={(next) => { set(next ?? 0); }} />;
    case "text":
      return <TextControl {...shared} onChange={(next) => { set(next ?? ""); }} />;
    case "truth":
      return <SwitchControl {...shared} onChange={(next) => { set(next ?? false); }} />;
    case "list":
      return <ListControl {...shared} items={{ kind: "any" }} onChange={(next) => { set(next ?? []); }} />;
    case "null":
      return <span className={styles.nothing}>{t("form.null")}</span>;
    case "parameter":
      return <ParameterOperand operand={operand} pointer={pointer} label={label} />;
    case "metric":
      return <MetricOperand operand={operand as JsonObject} pointer={pointer} label={label} before={before} />;
    case "condition":
      return null;
    case "json":
      return <JsonControl {...shared} rows={2} onChange={(next) => { set(next ?? null); }} />;
  }
}

function NumberOperand(props: Omit<Parameters<typeof NumberControl>[0], "integer">) {
  return <NumberControl {...props} integer={false} />;
}

function ParameterOperand({ operand, pointer, label }: { readonly operand: Json; readonly pointer: string; readonly label: string }) {
  const [, set] = usePlace(pointer);
  const form = useStepForm();
  const reference = asReference(operand);
  const name = reference?.kind === "parameter" ? reference.name : "";
  const parameter = parameterByName(form.document, name);
  const [choosing, choose] = useState(parameter === undefined);
  if (choosing && !form.readOnly) {
    return (
      <Picker
        label={label}
        choices={(form.document.parameters ?? []).map((each) => ({ id: each.name, label: each.name, note: each.type }))}
        value={parameter === undefined ? null : name}
        unset={name || t("form.notSet")}
        invalid={parameter === undefined}
        onChange={(next) => {
          set({ $parameter: next });
          choose(false);
        }}
      />
    );
  }
  const toValue = (): void => {
    form.dispatch(fromPlaceholder(form.document, { stepId: form.step.id, pointer }, name, true));
  };
  return (
    <ChipField tone={parameter === undefined ? "broken" : "placeholder"} note={parameter === undefined ? t("form.gone") : askedText(parameter)} onRemove={form.readOnly ? undefined : toValue}>
      <PlaceholderChip
        name={name}
        action={t("cond.otherPlaceholder", { name })}
        onPress={() => {
          choose(true);
        }}
      />
    </ChipField>
  );
}

function MetricOperand({ operand, pointer, label, before }: { readonly operand: JsonObject; readonly pointer: string; readonly label: string; readonly before: ReadonlySet<string> }) {
  const [, set] = usePlace(pointer);
  const { document, readOnly, settle } = useStepForm();
  const reference = asReference(operand);
  if (reference?.kind !== "metric") return null;
  const { step, output, key } = reference;
  const sources = metricSources(document, before);
  const change = (metric: JsonObject): void => {
    set({ $metric: { step, output, key, ...metric } });
  };
  return (
    <div className={styles.metric}>
      <Picker
        label={t("cond.metricOf", { operand: label })}
        brief={new Set(sources.map((source) => source.step)).size === sources.length}
        choices={sources.map((source) => ({ id: JSON.stringify([source.step, source.output]), label: source.title, note: source.output }))}
        value={JSON.stringify([step, output])}
        unset={step === "" ? t("form.notSet") : `${step} · ${output}`}
        invalid={!sources.some((source) => source.step === step && source.output === output)}
        disabled={readOnly}
        onChange={(id) => {
          const [nextStep = "", nextOutput = ""] = JSON.parse(id) as string[];
          change({ step: nextStep, output: nextOutput });
        }}
      />
      <SuggestControl
        label={t("cond.metricKey", { operand: label })}
        value={key}
        names={metricNames(document, step, output, key)}
        unset={t("cond.metricKey.none")}
        clearable={false}
        disabled={readOnly}
        invalid={key === ""}
        onDone={settle}
        onChange={(next) => {
          change({ key: typeof next === "string" ? next : "" });
        }}
      />
    </div>
  );
}

const USUAL = ["accuracy", "loss"];

function metricNames(document: WorkflowDocument, step: string, output: string, typed: string): string[] {
  return [...new Set([...knownKeys(document, step, output), ...USUAL])].filter((name) => name !== typed);
}

const ANY: FieldSpec = { name: "value", shape: { kind: "any" }, title: "", description: "", required: true, nullable: false, mayBeUnset: false };

function AskButton({ operand, pointer, label, other }: Omit<Props, "before" | "onDrop">) {
  const form = useStepForm();
  if (form.readOnly) return null;
  const metric = asReference(other);
  const name = metric?.kind === "metric" && metric.key !== "" ? `${metric.key}_limit` : "limit";
  const make = (): void => {
    // A limit for a metric is compared with a number that is hardly ever whole.
    const field: FieldSpec = typeof operand === "number" ? { ...ANY, shape: { kind: "number", integer: false, minimum: null, maximum: null } } : ANY;
    const made = toPlaceholder(form.document, { stepId: form.step.id, pointer, name, field }, operand, form.newId());
    if (made !== null && form.dispatch(made.command)) form.tell(t("form.made", { name: made.name }));
  };
  return (
    <Tooltip text={t("form.ask")}>
      <AriaButton className={controls.small ?? ""} aria-label={t("form.ask.for", { field: label })} onPress={make} data-testid="make-placeholder">
        <Link2 size={14} />
      </AriaButton>
    </Tooltip>
  );
}
