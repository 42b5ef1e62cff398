import type { DirectoryDropItem, DropItem } from "react-aria-components";
import { expect, test } from "vitest";
import { droppedFiles } from "./collect";

const file = (name: string): DropItem => ({ kind: "file", type: "text/plain", name, getFile: () => Promise.resolve(new File(["x"], name)), getText: () => Promise.resolve("x") });

function directory(name: string, ...inside: readonly DropItem[]): DirectoryDropItem {
  return {
    kind: "directory",
    name,
    async *getEntries() {
      for (const item of inside) if (item.kind !== "text") yield Promise.resolve(item);
    },
  } as DirectoryDropItem;
}

test("a dropped tree comes with every file in its place, and with the folders that have none", async () => {
  const { files, empty } = await droppedFiles([file("a.txt"), directory("images", directory("cats", file("1.png")), directory("dogs", directory("puppies"))), directory("nothing")], "/default/in/", "p");

  expect(files.map((each) => each.path)).toEqual(["/default/in/a.txt", "/default/in/images/cats/1.png"]);
  expect(files.every((each) => each.project === "p")).toBe(true);
  expect(empty).toEqual(["/default/in/images/dogs/puppies/", "/default/in/nothing/"]);
});
