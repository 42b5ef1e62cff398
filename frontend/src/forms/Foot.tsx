/** Below a field: what is wrong with it, or what it is for. */

import { CircleAlert, TriangleAlert } from "lucide-react";
import { sayProblem, t } from "@/i18n/i18n";
import styles from "./StepField.module.css";
import { problemPlace, type FieldProblem } from "./stepForm";

export function Foot({ id, problems, help }: { readonly id?: string; readonly problems: readonly FieldProblem[]; readonly help?: string | undefined }) {
  if (problems.length === 0) return help ? <p id={id} className={styles.help}>{help}</p> : null;
  return (
    <ul id={id} className={styles.problems}>
      {problems.map((problem) => {
        // Beside the field itself, its name need not be said again.
        const missing = problemPlace(problem) !== problem.inside;
        const { message, hint } = missing ? { message: t("form.needed"), hint: "" } : sayProblem(problem);
        const Sign = problem.severity === "error" ? CircleAlert : TriangleAlert;
        return (
          <li key={`${problem.code}${problem.inside}${problem.message}`} data-severity={problem.severity} data-code={problem.code}>
            <Sign size={13} aria-hidden="true" />
            <span>
              {message} <span className={styles.hint}>{hint}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
