/** Lists of runs. */

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { api, told, type Schemas } from "@/api/client";
import { keys } from "@/api/keys";

export type Run = Schemas["RunOut"];
export const STATES = ["init", "running", "completed", "stopped", "abnormal"] as const;
const PAGE = 50;
const BUSY_MS = 3_000;
const IDLE_MS = 20_000;

export interface Filters {
  readonly workflow: string;
  readonly state: string;
  readonly label: string;
  readonly search: string;
}

export const isFiltered = ({ state, label, search, workflow }: Filters, fixed: boolean): boolean => state !== "" || label !== "" || search !== "" || (!fixed && workflow !== "");

/** `project`: null for those of one workflow, undefined while it is not known yet. */
export function useRuns(filters: Filters, project: string | null | undefined) {
  return useInfiniteQuery({
    queryKey: [...keys.runList({ ...filters }), project],
    enabled: project !== undefined,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ""));
      return told(api.GET("/api/runs/", { params: { query: { limit: PAGE, ...given, ...(typeof project === "string" && { project }), ...(pageParam && { cursor: pageParam }) } }, signal }));
    },
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    // Runs go on without us: often while one of those on the page runs, now and then otherwise.
    refetchInterval: (query) => (query.state.data?.pages.some((page) => page.items.some((run) => run.state === "running" || run.state === "init")) ? BUSY_MS : IDLE_MS),
  });
}
