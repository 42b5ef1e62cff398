/** The samples that come with the product: their documents are part of the build, one small file each. */
import type { WorkflowDocument } from "@/model/document";

const FILES = import.meta.glob<WorkflowDocument>("../../../../workers/samples/*/workflow.json", { import: "default" });

export interface Sample {
  readonly id: string;
  readonly document: WorkflowDocument;
}

export async function loadSamples(): Promise<Sample[]> {
  return Promise.all(
    Object.entries(FILES).map(async ([path, load]) => ({ id: path.split("/").at(-2) ?? path, document: await load() })),
  );
}
