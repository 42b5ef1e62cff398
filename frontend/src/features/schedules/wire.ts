/** What the server says of schedules. */
import type { Schemas } from "@/api/client";

export type Schedule = Schemas["ScheduleOut"];
export type Fire = Schemas["FireOut"];
export type Settings = Pick<Schedule, "name" | "cron" | "timezone" | "on_running" | "on_failure">;
