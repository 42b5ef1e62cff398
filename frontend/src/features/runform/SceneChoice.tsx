/** The whole workflow, or one of its scenes: the form then asks only for what the scene's steps use. */

import { t } from "@/i18n/i18n";
import type { WorkflowDocument } from "@/model/document";
import { membersOf } from "@/model/groups";
import { problem } from "@/model/problems";
import { Select } from "@/ui/Field";
import { ProblemNote } from "@/ui/States";
import { PriorChoice } from "./PriorChoice";
import type { RunPart } from "./queries";
import styles from "./RunPanel.module.css";

interface Props {
  readonly document: WorkflowDocument;
  /** null: the whole workflow. */
  readonly part: RunPart | null;
  readonly onChange: (part: RunPart | null) => void;
}

const WHOLE = "whole";
/** A scene may have any name. */
const keyOf = (name: string): string => `scene:${name}`;

export function SceneChoice({ document, part, onChange }: Props) {
  const scenes = document.scenes ?? [];
  const chosen = part?.scene;
  const scene = scenes.find((each) => each.name === chosen);
  return (
    <div className={styles.scene} data-testid="scene-choice">
      <Select
        label={t("runform.scene")}
        value={chosen === undefined ? WHOLE : keyOf(chosen)}
        onChange={(key) => {
          const found = scenes.find((each) => keyOf(each.name) === key);
          onChange(found === undefined ? null : { steps: [], mode: "only", reuse: true, scene: found.name, ...(part?.prior !== undefined && { prior: part.prior }) });
        }}
        choices={[{ id: WHOLE, label: t("runform.scene.whole") }, ...scenes.map((each) => ({ id: keyOf(each.name), label: each.name }))]}
      />
      {scene !== undefined && <p className={styles.sceneText}>{[scene.description, t("runform.scene.text", { count: membersOf(document, scene).length })].filter(Boolean).join(" ")}</p>}
      {part !== null && scene !== undefined && <PriorChoice part={part} onChange={onChange} />}
      {chosen !== undefined && scene === undefined && <ProblemNote problem={problem("client.scene_gone", t("runform.scene.gone", { name: chosen }), "")} />}
    </div>
  );
}
