/** What only some data have: among what a selector lets choose, and what the chosen data must be. */

import { Link2, Plus, Trash2 } from "lucide-react";
import { useEditor, useEditorState } from "@/features/editor/context";
import type { LocatedProblem } from "@/features/editor/problems";
import { Picker } from "@/forms/Picker";
import { TextControl } from "@/forms/TextControls";
import { t } from "@/i18n/i18n";
import type { Data, DataCondition, DataPlaceholderType } from "@/model/document";
import type { Json } from "@/model/json";
import { asReference, toParameter } from "@/model/references";
import { Button, IconButton } from "@/ui/Button";
import styles from "./Placeholders.module.css";
import { at, Line, useUpdate } from "./shared";

interface Props {
  readonly entry: Data;
  readonly id: string;
  readonly problems: readonly LocatedProblem[];
  readonly readOnly: boolean;
}

const SELECTABLE: readonly DataPlaceholderType[] = ["dataset", "obs", "label_task", "swr", "model_list"];

export function Selectable({ entry, id, problems, readOnly }: Props) {
  const update = useUpdate("data", id);
  const chosen = new Set(entry.data_type_list);
  return (
    <Line label={t("placeholders.selectable")} problems={at(problems, "", "/data_type_list")}>
      <div className={styles.ticks} data-testid="selectable">
        {SELECTABLE.map((type) => (
          <label key={type} className={styles.tick}>
            <input
              type="checkbox"
              checked={chosen.has(type)}
              disabled={readOnly}
              onChange={(event) => {
                update({ set: { data_type_list: SELECTABLE.filter((each) => (each === type ? event.target.checked : chosen.has(each))) } });
              }}
            />
            {t(`data.${type}`)}
          </label>
        ))}
      </div>
    </Line>
  );
}

/** Each is one attribute that equals a constant, or what a placeholder says. */
export function Conditions({ entry, id, problems, readOnly }: Props) {
  const editor = useEditor();
  const update = useUpdate("data", id);
  const parameters = useEditorState((state) => state.document.parameters) ?? [];
  const conditions = entry.conditions ?? [];
  const set = (next: readonly DataCondition[], field?: string): void => {
    update({ set: { conditions: next as unknown as Json } }, field);
  };
  const change = (index: number, more: Partial<DataCondition>, field?: string): void => {
    set(conditions.map((each, place) => (place === index ? { ...each, ...more } : each)), field);
  };
  const settle = (): void => {
    editor.settle();
  };
  return (
    <Line label={t("placeholders.conditions")} help={conditions.length === 0 ? t("placeholders.conditions.help") : ""} problems={at(problems, "/conditions")}>
      {conditions.map((condition, index) => {
        const reference = asReference(condition.value);
        const asked = reference?.kind === "parameter";
        return (
          <div key={index} className={styles.condition} data-testid="data-condition">
            <TextControl label={t("placeholders.attribute")} hint={t("placeholders.attribute")} value={condition.attribute === "" ? undefined : condition.attribute} clearable={false} mono disabled={readOnly} onDone={settle} onChange={(next) => { change(index, { attribute: typeof next === "string" ? next : "" }, `conditions/${String(index)}/attribute`); }} />
            <span aria-hidden="true">=</span>
            {asked ? (
              <Picker
                label={t("placeholders.mustBe")}
                choices={parameters.map((each) => ({ id: each.name, label: each.name, note: each.type }))}
                value={reference.name}
                unset={reference.name}
                invalid={!parameters.some((each) => each.name === reference.name)}
                disabled={readOnly}
                onChange={(name) => {
                  change(index, { value: toParameter(name) });
                }}
              />
            ) : (
              <TextControl label={t("placeholders.mustBe")} hint={t("placeholders.mustBe")} value={condition.value} clearable={false} disabled={readOnly} onDone={settle} onChange={(next) => { change(index, { value: next ?? "" }, `conditions/${String(index)}/value`); }} />
            )}
            {!readOnly && (parameters.length > 0 || asked) && (
              <IconButton
                small
                label={t(asked ? "placeholders.constant" : "placeholders.fromPlaceholder")}
                icon={<Link2 size={14} />}
                aria-pressed={asked}
                onPress={() => {
                  change(index, { value: asked ? "" : toParameter(parameters[0]?.name ?? "") });
                }}
              />
            )}
            {!readOnly && <IconButton small label={t("action.delete")} icon={<Trash2 size={14} />} onPress={() => { set(conditions.toSpliced(index, 1)); }} />}
          </div>
        );
      })}
      {!readOnly && (
        <div>
          <Button small look="quiet" icon={<Plus size={14} />} data-testid="add-data-condition" onPress={() => { set([...conditions, { attribute: entry.type === "model_list" ? "model_name" : "name", operator: "equal", value: "" }]); }}>
            {t("placeholders.conditions.add")}
          </Button>
        </div>
      )}
    </Line>
  );
}
