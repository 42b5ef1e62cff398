/** Workflows on the server: what is asked and what is done, with the lists renewed afterwards. */
import { keepPreviousData, useInfiniteQuery, useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, told, type Schemas } from "@/api/client";
import { keys } from "@/api/keys";
import { language } from "@/i18n/i18n";
import type { JsonObject } from "@/model/json";
import { RUN_TERMINAL } from "@/model/runReducer";

export type Workflow = Schemas["WorkflowOut"];
export type Order = "-updated_at" | "-created_at" | "name";
const PAGE = 50;

export function useWorkflows(search: string, order: Order, project: string | undefined) {
  return useInfiniteQuery({
    queryKey: [...keys.workflowList(search, order), project],
    enabled: project !== undefined,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      told(api.GET("/api/workflows/", { params: { query: { order, limit: PAGE, ...(project !== undefined && { project }), ...(search && { search }), ...(pageParam && { cursor: pageParam }) } }, signal })),
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

export type LastRun = Schemas["RunOut"];
const WATCHED_MS = 3_000;

/** The newest run of each workflow that is shown; asked for again while one of them goes on. */
export function useLastRuns(workflows: readonly Workflow[]): ReadonlyMap<string, LastRun> | null {
  const groups = [];
  for (let at = 0; at < workflows.length; at += PAGE) groups.push(workflows.slice(at, at + PAGE).map((each) => each.id).join(","));
  const found = useQueries({
    queries: groups.map((ids) => ({
      queryKey: keys.runList({ latest: ids }),
      queryFn: ({ signal }: { signal: AbortSignal }) => told(api.GET("/api/runs/", { params: { query: { workflows: ids, latest: true, limit: PAGE } }, signal })),
      placeholderData: keepPreviousData,
      refetchInterval: (query: { state: { data?: { items: LastRun[] } | undefined } }) => (query.state.data?.items.some((run) => !RUN_TERMINAL.has(run.state)) === true ? WATCHED_MS : false),
    })),
  });
  if (found.some((each) => each.data === undefined)) return null;
  return new Map(found.flatMap((each) => each.data?.items ?? []).map((run) => [run.workflow.id, run]));
}

export type Sample = Schemas["SampleWorkflowOut"];

/** What comes with the product, in the reader's language. */
export const useSamples = () => {
  const spoken = language();
  return useQuery({ queryKey: ["gallery", spoken], queryFn: ({ signal }) => told(api.GET("/api/gallery/", { params: { query: { language: spoken } }, signal })), staleTime: Infinity });
};

/** A mutation after which the lists of workflows are asked for again. */
function useWorkflowAction<Given, Made>(act: (given: Given) => Promise<Made>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => client.invalidateQueries({ queryKey: keys.workflows }) });
}

export interface NewWorkflow {
  readonly name: string;
  readonly description?: string;
  readonly document?: JsonObject;
  readonly project?: string;
}

export const useCreate = () => useWorkflowAction((body: NewWorkflow) => told(api.POST("/api/workflows/", { body: { description: "", ...body } })));

export const useRename = () =>
  useWorkflowAction(({ id, ...body }: { readonly id: string; readonly name: string; readonly description: string }) =>
    told(api.PATCH("/api/workflows/{id}/", { params: { path: { id } }, body })),
  );

export const useCopy = () => useWorkflowAction((id: string) => told(api.POST("/api/workflows/{id}/copy/", { params: { path: { id } }, body: {} })));

export const useDelete = () => useWorkflowAction((id: string) => told(api.DELETE("/api/workflows/{id}/", { params: { path: { id } } })));

export const useImport = (project: string | undefined) =>
  useWorkflowAction((document: unknown) => told(api.POST("/api/workflows/import/", { params: { query: project === undefined ? {} : { project } }, body: document as never })));
