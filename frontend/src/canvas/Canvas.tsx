/** The canvas: React Flow behind our own words. It gets a document and gives back commands; it holds nothing that the
 * document does not say, but what is under the pointer. */

import { Background, BackgroundVariant, ReactFlow, ReactFlowProvider, SelectionMode, useReactFlow, useStoreApi, ViewportPortal, type OnNodeDrag } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useCallback, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState, type ComponentType, type MouseEvent as ReactMouseEvent, type ReactNode, type Ref } from "react";
import { useLanguage } from "@/i18n/i18n";
import type { Command } from "@/model/commands";
import type { WorkflowDocument } from "@/model/document";
import type { Kinds } from "@/model/ports";
import { Slot } from "./anchors";
import styles from "./Canvas.module.css";
import { CanvasContext, ChartContext, DetailContext, NoteContext, ToolbarContext, type CanvasParts, type NodeProblems } from "./context";
import type { FlowEdge, FlowNode } from "./convert";
import { familyOf, GRID } from "./geometry";
import { firstView, useFirstView } from "./firstView";
import { createHandle, type CanvasHandle } from "./handle";
import { keyed, type Keyed, type WritableKeyed } from "./keyed";
import { kindTitle } from "./kindWords";
import { Minimap } from "./Minimap";
import { Overview } from "./Overview";
import { around, LEAST_ZOOM, MOST_ZOOM, type Rect } from "./place";
import { routesOf } from "./routing";
import { ChartNode } from "./ChartNode";
import { GroupNode } from "./GroupNode";
import { SpotSign, useDimmed, type Spot } from "./Spotlight";
import { StepNode } from "./StepNode";
import type { ChartSlot, NoteSlot, StepStates } from "./slots";
import { CutLine } from "./CutLine";
import { useCutting } from "./useCutting";
import { useDragging } from "./useDragging";
import { hiding } from "./folding";
import { useFolding } from "./useFolding";
import { useFlow, useGraph, useShownGraph } from "./useFlow";
import { useDistance, useOverview } from "./useOverview";
import { pointOf, useWires, type Point, type WireDrop } from "./useWires";
import { Wire } from "./Wire";
import { WireHint } from "./WireHint";
import { unwiring } from "./wiring";
import { ZoomBar, type Tool } from "./ZoomBar";

export type MenuTarget = { readonly on: "canvas" } | { readonly on: "step" | "edge" | "chart" | "group"; readonly id: string };

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
  /** Steps that are meant; the others step back. */
  readonly spot?: Spot | null;
  /** By the step's id. */
  readonly problems?: Keyed<NodeProblems> | null;
  readonly Chart?: ComponentType<ChartSlot> | null;
  /** Below a step that has a reason; the reason itself without it. */
  readonly Note?: ComponentType<NoteSlot> | null;
  /** Floats above the selected step. */
  readonly toolbar?: ((stepId: string) => ReactNode) | null;
  readonly onCommand?: (command: Command, select?: readonly string[]) => void;
  /** Copies of these steps were dropped that far away. */
  readonly onCopy?: (ids: readonly string[], by: Point) => void;
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

const NODES = { step: StepNode, chart: ChartNode, subgraph: GroupNode };
const WIRES = { wire: Wire };
const GRID_PAIR: [number, number] = [GRID, GRID];
const NOBODY = (): void => undefined;

