/** What a step waits for. Where data comes from is decided by its inputs; plain order is decided here. */

import { Plus, X } from "lucide-react";
import { KindIcon } from "@/canvas/KindIcon";
import { Foot } from "@/forms/Foot";
import { problemsFor, useStepForm } from "@/forms/stepForm";
import { t } from "@/i18n/i18n";
import { shownTitle, stepByName, type Step } from "@/model/document";
import { closesCycle, graphOf } from "@/model/graph";
import { isList } from "@/model/json";
import { takesFrom } from "@/model/references";
import { Button, IconButton } from "@/ui/Button";
import { Menu } from "@/ui/Menu";
import styles from "./Inspector.module.css";

export function Order({ step }: { readonly step: Step }) {
  const { document, dispatch, problems, readOnly } = useStepForm();
  const parents = step.depends_on ?? [];
  const graph = graphOf(document);
  const offered = (document.steps ?? []).filter((each) => each.id !== step.id && !parents.includes(each.name) && !closesCycle(graph, each.name, step.name));
  return (
    <div className={styles.labelled} data-pointer="/depends_on">
      <span className={styles.label}>{t("inspector.runsAfter")}</span>
      {parents.length > 0 && (
        <ul className={styles.rows}>
          {parents.map((name) => {
            const parent = stepByName(document, name);
            const why = parent === undefined ? null : reasonOf(parent, step);
            return (
              <li key={name} className={styles.row}>
                {parent !== undefined && <KindIcon kind={parent.kind} size={20} />}
                <span className={styles.name}>{parent === undefined ? name : shownTitle(parent)}</span>
                {why !== null && <span className={styles.note}>{t(`inspector.order.${why}`)}</span>}
                {why === null && !readOnly && (
                  <IconButton
                    small
                    label={t("inspector.order.remove", { step: parent === undefined ? name : shownTitle(parent) })}
                    icon={<X size={14} />}
                    onPress={() => {
                      if (parent !== undefined) dispatch({ type: "order.remove", from: parent.id, to: step.id });
                      else dispatch({ type: "step.set", id: step.id, pointer: "/depends_on", value: parents.filter((each) => each !== name) });
                    }}
                  />
                )}
              </li>
            );
          })}
        </ul>
      )}
      <Foot problems={problemsFor(problems, "/depends_on", true)} help={parents.length === 0 ? t("inspector.order.empty") : ""} />
      {!readOnly && offered.length > 0 && (
        <div>
          <Menu
            label={t("inspector.order.add")}
            trigger={
              <Button small look="quiet" icon={<Plus size={14} />} className={styles.add ?? ""}>
                {t("inspector.order.add")}
              </Button>
            }
            groups={[
              {
                id: "steps",
                actions: offered.map((each) => ({
                  id: each.id,
                  label: shownTitle(each),
                  icon: <KindIcon kind={each.kind} size={18} />,
                  run: () => {
                    dispatch({ type: "order.add", from: each.id, to: step.id });
                  },
                })),
              },
            ]}
          />
        </div>
      )}
    </div>
  );
}

/** An edge that something else needs is not taken away here. */
function reasonOf(parent: Step, step: Step): "data" | "branch" | null {
  if (takesFrom(step, parent.name)) return "data";
  const branches = [parent.properties?.if_then_steps, parent.properties?.else_then_steps];
  return parent.kind === "condition" && branches.some((list) => isList(list) && list.includes(step.name)) ? "branch" : null;
}
