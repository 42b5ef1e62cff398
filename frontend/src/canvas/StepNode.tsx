/** A step on the canvas. Its size is given by its content (geometry.ts); everything here fits into that. */

import { Handle, Position as Side, type NodeProps } from "@xyflow/react";
import { CircleAlert, RefreshCcwDot, TriangleAlert } from "lucide-react";
import { createElement, memo, useContext, useEffect, useRef, type ReactNode, type RefObject } from "react";
import { t, useLanguage, type MessageKey } from "@/i18n/i18n";
import { en } from "@/i18n/en";
import { shownTitle } from "@/model/document";
import { isLeftOut } from "@/model/leftOut";
import { Tooltip } from "@/ui/Tooltip";
import { Button as AriaButton } from "react-aria-components";
import { DetailContext, NoteContext, useCanvas } from "./context";
import type { StepFlowNode } from "./convert";
import type { Fact } from "./facts";
import { FACT_ROW, HEADER, isOrderHandle, ORDER_IN, ORDER_OUT, PORT_ROW, type ShownPort } from "./geometry";
import { useKeyed } from "./keyed";
import { KindIcon } from "./KindIcon";
import { shownWord } from "./planned";
import { PortSign } from "./PortSign";
import { StateSlot, useShown } from "./StateSlot";
import styles from "./StepNode.module.css";
import { StepToolbar } from "./StepToolbar";
import type { StepVerdicts } from "./wiring";

/** Before any run: what somebody has left out is seen where it is drawn. */
const LEFT_OUT = { state: "will_skip" } as const;

export const StepNode = memo(function StepNode({ id, data, selected }: NodeProps<StepFlowNode>) {
  useLanguage();
  const { step, shape } = data;
  const canvas = useCanvas();
  const level = useContext(DetailContext);
  const verdicts = useKeyed(canvas.verdicts, id);
  const problems = useKeyed(canvas.problems, id);
  const shown = useShown(step.name);
  const dimmed = useKeyed(canvas.dimmed, step.name);
  const [article, tabIndex] = useFocused(id);
  const out = isLeftOut(step);
  const title = shownTitle(step);
  const kind = canvas.kindTitle(step.kind);
  const said = [title, kind, shown ? shownWord(shown.state) : out ? shownWord(LEFT_OUT.state) : "", problems ? t("canvas.problems", { count: problems.errors + problems.warnings }) : ""];
  return (
    <>
      <article
        ref={article}
        tabIndex={tabIndex}
        aria-label={said.filter(Boolean).join(", ")}
        aria-roledescription={t("canvas.step")}
        data-step={step.name}
        data-step-id={id}
        data-kind={step.kind}
        data-state={shown?.state}
        data-selected={selected || undefined}
        data-level={level}
        data-out={out || undefined}
        data-dimmed={dimmed}
        data-wire={wireMark(verdicts)}
        data-problem={problems === undefined ? undefined : problems.errors > 0 ? "error" : "warning"}
        className={styles.step}
        onFocus={() => {
          canvas.onFocus(id);
        }}
      >
        <header className={styles.head} style={{ height: level === "full" ? HEADER : "100%" }}>
          {level !== "box" && <KindIcon kind={step.kind} size={level === "full" ? 26 : 36} />}
          {level !== "box" && (
            <span className={styles.names}>
              <span className={styles.title}>{title}</span>
              {level === "full" && (
                <span className={styles.second}>
                  {/* A step that nobody named is told by the name that others use for it. */}
                  <span className={styles.kind}>{kind === title ? step.name : kind}</span>
                  {step.policy?.reuse === false && (
                    <span className={styles.anew} role="img" aria-label={t("canvas.noReuse")} title={t("canvas.noReuse")} data-testid="no-reuse">
                      <RefreshCcwDot size={12} />
                    </span>
                  )}
                  {shown !== undefined ? <StateSlot shown={shown} /> : out && <StateSlot shown={LEFT_OUT} />}
                </span>
              )}
            </span>
          )}
        </header>
        {typeof shown?.progress === "number" && (
          <span className={styles.progress} style={{ top: HEADER - 2 }}>
            <span style={{ width: `${String(Math.round(shown.progress * 100))}%` }} />
          </span>
        )}
        {level === "full" && shape.inputs.map((port, index) => <PortLabel key={port.handle} port={port} side="in" top={shape.portsTop + index * PORT_ROW} />)}
        {level === "full" && shape.outputs.map((port, index) => <PortLabel key={port.handle} port={port} side="out" top={shape.portsTop + index * PORT_ROW} />)}
        {level === "full" && shape.facts.length > 0 && <Facts facts={shape.facts} top={shape.factsTop} />}
        {shown?.reason && level === "full" && <Reason step={step.name} reason={shown.reason} />}
      </article>
      {level !== "box" && <Ports data={data} verdicts={verdicts} />}
      {problems !== undefined && <ProblemBadge id={id} error={problems.errors > 0} count={problems.errors + problems.warnings} first={problems.first} />}
      {selected && <StepToolbar id={id} />}
    </>
  );
});

function Reason({ step, reason }: { readonly step: string; readonly reason: string }) {
  const Note = useContext(NoteContext);
  return Note === null ? (
    <p className={styles.reason} data-testid="step-reason">
      {reason}
    </p>
  ) : (
    createElement(Note, { step, reason })
  );
}

