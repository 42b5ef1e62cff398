/** What the editors of placeholders, data and storages have in common. */

import { Trash2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useEditor, useEditorState } from "@/features/editor/context";
import type { LocatedProblem } from "@/features/editor/problems";
import { takenNames } from "@/forms/fit";
import { RenameField } from "@/forms/RenameField";
import { Foot } from "@/forms/Foot";
import { problemPlace } from "@/forms/stepForm";
import { TextControl } from "@/forms/TextControls";
import { labelOf, wordOr } from "@/forms/words";
import { fieldAt, fieldsOf } from "@/forms/shape";
import { t } from "@/i18n/i18n";
import type { Command, PlaceholderList } from "@/model/commands";
import { shownTitle, stepById, type WorkflowDocument } from "@/model/document";
import { pointer, valueAt, type Json } from "@/model/json";
import { namesData, namesParameter, namesStorage, whereUsed, type Use } from "@/model/references";
import type { Kinds } from "@/model/ports";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Switch } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import styles from "./Placeholders.module.css";

export interface EntryProps<Entry> {
  readonly entry: Entry;
  /** What tells it apart in its list. */
  readonly id: string;
  readonly problems: readonly LocatedProblem[];
  readonly readOnly: boolean;
  readonly onRenamed: (name: string) => void;
}

const NAMES = { parameters: namesParameter, data: namesData, storages: namesStorage } as const;

export function usesOf(document: WorkflowDocument, list: PlaceholderList, name: string): Use[] {
  return whereUsed(document, NAMES[list](name));
}

export function useUpdate(list: PlaceholderList, key: string) {
  const editor = useEditor();
  return (changes: { readonly set?: Readonly<Record<string, Json>>; readonly unset?: readonly string[] }, field?: string): void => {
    editor.dispatch({ type: "entry.update", list, key, changes }, field === undefined ? {} : { mergeKey: `${list}/${key}/${field}` });
  };
}

/** Problems of an entry at one of its fields. */
export function at(problems: readonly LocatedProblem[], ...fields: readonly string[]): LocatedProblem[] {
  return problems.filter((problem) => fields.some((field) => problemPlace(problem) === field || (field !== "" && problemPlace(problem).startsWith(`${field}/`))));
}

export function Line({ label, help, problems = [], children }: { readonly label: string; readonly help?: string; readonly problems?: readonly LocatedProblem[]; readonly children: ReactNode }) {
  return (
    <div className={styles.field}>
      <span className={styles.label}>{label}</span>
      {children}
      <Foot problems={problems} help={help} />
    </div>
  );
}

export function NameLine({ list, id, name, problems, readOnly, onRenamed }: { readonly list: PlaceholderList; readonly id: string; readonly name: string } & Pick<EntryProps<never>, "problems" | "readOnly" | "onRenamed">) {
  const editor = useEditor();
  const document = useEditorState((state) => state.document);
  const taken = takenNames(document);
  taken.delete(name);
  return (
    <Line label={t("placeholders.name")} problems={at(problems, "", "/name")}>
      <RenameField
        label={t("placeholders.name")}
        name={name}
        taken={taken}
        disabled={readOnly}
        data-testid="entry-name"
        onRename={(next) => {
          if (editor.dispatch({ type: "entry.rename", list, key: id, name: next })) onRenamed(next);
        }}
      />
    </Line>
  );
}

export function DescriptionLine({ list, id, text, label = t("placeholders.description"), field = "description", readOnly }: { readonly list: PlaceholderList; readonly id: string; readonly text: string; readonly label?: string; readonly field?: string; readonly readOnly: boolean }) {
  const editor = useEditor();
  const update = useUpdate(list, id);
  return (
    <Line label={label}>
      <TextControl
        label={label}
        value={text === "" ? undefined : text}
        clearable={false}
        disabled={readOnly}
        {...(field === "description" && { rows: 2 })}
        onDone={() => {
          editor.settle();
        }}
        onChange={(next) => {
          update({ set: { [field]: next ?? "" } }, field);
        }}
      />
    </Line>
  );
}

export function Toggle({ label, on, disabled, onChange }: { readonly label: string; readonly on: boolean; readonly disabled: boolean; readonly onChange: (on: boolean) => void }) {
  return (
    <div className={styles.toggleLine}>
      <Switch isSelected={on} isDisabled={disabled} onChange={onChange}>
        {label}
      </Switch>
    </div>
  );
}

