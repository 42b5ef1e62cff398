/** The project that the lists show and in which new things begin: chosen in the top bar, kept in this browser. */
import { useSyncExternalStore } from "react";
import { navigate } from "@/ui/navigation";
import { useMe, type Membership } from "./roles";

const KEPT = "pipeloom.project";
/** Pages that show one thing of one project: after switching they would show something of another. */
const OF_ONE_THING = /^\/(projects|datasets|models|runs|workflows)\/.+|^\/storage/;
const listeners = new Set<() => void>();

function read(): string | null {
  return localStorage.getItem(KEPT);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("storage", listener);
  };
}

export function keepProject(id: string): void {
  if (read() === id) return;
  localStorage.setItem(KEPT, id);
  for (const listener of listeners) listener();
}

/** By hand: where the page belongs to the project before, one goes to the list of its kind. */
export function chooseProject(id: string): void {
  keepProject(id);
  const [found] = OF_ONE_THING.exec(location.pathname) ?? [];
  if (found === undefined) return;
  const section = location.pathname.split("/")[1] ?? "";
  navigate(section === "projects" ? `/projects/${id}` : section === "workflows" ? "/" : `/${section}`);
}

/** An invitation leads here with `?project=`; the address is cleaned, so that a reload keeps what is chosen later. */
export function takeProjectFromAddress(): void {
  const here = new URL(location.href);
  const id = here.pathname === "/" ? here.searchParams.get("project") : null;
  if (id === null) return;
  localStorage.setItem(KEPT, id);
  here.searchParams.delete("project");
  history.replaceState(null, "", here);
}

export interface Current {
  readonly current: Membership | undefined;
  readonly all: readonly Membership[];
}

/** The chosen one as long as it is the person's; their own otherwise. Undefined until they are known. */
export function useProject(): Current {
  const chosen = useSyncExternalStore(subscribe, read);
  const all = useMe().data?.projects ?? [];
  return { current: all.find((each) => each.project === chosen) ?? all.find((each) => each.personal) ?? all[0], all };
}
