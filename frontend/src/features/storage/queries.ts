import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { api, told, type Schemas } from "@/api/client";
import { keys } from "@/api/keys";
import { orderOf, type Sort } from "./entries";

/** As many as the server gives at once. */
const PAGE = 1_000;

const inProject = (project: string | null) => (project === null ? {} : { project });

export const useMe = () => useQuery({ queryKey: keys.me, queryFn: ({ signal }) => told(api.GET("/api/me/", { signal })), staleTime: Infinity });

export const useStorages = (project: string | null) =>
  useQuery({ queryKey: [...keys.storage, "roots", project], queryFn: ({ signal }) => told(api.GET("/api/storage/", { params: { query: inProject(project) }, signal })) });

type Pages = InfiniteData<Schemas["EntryPage"], string>;

/** A folder stays in sight until it has come in another order. */
const sameFolder = (path: string | null) => (shown: Pages | undefined, query: { readonly queryKey: readonly unknown[] } | undefined) => (query?.queryKey[1] === path ? shown : undefined);

export const useEntries = (path: string | null, project: string | null, sort: Sort) =>
  useInfiniteQuery({
    queryKey: [...keys.folder(path ?? ""), "entries", project, orderOf(sort)],
    placeholderData: sameFolder(path),
    enabled: path !== null,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      told(api.GET("/api/storage/entries/", { params: { query: { path: path ?? "", limit: PAGE, order: orderOf(sort), ...inProject(project), ...(pageParam && { cursor: pageParam }) } }, signal })),
    getNextPageParam: (last) => last.next,
  });

/** A change after which every folder that is shown is asked for again. */
function useStorageAction<Given>(act: (given: Given) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSettled: () => client.invalidateQueries({ queryKey: keys.storage }) });
}

export const useMakeFolders = (project: string | null) =>
  useStorageAction(async (paths: readonly string[]) => {
    for (const path of paths) await told(api.POST("/api/storage/folders/", { params: { query: inProject(project) }, body: { path } }));
  });

export const useMove = (project: string | null) =>
  useStorageAction(({ from, to }: { readonly from: string; readonly to: string }) =>
    told(api.PATCH("/api/storage/entry/", { params: { query: { path: from, ...inProject(project) } }, body: { path: to } })),
  );

export const useRemove = (project: string | null) =>
  useStorageAction(async (paths: readonly string[]) => {
    for (const path of paths) await told(api.DELETE("/api/storage/entries/", { params: { query: { path, recursive: true, ...inProject(project) } } }));
  });
