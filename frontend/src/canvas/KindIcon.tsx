/** The sign of a kind of step, on its colour: the same in the palette, on the node and in the inspector. */

import { Boxes, Database, DatabaseZap, GitBranch, Package, PackageCheck, Rocket, SquareTerminal, Tags, Workflow, Zap, type LucideIcon } from "lucide-react";
import styles from "./KindIcon.module.css";

const SIGNS: Readonly<Record<string, readonly [LucideIcon, string] | undefined>> = {
  create_dataset: [Database, "figure"],
  release_dataset: [PackageCheck, "figure"],
  job: [SquareTerminal, "data"],
  condition: [GitBranch, "metrics"],
  model: [Package, "model"],
  labeling: [Tags, "figure"],
  dataset_import: [DatabaseZap, "figure"],
  service: [Rocket, "model"],
  mrs_job: [Zap, "data"],
  workflow: [Workflow, "metrics"],
};

export function KindIcon({ kind, size = 24 }: { readonly kind: string; readonly size?: number }) {
  const [Icon, family] = SIGNS[kind] ?? [Boxes, "other"];
  return (
    <span className={styles.tile} data-family={family} style={{ width: size, height: size }} aria-hidden="true">
      <Icon size={Math.round(size * 0.6)} strokeWidth={1.9} />
    </span>
  );
}

export const familyOfKind = (kind: string): string => SIGNS[kind]?.[1] ?? "other";
