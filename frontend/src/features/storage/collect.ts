/** Files out of a drop or a file dialog, with the folders that they lay in. */
import type { DirectoryDropItem, DropItem, FileDropItem } from "react-aria-components";
import { below } from "./places";
import type { NewUpload } from "./uploads";

export interface Dropped {
  readonly files: readonly NewUpload[];
  /** Folders with nothing in them: no file brings them along. */
  readonly empty: readonly string[];
}

/** What the browser says of files that were chosen with their folder. Of empty folders it says nothing. */
export function chosenFiles(files: FileList, folder: string, project: string | null): NewUpload[] {
  return [...files].map((file) => ({ file, path: below(folder, file.webkitRelativePath || file.name), project }));
}

export async function droppedFiles(items: readonly DropItem[], folder: string, project: string | null): Promise<Dropped> {
  const found = { files: [] as NewUpload[], empty: [] as string[] };
  const file = async (item: FileDropItem, into: string) => {
    found.files.push({ file: await item.getFile(), path: below(into, item.name), project });
  };
  const walk = async (directory: DirectoryDropItem, into: string): Promise<void> => {
    const place = below(into, directory.name);
    let things = 0;
    for await (const item of directory.getEntries()) {
      things += 1;
      await (item.kind === "file" ? file(item, place) : walk(item, place));
    }
    if (things === 0) found.empty.push(`${place}/`);
  };
  for (const item of items) {
    if (item.kind === "file") await file(item, folder);
    else if (item.kind === "directory") await walk(item, folder);
  }
  return found;
}
