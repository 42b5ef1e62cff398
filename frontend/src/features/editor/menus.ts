/** Context menus: on the canvas, on steps, on a wire. */

import type { MenuTarget } from "@/canvas/Canvas";
import { t } from "@/i18n/i18n";
import { stepById, type OutputType } from "@/model/document";
import { subgraphOf } from "@/model/groups";
import { isLeftOut } from "@/model/leftOut";
import type { MenuAction, MenuGroup } from "@/ui/Menu";
import type { EditorContextValue } from "./context";
import { groupMenu, makeScene } from "./grouping";
import type { Act } from "./useKeys";

const ARROWS = { left: "←", right: "→", up: "↑", down: "↓" } as const;

export interface MenuDeeds {
  act(wish: Act): void;
  copy(): void;
  cut(): void;
  paste(): void;
  folded(groupId: string): boolean;
  fold(groupId: string, folded: boolean): void;
  search(): void;
  addOutput(stepId: string, type: OutputType): void;
}

export function menuFor(target: MenuTarget, editor: EditorContextValue, deeds: MenuDeeds): MenuGroup[] {
  const { document, selection, readOnly } = editor.store.getState();
  const act = (wish: Act, label: string, keys?: string, more: Partial<MenuAction> = {}): MenuAction => ({
    id: wish,
    label,
    ...(keys !== undefined && { keys }),
    run: () => {
      deeds.act(wish);
    },
    ...more,
  });
  const view: MenuGroup = { id: "view", actions: [act("fit", t("canvas.fit"), "1"), act("selectAll", t("editor.act.selectAll"), "Mod+A")] };
  if (readOnly) return [view];
  if (target.on === "group") return groupMenu(target.id, editor, deeds);
  if (target.on === "edge") return [{ id: "edge", actions: [act("remove", t("canvas.unwire"), "Delete", { danger: true })] }];
  const paste: MenuAction = { id: "paste", label: t("editor.act.paste"), keys: "Mod+V", run: deeds.paste };
  if (target.on !== "step") {
    const add: MenuAction = { id: "search", label: t("editor.palette.search"), keys: "/", run: deeds.search };
    return [{ id: "add", actions: [add, paste] }, { id: "tidy", actions: [act("tidy", t("editor.act.tidy"), "L")] }, view];
  }
  const one = selection.length < 2;
  const step = stepById(document, target.id);
  const ports = editor.kinds.get(step?.kind ?? "")?.outputs;
  const room = ports !== undefined && (ports.at_most === null || (step?.outputs?.length ?? 0) < ports.at_most);
  const outputs = (room ? ports.ports : []).map((port): MenuAction => ({
    id: `output.${port.type}`,
    label: t("editor.act.addOutput", { type: t(`port.${port.carries ?? "metrics"}`) }),
    run: () => {
      deeds.addOutput(target.id, port.type);
    },
  }));
  const chosen = (document.steps ?? []).filter((each) => (selection.includes(each.id) || each.id === target.id) && editor.kinds.get(each.kind)?.skippable === true);
  const skippable = chosen.length > 0;
  const inGroup = selection.some((id) => subgraphOf(document, stepById(document, id)?.name ?? "") !== undefined);
  const groups: MenuGroup[] = [
    { id: "step", actions: one ? [act("open", t("editor.act.open"), "Enter"), act("rename", t("action.rename"), "F2"), act("connect", t("editor.act.connect"), "C")] : [act("tidy", t("editor.act.tidySelection"), "L")] },
    { id: "outputs", actions: one ? outputs : [] },
    {
      id: "clipboard",
      actions: [
        { id: "copy", label: t("editor.act.copy"), keys: "Mod+C", run: deeds.copy },
        { id: "cut", label: t("editor.act.cut"), keys: "Mod+X", run: deeds.cut },
        paste,
        act("duplicate", t("action.duplicate"), "Mod+D"),
      ],
    },
    {
      id: "group",
      actions: [
        act("group", t("editor.act.group"), "Mod+G"),
        ...(inGroup ? [act("ungroup", t("editor.act.ungroup"), "Mod+Shift+G")] : []),
        ...(skippable ? [act("leaveOut", t(chosen.every(isLeftOut) ? "editor.act.takeIn" : "editor.act.leaveOut"), "D")] : []),
        { id: "scene", label: t("editor.act.scene"), run: () => { makeScene(editor); } },
      ],
    },
    ...(one ? [] : [{ id: "align", actions: (["left", "right", "up", "down"] as const).map((side) => act(`align:${side}`, t(`editor.act.align.${side}`), `Alt+${ARROWS[side]}`)) }]),
    { id: "remove", actions: [act("removeHealed", t("editor.act.heal"), "Mod+Delete"), act("remove", t("action.delete"), "Delete", { danger: true })] },
  ];
  return groups.filter((group) => group.actions.length > 0);
}
