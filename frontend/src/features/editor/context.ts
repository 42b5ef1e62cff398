/** What the parts of the editor page share: the inspector, the panels and the run button take the editor from here. */

import { createContext, useContext } from "react";
import { useStore } from "zustand";
import { stepById, type Step, type WorkflowDocument } from "@/model/document";
import type { Kinds } from "@/model/ports";
import type { LocatedProblem } from "./problems";
import type { Editor, EditorState, ServerDraft } from "./state";

export interface EditorContextValue extends Editor {
  readonly workflowId: string;
  readonly kinds: Kinds;
  /** Sends what is unsaved now; true when the server has everything. Run and release call it first. */
  readonly flush: () => Promise<boolean>;
  /** The server has another draft now (a version was restored): the editor takes it over, and undo brings back its own. */
  readonly adopt: (draft: ServerDraft, label: string) => void;
}

export const EditorContext = createContext<EditorContextValue | null>(null);

export function useEditor(): EditorContextValue {
  const editor = useContext(EditorContext);
  if (editor === null) throw new Error("useEditor is used outside of the editor page");
  return editor;
}

/** A part of the state; the component renders again when it changes. The selector gives parts, it makes nothing new. */
export function useEditorState<Part>(selector: (state: EditorState) => Part): Part {
  return useStore(useEditor().store, selector);
}

export const useDocument = (): WorkflowDocument => useEditorState((state) => state.document);

/** The step in the inspector: the only one that is selected. */
export function useSelectedStep(): Step | null {
  return useEditorState((state) => (state.selection.length === 1 ? (stepById(state.document, state.selection[0] as string) ?? null) : null));
}

export const useProblems = (): readonly LocatedProblem[] => useEditorState((state) => state.problems);
