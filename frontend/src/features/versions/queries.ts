/** The server's part of versions: which there are, what differs between them, releasing and restoring. */

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, told, type Schemas } from "@/api/client";
import { keys } from "@/api/keys";
import type { Json } from "@/model/json";

export type Version = Schemas["VersionOut"];

export interface Change {
  readonly what: "added" | "removed" | "renamed" | "changed" | "edge_added" | "edge_removed";
  /** A list of the document; empty for the workflow itself. */
  readonly list: string;
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly before: Json;
  readonly after: Json;
}

export interface Comparison {
  readonly changes: readonly Change[];
  readonly moved: readonly string[];
}

const PAGE = 50;

/** The newest first; without those that only runs froze, unless they are wanted. */
export function useVersions(workflowId: string, all: boolean) {
  return useInfiniteQuery({
    queryKey: [...keys.versions(workflowId), all ? "all" : "releases"],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      told(api.GET("/api/workflows/{id}/versions/", { params: { path: { id: workflowId }, query: { limit: PAGE, ...(!all && { released: true }), ...(pageParam !== null && { cursor: pageParam }) } }, signal })),
    getNextPageParam: (last) => last.next,
  });
}

/** `after` null: the draft, as the server has it at this revision. */
export function useComparison(workflowId: string, before: number | null, after: number | null, revision: number, enabled: boolean) {
  return useQuery({
    queryKey: [...keys.versions(workflowId), "changes", before, after ?? `draft ${String(revision)}`],
    enabled: enabled && before !== null,
    queryFn: async ({ signal }) => {
      const found = await told(api.GET("/api/workflows/{id}/changes/", { params: { path: { id: workflowId }, query: { before: before ?? 0, ...(after !== null && { after }) } }, signal }));
      return found as unknown as Comparison;
    },
  });
}

export interface Release {
  readonly name: string;
  readonly notes: string;
  readonly revision: number;
  /** The newer release over which it goes, although the draft does not know it. */
  readonly over: number | null;
}

export function useRelease(workflowId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, notes, revision, over }: Release) => told(api.POST("/api/workflows/{id}/release/", { params: { path: { id: workflowId } }, body: { name, notes, revision, ...(over !== null && { over }) } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.workflows }),
  });
}

export function useRestore(workflowId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version, revision }: { readonly version: number; readonly revision: number }) => told(api.POST("/api/workflows/{id}/restore/", { params: { path: { id: workflowId } }, body: { version, revision } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.versions(workflowId) }),
  });
}
