/** A subgraph on the canvas: a frame with its name, or folded, one node that says how its steps stand together. */

import { Handle, Position as Side, type NodeProps } from "@xyflow/react";
import { ChevronDown, ChevronRight, Group as GroupIcon } from "lucide-react";
import { memo, useCallback, useContext, useSyncExternalStore } from "react";
import { Button as AriaButton } from "react-aria-components";
import { t, useLanguage } from "@/i18n/i18n";
import { Badge } from "@/ui/Badge";
import { Tooltip } from "@/ui/Tooltip";
import { DetailContext, useCanvas } from "./context";
import type { GroupFlowNode } from "./convert";
import { GROUP_HEAD, GROUP_IN, GROUP_OUT } from "./folding";
import { HEADER } from "./geometry";
import type { Keyed } from "./keyed";
import styles from "./GroupNode.module.css";
import { StateSlot } from "./StateSlot";
import type { StepStates } from "./slots";
import { summed, type Summed } from "./summed";

export const GroupNode = memo(function GroupNode({ id, data: { group, names, folded }, selected }: NodeProps<GroupFlowNode>) {
  useLanguage();
  const level = useContext(DetailContext);
  const { states, dimmed, onFold } = useCanvas();
  const sum = useSummed(states, names);
  const faint = useAll(dimmed, names);
  const word = t(folded ? "canvas.group.open" : "canvas.group.fold", { name: group.name });
  return (
    <>
      <section
        className={styles.group}
        data-folded={folded || undefined}
        data-selected={selected || undefined}
        data-level={level}
        data-dimmed={faint || undefined}
        data-group={group.name}
        data-group-id={group.id}
        data-node={id}
        data-state={sum?.state}
        aria-label={t("canvas.group", { name: group.name, count: names.length })}
      >
        <header className={styles.head} data-group-head style={{ height: folded ? HEADER : GROUP_HEAD }}>
          <Tooltip text={word}>
            <AriaButton
              className={`nodrag nopan ${styles.toggle ?? ""}`}
              aria-label={word}
              aria-expanded={!folded}
              data-testid="fold"
              onPress={() => {
                onFold(group.id, !folded);
              }}
            >
              {folded ? <ChevronRight size={15} /> : <ChevronDown size={15} />}
            </AriaButton>
          </Tooltip>
          {folded && level !== "box" && <GroupIcon size={16} aria-hidden="true" className={styles.icon} />}
          {level !== "box" && <span className={styles.name}>{group.name}</span>}
          {!folded && level === "full" && sum !== null && <Sum sum={sum} />}
        </header>
        {folded && level === "full" && (
          <div className={styles.foot}>
            <Badge>{t("canvas.group.steps", { count: names.length })}</Badge>
            {sum !== null && <Sum sum={sum} />}
          </div>
        )}
      </section>
      {folded && (
        <>
          <Handle id={GROUP_IN} type="target" position={Side.Left} isConnectable={false} style={{ top: HEADER / 2 }} className={styles.end} />
          <Handle id={GROUP_OUT} type="source" position={Side.Right} isConnectable={false} style={{ top: HEADER / 2 }} className={styles.end} />
        </>
      )}
    </>
  );
});

function Sum({ sum }: { readonly sum: Summed }) {
  return (
    <span className={styles.sum}>
      {sum.over > 0 && sum.over < sum.count && <span className={styles.count}>{t("canvas.group.over", { over: sum.over, count: sum.count })}</span>}
      <StateSlot shown={{ state: sum.state }} />
    </span>
  );
}

/** Renders again only when the sum changes, however often its steps do. */
function useSummed(states: StepStates | null, names: readonly string[]): Summed | null {
  const read = useCallback(() => {
    const found = states === null ? null : summed(names.map((name) => states.get(name)?.state));
    return found === null ? "" : JSON.stringify(found);
  }, [states, names]);
  const subscribe = useCallback((listener: () => void) => states?.watch(listener) ?? NOTHING, [states]);
  const text = useSyncExternalStore(subscribe, read);
  return text === "" ? null : (JSON.parse(text) as Summed);
}

/** Whether all of them step back. */
function useAll(dimmed: Keyed<true>, names: readonly string[]): boolean {
  const subscribe = useCallback((listener: () => void) => dimmed.watch(listener), [dimmed]);
  return useSyncExternalStore(subscribe, () => names.length > 0 && names.every((name) => dimmed.get(name) === true));
}

const NOTHING = (): void => undefined;
