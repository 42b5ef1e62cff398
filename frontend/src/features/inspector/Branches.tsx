/** The two branches of a condition step: which steps run when it holds, and which when not. */

import { Plus, X } from "lucide-react";
import { KindIcon } from "@/canvas/KindIcon";
import { Foot } from "@/forms/Foot";
import { problemsFor, useStepForm } from "@/forms/stepForm";
import { t } from "@/i18n/i18n";
import { BRANCH_FIELDS, shownTitle, stepByName, type Branch } from "@/model/document";
import { closesCycle, graphOf } from "@/model/graph";
import { isList } from "@/model/json";
import { Button, IconButton } from "@/ui/Button";
import { Menu } from "@/ui/Menu";
import styles from "./Inspector.module.css";

export function Branches() {
  return (
    <>
      <BranchList branch="then" />
      <BranchList branch="else" />
    </>
  );
}

function BranchList({ branch }: { readonly branch: Branch }) {
  const { document, step, dispatch, problems, readOnly } = useStepForm();
  const field = BRANCH_FIELDS[branch];
  const held = step.properties?.[field];
  const names = isList(held) ? held.map(String) : [];
  const graph = graphOf(document);
  const offered = (document.steps ?? []).filter((each) => each.id !== step.id && !names.includes(each.name) && !closesCycle(graph, step.name, each.name));
  return (
    <div className={styles.labelled} data-pointer={`/properties/${field}`}>
      <span className={styles.label}>{t(`inspector.branch.${branch}`)}</span>
      {names.length > 0 && (
        <ul className={styles.rows}>
          {names.map((name) => {
            const listed = stepByName(document, name);
            return (
              <li key={name} className={styles.row}>
                {listed !== undefined && <KindIcon kind={listed.kind} size={20} />}
                <span className={styles.name}>{listed === undefined ? name : shownTitle(listed)}</span>
                {!readOnly && (
                  <IconButton
                    small
                    label={t("inspector.branch.remove", { step: listed === undefined ? name : shownTitle(listed) })}
                    icon={<X size={14} />}
                    onPress={() => {
                      if (listed !== undefined) dispatch({ type: "branch.remove", id: step.id, branch, step: name });
                      else dispatch({ type: "step.set", id: step.id, pointer: `/properties/${field}`, value: names.filter((each) => each !== name) });
                    }}
                  />
                )}
              </li>
            );
          })}
        </ul>
      )}
      <Foot problems={problemsFor(problems, `/properties/${field}`, true)} help={names.length === 0 ? t(`inspector.branch.${branch}.empty`) : ""} />
      {!readOnly && offered.length > 0 && (
        <div>
          <Menu
            label={t("inspector.branch.add")}
            trigger={
              <Button small look="quiet" icon={<Plus size={14} />} className={styles.add ?? ""}>
                {t("inspector.branch.add")}
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
                    dispatch({ type: "branch.add", id: step.id, branch, step: each.name });
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
