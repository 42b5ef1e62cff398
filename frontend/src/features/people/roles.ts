/** What a person may do in a project. The server decides; the interface says it beforehand. */
import { useQuery } from "@tanstack/react-query";
import { api, told, type Schemas } from "@/api/client";
import { keys } from "@/api/keys";

export type Membership = Schemas["MembershipOut"];
export type Role = Membership["role"];
export const ROLES: readonly Role[] = ["viewer", "operator", "author", "manager"];

export const atLeast = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);

export const useMe = () => useQuery({ queryKey: keys.me, queryFn: ({ signal }) => told(api.GET("/api/me/", { signal })), staleTime: 60_000 });

/** In this project; undefined until it is known, and for a project that is not the person's. */
export function useMembership(project: string | null | undefined): Membership | undefined {
  const me = useMe();
  if (project === undefined) return undefined;
  return me.data?.projects.find((each) => (project === null ? each.personal : each.project === project));
}

/** Until it is known nothing is taken away: what then turns out to be too much, the server refuses. */
export function useMay(project: string | null | undefined, needed: Role): boolean {
  const membership = useMembership(project);
  return membership === undefined || atLeast(membership.role, needed);
}

export const useWorkflowOf = (id: string) => useQuery({ queryKey: keys.workflow(id), queryFn: ({ signal }) => told(api.GET("/api/workflows/{id}/", { params: { path: { id } }, signal })), staleTime: 60_000 });

/** In which project a workflow lies; undefined until it is known. */
export const useProjectOfWorkflow = (id: string): string | undefined => useWorkflowOf(id).data?.project;
