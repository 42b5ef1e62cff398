/** Groups and scenes of what is selected, and lining it up. Each is one undo step. */

import { placeOfStep } from "@/canvas/convert";
import { groupNodeId, groupOfNode } from "@/canvas/folding";
import { t } from "@/i18n/i18n";
import type { Position } from "@/model/document";
import { groupById, grouping, membersOf, subgraphOf, ungrouping, type GroupList } from "@/model/groups";
import type { MenuAction, MenuGroup } from "@/ui/Menu";
import { toast } from "@/ui/Toast";
import type { EditorContextValue } from "./context";

type Editing = Pick<EditorContextValue, "store" | "dispatch" | "select" | "newId" | "kinds" | "reveal">;

/** The id of the new group, which is then selected. */
export function groupSelected(editing: Editing): string | null {
  const { document, selection } = editing.store.getState();
  const id = editing.newId();
  const command = grouping(document, "subgraphs", selection, id, t("editor.group.word"));
  if (command === null || !editing.dispatch(command)) return null;
  editing.select([], [groupNodeId(id)]);
  return id;
}

/** Of the selected group, or of the groups in which the selected steps are. */
export function ungroupSelected(editing: Editing): boolean {
  const { document, selection, others } = editing.store.getState();
  const chosen = new Set(others.flatMap((id) => groupOfNode(id) ?? []));
  for (const step of document.steps ?? []) if (selection.includes(step.id)) chosen.add(subgraphOf(document, step.name)?.id ?? "");
  const ids = [...chosen].filter((id) => groupById(document, "subgraphs", id) !== undefined);
  if (ids.length === 0) return false;
  const steps = ids.flatMap((id) => membersOf(document, groupById(document, "subgraphs", id) ?? { id, name: "" }).map((step) => step.id));
  return editing.dispatch({ type: "batch", commands: ids.map((id) => ungrouping("subgraphs", id)), label: "subgraphs.remove" }, { select: selection.length > 0 ? selection : steps });
}

/** A scene of the selected steps; it is found where the workflow itself is shown. */
export function makeScene(editing: Editing): string | null {
  const { document, selection } = editing.store.getState();
  const id = editing.newId();
  const command = grouping(document, "scenes", selection, id, t("editor.scene.word"));
  if (command === null || !editing.dispatch(command)) return null;
  openEntry(editing, "scenes", id);
  return id;
}

/** Shows an entry of the panel of the workflow. */
export function openEntry(editing: Editing, list: GroupList, id: string): void {
  editing.select([]);
  editing.reveal({ stepId: null, path: `/placeholder/${list}:${id}`, focus: true });
}

interface Folds {
  folded(groupId: string): boolean;
  fold(groupId: string, folded: boolean): void;
}

export function groupMenu(id: string, editing: EditorContextValue, folds: Folds): MenuGroup[] {
  const { document, readOnly } = editing.store.getState();
  const group = groupById(document, "subgraphs", id);
  if (group === undefined) return [];
  const steps = membersOf(document, group).map((step) => step.id);
  const closed = folds.folded(id);
  const view: MenuAction[] = [
    { id: "fold", label: t(closed ? "editor.act.unfold" : "editor.act.fold"), keys: "Enter", run: () => { folds.fold(id, !closed); } },
    { id: "select", label: t("editor.act.selectGroup"), run: () => { folds.fold(id, false); editing.select(steps); } },
  ];
  if (readOnly) return [{ id: "view", actions: view }];
  return [
    { id: "view", actions: view },
    {
      id: "edit",
      actions: [
        { id: "rename", label: t("action.rename"), keys: "F2", run: () => { renameGroup(editing, id); } },
        { id: "ungroup", label: t("editor.act.ungroup"), keys: "Mod+Shift+G", run: () => { editing.dispatch(ungrouping("subgraphs", id), { select: steps }); } },
      ],
    },
    {
      id: "remove",
      actions: [
        {
          id: "removeAll",
          label: t("editor.act.removeGroup"),
          danger: true,
          run: () => {
            editing.dispatch({ type: "batch", commands: [{ type: "step.remove", ids: steps }, ungrouping("subgraphs", id)], label: "step.remove" }, { select: [] });
            toast(t("editor.group.removed", { name: group.name }), { label: t("action.undo"), run: () => { editing.undo(); } });
          },
        },
      ],
    },
  ];
}

/** Its panel has the name; the name takes the focus. */
export function renameGroup(editing: Editing, id: string): void {
  editing.select([], [groupNodeId(id)]);
  editing.reveal({ stepId: null, path: "/group/name", focus: true });
}

export type AlignTo = "left" | "right" | "up" | "down";

/** Several steps along the side of the outermost. */
export function alignSelected(editing: Editing, to: AlignTo): boolean {
  const { document, selection } = editing.store.getState();
  const places = selection.flatMap((id) => {
    const place = placeOfStep(editing.kinds, document, id);
    return place === null ? [] : [{ id, ...place }];
  });
  if (places.length < 2) return false;
  const edge = {
    left: Math.min(...places.map((each) => each.x)),
    right: Math.max(...places.map((each) => each.x + each.width)),
    up: Math.min(...places.map((each) => each.y)),
    down: Math.max(...places.map((each) => each.y + each.height)),
  }[to];
  const at = (each: (typeof places)[number]): Position => {
    if (to === "left") return { x: edge, y: each.y };
    if (to === "right") return { x: edge - each.width, y: each.y };
    return to === "up" ? { x: each.x, y: edge } : { x: each.x, y: edge - each.height };
  };
  return editing.dispatch({ type: "batch", commands: [{ type: "step.move", positions: Object.fromEntries(places.map((each) => [each.id, at(each)])) }], label: "align" });
}
