/** The canvas with everything that can be done on it: by pointer, by keys, by menus. */

import { Copy, Keyboard, LayoutGrid, MousePointerClick, Pencil, Trash2 } from "lucide-react";
import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { ApiError } from "@/api/client";
import { Canvas, type MenuTarget } from "@/canvas/Canvas";
import { groupNodeId } from "@/canvas/folding";
import type { CanvasHandle } from "@/canvas/handle";
import { kindTitle } from "@/canvas/kindWords";
import type { StepStates } from "@/canvas/slots";
import type { Spot } from "@/canvas/Spotlight";
import type { Point, WireDrop } from "@/canvas/useWires";
import { isPlain, readFile, type Incoming } from "@/features/transfer/file";
import { t, useLanguage } from "@/i18n/i18n";
import type { Position, WorkflowDocument } from "@/model/document";
import type { StepKind } from "@/model/ports";
import { toData } from "@/model/references";
import { Button, IconButton } from "@/ui/Button";
import { MenuAt, type MenuGroup } from "@/ui/Menu";
import { toastProblem } from "@/ui/Toast";
import * as actions from "./actions";
import { useChosenFile } from "./chosenFile";
import { useDocument, useEditor, useEditorState } from "./context";
import { menuFor } from "./menus";
import { newDataFor } from "./create";
import { createDeeds } from "./deeds";
import { useHolder, type Holder } from "./holder";
import { QuickSearch, type Choice } from "./QuickSearch";
import { RenameDialog } from "./RenameDialog";
import { readingOrder } from "./roving";
import type { EditorSlots } from "./slots";
import styles from "./EditorPage.module.css";
import { useClipboard } from "./useClipboard";
import { useFileDrop } from "./useFileDrop";
import { useKeys } from "./useKeys";
import { useNodeProblems } from "./useNodeProblems";

const ConnectDialog = lazy(async () => ({ default: (await import("./ConnectDialog")).ConnectDialog }));
const Shortcuts = lazy(async () => ({ default: (await import("./Shortcuts")).Shortcuts }));
const DropDialog = lazy(async () => ({ default: (await import("./DropDialog")).DropDialog }));

interface Props {
  readonly slots: EditorSlots;
  readonly canvas: Holder<CanvasHandle | null>;
  readonly onFind: () => void;
  readonly onOutline: () => void;
  readonly onInspect: (stepId: string) => void;
}

type Opened =
  | { readonly kind: "search"; readonly screen: Point; readonly place: Position; readonly drop: WireDrop | null }
  | { readonly kind: "menu"; readonly groups: readonly MenuGroup[]; readonly screen: Point }
  | { readonly kind: "rename" | "connect"; readonly stepId: string }
  | { readonly kind: "dropped"; readonly incoming: Incoming; readonly place: Position }
  | { readonly kind: "shortcuts" };

/** The slots never change while a page is open, so this calls the same hook each time. */
function useStates({ useStates: useGiven = useNothing }: EditorSlots): StepStates | null {
  return useGiven();
}
function useSpot({ useSpot: useGiven = useNothing }: EditorSlots): Spot | null {
  return useGiven();
}
const useNothing = (): null => null;