export function Canvas(props: CanvasProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size | null>(null);
  // The size is needed for where the canvas begins: nothing is drawn twice, and nothing jumps.
  useLayoutEffect(() => {
    const { width, height } = frame.current?.getBoundingClientRect() ?? new DOMRect();
    setSize({ width, height });
  }, []);
  return (
    <div ref={frame} className={styles.frame}>
      {size !== null && (
        <ReactFlowProvider>
          <Surface {...props} size={size} />
        </ReactFlowProvider>
      )}
    </div>
  );
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function Surface(props: CanvasProps & { readonly size: Size }) {
  useLanguage();
  const { document, kinds, selection, others, onSelect, readOnly = false, states = null, problems = null, spot = null, onCommand = NOBODY } = props;
  const flow = useReactFlow<FlowNode, FlowEdge>();
  const [tool, setTool] = useState<Tool>("select");
  const store = useStoreApi();
  const [tabStop, setTabStop] = useState<string | null>(null);
  const surface = useRef<HTMLDivElement>(null);
  const [marks] = useState<WritableKeyed<"insert" | "cut">>(() => keyed());
  const [focus] = useState<WritableKeyed<number>>(() => keyed());
  const plain = useGraph(kinds, document);
  const folding = useFolding(document, readOnly, onCommand);
  const graph = useShownGraph(plain, document, folding.folded);
  const live = useLatest({ document, kinds, graph, plain, readOnly, props, folding });
  const [begin] = useState(() => beginning(around(graph.nodes), props.size));
  // An empty canvas would jump when the first step is dropped.
  useFirstView(flow, surface, begin === AT_ORIGIN ? null : () => around(live().graph.nodes));
  const { level, far, expect } = useDistance(begin.zoom);
  const shown = useFlow({ graph, plain, selection, others, onSelect });
  const { setMoves } = shown;
  const overview = useOverview({ graph, nodes: shown.nodes, edges: shown.edges, level, selected: shown.selected, tabStop, onSelect });
  const routes = useMemo(() => routesOf(graph), [graph]);
  const [routing] = useState<WritableKeyed<number>>(() => keyed());
  useLayoutEffect(() => {
    routing.replace(routes);
  }, [routing, routes]);
  const wires = useWires({ kinds, document, onCommand, onWireDrop: props.onWireDrop && ((drop) => props.onWireDrop?.({ ...drop, place: flow.screenToFlowPosition(drop.screen) })) });
  const places = useMemo(() => new Map(graph.nodes.map((node) => [node.id, node.position])), [graph]);
  const dragging = useDragging({ kinds, document, graph, plain, edges: graph.edges, places, marks, settle: shown.settle, onCommand, onCopy: props.onCopy ?? NOBODY });
  const cutting = useCutting({ document, edges: graph.edges, marks, enabled: !readOnly, onCommand });

  const handle = useMemo(
    () => createHandle({ flow, graph: () => live().graph, plain: () => live().plain, focus, setMoves, setTool, setTabStop, expect, size: () => store.getState() }),
    [flow, live, focus, setMoves, expect, store],
  );
  useImperativeHandle(
    props.handle,
    () => ({
      ...handle,
      fold: (id, closed) => {
        live().folding.fold(id, closed);
      },
      folded: (id) => live().folding.folded.has(id),
      unhide: (stepId) => {
        const group = hiding(live().document, stepId, live().folding.folded);
        if (group !== null) live().folding.look(group.id, false);
        return group !== null;
      },
    }),
    [handle, live],
  );
  const { verdicts } = wires;
  const dimmed = useDimmed(document, spot);
  const parts = useMemo<CanvasParts>(
    () => ({
      states,
      problems,
      verdicts,
      dimmed,
      marks,
      routes: routing,
      focus,
      kindTitle: (kind) => kindTitle(live().kinds, kind),
      readOnly: () => live().readOnly,
      onProblem: (id) => live().props.onProblem?.(id),
      onFocus: (id) => live().props.onFocus?.(id),
      onFold: (id, closed) => {
        live().folding.fold(id, closed);
      },
      onUnwire: (id) => {
        const { data } = live().graph.edges.find((edge) => edge.id === id) ?? {};
        const command = data === undefined ? null : unwiring(live().document, data);
        if (command !== null) live().props.onCommand?.(command);
      },
    }),
    [states, problems, verdicts, dimmed, marks, routing, focus, live],
  );
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
            <DetailContext value={level}>
              {/* A double click is only noticed here; the keyboard opens the same search by another way. */}
              <div ref={surface} className={styles.surface} onDoubleClick={doubleClick} onPointerMove={overview.onPointerMove} {...cutting.handlers} data-overview={overview.on || undefined} data-tool={tool} data-testid="canvas" data-wiring={wires.wiring === null ? undefined : familyOf(wires.wiring.type)} data-steps={document.steps?.length ?? 0}>
                <ReactFlow<FlowNode, FlowEdge>
                  aria-label={props.label}
                  nodes={overview.nodes}
                  edges={overview.edges}
                  nodeTypes={NODES}
                  edgeTypes={WIRES}
                  onNodesChange={shown.onNodesChange}
                  onEdgesChange={shown.onEdgesChange}
                  onNodeDragStart={dragging.onStart as OnNodeDrag<FlowNode>}
                  onNodeDrag={dragging.onDrag as OnNodeDrag<FlowNode>}
                  onNodeDragStop={dragging.onStop as OnNodeDrag<FlowNode>}
                  {...wires.handlers}
                  {...overview.handlers}
                  onNodeDoubleClick={(_, node) => {
                    if (node.type === "step") props.onOpen?.(node.id);
                    if (node.type === "subgraph") folding.fold(node.data.group.id, !node.data.folded);
                  }}
                  onNodeContextMenu={(event, node) => {
                    menu(node.type === "subgraph" ? { on: "group", id: node.data.group.id } : { on: node.type === "chart" ? "chart" : "step", id: node.id })(event);
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
                  minZoom={LEAST_ZOOM}
                  maxZoom={MOST_ZOOM}
                  defaultViewport={begin}
                  snapToGrid
                  snapGrid={GRID_PAIR}
                  connectionRadius={far ? 48 : 28}
                  reconnectRadius={far ? 30 : 17}
                  nodeDragThreshold={3}
                  elevateNodesOnSelect
                >
                  <Background variant={BackgroundVariant.Dots} gap={24} size={1.4} className={styles.dots ?? ""} />
                  {dragging.ghosts.length > 0 && (
                    <ViewportPortal>
                      {dragging.ghosts.map((ghost, index) => (
                        <div key={index} className={styles.ghost} style={{ transform: `translate(${String(ghost.x)}px, ${String(ghost.y)}px)`, width: ghost.width, height: ghost.height }} />
                      ))}
                    </ViewportPortal>
                  )}
                  {overview.on && <Overview graph={graph} routes={routes} selected={shown.selected} named={overview.named} />}
                  {(document.steps?.length ?? 0) > 0 && <Minimap graph={graph} selected={shown.selected} />}
                </ReactFlow>
                <Slot at="lower-left">
                  <ZoomBar tool={tool} onTool={setTool} onFit={() => { handle.fit(); }}>
                    {props.tools}
                  </ZoomBar>
                </Slot>
                {spot !== null && <SpotSign document={document} spot={spot} onShow={(ids) => { handle.fit(ids); }} />}
                <CutLine line={cutting.line} />
                <WireHint wiring={wires.wiring} />
                {props.children}
              </div>
            </DetailContext>
        </ToolbarContext>
        </NoteContext>
      </ChartContext>
    </CanvasContext>
  );
}

const AT_ORIGIN = { x: 0, y: 0, zoom: 1 };
const beginning = (bounds: Rect | null, size: Size) => (bounds === null || size.width === 0 ? AT_ORIGIN : firstView(bounds, size));

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
  useLayoutEffect(() => {
    held.set(value);
  });
  return useCallback(() => held.get(), [held]);
}

