/** Which features fill the editor's places. A feature adds itself here, lazily where it is heavy. */

import { Inspector } from "@/features/inspector/Inspector";
import { ProblemsPanel } from "@/features/problems/ProblemsPanel";
import { RunButton } from "@/features/runform/RunButton";
import type { EditorSlots } from "./slots";

export const editorSlots: EditorSlots = { Inspector, ProblemsPanel, RunButton };