export function EditorCanvas({ slots, canvas, onFind, onOutline, onInspect }: Props) {
  useLanguage();
  const editor = useEditor();
  const { store, kinds, dispatch, select } = editor;
  const document = useDocument();
  const selection = useEditorState((state) => state.selection);
  const others = useEditorState((state) => state.others);
  const readOnly = useEditorState((state) => state.readOnly);
  const problems = useNodeProblems();
  const states = useStates(slots);
  const spot = useSpot(slots);
  const [opened, setOpened] = useState<Opened | null>(null);
  const pointer = useHolder<Point | null>(null);
  const held = useHolder("");
  const focused = useHolder<string | null>(null);
  useReveal(canvas);
  useTabStop(canvas, focused);
  const ready = useHolder(false);
  const arrived = useCallback(
    (handle: CanvasHandle | null): void => {
      canvas.set(handle);
      const stop = focused.get();
      if (ready.get() || handle === null || stop === null) return;
      ready.set(true);
      handle.focusStep(stop, false);
    },
    [canvas, focused, ready],
  );

  const close = useCallback(() => {
    setOpened(null);
  }, []);
  const openMenu = (target: MenuTarget, screen: Point, place: Point): void => {
    if (target.on === "step" && !store.getState().selection.includes(target.id)) select([target.id]);
    if (target.on === "edge") select([], [target.id]);
    if (target.on === "group") select([], [groupNodeId(target.id)]);
    const groups = menuFor(target, editor, {
      act: (wish) => {
        deeds.act(wish);
      },
      copy: () => void navigator.clipboard?.writeText(copy() ?? "").catch(() => undefined),
      cut: () => {
        copy();
        deeds.act("remove");
      },
      paste: () => {
        actions.pasteText(editor, held.get(), place);
      },
      folded: (id) => canvas.get()?.folded(id) ?? false,
      fold: (id, closed) => {
        canvas.get()?.fold(id, closed);
      },
      search: () => {
        setOpened({ kind: "search", screen, place, drop: null });
      },
      addOutput: (id, type) => {
        actions.addOutput(editor, id, type);
      },
    });
    setOpened({ kind: "menu", groups, screen });
  };
  const deeds = createDeeds({
    editor,
    canvas,
    focused,
    find: onFind,
    outline: onOutline,
    inspect: onInspect,
    help: () => {
      setOpened({ kind: "shortcuts" });
    },
    open: (what, stepId) => {
      if (what !== "menu") {
        setOpened({ kind: what, stepId });
        return;
      }
      const box = window.document.querySelector(`[data-step-id="${CSS.escape(stepId)}"]`)?.getBoundingClientRect() ?? new DOMRect();
      const screen = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
      openMenu({ on: "step", id: stepId }, screen, canvas.get()?.toPlace(screen) ?? { x: 0, y: 0 });
    },
  });

  const add = (kind: StepKind, position: Position, more: Partial<actions.Adding> = {}): void => {
    const id = actions.addStep(editor, { kind, title: kindTitle(kinds, kind.name), position: actions.snapped(position), ...more });
    requestAnimationFrame(() => {
      deeds.focusStep(id);
    });
  };

  const choose = (choice: Choice): void => {
    if (opened?.kind !== "search") return;
    const { drop, place } = opened;
    setOpened(null);
    if ("kind" in choice) {
      const width = drop !== null && !drop.wiring.forwards ? 240 : 0;
      add(choice.kind, { x: place.x - width, y: place.y - 24 }, { wire: drop?.start ?? null });
      return;
    }
    if (drop === null || drop.wiring.role.role !== "input") return;
    const { stepId } = drop.start;
    const { entry, commands } = "data" in choice ? { entry: choice.data, commands: [] } : newDataFor(document, editor.newId(), drop.wiring.role.name);
    dispatch({ type: "batch", commands: [...commands, { type: "input.connect", id: stepId, input: drop.wiring.role.name, data: toData(entry.name) }], label: "input.connect" }, { select: [stepId] });
  };

  const pastePlace = (): Position => {
    const at = pointer.get();
    return actions.snapped((at === null ? canvas.get()?.middle() : canvas.get()?.toPlace(at)) ?? { x: 0, y: 0 });
  };
  const copy = (): string | null => {
    const text = actions.copyText(editor);
    if (text !== null) held.set(text);
    return text;
  };
  useClipboard({
    copy,
    cut: () => {
      deeds.act("remove");
    },
    paste: (text) => !readOnly && actions.pasteText(editor, text, pastePlace()),
  });
  useKeys(deeds.act);
  const takeFile = async (file: File, screen: Point): Promise<void> => {
    const place = canvas.get()?.toPlace(screen) ?? { x: 0, y: 0 };
    if (actions.pasteText(editor, await file.text(), place)) return;
    try {
      const incoming = await readFile(file);
      const found = isPlain(incoming) ? actions.asDocument(incoming.document) : null;
      // On an empty canvas there is nothing to ask about, as long as nothing is lost.
      if (found === null || (store.getState().document.steps?.length ?? 0) > 0) setOpened({ kind: "dropped", incoming, place });
      else bringIn(found);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toastProblem(error.problem);
    }
  };
  const bringIn = (found: WorkflowDocument): void => {
    actions.replaceWith(editor, found);
    requestAnimationFrame(() => {
      canvas.get()?.fit();
    });
  };
  const dropping = useFileDrop(!readOnly, (file, screen) => void takeFile(file, screen));
  useChosenFile((file) => void takeFile(file, { x: innerWidth / 2, y: innerHeight / 2 }));

  const { StepActions } = slots;
  return (
    <div
      className={styles.canvas}
      {...dropping.handlers}
      data-dropping={dropping.over || undefined}
      onPointerMove={(event) => {
        pointer.set({ x: event.clientX, y: event.clientY });
      }}
      onPointerLeave={() => {
        pointer.set(null);
      }}
    >
      <Canvas
        document={document}
        kinds={kinds}
        label={t("canvas.label", { name: document.name })}
        selection={selection}
        others={others}
        onSelect={select}
        readOnly={readOnly}
        states={states}
        spot={spot}
        problems={problems}
        Chart={slots.Chart ?? null}
        Note={slots.Note ?? null}
        handle={arrived}
        onCommand={(command, chosen) => {
          dispatch(command, chosen === undefined ? {} : { select: chosen });
        }}
        onCopy={(ids, by) => {
          actions.copyTo(editor, ids, by);
        }}
        onWireDrop={(drop) => {
          setOpened({ kind: "search", screen: drop.screen, place: drop.place, drop });
        }}
        onSearch={(screen, place) => {
          setOpened({ kind: "search", screen, place, drop: null });
        }}
        onOpen={onInspect}
        onMenu={openMenu}
        onProblem={(id) => {
          const found = store.getState().problems.find((problem) => problem.entry === id);
          select([id]);
          editor.reveal({ stepId: id, path: found?.path ?? "", focus: true });
        }}
        onFocus={(id) => {
          focused.set(id);
          canvas.get()?.focusStep(id, false);
        }}
        toolbar={
          readOnly
            ? null
            : (id) =>
                selection.length === 1 && (
                  <div role="toolbar" aria-label={t("editor.stepTools")} className={styles.stepTools} data-testid="step-tools">
                    {StepActions !== undefined && <StepActions stepId={id} />}
                    <IconButton small label={t("action.rename")} keys="F2" icon={<Pencil size={15} />} onPress={() => { deeds.act("rename"); }} />
                    <IconButton small label={t("action.duplicate")} keys="Mod+D" icon={<Copy size={15} />} onPress={() => { actions.duplicate(editor); }} />
                    <IconButton small label={t("action.delete")} keys="Delete" icon={<Trash2 size={15} />} onPress={() => { deeds.act("remove"); }} />
                  </div>
                )
        }
        tools={
          <>
            {!readOnly && <Button look="quiet" className={styles.tidy ?? ""} data-testid="tidy" icon={<LayoutGrid size={16} />} onPress={() => { deeds.act("tidy"); }}>{t("editor.act.tidy")}</Button>}
            <IconButton label={t("editor.keys.title")} keys="?" icon={<Keyboard size={16} />} onPress={() => { deeds.act("help"); }} />
          </>
        }
      />
      {!readOnly && (document.steps ?? []).length === 0 && opened === null && (
        <div className={styles.invitation} data-testid="empty-canvas">
          <MousePointerClick size={22} aria-hidden="true" />
          <p className={styles.invitationTitle}>{t("editor.empty.title")}</p>
          <p>{t("editor.empty.text")}</p>
        </div>
      )}
      {opened?.kind === "search" && <QuickSearch at={opened.screen} wiring={opened.drop?.wiring ?? null} onChoose={choose} onClose={close} />}
      {opened?.kind === "menu" && <MenuAt label={t("action.more")} at={opened.screen} onClose={close} groups={opened.groups} />}
      {opened?.kind === "rename" && <RenameDialog stepId={opened.stepId} onClose={close} />}
      {opened?.kind === "connect" && (
        <Suspense fallback={null}>
          <ConnectDialog stepId={opened.stepId} onClose={close} />
        </Suspense>
      )}
      {dropping.over && <div className={styles.dropping}>{t("editor.drop.here")}</div>}
      {opened?.kind === "dropped" && (
        <Suspense fallback={null}>
          <DropDialog
            incoming={opened.incoming}
            onReplace={(found) => {
              close();
              bringIn(found);
            }}
            onAdd={(found) => {
              close();
              actions.addAll(editor, found, opened.place);
            }}
            onClose={close}
          />
        </Suspense>
      )}
      {opened?.kind === "shortcuts" && (
        <Suspense fallback={null}>
          <Shortcuts onClose={close} />
        </Suspense>
      )}
    </div>
  );
}

/** Undo, a problem's row, a search: somebody wants to see a step. */
function useReveal(canvas: Holder<CanvasHandle | null>): void {
  const reveal = useEditorState((state) => state.reveal);
  useEffect(() => {
    if (reveal === null || reveal.stepId === null) return;
    const { stepId } = reveal;
    // It may lie inside of a folded group: that opens first.
    if (canvas.get()?.unhide(stepId) === true) requestAnimationFrame(() => canvas.get()?.show(stepId));
    else canvas.get()?.show(stepId);
  }, [canvas, reveal]);
}

/** There is always exactly one node that the Tab key reaches: the one that had the focus, or the first that runs. */
function useTabStop(canvas: Holder<CanvasHandle | null>, focused: Holder<string | null>): void {
  const steps = useEditorState((state) => state.document.steps);
  const { store } = useEditor();
  useEffect(() => {
    const known = steps?.some((step) => step.id === focused.get()) ?? false;
    if (!known) focused.set(readingOrder(store.getState().document)[0] ?? null);
    const id = focused.get();
    if (id !== null && !known) canvas.get()?.focusStep(id, false);
  }, [canvas, focused, steps, store]);
}
