/** Paths of a storage: `/storage/folder/file`; folders end with a slash. What the server refuses is said before it is asked. */

export interface Crumb {
  readonly name: string;
  readonly path: string;
}

export const ROOTS = "/";

export function partsOfPath(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}

export const folderOf = (parts: readonly string[]): string => (parts.length === 0 ? ROOTS : `/${parts.join("/")}/`);

/** The folder that a file or folder lies in; that of a storage is the list of storages. */
export const parentOf = (path: string): string => folderOf(partsOfPath(path).slice(0, -1));

export const nameOf = (path: string): string => partsOfPath(path).at(-1) ?? "";

export function crumbsOf(path: string): Crumb[] {
  const parts = partsOfPath(path);
  return parts.map((name, index) => ({ name, path: folderOf(parts.slice(0, index + 1)) }));
}

/** Below a folder; `relative` may have folders of its own. */
export const below = (folder: string, relative: string): string => `${folder.replace(/\/+$/, "")}/${relative}`;

/** The same place under another name. */
export function renamed(path: string, name: string): string {
  const moved = below(parentOf(path), name);
  return path.endsWith("/") ? `${moved}/` : moved;
}

export type NameFault = "empty" | "dots" | "slash" | "control" | "long";
const LONGEST_BYTES = 255;

/** What is wrong with a name, as the server sees it (backend/shared/storage/names.py). */
export function nameFault(name: string): NameFault | null {
  if (name === "") return "empty";
  if (name === "." || name === "..") return "dots";
  if (/[/\\]/.test(name)) return "slash";
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(name)) return "control";
  return new TextEncoder().encode(name).length > LONGEST_BYTES ? "long" : null;
}

export interface StorageAddress {
  readonly path: string | null;
  readonly file: string | null;
  readonly project: string | null;
}

export function addressOf(search: URLSearchParams): StorageAddress {
  return { path: search.get("path"), file: search.get("file"), project: search.get("project") };
}

export function storageHref({ path, file, project }: Partial<StorageAddress>): string {
  const query = new URLSearchParams();
  if (path) query.set("path", path);
  if (file) query.set("file", file);
  if (project) query.set("project", project);
  return query.size === 0 ? "/storage" : `/storage?${query.toString()}`;
}
