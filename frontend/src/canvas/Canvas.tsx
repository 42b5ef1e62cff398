/** The canvas: React Flow behind our own words. It gets a document and gives back commands; it holds nothing that the
 * document does not say, but what is under the pointer. */

import { Background, BackgroundVariant, ReactFlow, ReactFlowProvider, SelectionMode, useReactFlow, useViewport, type OnNodeDrag } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useCallback, useContext, useEffect, useImperativeHandle, useMemo, useRef, useState, type ComponentType, type MouseEvent as ReactMouseEvent, type ReactNode, type Ref } from "react";
import { useLanguage } from "@/i18n/i18n";
import type { Command } from "@/model/commands";
import type { WorkflowDocument } from "@/model/document";
import type { Kinds } from "@/model/ports";
import { Slot } from "./anchors";
import styles from "./Canvas.module.css";
import { CanvasContext, ChartContext, DetailContext, NoteContext, ToolbarContext, type CanvasParts, type DetailLevel, type NodeProblems } from "./context";
import type { FlowEdge, FlowNode } from "./convert";
import { familyOf, GRID } from "./geometry";
import { useFirstView } from "./firstView";
import { createHandle, type CanvasHandle } from "./handle";
import { keyed, type Keyed, type WritableKeyed } from "./keyed";
import { familyOfKind } from "./KindIcon";
import { kindTitle } from "./kindWords";
import { Minimap, MinimapContext } from "./Minimap";
import { ChartNode } from "./ChartNode";
import { StepNode } from "./StepNode";
import type { ChartSlot, NoteSlot, StepStates } from "./slots";
import { useDragging } from "./useDragging";
import { useFlow, useGraph } from "./useFlow";
import { pointOf, useWires, type Point, type WireDrop } from "./useWires";
import { Wire } from "./Wire";
import { WireHint } from "./WireHint";
import { unwiring } from "./wiring";
import { ZoomBar, type Tool } from "./ZoomBar";

export type MenuTarget = { readonly on: "canvas" } | { readonly on: "step" | "edge" | "chart"; readonly id: string };

export interface CanvasProps {
  readonly document: WorkflowDocument;
  readonly kinds: Kinds;
  readonly label: string;
  /** Ids of steps; then of wires and charts. */
  readonly selection: readonly string[];
  readonly others: readonly string[];
  readonly onSelect: (steps: readonly string[], others: readonly string[]) => void;
  readonly readOnly?: boolean;
  /** By the step's name. */
  readonly states?: StepStates | null;
  /** By the step's id. */
  readonly problems?: Keyed<NodeProblems> | null;
  readonly Chart?: ComponentType<ChartSlot> | null;
  /** Below a step that has a reason; the reason itself without it. */
  readonly Note?: ComponentType<NoteSlot> | null;
  /** Floats above the selected step. */
  readonly toolbar?: ((stepId: string) => ReactNode) | null;
  readonly onCommand?: (command: Command, select?: readonly string[]) => void;
  readonly onWireDrop?: (drop: WireDrop & { readonly place: Point }) => void;
  readonly onOpen?: (stepId: string) => void;
  readonly onSearch?: (screen: Point, place: Point) => void;
  readonly onMenu?: (target: MenuTarget, screen: Point, place: Point) => void;
  readonly onProblem?: (stepId: string) => void;
  readonly onFocus?: (stepId: string) => void;
  /** More buttons beside zoom and fit. */
  readonly tools?: ReactNode;
  readonly handle?: Ref<CanvasHandle>;
  readonly children?: ReactNode;
}

const NODES = { step: StepNode, chart: ChartNode };
const WIRES = { wire: Wire };
const GRID_PAIR: [number, number] = [GRID, GRID];
const NOBODY = (): void => undefined;

export function Canvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Surface {...props} />
    </ReactFlowProvider>
  );
}

