/** Projects, members, invitations and tokens on the server. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type QueryKey } from "@tanstack/react-query";
import { api, ApiError, told, type Schemas } from "@/api/client";
import { keys } from "@/api/keys";
import { problem, type Problem } from "@/model/problems";
import type { Role } from "./roles";

export type Member = Schemas["MemberOut"];
export type Project = Schemas["ProjectOut"];
export type Invitation = Schemas["InvitationOut"];
export type Token = Schemas["TokenOut"];
export type Quota = Schemas["QuotaOut"];
export type Note = Schemas["HistoryOut"];

export const problemOf = (error: unknown): Problem => (error instanceof ApiError ? error.problem : problem("client.unreadable", "", ""));
export const problemsOf = (error: unknown): readonly Problem[] => (error instanceof ApiError ? error.problems : []);

const at = (id: string) => ({ params: { path: { id } } });

export const useProjectOf = (id: string) => useQuery({ queryKey: keys.project(id), queryFn: ({ signal }) => told(api.GET("/api/projects/{id}/", { ...at(id), signal })) });

export const useMembers = (id: string) =>
  useQuery({ queryKey: [...keys.project(id), "members"], queryFn: ({ signal }) => told(api.GET("/api/projects/{id}/members/", { ...at(id), signal })) });

const USAGE_MS = 5_000;

export const useQuota = (id: string) =>
  useQuery({ queryKey: [...keys.project(id), "quota"], queryFn: ({ signal }) => told(api.GET("/api/projects/{id}/quota/", { ...at(id), signal })), refetchInterval: USAGE_MS });

export const useInvitations = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: [...keys.project(id), "invitations"],
    enabled,
    queryFn: ({ signal }) => told(api.GET("/api/projects/{id}/invitations/", { params: { path: { id }, query: { limit: 100 } }, signal })),
  });

export const useHistory = (id: string, enabled: boolean) =>
  useInfiniteQuery({
    queryKey: [...keys.project(id), "history"],
    enabled,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => told(api.GET("/api/projects/{id}/history/", { params: { path: { id }, query: { limit: 20, ...(pageParam && { cursor: pageParam }) } }, signal })),
    getNextPageParam: (last) => last.next,
  });

export const useTokens = () => useQuery({ queryKey: keys.tokens, queryFn: ({ signal }) => told(api.GET("/api/tokens/", { params: { query: { limit: 200 } }, signal })) });

/** After it, everything under these keys is asked for again. */
function useAct<Given, Made>(act: (given: Given) => Promise<Made>, ...renewed: readonly QueryKey[]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await Promise.all(renewed.map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
}

export const useCreateProject = () => useAct((name: string) => told(api.POST("/api/projects/", { body: { name } })), keys.me);

export const useRenameProject = (id: string) => useAct((name: string) => told(api.PATCH("/api/projects/{id}/", { ...at(id), body: { name } })), keys.project(id), keys.me);

export const useSetRole = (id: string) =>
  useAct(({ user, role }: { readonly user: string; readonly role: Role }) => told(api.PATCH("/api/projects/{id}/members/{user}/", { params: { path: { id, user } }, body: { role } })), keys.project(id), keys.me);

export const useRemoveMember = (id: string) => useAct((user: string) => told(api.DELETE("/api/projects/{id}/members/{user}/", { params: { path: { id, user } } })), keys.project(id));

export const useSetQuota = (id: string) => useAct((body: Schemas["QuotaInRequest"]) => told(api.PUT("/api/projects/{id}/quota/", { ...at(id), body })), [...keys.project(id), "quota"]);

export function useLeave(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => told(api.POST("/api/projects/{id}/leave/", at(id))),
    // Nothing that was asked for before is the person's any more.
    onSuccess: async () => {
      client.removeQueries({ queryKey: keys.project(id) });
      await client.invalidateQueries();
    },
  });
}

export const useInvite = (id: string) => useAct((body: Schemas["InvitationCreateRequest"]) => told(api.POST("/api/projects/{id}/invitations/", { ...at(id), body })), keys.project(id));

export const useWithdraw = (id: string) =>
  useAct((invitation: string) => told(api.DELETE("/api/projects/{id}/invitations/{invitation}/", { params: { path: { id, invitation } } })), keys.project(id));

export const useChangeMe = () => useAct((body: Schemas["PatchedMeChangeRequest"]) => told(api.PATCH("/api/me/", { body })), keys.me);

export const useChangePassword = () => useAct((body: Schemas["PasswordChangeRequest"]) => told(api.POST("/api/me/password/", { body })), keys.me);

export const useMakeToken = () => useAct((body: Schemas["TokenCreateRequest"]) => told(api.POST("/api/tokens/", { body })), keys.tokens);

export const useRevoke = () => useAct((id: string) => told(api.DELETE("/api/tokens/{id}/", at(id))), keys.tokens);
