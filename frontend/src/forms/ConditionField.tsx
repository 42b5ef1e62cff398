/** Conditions as they are built: all of a list must hold; “or” holds two of them together. */

import { CircleAlert, Plus } from "lucide-react";
import type { ReactNode } from "react";
import { t } from "@/i18n/i18n";
import { OPERATORS, type Condition, type Operator, type WorkflowDocument } from "@/model/document";
import { isList, type Json, type JsonObject } from "@/model/json";
import { Button } from "@/ui/Button";
import styles from "./ConditionField.module.css";
import { isCondition, metricSources, mismatch, newCondition, orElse, SIGNS, withOperator, type ValueKind } from "./conditions";
import controls from "./controls.module.css";
import { Operand } from "./Operand";
import { Picker } from "./Picker";
import { focusInside } from "./focus";
import { Foot } from "./Foot";
import { problemsFor, usePlace, useStepForm } from "./stepForm";
import { JsonControl } from "./TextControls";
import { Remove } from "./ValueControl";

interface ListProps {
  /** JSON Pointer of the list, from the step on. */
  readonly pointer: string;
  readonly label: string;
  /** Names of the steps whose metrics can be read. */
  readonly before: ReadonlySet<string>;
  readonly empty: string;
}

export function ConditionList({ pointer, label, before, empty }: ListProps) {
  const [value, set] = usePlace(pointer);
  const { readOnly, problems, document } = useStepForm();
  const held = isList(value) ? value : [];
  return (
    <div className={controls.stack} data-pointer={pointer} data-testid="conditions">
      {held.length === 0 && <p className={controls.said}>{empty}</p>}
      {held.map((condition, index) => (
        <div key={index} className={controls.stack}>
          {index > 0 && <span className={styles.and}>{t("cond.and")}</span>}
          <ConditionEditor
            condition={condition}
            pointer={`${pointer}/${String(index)}`}
            label={`${label} ${String(index + 1)}`}
            before={before}
            onRemove={() => {
              const left = held.toSpliced(index, 1);
              set(left.length === 0 ? undefined : left);
              focusInside(pointer, "[data-testid=add-condition]");
            }}
          />
        </div>
      ))}
      <Foot problems={problemsFor(problems, pointer, false)} />
      {!readOnly && (
        <div>
          <Button
            small
            look="quiet"
            icon={<Plus size={14} />}
            className={styles.add ?? ""}
            data-testid="add-condition"
            onPress={() => {
              set([...held, firstCondition(document, before)]);
              focusInside(`${pointer}/${String(held.length)}`);
            }}
          >
            {t("cond.add")}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Where there is a metric to read, that is what a condition is mostly about. */
function firstCondition(document: WorkflowDocument, before: ReadonlySet<string>): JsonObject {
  const [source] = metricSources(document, before);
  return source === undefined ? newCondition() : { type: "LT", left: { $metric: { step: source.step, output: source.output, key: "" } }, right: 0 };
}

export interface ConditionProps {
  readonly condition: Json;
  readonly pointer: string;
  readonly label: string;
  readonly before: ReadonlySet<string>;
  /** Of a side of “or”: the other side stays. Absent where one of the two sides has to be. */
  readonly onRemove?: (() => void) | undefined;
  /** Inside of another condition. */
  readonly nested?: boolean;
  /** What can be done with the whole of it instead. */
  readonly aside?: ReactNode;
}

export function ConditionEditor({ condition, pointer, label, before, onRemove, nested = false, aside }: ConditionProps) {
  const [, set] = usePlace(pointer);
  const { document, readOnly, problems } = useStepForm();
  if (!isCondition(condition)) {
    return (
      <div className={styles.card} data-pointer={pointer}>
        <JsonControl label={label} value={condition} onChange={(next) => { set(next ?? null); }} disabled={readOnly} />
      </div>
    );
  }
  const wrong = mismatch(document, condition);
  /** One side of “or” is all that is left. */
  const keep = (side: Json) => (condition.type !== "OR" || !isCondition(condition.left) || !isCondition(condition.right)) ? undefined : () => {
    set(side);
    focusInside(pointer);
  };
  const others = problemsFor(problems, pointer, false).filter((each) => each.code !== "condition.types");
  return (
    <div className={styles.card} data-pointer={pointer} data-nested={nested || undefined} data-wrong={wrong !== null || undefined} data-testid="condition" role="group" aria-label={label}>
      <Operand operand={condition.left} pointer={`${pointer}/left`} label={t("cond.left", { condition: label })} other={condition.right} before={before} onDrop={keep(condition.right)} />
      <div className={isCondition(condition.right) ? controls.stack : styles.second}>
        <Picker
          label={t("cond.operator", { condition: label })}
          brief
          className={isCondition(condition.right) ? styles.or : undefined}
          choices={OPERATORS.map((each) => ({ id: each, label: each === "OR" ? t("cond.op.OR") : SIGNS[each], note: t(`cond.op.${each}`) }))}
          value={condition.type}
          unset="?"
          disabled={readOnly}
          onChange={(type) => {
            set(withOperator(condition, type as Operator));
          }}
        />
        <Operand operand={condition.right} pointer={`${pointer}/right`} label={t("cond.right", { condition: label })} other={condition.left} before={before} onDrop={keep(condition.left)} />
      </div>
      {wrong !== null && (
        <p role="alert" className={styles.wrong}>
          <CircleAlert size={13} aria-hidden="true" />
          <span>
            {t("cond.mismatch", { operator: t(`cond.op.${wrong.operator}`), left: kindsText(wrong.left), right: kindsText(wrong.right) })} {t(`cond.rule.${ruleOf(wrong.operator)}`)}
          </span>
        </p>
      )}
      <Foot problems={others} />
      {!readOnly && (
        // Below and not beside the sides: they need the whole width, the more the deeper they lie.
        <div className={styles.tools}>
          <Button
            small
            look="quiet"
            className={styles.add ?? ""}
            onPress={() => {
              set(orElse(condition));
              focusInside(`${pointer}/right`);
            }}
          >
            {t("cond.or")}
          </Button>
          <span className={styles.ends}>
            {aside}
            {onRemove !== undefined && <Remove label={t("cond.remove", { condition: label })} onPress={onRemove} />}
          </span>
        </div>
      )}
    </div>
  );
}

const kindsText = (kinds: readonly ValueKind[]): string => kinds.map((kind) => t(`cond.kind.${kind}`)).join(" / ");

function ruleOf(operator: Condition["type"]): "same" | "ordered" | "list" | "truths" {
  if (operator === "EQ" || operator === "NOT") return "same";
  if (operator === "IN") return "list";
  return operator === "OR" ? "truths" : "ordered";
}
