import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, told, type Schemas } from "@/api/client";
import { keys } from "@/api/keys";
import type { Asked } from "@/features/assets/AssetList";

export type Dataset = Schemas["DatasetOut"];
export type DatasetDetail = Schemas["DatasetDetail"];
export type DatasetVersion = Schemas["DatasetVersionOut"];
export type Sample = Schemas["SampleOut"];
const PAGE = 50;
const SAMPLES = 60;

export const loadDatasets = ({ search, order, cursor, signal, project }: Asked) =>
  told(api.GET("/api/datasets/", { params: { query: { order, limit: PAGE, project, ...(search && { search }), ...(cursor && { cursor }) } }, signal }));

export const useDataset = (id: string) =>
  useQuery({ queryKey: keys.dataset(id), queryFn: ({ signal }) => told(api.GET("/api/datasets/{id}/", { params: { path: { id } }, signal })) });

export const useVersions = (id: string) =>
  useInfiniteQuery({
    queryKey: [...keys.dataset(id), "versions"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      told(api.GET("/api/datasets/{id}/versions/", { params: { path: { id }, query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) } }, signal })),
    getNextPageParam: (last) => last.next,
  });

/** null: all of them. "": those without a label. */
export const useSamples = (id: string, label: string | null) =>
  useInfiniteQuery({
    queryKey: [...keys.dataset(id), "samples", label],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      told(
        api.GET("/api/datasets/{id}/samples/", {
          params: { path: { id }, query: { limit: SAMPLES, ...(label !== null && { label }), ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next,
  });
