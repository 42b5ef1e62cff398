/** C: wires without a pointer. Every port of the step, and for each the ports that would take it. */

import { ArrowRight } from "lucide-react";
import { useMemo, useState } from "react";
import { PortSign } from "@/canvas/PortSign";
import { isOrderHandle, shapeOf, ORDER_IN, ORDER_OUT } from "@/canvas/geometry";
import { startWiring } from "@/canvas/wiring";
import { t, useLanguage } from "@/i18n/i18n";
import type { Command } from "@/model/commands";
import { shownTitle, stepById, type WorkflowDocument } from "@/model/document";
import type { Kinds, PortType } from "@/model/ports";
import { Dialog } from "@/ui/Dialog";
import { SearchField } from "@/ui/Field";
import { Button as AriaButton } from "react-aria-components";
import { useEditor } from "./context";
import styles from "./dialogs.module.css";

interface Offer {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly type: PortType;
  readonly command: Command;
}

export function ConnectDialog({ stepId, onClose }: { readonly stepId: string; readonly onClose: () => void }) {
  useLanguage();
  const { store, kinds, dispatch } = useEditor();
  const { document } = store.getState();
  const [search, setSearch] = useState("");
  const offers = useMemo(() => offersFrom(kinds, document, stepId), [kinds, document, stepId]);
  const wanted = search.trim().toLowerCase();
  const shown = offers.filter((offer) => `${offer.from} ${offer.to}`.toLowerCase().includes(wanted));
  const step = stepById(document, stepId);
  return (
    <Dialog isOpen title={t("editor.connect.title", { step: step === undefined ? "" : shownTitle(step) })} onClose={onClose}>
      <SearchField label={t("editor.connect.search")} value={search} onChange={setSearch} />
      <ul className={styles.offers} data-testid="connect-offers">
        {shown.map((offer) => (
          <li key={offer.key}>
            <AriaButton
              className={styles.offer ?? ""}
              onPress={() => {
                dispatch(offer.command);
                onClose();
              }}
            >
              <PortSign type={offer.type} />
              <span>{offer.from}</span>
              <ArrowRight size={13} aria-hidden="true" />
              <span>{offer.to}</span>
            </AriaButton>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className={styles.lead}>{t("editor.connect.none")}</p>}
    </Dialog>
  );
}

export function offersFrom(kinds: Kinds, document: WorkflowDocument, stepId: string): Offer[] {
  const step = stepById(document, stepId);
  if (step === undefined) return [];
  const shape = shapeOf(kinds, document, step);
  const starts = [...shape.outputs, ...shape.inputs, { handle: ORDER_OUT, name: t("canvas.port.orderOut"), type: "order" as const }, { handle: ORDER_IN, name: t("canvas.port.orderIn"), type: "order" as const }];
  return starts.flatMap((start) => {
    const wiring = startWiring(kinds, document, { stepId, handle: start.handle });
    if (wiring === null) return [];
    return (document.steps ?? []).flatMap((other): Offer[] => {
      if (other.id === stepId) return [];
      const mine = `${shownTitle(step)} · ${portWord(start.handle, start.name)}`;
      const ports = Object.entries(wiring.verdicts.get(other.id)?.handles ?? {}).filter(([handle, verdict]) => verdict === null && isOrderHandle(handle) === isOrderHandle(start.handle));
      return ports.flatMap(([handle]) => {
        const command = wiring.command(other.id, handle);
        const theirs = `${shownTitle(other)} · ${portWord(handle, handle.slice(handle.indexOf(":") + 1))}`;
        const [from, to] = wiring.forwards ? [mine, theirs] : [theirs, mine];
        return command === null ? [] : [{ key: `${start.handle} ${other.id} ${handle}`, from, to, type: wiring.type, command }];
      });
    });
  });
}

function portWord(handle: string, name: string): string {
  if (handle === ORDER_IN) return t("canvas.port.orderIn");
  if (handle === ORDER_OUT) return t("canvas.port.orderOut");
  return handle.startsWith("branch:") ? t(`canvas.branch.${name as "then" | "else"}`) : name;
}