function Surface(props: CanvasProps) {
  useLanguage();
  const { document, kinds, selection, others, onSelect, readOnly = false, states = null, problems = null, onCommand = NOBODY } = props;
  const flow = useReactFlow<FlowNode, FlowEdge>();
  const [tool, setTool] = useState<Tool>("select");
  // An empty canvas would jump when the first step is dropped.
  const [begin] = useState((document.steps?.length ?? 0) > 0);
  const surface = useRef<HTMLDivElement>(null);
  useFirstView(flow, surface, begin);
  // Reach is measured on the canvas; what is far away needs more of it to be hit as easily.
  const [far, setFar] = useState(false);
  const [marks] = useState<WritableKeyed<"insert">>(() => keyed());
  const [focus] = useState<WritableKeyed<number>>(() => keyed());
  const graph = useGraph(kinds, document);
  const shown = useFlow({ graph, selection, others, onSelect });
  const wires = useWires({ kinds, document, onCommand, onWireDrop: props.onWireDrop && ((drop) => props.onWireDrop?.({ ...drop, place: flow.screenToFlowPosition(drop.screen) })) });
  const dragging = useDragging({ kinds, document, edges: graph.edges, marks, settle: shown.settle, onCommand });
  useImperativeHandle(props.handle, () => createHandle({ flow, graph, focus, setMoves: shown.setMoves, setTool }), [flow, graph, focus, shown.setMoves]);

  const live = useLatest({ document, kinds, graph, readOnly, props });
  const { verdicts } = wires;
  const parts = useMemo<CanvasParts>(
    () => ({
      states,
      problems,
      verdicts,
      marks,
      focus,
      kindTitle: (kind) => kindTitle(live().kinds, kind),
      readOnly: () => live().readOnly,
      onProblem: (id) => live().props.onProblem?.(id),
      onFocus: (id) => live().props.onFocus?.(id),
      onUnwire: (id) => {
        const { data } = live().graph.edges.find((edge) => edge.id === id) ?? {};
        const command = data === undefined ? null : unwiring(live().document, data);
        if (command !== null) live().props.onCommand?.(command);
      },
    }),
    [states, problems, verdicts, marks, focus, live],
  );
  const families = useMemo(() => new Map((document.steps ?? []).map((step) => [step.id, { name: step.name, family: familyOfKind(step.kind) }])), [document]);

  const menu = (target: MenuTarget) => (event: MouseEvent | ReactMouseEvent) => {
    event.preventDefault();
    const screen = { x: event.clientX, y: event.clientY };
    props.onMenu?.(target, screen, flow.screenToFlowPosition(screen));
  };
  const doubleClick = (event: ReactMouseEvent) => {
    if (readOnly || !(event.target as Element).classList.contains("react-flow__pane")) return;
    const screen = pointOf(event.nativeEvent);
    props.onSearch?.(screen, flow.screenToFlowPosition(screen));
  };
  const hand = tool === "hand";
  return (
    <CanvasContext value={parts}>
      <ChartContext value={props.Chart ?? null}>
        <NoteContext value={props.Note ?? null}>
        <ToolbarContext value={props.toolbar ?? null}>
          <MinimapContext value={(id) => families.get(id) ?? null}>
            <Detail>
              {/* A double click is only noticed here; the keyboard opens the same search by another way. */}
              <div ref={surface} className={styles.surface} onDoubleClick={doubleClick} data-tool={tool} data-testid="canvas" data-wiring={wires.wiring === null ? undefined : familyOf(wires.wiring.type)} data-steps={document.steps?.length ?? 0}>
                <ReactFlow<FlowNode, FlowEdge>
                  aria-label={props.label}
                  nodes={shown.nodes}
                  edges={shown.edges}
                  nodeTypes={NODES}
                  edgeTypes={WIRES}
                  onNodesChange={shown.onNodesChange}
                  onEdgesChange={shown.onEdgesChange}
                  onNodeDrag={dragging.onDrag as OnNodeDrag<FlowNode>}
                  onNodeDragStop={dragging.onStop as OnNodeDrag<FlowNode>}
                  {...wires.handlers}
                  onNodeDoubleClick={(_, node) => {
                    if (node.type === "step") props.onOpen?.(node.id);
                  }}
                  onNodeContextMenu={(event, node) => {
                    menu({ on: node.type === "chart" ? "chart" : "step", id: node.id })(event);
                  }}
                  onEdgeContextMenu={(event, edge) => {
                    menu({ on: "edge", id: edge.id })(event);
                  }}
                  onPaneContextMenu={menu({ on: "canvas" })}
                  onlyRenderVisibleElements
                  nodesDraggable={!readOnly}
                  nodesConnectable={!readOnly}
                  edgesReconnectable={!readOnly}
                  nodesFocusable={false}
                  edgesFocusable={false}
                  disableKeyboardA11y
                  deleteKeyCode={null}
                  selectionKeyCode="Shift"
                  multiSelectionKeyCode={["Meta", "Control", "Shift"]}
                  selectionOnDrag={!hand}
                  selectionMode={SelectionMode.Partial}
                  panOnDrag={hand ? true : [1]}
                  panOnScroll
                  zoomOnDoubleClick={false}
                  minZoom={0.1}
                  maxZoom={2}
                  snapToGrid
                  snapGrid={GRID_PAIR}
                  onMove={(_, { zoom }) => {
                    setFar(zoom < 0.75);
                  }}
                  connectionRadius={far ? 48 : 28}
                  reconnectRadius={far ? 30 : 17}
                  nodeDragThreshold={3}
                  elevateNodesOnSelect
                >
                  <Background variant={BackgroundVariant.Dots} gap={24} size={1.4} className={styles.dots ?? ""} />
                  {(document.steps?.length ?? 0) > 0 && <Minimap />}
                </ReactFlow>
                <Slot at="lower-left">
                  <ZoomBar tool={tool} onTool={setTool}>
                    {props.tools}
                  </ZoomBar>
                </Slot>
                <WireHint wiring={wires.wiring} />
                {props.children}
              </div>
            </Detail>
          </MinimapContext>
        </ToolbarContext>
        </NoteContext>
      </ChartContext>
    </CanvasContext>
  );
}

/** How much of a node is drawn depends on how far away it is; the nodes are told only when that changes. */
function Detail({ children }: { readonly children: ReactNode }) {
  const { zoom } = useViewport();
  const level: DetailLevel = zoom >= 0.5 ? "full" : zoom >= 0.28 ? "title" : "box";
  return <DetailContext value={level}>{children}</DetailContext>;
}

export const useDetail = (): DetailLevel => useContext(DetailContext);

/** A reader of the newest value that never changes itself. */
function useLatest<Value>(value: Value): () => Value {
  const [held] = useState(() => {
    let current = value;
    return {
      get: () => current,
      set(next: Value) {
        current = next;
      },
    };
  });
  useEffect(() => {
    held.set(value);
  });
  return useCallback(() => held.get(), [held]);
}

