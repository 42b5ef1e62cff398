/** What the server knows about notifications, topics and subscriptions. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ApiError, told, type Schemas } from "@/api/client";
import { toastProblem } from "@/ui/Toast";

export type Notification = Schemas["NotificationOut"];
export type Topic = Schemas["TopicOut"];
export type Channel = Schemas["ChannelOut"];
export type Delivery = Schemas["DeliveryOut"];
export type Subscription = Schemas["SubscriptionOut"];
export type NoticeEvent = Schemas["EventsEnum"];
export type Shown = "open" | "done" | "all";

const LOG_EVERY_MS = 2_000;

export const EVENTS: readonly NoticeEvent[] = ["waiting", "success", "abnormal"];

export const noticeKeys = {
  all: ["notifications"] as const,
  list: (state: Shown) => ["notifications", "list", state] as const,
  settings: ["notification-settings"] as const,
  topics: ["topics"] as const,
  people: (topic: string) => ["topics", topic, "people"] as const,
  log: (topic: string) => ["topics", topic, "log"] as const,
  rows: (workflow: string) => ["subscriptions", "workflow", workflow] as const,
  run: (run: string) => ["subscriptions", "run", run] as const,
};

export function complain(error: unknown): void {
  if (error instanceof ApiError) toastProblem(error.problem);
}

export function useNotifications(state: Shown, enabled = true) {
  return useQuery({
    queryKey: noticeKeys.list(state),
    queryFn: ({ signal }) => told(api.GET("/api/notifications/", { params: { query: { state, limit: 100 } }, signal })),
    enabled,
  });
}

/** Tick off, take back; and everything at once. */
export function useTick() {
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: noticeKeys.all });
  const one = useMutation({
    mutationFn: ({ id, done }: { readonly id: string; readonly done: boolean }) => told(api.PATCH("/api/notifications/{id}/", { params: { path: { id } }, body: { done } })),
    onSuccess: renew,
    onError: complain,
  });
  const all = useMutation({ mutationFn: () => told(api.POST("/api/notifications/", { body: { done: true } })), onSuccess: renew, onError: complain });
  return { one, all };
}

export function useNoticeSettings() {
  return useQuery({ queryKey: noticeKeys.settings, queryFn: ({ signal }) => told(api.GET("/api/notifications/settings/", { signal })), staleTime: 60_000 });
}

export function useSaveSettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["PatchedSettingsPatchRequest"]) => told(api.PATCH("/api/notifications/settings/", { body })),
    onSuccess: (saved) => {
      client.setQueryData(noticeKeys.settings, saved);
    },
  });
}

export function useTopics(project?: string) {
  return useQuery({
    queryKey: [...noticeKeys.topics, project ?? "all"],
    queryFn: ({ signal }) => told(api.GET("/api/topics/", { params: { query: { limit: 200, ...(project !== undefined && { project }) } }, signal })),
    refetchInterval: (query) => (query.state.data?.items.some((topic) => topic.channels.some((channel) => channel.last?.state === "waiting")) === true ? LOG_EVERY_MS : false),
  });
}

export function usePeople(topic: string, enabled: boolean) {
  return useQuery({ queryKey: noticeKeys.people(topic), queryFn: ({ signal }) => told(api.GET("/api/topics/{id}/people/", { params: { path: { id: topic } }, signal })), enabled });
}

/** While something is under way, the log is looked at again and again. */
export function useLog(topic: string, enabled: boolean) {
  return useQuery({
    queryKey: noticeKeys.log(topic),
    queryFn: ({ signal }) => told(api.GET("/api/topics/{id}/deliveries/", { params: { path: { id: topic }, query: { limit: 50 } }, signal })),
    enabled,
    refetchInterval: (query) => (query.state.data?.items.some((each) => each.state === "waiting") === true ? LOG_EVERY_MS : false),
  });
}

