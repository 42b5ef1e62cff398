/** Files out of a drop or a file dialog, with the folders that they lay in. */
import type { DirectoryDropItem, DropItem, FileDropItem } from "react-aria-components";
import { below } from "./places";
import type { NewUpload } from "./uploads";

/** What the browser says of files that were chosen with their folder. */
export function chosenFiles(files: FileList, folder: string, project: string | null): NewUpload[] {
  return [...files].map((file) => ({ file, path: below(folder, file.webkitRelativePath || file.name), project }));
}

export async function droppedFiles(items: readonly DropItem[], folder: string, project: string | null): Promise<NewUpload[]> {
  const found: NewUpload[] = [];
  for (const item of items) {
    if (item.kind === "file") found.push(await fileAt(item, folder, project));
    else if (item.kind === "directory") await walk(item, below(folder, item.name), project, found);
  }
  return found;
}

async function fileAt(item: FileDropItem, folder: string, project: string | null): Promise<NewUpload> {
  return { file: await item.getFile(), path: below(folder, item.name), project };
}

async function walk(directory: DirectoryDropItem, folder: string, project: string | null, found: NewUpload[]): Promise<void> {
  for await (const item of directory.getEntries()) {
    if (item.kind === "file") found.push(await fileAt(item, folder, project));
    else await walk(item, below(folder, item.name), project, found);
  }
}
