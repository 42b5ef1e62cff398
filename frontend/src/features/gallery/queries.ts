/** What the gallery has: templates that come with the product, and what people offer; offering, taking, and who sees it. */

import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, told, type Schemas } from "@/api/client";
import { keys } from "@/api/keys";
import type { Sample } from "@/features/home/queries";
import type { WorkflowDocument } from "@/model/document";
import type { JsonObject } from "@/model/json";

export type Offer = Schemas["AssetRow"];
export type OfferVersion = Schemas["AssetVersionOut"];
export type Sharing = Offer["sharing"];
export const SHARINGS: readonly Sharing[] = ["private", "group", "public"];

const PAGE = 50;
const at = (id: string) => ({ params: { path: { id } } });

/** The server gives documents as they were stored; what is drawn of them may miss any part. */
export const documentOf = (of: { readonly document: unknown }): WorkflowDocument => of.document as WorkflowDocument;

/** `project`: only what that project offers. */
export function useOffers(search: string, project?: string, enabled = true) {
  return useInfiniteQuery({
    queryKey: [...keys.gallery, "list", search, project ?? ""],
    enabled,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      told(api.GET("/api/gallery/assets/", { params: { query: { limit: PAGE, ...(search && { search }), ...(project !== undefined && { project }), ...(pageParam && { cursor: pageParam }) } }, signal })),
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

export const useOffer = (id: string) => useQuery({ queryKey: keys.offer(id), queryFn: ({ signal }) => told(api.GET("/api/gallery/assets/{id}/", { ...at(id), signal })) });

/** The newest first. */
export const useOfferVersions = (id: string) =>
  useQuery({ queryKey: [...keys.offer(id), "versions"], queryFn: ({ signal }) => told(api.GET("/api/gallery/assets/{id}/versions/", { ...at(id), signal })) });

function useGalleryAction<Given, Made>(act: (given: Given) => Promise<Made>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => client.invalidateQueries({ queryKey: keys.gallery }) });
}

export interface NewOffer {
  readonly project: string | undefined;
  readonly title: string;
  readonly sharing: Sharing;
}

export interface Offering {
  readonly document: unknown;
  /** Empty: the next number. */
  readonly version: string;
  readonly description: string;
  readonly users: readonly string[];
  /** A version more of this one, or a new entry. */
  readonly to: string | NewOffer;
}

export const useOffering = () =>
  useGalleryAction(({ document, version, description, users, to }: Offering) => {
    const body = { document: document as JsonObject, description, users: [...users], ...(version !== "" && { version }) };
    if (typeof to === "string") return told(api.POST("/api/gallery/assets/{id}/versions/", { ...at(to), body }));
    const { project, title, sharing } = to;
    return told(api.POST("/api/gallery/assets/", { body: { ...body, title, sharing, ...(project !== undefined && { project }) } }));
  });

export const useWithdraw = () => useGalleryAction((id: string) => told(api.DELETE("/api/gallery/assets/{id}/", at(id))));

export interface Named {
  readonly id: string;
  readonly version: string;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

export const useNaming = () =>
  useGalleryAction(({ id, version, add = [], remove = [] }: Named) =>
    told(api.PATCH("/api/gallery/assets/{id}/versions/{version}/users/", { params: { path: { id, version } }, body: { add: [...add], remove: [...remove] } })),
  );

/** A workflow of one's own from it; the server finds it a free name. */
export function useSubscribe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version, project }: { readonly id: string; readonly version: string; readonly project: string | undefined }) =>
      told(api.POST("/api/gallery/assets/{id}/subscribe/", { ...at(id), body: { version, ...(project !== undefined && { project }) } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.workflows }),
  });
}

/** The first of "name", "name 2", … that no workflow of the project has. */
async function freeName(wanted: string, project: string | undefined): Promise<string> {
  const query = { search: wanted, limit: 200, ...(project !== undefined && { project }) };
  const taken = new Set((await told(api.GET("/api/workflows/", { params: { query } }))).items.map((each) => each.name));
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted.slice(0, 60)} ${String(count)}`;
  return name;
}

export function useTemplate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ sample, project }: { readonly sample: Sample; readonly project: string | undefined }) => {
      const name = await freeName(sample.name, project);
      const document = { ...(sample.document as JsonObject), name };
      return told(api.POST("/api/workflows/", { body: { name, description: sample.description, document, ...(project !== undefined && { project }) } }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.workflows }),
  });
}