/** Everything that changes a topic; its list, its log and its people are asked for again. */
export function useTopicDeeds(id: string) {
  const client = useQueryClient();
  const path = { id };
  const renew = () => client.invalidateQueries({ queryKey: noticeKeys.topics });
  const options = { onSuccess: renew };
  return {
    rename: useMutation({ mutationFn: (name: string) => told(api.PATCH("/api/topics/{id}/", { params: { path }, body: { name } })), ...options }),
    remove: useMutation({ mutationFn: () => told(api.DELETE("/api/topics/{id}/", { params: { path } })), ...options, onError: complain }),
    add: useMutation({ mutationFn: (body: Schemas["ChannelCreateRequest"]) => told(api.POST("/api/topics/{id}/channels/", { params: { path }, body })), ...options }),
    drop: useMutation({ mutationFn: (channel: string) => told(api.DELETE("/api/topics/{id}/channels/{channel}/", { params: { path: { id, channel } } })), ...options, onError: complain }),
    renewSecret: useMutation({
      mutationFn: (channel: string) => told(api.PATCH("/api/topics/{id}/channels/{channel}/", { params: { path: { id, channel } }, body: { renew: true } })),
      ...options,
      onError: complain,
    }),
    test: useMutation({
      mutationFn: (channel: string | null) => told(api.POST("/api/topics/{id}/test/", { params: { path }, body: channel === null ? {} : { channel } })),
      ...options,
      onError: complain,
    }),
    redeliver: useMutation({
      mutationFn: (delivery: string) => told(api.POST("/api/topics/{id}/deliveries/{delivery}/", { params: { path: { id, delivery } }, body: { action: "redeliver" } })),
      ...options,
      onError: complain,
    }),
  };
}

export function useMakeTopic() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["TopicCreateRequest"]) => told(api.POST("/api/topics/", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: noticeKeys.topics }),
  });
}

export function useRows(workflow: string, enabled = true) {
  return useQuery({
    queryKey: noticeKeys.rows(workflow),
    queryFn: ({ signal }) => told(api.GET("/api/workflows/{id}/subscriptions/", { params: { path: { id: workflow } }, signal })),
    enabled,
  });
}

/** Everything that changes who is told about a workflow. */
export function useRowDeeds(workflow: string) {
  const client = useQueryClient();
  const options = { onSuccess: () => client.invalidateQueries({ queryKey: noticeKeys.rows(workflow) }), onError: complain };
  return {
    turn: useMutation({ mutationFn: (enabled: boolean) => told(api.PATCH("/api/workflows/{id}/subscriptions/", { params: { path: { id: workflow } }, body: { enabled } })), ...options }),
    add: useMutation({
      mutationFn: (body: { readonly step: string | null; readonly topic: string | null; readonly events: readonly NoticeEvent[] }) =>
        told(api.POST("/api/subscriptions/", { body: { workflow, step: body.step, topic: body.topic, events: [...body.events] } })),
      ...options,
    }),
    change: useMutation({
      mutationFn: ({ id, events }: { readonly id: string; readonly events: readonly NoticeEvent[] }) =>
        told(api.PATCH("/api/subscriptions/{id}/", { params: { path: { id } }, body: { events: [...events] } })),
      ...options,
    }),
    drop: useMutation({ mutationFn: (id: string) => told(api.DELETE("/api/subscriptions/{id}/", { params: { path: { id } } })), ...options }),
  };
}

export const followRun = (run: string): Promise<Subscription> => told(api.POST("/api/subscriptions/", { body: { run } }));

export function useFollowedRun(run: string) {
  const client = useQueryClient();
  const query = useQuery({ queryKey: noticeKeys.run(run), queryFn: ({ signal }) => told(api.GET("/api/subscriptions/", { params: { query: { run } }, signal })) });
  const row = query.data?.items[0] ?? null;
  const turn = useMutation({
    mutationFn: async (on: boolean): Promise<void> => {
      if (on) await followRun(run);
      else if (row !== null) await told(api.DELETE("/api/subscriptions/{id}/", { params: { path: { id: row.id } } }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: noticeKeys.run(run) }),
    onError: complain,
  });
  return { known: query.isSuccess, on: row !== null, turn };
}
