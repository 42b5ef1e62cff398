/** What a waiting step asks for. */

import { useState } from "react";
import { shownTitle, stepByName } from "@/model/document";
import type { RunContextValue } from "./context";
import { AnswerDialog } from "./dialogs";
import { runOf } from "./queries";
import { useFollowing, type RunSession } from "./session";

interface Props {
  readonly session: RunSession;
  readonly document: RunContextValue["document"];
  readonly step: string;
  readonly onClose: () => void;
}

/** The question of a waiting step; closes by itself, and says so, when somebody else has answered. */
export function Answer({ session, step, document, onClose }: Props) {
  const view = useFollowing(session, (following) => following.view?.steps[step]);
  const run = runOf(useFollowing(session, ({ view: held }) => (held as NonNullable<typeof held>).run));
  const [awaits] = useState(view?.awaits ?? []);
  const definition = document === null ? undefined : stepByName(document, step);
  return (
    <AnswerDialog
      run={session.id}
      number={run.number}
      step={step}
      title={definition === undefined ? step : shownTitle(definition)}
      awaits={awaits}
      workflow={run.workflow.id}
      version={run.version.number}
      waiting={view?.state === "wait_inputs"}
      answered={typeof view?.answered?.name === "string" ? view.answered.name : null}
      onClose={onClose}
    />
  );
}