function wireMark(verdicts: StepVerdicts | undefined): string | undefined {
  if (verdicts === undefined) return undefined;
  if (verdicts.origin) return "origin";
  return verdicts.fits ? "fits" : "refused";
}

/** One node has the tab stop; it takes the focus when it is told to, also when it was only now mounted. */
function useFocused(id: string): readonly [RefObject<HTMLElement | null>, number] {
  const ref = useRef<HTMLElement>(null);
  const wish = useKeyed(useCanvas().focus, id);
  useEffect(() => {
    if (wish !== undefined && wish > 0) ref.current?.focus({ preventScroll: true });
  }, [wish]);
  return [ref, wish === undefined ? -1 : 0];
}

function Ports({ data: { shape }, verdicts }: { readonly data: StepFlowNode["data"]; readonly verdicts: StepVerdicts | undefined }) {
  const middle = (index: number): number => shape.portsTop + index * PORT_ROW + PORT_ROW / 2;
  const name = (port: ShownPort): string => t("canvas.port", { port: port.name, type: t(`port.${port.type}`) });
  return (
    <>
      <Port handle={ORDER_IN} side="in" top={HEADER / 2} label={t("canvas.port.orderIn")} verdicts={verdicts} order>
        <PortSign type="order" />
      </Port>
      <Port handle={ORDER_OUT} side="out" top={HEADER / 2} label={t("canvas.port.orderOut")} verdicts={verdicts} order>
        <PortSign type="order" />
      </Port>
      {shape.inputs.map((port, index) => (
        <Port key={port.handle} handle={port.handle} side="in" top={middle(index)} label={name(port)} verdicts={verdicts}>
          <PortSign type={port.type} hollow={port.empty ?? false} />
        </Port>
      ))}
      {shape.outputs.map((port, index) => (
        <Port key={port.handle} handle={port.handle} side="out" top={middle(index)} label={name(port)} verdicts={verdicts}>
          <PortSign type={port.type} />
        </Port>
      ))}
    </>
  );
}

interface PortProps {
  readonly handle: string;
  readonly side: "in" | "out";
  readonly top: number;
  readonly label: string;
  readonly verdicts: StepVerdicts | undefined;
  readonly order?: boolean;
  readonly children: ReactNode;
}

function Port({ handle, side, top, label, verdicts, order = false, children }: PortProps) {
  const verdict = verdicts === undefined ? undefined : markOf(verdicts, handle);
  return (
    <Handle
      id={handle}
      type={side === "in" ? "target" : "source"}
      position={side === "in" ? Side.Left : Side.Right}
      isConnectable={!useCanvas().readOnly()}
      style={{ top }}
      className={order ? `${styles.port ?? ""} ${styles.order ?? ""}` : (styles.port ?? "")}
      // Seen by the pointer alone: keys and screen readers connect by the list that C opens.
      aria-hidden="true"
      data-label={label}
      data-port={handle}
      data-verdict={verdict}
    >
      {children}
    </Handle>
  );
}

function markOf(verdicts: StepVerdicts, handle: string): "fits" | "refused" | "off" {
  if (verdicts.origin || !(handle in verdicts.handles) || (verdicts.data && isOrderHandle(handle))) return "off";
  return verdicts.handles[handle] === null ? "fits" : "refused";
}

function PortLabel({ port, side, top }: { readonly port: ShownPort; readonly side: "in" | "out"; readonly top: number }) {
  const text = port.handle.startsWith("branch:") ? t(`canvas.branch.${port.name as "then" | "else"}`) : port.name;
  return (
    <span className={side === "in" ? styles.input : styles.output} style={{ top, height: PORT_ROW }}>
      <span className={styles.portName}>{text}</span>
      {port.placeholder !== undefined && <span className={styles.chip}>{port.placeholder}</span>}
    </span>
  );
}

function Facts({ facts, top }: { readonly facts: readonly Fact[]; readonly top: number }) {
  return (
    <dl className={styles.facts} style={{ top }}>
      {facts.map((fact, index) => (
        <div key={`${fact.name}${String(index)}`} className={styles.fact} style={{ height: FACT_ROW }}>
          {fact.name !== "" && <dt>{fact.known ? wordFor(fact.name) : fact.name}</dt>}
          <dd className={fact.placeholder === null ? undefined : styles.chip}>{fact.known && fact.placeholder === null ? choiceFor(fact.text) : fact.text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The interface's word for a property; its own name where there is none. */
function wordFor(name: string): string {
  const key = `canvas.fact.${name}`;
  return Object.hasOwn(en, key) ? t(key as MessageKey) : name;
}

/** A choice out of a list that the interface has a word for. */
function choiceFor(text: string): string {
  const key = `choice.${text}`;
  return Object.hasOwn(en, key) ? t(key as MessageKey) : text;
}

function ProblemBadge({ id, error, count, first }: { readonly id: string; readonly error: boolean; readonly count: number; readonly first: string }) {
  const canvas = useCanvas();
  const Icon = error ? CircleAlert : TriangleAlert;
  return (
    <Tooltip text={first}>
      <AriaButton
        className={`nodrag nopan ${styles.badge ?? ""}`}
        data-tone={error ? "bad" : "warn"}
        data-testid="problem-badge"
        excludeFromTabOrder
        aria-label={`${t("canvas.problems", { count })}: ${first}`}
        onPress={() => {
          canvas.onProblem(id);
        }}
      >
        <Icon size={12} strokeWidth={2.4} />
        {count}
      </AriaButton>
    </Tooltip>
  );
}
