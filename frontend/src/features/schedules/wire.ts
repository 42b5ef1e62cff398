/** What the server says of schedules. */

export interface Fire {
  readonly at: string;
  readonly outcome: "started" | "skipped" | "refused";
  readonly run: string | null;
  readonly run_number: number | null;
  readonly problem: unknown;
  readonly retried: boolean;
}

export interface Schedule {
  readonly id: string;
  readonly workflow: string;
  readonly workflow_name: string;
  readonly project: string;
  readonly name: string;
  readonly cron: string;
  readonly timezone: string;
  readonly enabled: boolean;
  readonly on_running: "cancel" | "start";
  readonly on_failure: "ignore" | "retry";
  readonly values: Readonly<Record<string, unknown>>;
  readonly scene: string | null;
  readonly created_by: string | null;
  readonly created_at: string;
  readonly next_at: string | null;
  readonly last_fire: Fire | null;
}

export type Settings = Pick<Schedule, "name" | "cron" | "timezone" | "on_running" | "on_failure">;
