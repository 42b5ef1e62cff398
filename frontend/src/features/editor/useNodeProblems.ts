/** Problems by step for the badges of the nodes: only the nodes whose problems changed are drawn again. */

import { useEffect, useState } from "react";
import type { NodeProblems } from "@/canvas/context";
import { keyed, type Keyed } from "@/canvas/keyed";
import { sayProblem, useLanguage } from "@/i18n/i18n";
import { useProblems } from "./context";
import type { LocatedProblem } from "./problems";

export function useNodeProblems(): Keyed<NodeProblems> {
  const problems = useProblems();
  const language = useLanguage();
  const [store] = useState(() => keyed<NodeProblems>());
  useEffect(() => {
    const next = summed(problems);
    for (const [id, found] of next) {
      const old = store.get(id);
      if (old !== undefined && old.errors === found.errors && old.warnings === found.warnings && old.first === found.first) next.set(id, old);
    }
    store.replace(next);
  }, [store, problems, language]);
  return store;
}

function summed(problems: readonly LocatedProblem[]): Map<string, NodeProblems> {
  const found = new Map<string, NodeProblems>();
  for (const problem of problems) {
    if (problem.list !== "steps" || problem.entry === null) continue;
    const held = found.get(problem.entry) ?? { errors: 0, warnings: 0, first: sayProblem(problem).message };
    const error = problem.severity === "error";
    found.set(problem.entry, { ...held, errors: held.errors + (error ? 1 : 0), warnings: held.warnings + (error ? 0 : 1) });
  }
  return found;
}
