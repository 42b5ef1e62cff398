/** What both sides changed, and for each thing on which they differ: whose is it to be. */

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, ApiError, told } from "@/api/client";
import { t, useLanguage } from "@/i18n/i18n";
import { LIST_KEYS, SCHEMA, type ListName, type WorkflowDocument } from "@/model/document";
import { isObject, type Json } from "@/model/json";
import { conflictPlace, resolved, type Conflict, type MergeSide } from "@/model/merge";
import { Button } from "@/ui/Button";
import { navigate } from "@/ui/navigation";
import { ProblemNote } from "@/ui/States";
import { toast, toastProblem } from "@/ui/Toast";
import { Waiting, type ConflictDeeds, type ConflictState } from "./ConflictDialog";
import { useDocument, useEditor } from "./context";
import { differences } from "./differences";
import styles from "./dialogs.module.css";
import { asDraft } from "./session";

const SIDES = ["mine", "theirs"] as const;

export function MergeView({ conflict, onKeepMine, onTakeTheirs, onMerge }: ConflictDeeds & { readonly conflict: ConflictState }) {
  useLanguage();
  const { store, workflowId } = useEditor();
  const mine = useDocument();
  const { theirs, base } = conflict;
  const [choices, setChoices] = useState<Readonly<Record<string, MergeSide>>>({});
  const [busy, setBusy] = useState(false);
  const merge = useQuery({
    queryKey: ["merge", workflowId, theirs.revision],
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: ({ signal }) => told(api.POST("/api/workflows/{id}/merge/", { params: { path: { id: workflowId } }, body: { base: (base ?? nothing(mine)) as never, mine: mine as never }, signal })),
  });
  const newer = merge.data !== undefined && merge.data.revision !== theirs.revision;
  useEffect(() => {
    if (!newer) return;
    // Saved once more meanwhile: what is chosen from must be what is there.
    void told(api.GET("/api/workflows/{id}/draft/", { params: { path: { id: workflowId } } }))
      .then((draft) => {
        store.setState({ save: { kind: "conflict", base, theirs: asDraft(draft as unknown as Parameters<typeof asDraft>[0]) } });
      })
      .catch(() => undefined);
  }, [base, newer, store, workflowId]);
  const ready = merge.data !== undefined && !newer;
  const conflicts = ready ? (merge.data.conflicts as unknown as readonly Conflict[]) : [];
  const open = conflicts.filter((each) => choices[each.path] === undefined).length;
  const putTogether = (): void => {
    if (merge.data === undefined) return;
    void onMerge(resolved({ merged: merge.data.document as unknown as WorkflowDocument, mine, theirs: theirs.document }, conflicts, choices), theirs).then((saved) => {
      if (saved) toast(t("editor.conflict.merged"));
    });
  };
  return (
    <>
      {merge.isPending || newer ? <Waiting /> : null}
      {merge.error instanceof ApiError && <ProblemNote problem={merge.error.problem} />}
      {ready && <Summary mine={mine} theirs={theirs.document} conflicts={conflicts.length} />}
      {conflicts.length > 0 && (
        <>
          <div className={styles.mergeAll}>
            <span className={styles.grow}>{t("editor.conflict.choose")}</span>
            {SIDES.map((side) => (
              <Button
                key={side}
                small
                data-testid={`all-${side}`}
                onPress={() => {
                  setChoices(Object.fromEntries(conflicts.map((each) => [each.path, side])));
                }}
              >
                {t(`editor.conflict.all.${side}`)}
              </Button>
            ))}
          </div>
          <ul className={styles.merges} data-testid="merges">
            {conflicts.map((each) => (
              <Choice
                key={each.path}
                conflict={each}
                document={mine}
                other={theirs.document}
                chosen={choices[each.path] ?? null}
                onChoose={(side) => {
                  setChoices((before) => ({ ...before, [each.path]: side }));
                }}
              />
            ))}
          </ul>
        </>
      )}
      <div className={styles.choices} data-testid="conflict">
        <CopyButton busy={busy} onBusy={setBusy} onTakeTheirs={onTakeTheirs} />
        <span className={styles.grow} aria-live="polite">
          {open > 0 && ready ? t("editor.conflict.open", { count: open }) : ""}
        </span>
        <Button isDisabled={busy} onPress={onTakeTheirs} data-testid="conflict-theirs">
          {t("editor.conflict.take")}
        </Button>
        <Button isDisabled={busy} onPress={onKeepMine} data-testid="conflict-mine">
          {t("editor.conflict.keep")}
        </Button>
        <Button look="primary" isDisabled={busy || !ready || open > 0} onPress={putTogether} data-testid="conflict-merge">
          {t("editor.conflict.merge")}
        </Button>
      </div>
    </>
  );
}

