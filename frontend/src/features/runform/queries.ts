/** The server's part of starting a run: versions, the latest run's values, the plan, the start. */

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, told, type Schemas } from "@/api/client";
import { keys } from "@/api/keys";
import type { WorkflowDocument } from "@/model/document";
import type { JsonObject } from "@/model/json";
import { asProblem } from "@/model/problems";
import type { Values } from "./asked";

export type Run = Schemas["RunOut"];
export type Planned = Schemas["PlannedOut"];

const RELEASES = 50;
type PlanBody = Schemas["PlanInRequest"];
type RunBody = Schemas["RunCreateRequest"];

export function useReleases(workflowId: string) {
  return useQuery({
    queryKey: [...keys.versions(workflowId), "released"],
    queryFn: ({ signal }) => told(api.GET("/api/workflows/{id}/versions/", { params: { path: { id: workflowId }, query: { released: true, limit: RELEASES } }, signal })),
    select: (page) => page.items,
  });
}

export function useVersionDocument(workflowId: string, number: number | null) {
  return useQuery({
    queryKey: keys.version(workflowId, number ?? 0),
    enabled: number !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => told(api.GET("/api/workflows/{id}/versions/{number}/", { params: { path: { id: workflowId, number: number ?? 0 } }, signal })),
    select: (version) => version.document as unknown as WorkflowDocument,
  });
}

/** The newest run of this workflow, of any version. */
export function useLatestRun(workflowId: string) {
  return useQuery({
    queryKey: [...keys.workflowRuns(workflowId), "latest"],
    queryFn: ({ signal }) => told(api.GET("/api/workflows/{id}/runs/", { params: { path: { id: workflowId }, query: { limit: 1 } }, signal })),
    select: (page) => page.items[0] ?? null,
  });
}

/** Some steps instead of the whole workflow. */
export interface RunPart {
  readonly steps: readonly string[];
  /** With all that leads to them, or only they, on results that are there. */
  readonly mode: "to_here" | "only";
  /** Results of earlier runs that are still good are taken over. */
  readonly reuse: boolean;
  /** A scene instead of steps: its own take part, on results that are there. */
  readonly scene?: string;
  /** The run whose results are taken over; without it, the newest that fit. */
  readonly prior?: string;
}

function partBody(part: RunPart | null) {
  if (part === null) return {};
  const { scene, prior, reuse } = part;
  return { ...(scene === undefined ? { steps: [...part.steps], mode: part.mode } : { scene }), reuse, ...(prior !== undefined && { prior }) };
}

interface PlanOf {
  readonly workflowId: string;
  readonly version: number | null;
  /** The draft as the server has it: another revision, another plan. */
  readonly revision: number;
  readonly values: Values;
  readonly part: RunPart | null;
  readonly enabled: boolean;
}

export function usePlan({ workflowId, version, revision, values, part, enabled }: PlanOf) {
  return useQuery({
    queryKey: ["plan", workflowId, version ?? `draft ${String(revision)}`, values, part],
    enabled,
    // Every run that ends may change what is reused.
    staleTime: 0,
    refetchOnMount: "always",
    gcTime: 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => told(api.POST("/api/workflows/{id}/plan/", { params: { path: { id: workflowId } }, body: { values: values as JsonObject, ...(version !== null && { version }), ...partBody(part) } as PlanBody, signal })),
    select: (plan) => ({ steps: plan.steps, problems: plan.problems.map(asProblem) }),
  });
}

export interface Start {
  readonly version: number | null;
  readonly values: Values;
  readonly name: string;
  readonly part: RunPart | null;
}

export function useStart(workflowId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version, values, name, part }: Start): Promise<Run> =>
      told(api.POST("/api/workflows/{id}/runs/", { params: { path: { id: workflowId } }, body: { name, values: values as JsonObject, ...(version !== null && { version }), ...partBody(part) } as RunBody })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.runs }),
  });
}
