/** Hosts and the line before them: sums and shares, apart from how they look. */
import type { Schemas } from "@/api/client";

export type Host = Schemas["HostOut"];
export type Waiting = Schemas["WaitingOut"];

export interface Amount {
  readonly used: number;
  readonly total: number;
}

export interface Sums {
  readonly online: number;
  readonly cpu: Amount;
  readonly memory: Amount;
  readonly gpus: Amount;
  readonly attempts: number;
}

/** Only what is there now: a host that is away offers nothing. */
export function sumsOf(hosts: readonly Host[]): Sums {
  const there = hosts.filter((host) => host.online);
  const sum = (amount: (host: Host) => number) => there.reduce((total, host) => total + amount(host), 0);
  return {
    online: there.length,
    cpu: { used: sum((host) => host.cpu - host.free_cpu), total: sum((host) => host.cpu) },
    memory: { used: sum((host) => host.memory_mb - host.free_memory_mb), total: sum((host) => host.memory_mb) },
    gpus: { used: sum((host) => host.gpus.filter((gpu) => !gpu.free).length), total: sum((host) => host.gpus.length) },
    attempts: sum((host) => host.attempts),
  };
}

/** Between 0 and 1, whatever the numbers are. */
export function shareOf({ used, total }: Amount): number {
  return total <= 0 ? 0 : Math.min(1, Math.max(0, used / total));
}

export type Isolation = "namespaces" | "landlock" | "none" | "unknown";

export function isolationOf(level: string): Isolation {
  return level === "namespaces" || level === "landlock" || level === "none" ? level : "unknown";
}

/** Cards of one type together, in the order in which the host names them. */
export function cardsByType(host: Host): readonly (readonly [string, Host["gpus"]])[] {
  const groups = new Map<string, Host["gpus"][number][]>();
  for (const gpu of host.gpus) groups.set(gpu.type ?? "", [...(groups.get(gpu.type ?? "") ?? []), gpu]);
  return [...groups];
}