/** Nobody knows what both were made from: then whatever differs is to be chosen. */
const nothing = (mine: WorkflowDocument): WorkflowDocument => ({ schema: SCHEMA, name: mine.name });

function Summary({ mine, theirs, conflicts }: { readonly mine: WorkflowDocument; readonly theirs: WorkflowDocument; readonly conflicts: number }) {
  const found = differences(mine, theirs);
  const names = [...new Set(found.map((each) => (each.list === "layout" || each.list === "document" ? t(`editor.list.${each.list}`) : each.name)))];
  return (
    <p className={styles.mergeSummary} data-testid="merge-summary" data-conflicts={conflicts}>
      {t("editor.conflict.differ", { names: names.slice(0, 6).join(", "), more: Math.max(0, names.length - 6) })}{" "}
      {conflicts === 0 ? t("editor.conflict.none") : t("editor.conflict.some", { count: conflicts })}
    </p>
  );
}

interface ChoiceProps {
  readonly conflict: Conflict;
  readonly document: WorkflowDocument;
  readonly other: WorkflowDocument;
  readonly chosen: MergeSide | null;
  readonly onChoose: (side: MergeSide) => void;
}

function Choice({ conflict, document, other, chosen, onChoose }: ChoiceProps) {
  const title = titleOf(conflict, document, other);
  return (
    <li className={styles.merge} data-path={conflict.path}>
      <fieldset>
        <legend>{title}</legend>
        {SIDES.map((side) => (
          <label key={side} className={styles.mergeSide} data-chosen={chosen === side || undefined}>
            <input
              type="radio"
              name={conflict.path}
              checked={chosen === side}
              onChange={() => {
                onChoose(side);
              }}
            />
            <span className={styles.mergeWho}>{t(`editor.conflict.${side}`)}</span>
            <code>{said(conflict, conflict[side])}</code>
          </label>
        ))}
      </fieldset>
    </li>
  );
}

/** Of an entry only whether it is there: its whole text would tell less. */
function said(conflict: Conflict, value: Json): string {
  const { list, rest } = conflictPlace(conflict.path);
  if (list !== null && rest.length === 0) return t(value === null ? "editor.conflict.deleted" : "editor.conflict.changed");
  if (value === null) return t("editor.conflict.nothing");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function titleOf(conflict: Conflict, mine: WorkflowDocument, theirs: WorkflowDocument): string {
  const { list, key, rest } = conflictPlace(conflict.path);
  if (list === null) return `${t("editor.list.document")} › ${rest.join(" › ")}`;
  const name = nameIn(mine, list, key) ?? nameIn(theirs, list, key) ?? key;
  return [`${t(`editor.list.${list}`)} ${name}`, ...rest].join(" › ");
}

function nameIn(document: WorkflowDocument, list: ListName, key: string): string | null {
  const entry = ((document[list] ?? []) as unknown as readonly Json[]).find((each) => isObject(each) && each[LIST_KEYS[list]] === key);
  return isObject(entry) && typeof entry.name === "string" ? entry.name : null;
}

interface CopyProps {
  readonly busy: boolean;
  readonly onBusy: (busy: boolean) => void;
  readonly onTakeTheirs: () => void;
}

function CopyButton({ busy, onBusy, onTakeTheirs }: CopyProps) {
  const mine = useDocument();
  const copy = async (): Promise<void> => {
    onBusy(true);
    try {
      const made = await told(api.POST("/api/workflows/", { body: { name: copyName(mine.name), description: mine.description ?? "", document: mine as never } }));
      onTakeTheirs();
      toast(t("editor.conflict.copied", { name: made.name }), {
        label: t("action.open"),
        run: () => {
          navigate(`/workflows/${made.id}`);
        },
      });
    } catch (error) {
      if (error instanceof ApiError) toastProblem(error.problem);
      onBusy(false);
    }
  };
  return (
    <Button isDisabled={busy} onPress={() => void copy()} data-testid="conflict-copy">
      {t("editor.conflict.copy")}
    </Button>
  );
}

/** Short enough to stay a name, and different each time. */
const copyName = (name: string): string => `${name.slice(0, 48)} ${new Date().toISOString().slice(11, 19).replaceAll(":", "")}`;
