/** What a folder holds, in the order that was asked for: folders first, then files. */
import type { Schemas } from "@/api/client";

export type Entry = Schemas["EntryOut"];
export type SortColumn = "name" | "size" | "modified";

export interface Sort {
  readonly column: SortColumn;
  readonly direction: "ascending" | "descending";
}

export const FIRST_SORT: Sort = { column: "name", direction: "ascending" };
/** As the server knows it: of a folder of which only a part has come, it alone can say what is first. */
export const orderOf = ({ column, direction }: Sort) => (direction === "ascending" ? column : (`-${column}` as const));

/** "2.png" before "10.png". */
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

const COMPARE: Readonly<Record<SortColumn, (one: Entry, other: Entry) => number>> = {
  name: (one, other) => collator.compare(one.name, other.name),
  size: (one, other) => one.size - other.size,
  modified: (one, other) => Date.parse(one.modified) - Date.parse(other.modified),
};

export function sorted(entries: readonly Entry[], { column, direction }: Sort): Entry[] {
  const sign = direction === "ascending" ? 1 : -1;
  return [...entries].sort((one, other) => {
    const folders = Number(other.kind === "directory") - Number(one.kind === "directory");
    // A folder has no size of its own.
    const by = column === "size" && one.kind === "directory" ? 0 : COMPARE[column](one, other);
    return folders || sign * by || collator.compare(one.name, other.name);
  });
}
