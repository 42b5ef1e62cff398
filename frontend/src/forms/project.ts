/** Whose storages, datasets and models the fields below choose from: those of the workflow's project. */
import { createContext, use } from "react";

export const ProjectContext = createContext<string | null>(null);

/** null: one's own project. */
export const useFieldProject = (): string | null => use(ProjectContext);

export const inProject = (project: string | null): { readonly project?: string } => (project === null ? {} : { project });
