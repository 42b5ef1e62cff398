/** Everything a run asks for, in the order in which it is asked; and the storages. */

import { lazy, Suspense, useEffect, useState } from "react";
import { useEditor, useEditorState } from "@/features/editor/context";
import type { LocatedProblem } from "@/features/editor/problems";
import { askedText, presetText } from "@/forms/Chips";
import { Fold } from "@/forms/Fold";
import { newData, newParameter, newStorage, NEW_PARAMETERS, type NewParameter } from "@/forms/placeholders";
import { valueText } from "@/forms/words";
import { formatNumber, t } from "@/i18n/i18n";
import type { PlaceholderList } from "@/model/commands";
import { DATA_TYPES, type Data, type Parameter } from "@/model/document";
import type { MenuAction } from "@/ui/Menu";
import { Loading, Skeleton } from "@/ui/States";
import { EntryList, type Row } from "./EntryList";
import { usesOf } from "./shared";

/** What it asks for, in a word or two. */
function typeText(parameter: Parameter): string {
  if (parameter.type === "LIST") return t("placeholder.listOf", { of: t(`placeholder.format.${parameter.format ?? "str"}`) });
  return parameter.format ? t(`placeholder.format.${parameter.format}`) : t(`placeholder.type.${parameter.type}`);
}

/** Its default, and whether it is asked later. */
function shortText(entry: Parameter | Data): string {
  if ("placeholder" in entry && entry.placeholder === false) return askedText(entry);
  return entry.delay === true ? `${presetText(entry)} · ${t("form.asked.later")}` : presetText(entry);
}

/** The forms of entries: not needed to see the canvas, but a moment later. */
const load = { parameters: () => import("./ParameterEditor"), data: () => import("./DataEditor"), storages: () => import("./StorageEditor") };
const ParameterEditor = lazy(async () => ({ default: (await load.parameters()).ParameterEditor }));
const DataEditor = lazy(async () => ({ default: (await load.data()).DataEditor }));
const StorageEditor = lazy(async () => ({ default: (await load.storages()).StorageEditor }));

function Coming() {
  return (
    <Loading>
      <Skeleton height={64} />
    </Loading>
  );
}

export function PlaceholderPanel() {
  const editor = useEditor();
  const document = useEditorState((state) => state.document);
  const problems = useEditorState((state) => state.problems);
  const readOnly = useEditorState((state) => state.readOnly);
  const [open, setOpen] = useState<string | null>(null);
  useEffect(() => {
    for (const each of Object.values(load)) void each();
  }, []);
  const wrongs = (list: PlaceholderList, key: string): LocatedProblem[] => problems.filter((problem) => problem.list === list && problem.entry === key);
  const shared = (list: PlaceholderList) => ({
    open,
    onOpen: setOpen,
    readOnly,
    onMove: (key: string, to: number) => {
      editor.dispatch({ type: "entry.move", list, key: key.slice(list.length + 1), to });
    },
  });
  const row = (list: PlaceholderList, id: string, name: string, note: string, body: Row["body"]): Row => ({
    key: `${list}:${id}`,
    name,
    note,
    uses: usesOf(document, list, name).length,
    wrong: wrongs(list, id).length > 0,
    body,
  });
  const added = (list: PlaceholderList, id: string, name: string): void => {
    setOpen(`${list}:${id}`);
    editor.reveal({ stepId: null, path: `/placeholder/${name}`, focus: true });
  };
  const stay = (): void => undefined;
  const parameters = document.parameters ?? [];
  const data = document.data ?? [];
  const storages = document.storages ?? [];
  return (
    <>
      <Fold id="parameters" title={t("placeholders.parameters")} summary={formatNumber(parameters.length)}>
        <EntryList
          {...shared("parameters")}
          label={t("placeholders.parameters")}
          empty={t("placeholders.parameters.empty")}
          rows={parameters.map((entry) =>
            row("parameters", entry.id, entry.name, `${typeText(entry)} · ${shortText(entry)}`, () => (
              <Suspense fallback={<Coming />}>
                <ParameterEditor entry={entry} id={entry.id} problems={wrongs("parameters", entry.id)} readOnly={readOnly} onRenamed={stay} />
              </Suspense>
            )),
          )}
          add={{
            label: t("placeholders.parameters.add"),
            actions: (Object.keys(NEW_PARAMETERS) as NewParameter[]).map((of): MenuAction => ({
              id: of,
              label: t(`placeholders.new.${of}`),
              run: () => {
                const entry = newParameter(document, of, editor.newId());
                if (editor.dispatch({ type: "entry.add", list: "parameters", entry })) added("parameters", entry.id, entry.name);
              },
            })),
          }}
        />
      </Fold>
      <Fold id="data" title={t("placeholders.data")} summary={formatNumber(data.length)}>
        <EntryList
          {...shared("data")}
          label={t("placeholders.data")}
          empty={t("placeholders.data.empty")}
          rows={data.map((entry) =>
            row("data", entry.id, entry.name, `${t(`data.${entry.type}`)} · ${shortText(entry)}`, () => (
              <Suspense fallback={<Coming />}>
                <DataEditor entry={entry} id={entry.id} problems={wrongs("data", entry.id)} readOnly={readOnly} onRenamed={stay} />
              </Suspense>
            )),
          )}
          add={{
            label: t("placeholders.data.add"),
            actions: DATA_TYPES.map((type): MenuAction => ({
              id: `data-${type}`,
              label: t(`data.${type}`),
              run: () => {
                const entry = newData(document, type, editor.newId());
                if (editor.dispatch({ type: "entry.add", list: "data", entry })) added("data", entry.id, entry.name);
              },
            })),
          }}
        />
      </Fold>
      <Fold id="storages" title={t("placeholders.storages")} summary={formatNumber(storages.length)}>
        <EntryList
          {...shared("storages")}
          chip={false}
          label={t("placeholders.storages")}
          empty={t("placeholders.storages.empty")}
          rows={storages.map((entry) =>
            row("storages", entry.name, entry.name, entry.default ? valueText(entry.default) : t("form.notSet"), () => (
              <Suspense fallback={<Coming />}>
                <StorageEditor
                  entry={entry}
                  id={entry.name}
                  problems={wrongs("storages", entry.name)}
                  readOnly={readOnly}
                  onRenamed={(name) => {
                    setOpen(`storages:${name}`);
                  }}
                />
              </Suspense>
            )),
          )}
          add={{
            label: t("placeholders.storages.add"),
            actions: [
              {
                id: "storage",
                label: t("placeholders.storages.add"),
                run: () => {
                  const entry = newStorage(document);
                  if (editor.dispatch({ type: "entry.add", list: "storages", entry })) added("storages", entry.name, entry.name);
                },
              },
            ],
          }}
        />
      </Fold>
    </>
  );
}
