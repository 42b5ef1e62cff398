/** What the fields of a step share: the step, how to change it, and what is wrong with it. The page provides it, so that
 * the forms know nothing of stores. */

import { createContext, useContext } from "react";
import type { Command } from "@/model/commands";
import type { Step, WorkflowDocument } from "@/model/document";
import { partsOf, valueAt, type Json } from "@/model/json";
import type { Kinds } from "@/model/ports";
import type { Problem } from "@/model/problems";

export interface FieldProblem extends Problem {
  /** JSON Pointer from the step on: the place, or what should hold it. */
  readonly inside: string;
}

export interface StepForm {
  readonly document: WorkflowDocument;
  readonly step: Step;
  readonly kinds: Kinds;
  readonly readOnly: boolean;
  /** Of a step of a run: as it was. Only what changes nothing of the graph can be changed then, and it is marked. */
  readonly original?: Step;
  readonly problems: readonly FieldProblem[];
  readonly newId: () => string;
  readonly dispatch: (command: Command, mergeKey?: string) => boolean;
  readonly settle: () => void;
  /** Shows a placeholder, data or storage in its panel. */
  readonly show: (name: string) => void;
  /** Says in a line what has just been done, where that is not seen at the field. */
  readonly tell: (text: string) => void;
}

export const StepFormContext = createContext<StepForm | null>(null);

export function useStepForm(): StepForm {
  const form = useContext(StepFormContext);
  if (form === null) throw new Error("a field is drawn outside of a step's form");
  return form;
}

/** The value at a place of the step, and how to change it: undefined takes it away. */
export function usePlace(pointer: string): readonly [Json | undefined, (value: Json | undefined) => void] {
  const { step, dispatch } = useStepForm();
  const value = valueAt(step as unknown as Json, partsOf(pointer));
  const set = (next: Json | undefined): void => {
    dispatch({ type: "step.set", id: step.id, pointer, ...(next !== undefined && { value: next }) }, `${step.id}${pointer}`);
  };
  return [value, set];
}

/** Where a problem is shown: one about something that is missing is told at what should hold it, and belongs to the
 * field that is missing. */
export function problemPlace({ code, inside, params }: FieldProblem): string {
  const named = typeof params.field === "string" && ["document.missing", "document.job_incomplete"].includes(code);
  return named ? `${inside}/${String(params.field)}` : inside;
}

/** Problems of a field. Its parts show their own, unless `deep`. */
export function problemsFor(problems: readonly FieldProblem[], pointer: string, deep: boolean): FieldProblem[] {
  return problems.filter((each) => {
    const place = problemPlace(each);
    return place === pointer || (deep && place.startsWith(`${pointer}/`));
  });
}
