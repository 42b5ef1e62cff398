/** What the page of a run asks beside following it, and what can be done to a run. */

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { api, ApiError, told, type Schemas } from "@/api/client";
import { keys } from "@/api/keys";
import type { Figure } from "@/charts/figure";
import { takeFigure } from "@/charts/figures";
import type { WorkflowDocument } from "@/model/document";
import type { JsonObject } from "@/model/json";
import type { Kinds, StepKind } from "@/model/ports";
import { metricsOf, viewOf, type RunFields, type Snapshot } from "@/model/runReducer";
import type { StepParts } from "./edits";
import { toastProblem } from "@/ui/Toast";
import { asPrevious } from "./overlay";
import { useFollowing, type RunSession } from "./session";

export type Run = Schemas["RunOut"];
export type Output = Schemas["OutputOut"];
export type StepDetail = Schemas["StepDetailOut"];

/** What the snapshot says of the run beyond what facts change. */
export const runOf = (fields: RunFields): Run => fields as unknown as Run;

/** The document that the run was made of: it never changes. */
export function useRunDocument(workflow: string | undefined, version: number | undefined) {
  return useQuery({
    queryKey: keys.version(workflow ?? "", version ?? 0),
    enabled: workflow !== undefined && version !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const found = await told(api.GET("/api/workflows/{id}/versions/{number}/", { params: { path: { id: workflow as string, number: version as number } }, signal }));
      return (found as unknown as { readonly document: WorkflowDocument }).document;
    },
  });
}

export function useKinds() {
  const found = useQuery({ queryKey: keys.stepKinds, queryFn: ({ signal }) => told(api.GET("/api/step-kinds/", { signal })), staleTime: Number.POSITIVE_INFINITY });
  return useMemo((): Kinds | undefined => found.data && new Map(found.data.items.map((kind) => [kind.name, kind as unknown as StepKind])), [found.data]);
}

const LOOKED_BACK = 20;

/** The charts of the run before this one (before any, when `number` is null): shown until this one has its own. */
export function usePrevious(workflow: string | undefined, number: number | null, wanted: boolean) {
  return useQuery({
    queryKey: [...keys.workflowRuns(workflow ?? ""), "previous", number],
    enabled: wanted && workflow !== undefined,
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const { items } = await told(api.GET("/api/workflows/{id}/runs/", { params: { path: { id: workflow as string }, query: { limit: LOOKED_BACK } }, signal }));
      for (const run of items.filter((each) => number === null || each.number < number).slice(0, 3)) {
        const snapshot = await told(api.GET("/api/runs/{id}/snapshot/", { params: { path: { id: run.id } }, signal }));
        const charts = asPrevious(viewOf(snapshot as unknown as Snapshot), run.number);
        if (charts.size > 0) return charts;
      }
      return null;
    },
  });
}

/** The server's figures of what a step has written when one comes to look, taken once; what comes later is drawn by the
 * same mapping here. True when they are here, are not needed, or cannot be had. */
export function useFigures(session: RunSession | null, step: string): boolean {
  const has = useFollowing(session, ({ view }) => view !== null && Object.values(view.metrics).some((file) => file.step === step));
  const [wanted] = useState(has);
  const id = session?.id ?? "";
  const figures = useQuery({
    queryKey: keys.figures(id, step),
    enabled: wanted && session !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: ({ signal }) => told(api.GET("/api/runs/{id}/steps/{name}/figures/", { params: { path: { id, name: step } }, signal })),
  });
  useMemo(() => {
    const view = session?.follower.getState().view;
    if (figures.data === undefined || view === null || view === undefined) return;
    for (const file of metricsOf(view, step)) {
      // A figure stands for the revision that it was made of; anything newer is drawn by our own mapping.
      const same = figures.data.items.filter((each) => each.attempt === file.attempt && each.path === file.path && each.rev === file.rev);
      for (const item of file.items) {
        const drawn = same.find((each) => each.key === item.key);
        if (drawn !== undefined) takeFigure(item, drawn.figure as unknown as Figure);
      }
    }
  }, [figures.data, session, step]);
  return !wanted || !figures.isPending;
}

export function complain(error: unknown): void {
  if (error instanceof ApiError) toastProblem(error.problem);
}

function useRenewed() {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: keys.runs });
    void client.invalidateQueries({ queryKey: keys.todo });
  };
}

export function useRunAction(id: string) {
  const renew = useRenewed();
  return useMutation({
    mutationFn: (body: { readonly action: "stop" | "rerun"; readonly values?: JsonObject }) => told(api.POST("/api/runs/{id}/actions/", { params: { path: { id } }, body })),
    onSuccess: renew,
  });
}

export interface StepAct {
  readonly step: string;
  readonly action: "retry" | "stop" | "continue";
  readonly values?: JsonObject;
  /** Of a retry: what is otherwise of the step from now on. */
  readonly edit?: StepParts;
}

export function useStepAction(id: string) {
  const renew = useRenewed();
  return useMutation({
    mutationFn: ({ step, edit, ...body }: StepAct) =>
      told(api.POST("/api/runs/{id}/steps/{name}/actions/", { params: { path: { id, name: step } }, body: { ...body, ...(edit !== undefined && { step: edit as Schemas["StepEditRequest"] }) } })),
    onSuccess: renew,
  });
}

/** Attempts, their hosts and what they used. Asked again when the step changes. */
export function useStepDetail(id: string, step: string) {
  return useQuery({ queryKey: keys.runStep(id, step), queryFn: ({ signal }) => told(api.GET("/api/runs/{id}/steps/{name}/", { params: { path: { id, name: step } }, signal })) });
}

/** The run that a step is, where it is one; asked again when the step goes on. `step`: null for one that is none. */
export function useNested(id: string, step: string | null, state: string) {
  return useQuery({
    queryKey: [...keys.runStep(id, step ?? ""), "nested", state],
    enabled: step !== null && state !== "init",
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => told(api.GET("/api/runs/{id}/steps/{name}/", { params: { path: { id, name: step ?? "" } }, signal })),
  });
}

export function useOutputs(id: string, step: string, mark: unknown) {
  const client = useQueryClient();
  const asked = useRef(mark);
  useEffect(() => {
    const renew = () => client.invalidateQueries({ queryKey: keys.outputs(id, step) });
    // A first answer that is still on its way was given before this change: it must not count as the newest.
    void (asked.current === mark ? renew() : client.cancelQueries({ queryKey: keys.outputs(id, step) }).then(renew));
    asked.current = mark;
  }, [client, id, step, mark]);
  return useQuery({ queryKey: keys.outputs(id, step), queryFn: ({ signal }) => told(api.GET("/api/runs/{id}/steps/{name}/outputs/", { params: { path: { id, name: step } }, signal })) });
}
