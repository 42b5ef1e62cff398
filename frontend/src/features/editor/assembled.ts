/** Which features fill the editor's places. A feature adds itself here, lazily where it is heavy. */

import { Inspector } from "@/features/inspector/Inspector";
import { ProblemsPanel } from "@/features/problems/ProblemsPanel";
import { EditorRun, RunArea, RunAside, useRunStates } from "@/features/run/EditorRun";
import { NodeNote } from "@/features/run/NodeNote";
import { RunChart } from "@/features/run/RunChart";
import { RunConsole } from "@/features/run/RunConsole";
import { StepTools } from "@/features/runform/StepTools";
import { WorkflowRuns } from "@/features/runs/RunsPage";
import type { EditorSlots } from "./slots";

export const editorSlots: EditorSlots = { Inspector, ProblemsPanel, Aside: RunAside, RunButton: RunArea, Chart: RunChart, Note: NodeNote, Frame: EditorRun, useStates: useRunStates, Runs: WorkflowRuns, Console: RunConsole, StepActions: StepTools };
