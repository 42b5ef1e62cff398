/** What the server has to choose from. */

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, told, type Schemas } from "@/api/client";
import { keys } from "@/api/keys";
import { inProject, useFieldProject } from "./project";

export type Engine = Schemas["EngineOut"];
export type Flavor = Schemas["FlavorOut"];
export type Entry = Schemas["EntryOut"];

const RARELY = 60_000;
const MANY = 200;

export function useEngines() {
  return useQuery({ queryKey: keys.engines, queryFn: ({ signal }) => told(api.GET("/api/engines/", { signal })), staleTime: RARELY });
}

export function useFlavors() {
  return useQuery({ queryKey: keys.flavors, queryFn: ({ signal }) => told(api.GET("/api/flavors/", { signal })), staleTime: RARELY });
}

/** Workflows of the project that others can run, each with the number of its newest release. */
export function useReleasedWorkflows() {
  const project = useFieldProject();
  return useQuery({
    queryKey: [...keys.workflows, "released", project],
    queryFn: ({ signal }) => told(api.GET("/api/workflows/", { params: { query: { limit: MANY, order: "name", ...inProject(project) } }, signal })),
    select: (page) => page.items.flatMap(({ name, released }) => (typeof released === "number" ? [{ name, version: released }] : [])),
  });
}

/** The names of the project's container images. */
export function useImageNames() {
  const project = useFieldProject();
  return useQuery({
    queryKey: [...keys.images, "names", project],
    queryFn: ({ signal }) => told(api.GET("/api/images/", { params: { query: { limit: MANY, order: "name", ...inProject(project) } }, signal })),
    select: (page) => page.items.map(({ name }) => name),
  });
}

export function useRoots() {
  const project = useFieldProject();
  return useQuery({ queryKey: [...keys.storage, "roots", project], queryFn: ({ signal }) => told(api.GET("/api/storage/", { params: { query: inProject(project) }, signal })), staleTime: RARELY });
}

/** A folder, page by page; null asks nothing. */
export function useFolder(path: string | null) {
  const project = useFieldProject();
  return useInfiniteQuery({
    queryKey: [...keys.folder(path ?? ""), "choices", project],
    enabled: path !== null,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      told(api.GET("/api/storage/entries/", { params: { query: { path: path ?? "", limit: MANY, ...inProject(project), ...(pageParam && { cursor: pageParam }) } }, signal })),
    getNextPageParam: (last) => last.next,
  });
}

export function useDatasetNames() {
  const project = useFieldProject();
  return useQuery({
    queryKey: [...keys.datasets, "names", project],
    queryFn: ({ signal }) => told(api.GET("/api/datasets/", { params: { query: { limit: MANY, order: "name", ...inProject(project) } }, signal })),
    select: (page) => page.items.map(({ id, name }) => ({ id, name })),
  });
}

export function useDatasetVersionNames(dataset: string | null) {
  return useQuery({
    queryKey: [...keys.dataset(dataset ?? ""), "version-names"],
    enabled: dataset !== null,
    queryFn: ({ signal }) => told(api.GET("/api/datasets/{id}/versions/", { params: { path: { id: dataset ?? "" }, query: { limit: MANY } }, signal })),
    select: (page) => page.items.map(({ name }) => name),
  });
}

export function useModelNames() {
  const project = useFieldProject();
  return useQuery({
    queryKey: [...keys.models, "names", project],
    queryFn: ({ signal }) => told(api.GET("/api/models/", { params: { query: { limit: MANY, order: "name", ...inProject(project) } }, signal })),
    select: (page) => page.items.map(({ name }) => name),
  });
}
