/** What keys, menus and buttons do to the editor. Each is one undo step. */

import type { CanvasHandle } from "@/canvas/handle";
import { inserting, startWiring, unwiring, type WireStart } from "@/canvas/wiring";
import type { WireData } from "@/canvas/convert";
import { placeOfStep } from "@/canvas/convert";
import { unfolded } from "@/canvas/folding";
import { GRID, NODE_WIDTH } from "@/canvas/geometry";
import { asText, copied, fromText, planPaste } from "@/model/clipboard";
import { execute, type Command } from "@/model/commands";
import { SCHEMA, stepById, type OutputType, type Position, type WorkflowDocument } from "@/model/document";
import { ancestors, descendants, graphOf } from "@/model/graph";
import { isList, isObject, type Json } from "@/model/json";
import { placeBeside } from "@/model/layout";
import { isLeftOut, leavingOut } from "@/model/leftOut";
import { removalWithHealing, type StepKind } from "@/model/ports";
import type { EditorContextValue } from "./context";
import { makeOutput, makeStep } from "./create";
import { tidied, tidyRequest, type TidyRequest } from "./tidy";

export const snap = (value: number): number => Math.round(value / GRID) * GRID;
export const snapped = ({ x, y }: Position): Position => ({ x: snap(x), y: snap(y) });
const NEW_HEIGHT = 128;

type Editing = Pick<EditorContextValue, "store" | "dispatch" | "select" | "newId" | "kinds">;

/** Where a step goes that nobody placed: beside the selected one, or in the middle of what is seen. */
export function placeForNew(editing: Editing, canvas: CanvasHandle | null): Position {
  const { document, selection } = editing.store.getState();
  const places = (document.steps ?? []).flatMap((step) => placeOfStep(editing.kinds, document, step.id) ?? []);
  const beside = selection.length === 1 ? placeOfStep(editing.kinds, document, selection[0] as string) : null;
  const size = { width: NODE_WIDTH, height: NEW_HEIGHT };
  if (beside !== null) return snapped(placeBeside(beside, size, places));
  const middle = canvas?.middle() ?? { x: 0, y: 0 };
  return snapped(placeBeside({ x: middle.x - NODE_WIDTH * 1.5, y: middle.y - NEW_HEIGHT / 2, width: NODE_WIDTH }, size, places, 0));
}

export interface Adding {
  readonly kind: StepKind;
  readonly title: string;
  readonly position: Position;
  /** The new step goes into this wire, where it fits. */
  readonly into?: WireData | null;
  /** The new step is connected to this port. */
  readonly wire?: WireStart | null;
}

export function addStep(editing: Editing, { kind, title, position, into = null, wire = null }: Adding): string {
  const { document } = editing.store.getState();
  const id = editing.newId();
  const { step, commands } = makeStep(document, kind, title, id, position);
  const after = execute(document, { type: "batch", commands }).document;
  const more: Command[] = [];
  if (into !== null) more.push(...(inserting(editing.kinds, after, into, step) ?? []));
  const connect = wire === null ? null : (startWiring(editing.kinds, after, wire)?.command(id, null) ?? null);
  if (connect !== null) more.push(connect);
  editing.dispatch({ type: "batch", commands: [...commands, ...more], label: "step.add" }, { select: [id] });
  return id;
}

export function addOutput(editing: Editing, stepId: string, type: OutputType): void {
  const { document } = editing.store.getState();
  const step = stepById(document, stepId);
  const kind = editing.kinds.get(step?.kind ?? "");
  if (step !== undefined && kind !== undefined) editing.dispatch(makeOutput(document, kind, step, type));
}

/** Selected steps go, or the selected wires; with `heal`, what came before them is joined to what comes after. */
export function removeSelected(editing: Editing, canvas: CanvasHandle | null, heal: boolean): void {
  const { document, selection, others } = editing.store.getState();
  const commands: Command[] = [];
  let current = document;
  const then = (command: Command | null): void => {
    if (command === null) return;
    commands.push(command);
    current = execute(current, command).document;
  };
  for (const edge of canvas?.graph().edges ?? []) {
    const gone = selection.includes(edge.data?.from ?? "") || selection.includes(edge.data?.to ?? "");
    if (!gone && edge.data !== undefined && others.includes(edge.id)) then(unwiring(current, edge.data));
  }
  if (heal) for (const id of selection) then(removalWithHealing(editing.kinds, current, id));
  else if (selection.length > 0) then({ type: "step.remove", ids: selection });
  if (commands.length === 0) return;
  editing.dispatch({ type: "batch", commands, label: selection.length > 0 ? "step.remove" : "input.disconnect" }, { select: [] });
}

export function selectAll(editing: Editing): void {
  editing.select((editing.store.getState().document.steps ?? []).map((step) => step.id));
}

export function copyText(editing: Editing): string | null {
  const { document, selection } = editing.store.getState();
  return selection.length === 0 ? null : asText(copied(document, selection));
}

/** False when the text is no copy of steps. */
export function pasteText(editing: Editing, text: string, at: Position): boolean {
  const fragment = fromText(text);
  if (fragment === null || fragment.steps.length === 0) return false;
  const planned = planPaste(editing.store.getState().document, fragment, { at: snapped(at), newId: editing.newId, keepIncoming: true });
  return editing.dispatch({ type: "paste", fragment: planned }, { select: planned.steps.map((step) => step.id) });
}

