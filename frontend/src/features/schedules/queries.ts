/** Schedules on the server: what is asked, and what is done. */
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, told } from "@/api/client";
import type { JsonObject } from "@/model/json";
import type { Settings } from "./wire";

const PAGE = 50;
const EVERY_MS = 10_000;
export const scheduleKeys = { all: ["schedules"] as const };
const at = (id: string) => ({ params: { path: { id } } });

export function useSchedules(workflow: string, project: string | undefined) {
  return useInfiniteQuery({
    queryKey: [...scheduleKeys.all, "list", workflow, project],
    enabled: workflow !== "" || project !== undefined,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      told(api.GET("/api/schedules/", { params: { query: { limit: PAGE, order: "-created_at", ...(workflow === "" ? { ...(project !== undefined && { project }) } : { workflow }), ...(pageParam && { cursor: pageParam }) } }, signal })),
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    // They fire without us.
    refetchInterval: EVERY_MS,
  });
}

export function useFires(id: string) {
  return useInfiniteQuery({
    queryKey: [...scheduleKeys.all, "one", id, "fires"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => told(api.GET("/api/schedules/{id}/fires/", { params: { path: { id }, query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) } }, signal })),
    getNextPageParam: (last) => last.next,
    refetchInterval: EVERY_MS,
  });
}

/** The next times of an expression, or what is wrong with it. */
export function usePreview(cron: string | null, timezone: string) {
  return useQuery({
    queryKey: [...scheduleKeys.all, "preview", cron, timezone],
    enabled: cron !== null,
    staleTime: 0,
    gcTime: 0,
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ signal }) => told(api.POST("/api/schedules/preview/", { body: { cron: cron ?? "", timezone }, signal })),
  });
}

function useDeed<Given, Made>(act: (given: Given) => Promise<Made>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => client.invalidateQueries({ queryKey: scheduleKeys.all }) });
}

export interface Given {
  readonly values: JsonObject;
  readonly scene: string | null;
}

export const useMakeSchedule = (workflow: string) =>
  useDeed((body: Settings & Given) => told(api.POST("/api/workflows/{id}/schedules/", { ...at(workflow), body: { ...body, enabled: true } })));

export const useChangeSchedule = () => useDeed(({ id, ...body }: Partial<Settings> & { readonly id: string; readonly enabled?: boolean }) => told(api.PATCH("/api/schedules/{id}/", { ...at(id), body })));

export const useDeleteSchedule = () => useDeed((id: string) => told(api.DELETE("/api/schedules/{id}/", at(id))));