/** Each use is a press away: the step, and the field. */
export function Uses({ list, name }: { readonly list: PlaceholderList; readonly name: string }) {
  const editor = useEditor();
  const document = useEditorState((state) => state.document);
  const uses = usesOf(document, list, name);
  if (uses.length === 0) return <p className={styles.help}>{t("placeholders.unused.text")}</p>;
  return (
    <div className={styles.field}>
      <span className={styles.label}>{t("placeholders.where")}</span>
      <ul className={styles.usesList}>
        {uses.map((use) => {
          const place = pointer(...use.path);
          return (
            <li key={use.stepId + place}>
              <button
                type="button"
                className={styles.use}
                onClick={() => {
                  editor.select([use.stepId]);
                  editor.reveal({ stepId: use.stepId, path: place, focus: true });
                }}
              >
                {sayUse(document, editor.kinds, use)}
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** "Train · epochs": the step, and what the field is called there. */
export function sayUse(document: WorkflowDocument, kinds: Kinds, { stepId, stepName, path }: Use): string {
  const step = stepById(document, stepId);
  return `${step === undefined ? stepName : shownTitle(step)} · ${placeText(step as unknown as Json, kinds.get(step?.kind ?? "")?.properties, path)}`;
}

function placeText(step: Json, properties: Parameters<typeof fieldsOf>[0] | undefined, path: Use["path"]): string {
  const parts = path.map(String);
  const named = valueAt(step, [...path.slice(0, -1), "name"]);
  if (typeof named === "string") return named;
  const [first, index, part] = parts;
  if (first === "policy" || parts.includes("conditions")) return t("inspector.skip");
  if (first === "inputs" || first === "outputs") {
    const name = valueAt(step, [first, index ?? "", "name"]);
    const last = parts.slice(3).findLast((each) => !/^\d+$/.test(each) && !each.startsWith("$"));
    const of = typeof name === "string" ? name : (part ?? "");
    return last === undefined ? of : `${of}, ${wordOr(last, `prop.${last}`)}`;
  }
  const field = properties === undefined ? null : fieldAt(fieldsOf(properties), parts.slice(1).filter((each) => !/^\d+$/.test(each)));
  const last = parts.findLast((each) => !/^\d+$/.test(each)) ?? "";
  return field === null ? wordOr(last, `prop.${last}`) : labelOf(field);
}

interface DeleteProps {
  readonly list: PlaceholderList;
  readonly id: string;
  readonly name: string;
  /** A value that can take its place where it is used. */
  readonly mayInline: boolean;
}

/** Deleting tells what it does to those who use it, before; and can be undone, after. */
export function DeleteButton({ list, id, name, mayInline }: DeleteProps) {
  const editor = useEditor();
  const document = useEditorState((state) => state.document);
  const [asking, ask] = useState(false);
  const uses = usesOf(document, list, name);
  const remove = (): void => {
    ask(false);
    const command: Command = { type: "entry.remove", list, key: id, ...(mayInline && { inline: true }) };
    if (!editor.dispatch(command)) return;
    toast(t("placeholders.deleted", { name }), {
      label: t("action.undo"),
      run: () => {
        editor.undo();
      },
    });
  };
  return (
    <>
      <Button
        small
        look="quiet"
        icon={<Trash2 size={14} />}
        className={styles.delete ?? ""}
        data-testid="delete-entry"
        onPress={() => {
          if (uses.length === 0) remove();
          else ask(true);
        }}
      >
        {t("action.delete")}
      </Button>
      <Dialog
        isOpen={asking}
        alert
        onClose={() => {
          ask(false);
        }}
        title={t("placeholders.delete.title", { name })}
        submit={{ label: t("action.delete"), look: "danger", run: remove }}
      >
        <p>{mayInline ? t("placeholders.delete.inline", { count: uses.length }) : t("placeholders.delete.dangling", { count: uses.length })}</p>
        <ul className={styles.consequences}>
          {uses.map((use) => (
            <li key={use.stepId + pointer(...use.path)}>{sayUse(document, editor.kinds, use)}</li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}