export function duplicate(editing: Editing): void {
  copyTo(editing, editing.store.getState().selection, { x: 4 * GRID, y: 4 * GRID });
}

/** A whole document instead of what is here, under the name that is here; one undo step brings everything back. */
export function replaceWith(editing: Editing, document: WorkflowDocument): void {
  const { name } = editing.store.getState().document;
  editing.dispatch({ type: "batch", commands: [{ type: "document.replace", document: { ...document, name } }], label: "import" }, { select: [] });
}

/** The steps of another document beside those that are here. */
export function addAll(editing: Editing, from: WorkflowDocument, at: Position): void {
  const fragment = copied(from, (from.steps ?? []).map((step) => step.id));
  const planned = planPaste(editing.store.getState().document, fragment, { at: snapped(at), newId: editing.newId, keepIncoming: false });
  editing.dispatch({ type: "batch", commands: [{ type: "paste", fragment: planned }], label: "import" }, { select: planned.steps.map((step) => step.id) });
}

/** A workflow file that this version reads as it is; null for one that only the server can. */
export function asDocument(raw: unknown): WorkflowDocument | null {
  if (!isObject(raw) || raw.schema !== SCHEMA || typeof raw.name !== "string" || (raw.steps !== undefined && !isList(raw.steps))) return null;
  const steps = (raw.steps ?? []) as readonly Json[];
  return steps.every((step) => isObject(step) && typeof step.id === "string" && typeof step.name === "string" && typeof step.kind === "string") ? (raw as unknown as WorkflowDocument) : null;
}

/** Copies of these steps, that far from them, on the same wires. */
export function copyTo(editing: Editing, ids: readonly string[], by: Position): void {
  const { document } = editing.store.getState();
  if (ids.length === 0) return;
  const corner = cornerOf(editing, ids);
  const planned = planPaste(document, copied(document, ids), { at: { x: corner.x + by.x, y: corner.y + by.y }, newId: editing.newId, keepIncoming: true });
  editing.dispatch({ type: "paste", fragment: planned }, { select: planned.steps.map((step) => step.id) });
}

function cornerOf(editing: Editing, ids: readonly string[]): Position {
  const { document } = editing.store.getState();
  const places = ids.flatMap((id) => placeOfStep(editing.kinds, document, id) ?? []);
  return { x: Math.min(...places.map((place) => place.x)), y: Math.min(...places.map((place) => place.y)) };
}

export function nudge(editing: Editing, dx: number, dy: number): void {
  const { document, selection } = editing.store.getState();
  const positions: Record<string, Position> = {};
  for (const id of selection) {
    const place = placeOfStep(editing.kinds, document, id);
    if (place !== null) positions[id] = { x: place.x + dx, y: place.y + dy };
  }
  if (Object.keys(positions).length > 0) editing.dispatch({ type: "step.move", positions }, { mergeKey: `nudge ${selection.join(" ")}` });
}

/** The selected steps are left out of every run, or, if all of them are, taken in again. What cannot be skipped is passed
 * over. */
export function toggleLeftOut(editing: Editing): boolean {
  const { document, selection } = editing.store.getState();
  const steps = (document.steps ?? []).filter((step) => selection.includes(step.id) && editing.kinds.get(step.kind)?.skippable === true);
  const out = !steps.every(isLeftOut);
  const commands = steps.flatMap((step) => leavingOut(step, out) ?? []);
  return commands.length > 0 && editing.dispatch({ type: "batch", commands, label: out ? "step.leaveOut" : "step.takeIn" });
}

/** With the selected steps everything that they wait for, or everything that waits for them. */
export function selectFlow(editing: Editing, way: "before" | "after"): boolean {
  const { document, selection } = editing.store.getState();
  const graph = graphOf(document);
  const chosen = (document.steps ?? []).filter((step) => selection.includes(step.id)).map((step) => step.name);
  if (chosen.length === 0) return false;
  const found = new Set(chosen.flatMap((name) => [name, ...(way === "before" ? ancestors : descendants)(graph, name)]));
  editing.select((document.steps ?? []).filter((step) => found.has(step.name)).map((step) => step.id));
  return true;
}

/** Lays out the selection, or everything: computed by a worker, shown as a glide, and one undo step. */
export async function tidyUp(editing: Editing, canvas: CanvasHandle): Promise<void> {
  const { document, selection } = editing.store.getState();
  const positions = await laidOut(tidyRequest(canvas.graph(), selection));
  // Edited meanwhile: what was computed is of another picture.
  if (editing.store.getState().document !== document) return;
  await canvas.glide(positions);
  editing.dispatch({ type: "layout.apply", positions: unfolded(canvas.plain(), canvas.graph(), positions) });
  if (selection.length < 2) requestAnimationFrame(() => { canvas.fit(); });
}

function laidOut(request: TidyRequest): Promise<Record<string, Position>> {
  if (typeof Worker === "undefined") return Promise.resolve(tidied(request));
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./tidy.worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", (event: MessageEvent<Record<string, Position>>) => {
      worker.terminate();
      resolve(event.data);
    });
    worker.addEventListener("error", () => {
      worker.terminate();
      reject(new Error("the layout failed"));
    });
    worker.postMessage(request);
  });
}
