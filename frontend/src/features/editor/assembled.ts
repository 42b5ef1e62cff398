/** Which features fill the editor's places. A feature adds itself here, lazily where it is heavy. */

import { lazy } from "react";
import { Inspector } from "@/features/inspector/Inspector";
import { ProblemsPanel } from "@/features/problems/ProblemsPanel";
import { EditorRun, RunArea, RunAside, useRunSpot, useRunStates } from "@/features/run/EditorRun";
import { NodeNote } from "@/features/run/NodeNote";
import { RunChart } from "@/features/run/RunChart";
import { RunConsole } from "@/features/run/RunConsole";
import { StepTools } from "@/features/runform/StepTools";
import type { EditorSlots } from "./slots";

const views = {
  program: lazy(async () => ({ default: (await import("@/features/transfer/ProgramTab")).ProgramTab })),
  versions: lazy(async () => ({ default: (await import("@/features/versions/VersionsTab")).VersionsTab })),
  runs: lazy(async () => ({ default: (await import("@/features/runs/RunsPage")).WorkflowRuns })),
};

export const editorSlots: EditorSlots = { Inspector, ProblemsPanel, Aside: RunAside, RunButton: RunArea, Chart: RunChart, Note: NodeNote, Frame: EditorRun, useStates: useRunStates, useSpot: useRunSpot, views, Console: RunConsole, StepActions: StepTools };
