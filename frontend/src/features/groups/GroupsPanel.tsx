/** The scenes, or the subgraphs, of the workflow, below what a run asks for. */

import { Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { groupNodeId } from "@/canvas/folding";
import { useEditor, useEditorState } from "@/features/editor/context";
import { EntryList, type Row } from "@/features/placeholders/EntryList";
import { requestRun, useMayRun } from "@/features/runform/request";
import { useSpotlight } from "@/features/runform/spotlight";
import { Fold } from "@/forms/Fold";
import { formatNumber, t } from "@/i18n/i18n";
import type { Group } from "@/model/document";
import { membersOf, ungrouping, type GroupList } from "@/model/groups";
import { Button } from "@/ui/Button";
import { Switch } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import { GroupFields } from "./GroupFields";
import styles from "./Groups.module.css";
import { Members } from "./members";

export function GroupsPanel({ list }: { readonly list: GroupList }) {
  const editor = useEditor();
  const document = useEditorState((state) => state.document);
  const problems = useEditorState((state) => state.problems);
  const readOnly = useEditorState((state) => state.readOnly);
  const [open, setOpen] = useState<string | null>(null);
  const groups = document[list] ?? [];
  const rowOf = (group: Group): Row => {
    const wrongs = problems.filter((problem) => problem.list === list && problem.entry === group.id);
    return {
      key: `${list}:${group.id}`,
      place: `${list}:${group.id}`,
      name: group.name,
      note: group.description ?? "",
      uses: 1,
      said: t("canvas.group.steps", { count: membersOf(document, group).length }),
      wrong: wrongs.some((each) => each.severity === "error"),
      body: () => (
        <>
          <GroupFields list={list} group={group} problems={wrongs} readOnly={readOnly} />
          <Members list={list} group={group} readOnly={readOnly} />
          {list === "scenes" && <Spotlit scene={group} />}
          {list === "subgraphs" && <Folding id={group.id} />}
          <div className={styles.deeds}>
            {list === "scenes" && <RunScene name={group.name} />}
            {!readOnly && <Remove list={list} group={group} />}
          </div>
        </>
      ),
    };
  };
  return (
    <Fold id={list} title={t(`groups.${list}`)} open={groups.length > 0} summary={formatNumber(groups.length)}>
      <EntryList
        chip={false}
        label={t(`groups.${list}`)}
        empty={t(`groups.${list}.empty`)}
        rows={groups.map(rowOf)}
        open={open}
        onOpen={setOpen}
        readOnly={readOnly}
        onMove={(key, to) => {
          editor.dispatch({ type: "entry.move", list, key: key.slice(list.length + 1), to });
        }}
        add={{
          label: t(`groups.${list}.add`),
          actions: [
            {
              id: list,
              label: t(`groups.${list}.add`),
              run: () => {
                const id = editor.newId();
                const word = t(list === "scenes" ? "editor.scene.word" : "editor.group.word");
                const taken = new Set(groups.map((each) => each.name));
                let name = word;
                for (let count = 2; taken.has(name); count += 1) name = `${word} ${String(count)}`;
                if (editor.dispatch({ type: "batch", commands: [{ type: "entry.add", list, entry: { id, name, steps: [] } }], label: `${list}.add` })) setOpen(`${list}:${id}`);
              },
            },
          ],
        }}
      />
    </Fold>
  );
}

export function Folding({ id }: { readonly id: string }) {
  const editor = useEditor();
  const folded = useEditorState((state) => state.document.layout?.folded?.[id] === true);
  const readOnly = useEditorState((state) => state.readOnly);
  return (
    <Switch
      isSelected={folded}
      isDisabled={readOnly}
      onChange={(closed) => {
        editor.dispatch({ type: "layout.fold", id, folded: closed });
      }}
    >
      {t("groups.folded")}
    </Switch>
  );
}

/** While a scene is open its steps stand out on the canvas. */
function Spotlit({ scene }: { readonly scene: Group }) {
  useSpotlight("scene", scene);
  return null;
}

/** A scene is off until somebody chooses it for a run. */
function RunScene({ name }: { readonly name: string }) {
  if (!useMayRun()) return null;
  return (
    <Button
      small
      icon={<Play size={13} />}
      data-testid="run-scene"
      onPress={() => {
        requestRun({ steps: [], mode: "only", reuse: true, scene: name });
      }}
    >
      {t("groups.run")}
    </Button>
  );
}

export function Remove({ list, group }: { readonly list: GroupList; readonly group: Group }) {
  const editor = useEditor();
  const remove = (): void => {
    const { document, others } = editor.store.getState();
    const steps = others.includes(groupNodeId(group.id)) ? { select: membersOf(document, group).map((step) => step.id) } : {};
    if (!editor.dispatch(ungrouping(list, group.id), steps)) return;
    toast(t(`groups.${list}.removed`, { name: group.name }), {
      label: t("action.undo"),
      run: () => {
        editor.undo();
      },
    });
  };
  return (
    <Button small look="quiet" icon={<Trash2 size={14} />} data-testid="remove-group" onPress={remove}>
      {t(`groups.${list}.remove`)}
    </Button>
  );
}
