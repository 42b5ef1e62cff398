import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, told, type Schemas } from "@/api/client";
import { keys } from "@/api/keys";
import type { Asked } from "@/features/assets/AssetList";

export type Image = Schemas["ImageOut"];
const PAGE = 50;

/** What a person writes about an image; the name is only written once. */
export interface Written {
  readonly reference: string;
  readonly digest: string;
  readonly description: string;
}

export const loadImages = ({ search, order, cursor, signal, project }: Asked) =>
  told(api.GET("/api/images/", { params: { query: { order, limit: PAGE, project, ...(search && { search }), ...(cursor && { cursor }) } }, signal }));

export function useRegisterImage(project: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (image: Written & { readonly name: string }) => told(api.POST("/api/images/", { body: { ...image, project } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.images }),
  });
}

export function useChangeImage(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (changes: Written) => told(api.PATCH("/api/images/{id}/", { params: { path: { id } }, body: changes })),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.images }),
  });
}

export function useDeleteImage(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => told(api.DELETE("/api/images/{id}/", { params: { path: { id } } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.images }),
  });
}
