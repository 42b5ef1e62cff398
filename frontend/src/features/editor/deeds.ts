/** What a wish, by key or from a menu, does. Reads what is selected when it happens, not when it was drawn. */

import type { CanvasHandle } from "@/canvas/handle";
import type { Position } from "@/model/document";
import { groupOfNode } from "@/canvas/folding";
import * as actions from "./actions";
import * as grouping from "./grouping";
import type { EditorContextValue } from "./context";
import type { Holder } from "./holder";
import { neighbour, type Direction } from "./roving";
import type { Act } from "./useKeys";

export interface DeedsOptions {
  readonly editor: EditorContextValue;
  readonly canvas: Holder<CanvasHandle | null>;
  /** The node that has, or had last, the focus. */
  readonly focused: Holder<string | null>;
  readonly open: (what: "rename" | "connect" | "menu", stepId: string) => void;
  readonly help: () => void;
  readonly find: () => void;
  readonly outline: () => void;
  readonly inspect: (stepId: string) => void;
}

const STEPS: Readonly<Record<string, readonly [number, number] | undefined>> = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };

export interface Deeds {
  /** False when there was nothing to do. */
  act(wish: Act): boolean;
  focusStep(id: string): void;
}

export function createDeeds({ editor, canvas, focused, open, help, find, outline, inspect }: DeedsOptions): Deeds {
  const { store, select } = editor;
  const state = () => store.getState();
  /** Keys and menus are about the selected step, or the one that has the focus. */
  const subject = (): string | null => {
    const { selection, document } = state();
    if (selection.length > 1) return null;
    const id = selection[0] ?? focused.get();
    return document.steps?.some((step) => step.id === id) ? id : null;
  };
  const focusStep = (id: string): void => {
    focused.set(id);
    canvas.get()?.show(id);
    canvas.get()?.focusStep(id, true);
  };
  const always = (deed: () => void) => (): boolean => {
    deed();
    return true;
  };
  const onCanvas = (deed: (handle: CanvasHandle) => void) => (): boolean => {
    const handle = canvas.get();
    if (handle === null) return false;
    deed(handle);
    return true;
  };
  const onSubject = (deed: (id: string) => void) => (): boolean => {
    const id = subject();
    if (id === null) return false;
    deed(id);
    return true;
  };
  const chosen = (): boolean => state().selection.length + state().others.length > 0;
  const editable = (deed: () => boolean) => (): boolean => !state().readOnly && deed();
  const remove = (heal: boolean) =>
    editable(() => {
      if (!chosen()) return false;
      actions.removeSelected(editor, canvas.get(), heal);
      return true;
    });

  function go(direction: Direction): boolean {
    const graph = canvas.get()?.graph();
    const place = (id: string): Position => graph?.nodes.find((node) => node.id === id)?.position ?? { x: 0, y: 0 };
    const id = nextSeen(direction, place, new Set(graph?.nodes.map((node) => node.id)));
    if (id === null) return false;
    select([id]);
    focusStep(id);
    return true;
  }

  /** What lies inside of a folded group is passed over. */
  function nextSeen(direction: Direction, place: (id: string) => Position, seen: ReadonlySet<string>): string | null {
    const { document } = state();
    let id = neighbour(document, subject(), direction, place);
    const tried = new Set<string>();
    while (id !== null && !seen.has(id) && !tried.has(id)) {
      tried.add(id);
      id = neighbour(document, id, direction === "first" ? "right" : direction === "last" ? "left" : direction, place);
    }
    return id !== null && seen.has(id) ? id : null;
  }

  function nudge(direction: string, far: number): boolean {
    const [x, y] = STEPS[direction] ?? [0, 0];
    if (state().selection.length === 0) return false;
    actions.nudge(editor, x * far, y * far);
    return true;
  }

  function toggle(): boolean {
    const id = focused.get();
    if (id === null) return false;
    const { selection } = state();
    select(selection.includes(id) ? selection.filter((each) => each !== id) : [...selection, id]);
    return true;
  }

  const renameStep = onSubject((id) => {
    open("rename", id);
  });
  function renameSelectedGroup(): boolean {
    const { selection, others } = state();
    const id = selection.length === 0 && others.length === 1 ? groupOfNode(others[0] ?? "") : null;
    if (id === null) return false;
    grouping.renameGroup(editor, id);
    return true;
  }
  const openStep = onSubject((id) => {
    select([id]);
    inspect(id);
  });
  /** A selected group: Enter folds and unfolds it. */
  function openGroup(): boolean {
    const { selection, others } = state();
    const id = selection.length === 0 && others.length === 1 ? groupOfNode(others[0] ?? "") : null;
    const node = id === null ? undefined : canvas.get()?.graph().nodes.find((each) => each.id === others[0]);
    if (id === null || node?.type !== "subgraph") return false;
    canvas.get()?.fold(id, !node.data.folded);
    return true;
  }

  const deeds: Readonly<Partial<Record<Act, () => boolean>>> = {
    undo: always(editor.undo),
    redo: always(editor.redo),
    save: always(() => void editor.flush()),
    selectAll: always(() => {
      actions.selectAll(editor);
    }),
    duplicate: editable(
      always(() => {
        actions.duplicate(editor);
      }),
    ),
    remove: remove(false),
    removeHealed: remove(true),
    rename: editable(() => renameSelectedGroup() || renameStep()),
    connect: editable(
      onSubject((id) => {
        open("connect", id);
      }),
    ),
    leaveOut: editable(() => {
      const id = subject();
      if (state().selection.length === 0 && id !== null) select([id]);
      return actions.toggleLeftOut(editor);
    }),
    selectBefore: () => actions.selectFlow(editor, "before"),
    selectAfter: () => actions.selectFlow(editor, "after"),
    outline: always(outline),
    menu: onSubject((id) => {
      if (state().selection.length === 0) select([id]);
      open("menu", id);
    }),
    group: editable(() => grouping.groupSelected(editor) !== null),
    ungroup: editable(() => grouping.ungroupSelected(editor)),
    find: always(find),
    help: always(help),
    tidy: editable(onCanvas((handle) => void actions.tidyUp(editor, handle))),
    open: () => openGroup() || openStep(),
    toggle,
    escape: () => {
      const had = chosen();
      select([]);
      return had;
    },
    fit: onCanvas((handle) => {
      handle.fit();
    }),
    fitSelection: onCanvas((handle) => {
      handle.fit(state().selection);
    }),
    zoomReset: onCanvas((handle) => {
      handle.zoomReset();
    }),
    zoomIn: onCanvas((handle) => {
      handle.zoomIn();
    }),
    zoomOut: onCanvas((handle) => {
      handle.zoomOut();
    }),
    toolSelect: onCanvas((handle) => {
      handle.tool("select");
    }),
    toolHand: onCanvas((handle) => {
      handle.tool("hand");
    }),
  };

  return {
    focusStep,
    act(wish) {
      if (wish.startsWith("go:")) return go(wish.slice(3) as Direction);
      if (wish.startsWith("nudge:")) {
        const [, direction = "", far = "8"] = wish.split(":");
        return !state().readOnly && nudge(direction, Number(far));
      }
      if (wish.startsWith("align:")) return !state().readOnly && grouping.alignSelected(editor, wish.slice(6) as grouping.AlignTo);
      return deeds[wish]?.() ?? false;
    },
  };
}
