/** Some of the steps are meant, by a scene or by a run of one: the others step back, and a sign over the canvas says why. */

import { Clapperboard, Focus } from "lucide-react";
import { useLayoutEffect, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { t, useLanguage } from "@/i18n/i18n";
import type { WorkflowDocument } from "@/model/document";
import { Tooltip } from "@/ui/Tooltip";
import { Slot } from "./anchors";
import { keyed, type Keyed, type WritableKeyed } from "./keyed";
import styles from "./Spotlight.module.css";

export interface Spot {
  /** Of the scene. */
  readonly name: string;
  /** The steps that are meant, by name. */
  readonly steps: readonly string[];
  /** Whether this is what somebody draws, what a run would be, or what a run is. */
  readonly why: "scene" | "form" | "run";
}

/** Which steps step back, by name. */
export function useDimmed(document: WorkflowDocument, spot: Spot | null): Keyed<true> {
  const [store] = useState<WritableKeyed<true>>(() => keyed());
  useLayoutEffect(() => {
    const meant = new Set(spot?.steps);
    const others = spot === null ? [] : (document.steps ?? []).filter((step) => !meant.has(step.name));
    store.replace(new Map(others.map((step) => [step.name, true])));
  }, [store, document.steps, spot]);
  return store;
}

interface SignProps {
  readonly document: WorkflowDocument;
  readonly spot: Spot;
  /** Brings these steps into view. */
  readonly onShow: (ids: readonly string[]) => void;
}

export function SpotSign({ document, spot, onShow }: SignProps) {
  useLanguage();
  const meant = new Set(spot.steps);
  const steps = document.steps ?? [];
  const count = steps.filter((step) => meant.has(step.name)).length;
  return (
    <Slot at="top">
      <div className={styles.sign} role="status" data-testid="spotlight" data-scene={spot.name}>
        <Clapperboard size={15} aria-hidden="true" />
        <strong>{spot.name}</strong>
        <span>{t(`canvas.spot.${spot.why}`, { count, all: steps.length })}</span>
        <Tooltip text={t("canvas.spot.show")}>
          <AriaButton className={styles.show ?? ""} aria-label={t("canvas.spot.show")} data-testid="spotlight-show" onPress={() => { onShow(steps.filter((step) => meant.has(step.name)).map((step) => step.id)); }}>
            <Focus size={14} />
          </AriaButton>
        </Tooltip>
      </div>
    </Slot>
  );
}
