/** The button that everything leads to; Ctrl+Enter presses it from anywhere on the page. */

import { Play } from "lucide-react";
import { useEffect } from "react";
import { useEditor } from "@/features/editor/context";
import { useMay, useProjectOfWorkflow } from "@/features/people/roles";
import { t, useLanguage } from "@/i18n/i18n";
import { Button, IconButton } from "@/ui/Button";
import { Tooltip } from "@/ui/Tooltip";
import { hostRuns, requestRun } from "./request";

const press = (): void => {
  requestRun();
};

interface Props {
  /** Beside the Stop of a run that goes on: another one is started less often, and looks like it. */
  readonly another?: boolean;
}

/** Absent for those who may not run: the bar says who they are here. */
export function RunButton(props: Props) {
  const may = useMay(useProjectOfWorkflow(useEditor().workflowId), "operator");
  return may ? <Allowed {...props} /> : null;
}

function Allowed({ another = false }: Props) {
  useLanguage();
  useEffect(hostRuns, []);
  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      if (event.key !== "Enter" || event.altKey || (!event.ctrlKey && !event.metaKey) || event.defaultPrevented) return;
      if (document.querySelector("[role=dialog], [role=alertdialog]:not([aria-modal=false])") !== null) return;
      event.preventDefault();
      event.stopPropagation();
      requestRun();
    };
    // On the way down: a button that has the focus would take any Enter for itself.
    document.addEventListener("keydown", key, true);
    return () => {
      document.removeEventListener("keydown", key, true);
    };
  }, []);
  return another ? (
      <IconButton label={t("runform.another")} keys="Mod+Enter" icon={<Play size={15} />} data-testid="run" onPress={press} />
    ) : (
      <Tooltip text={t("runform.open")} keys="Mod+Enter">
        <Button look="strong" icon={<Play size={13} fill="currentColor" />} data-testid="run" onPress={press}>
          {t("runform.run")}
        </Button>
      </Tooltip>
    );
}
