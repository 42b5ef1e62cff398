import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, told, type Schemas } from "@/api/client";
import { keys } from "@/api/keys";
import type { Asked } from "@/features/assets/AssetList";

export type Model = Schemas["ModelOut"];
export type ModelVersion = Schemas["ModelVersionOut"];
export type ModelVersionDetail = Schemas["ModelVersionDetail"];
const PAGE = 50;

export const loadModels = ({ search, order, cursor, signal, project }: Asked) =>
  told(api.GET("/api/models/", { params: { query: { order, limit: PAGE, project, ...(search && { search }), ...(cursor && { cursor }) } }, signal }));

export const useModel = (id: string) => useQuery({ queryKey: keys.model(id), queryFn: ({ signal }) => told(api.GET("/api/models/{id}/", { params: { path: { id } }, signal })) });

export const useModelVersions = (id: string) =>
  useInfiniteQuery({
    queryKey: [...keys.model(id), "versions"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      told(api.GET("/api/models/{id}/versions/", { params: { path: { id }, query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) } }, signal })),
    getNextPageParam: (last) => last.next,
  });

export const useModelVersion = (id: string, version: string | null) =>
  useQuery({
    queryKey: [...keys.model(id), "versions", "one", version],
    enabled: version !== null,
    queryFn: ({ signal }) => told(api.GET("/api/models/{id}/versions/{version}/", { params: { path: { id, version: version ?? "" } }, signal })),
  });

/** Only its name is wanted; whoever may not see it, or after it was deleted, gets none. */
export const useWorkflowName = (id: string | null) =>
  useQuery({
    queryKey: keys.workflow(id ?? ""),
    enabled: id !== null,
    queryFn: ({ signal }) => told(api.GET("/api/workflows/{id}/", { params: { path: { id: id ?? "" } }, signal })),
    select: (workflow) => workflow.name,
    retry: false,
  });
