import { Box, Database, DatabaseZap, FolderOpen, Play, SquareTerminal, Waypoints, type LucideIcon } from "lucide-react";
import { t } from "@/i18n/i18n";
import { classes } from "@/ui/classes";
import { Link } from "@/ui/navigation";
import { NODE_HEIGHT, NODE_WIDTH, placeLineage, type LineageGraph, type LineageKind, type Placed } from "./lineage";
import styles from "./Lineage.module.css";

const ICONS: Readonly<Record<LineageKind, LucideIcon>> = {
  workflow: Waypoints,
  run: Play,
  step: SquareTerminal,
  dataset: Database,
  version: DatabaseZap,
  model: Box,
  files: FolderOpen,
};

export function Lineage({ graph, label }: { readonly graph: LineageGraph; readonly label: string }) {
  const picture = placeLineage(graph);
  return (
    // Wider than its card it scrolls sideways; whoever uses the keyboard must be able to do that too.
    <div className={styles.scroll} role="group" aria-label={label} tabIndex={0}>
      <div className={styles.canvas} style={{ width: picture.width, height: picture.height }}>
        <svg className={styles.wires} width={picture.width} height={picture.height} aria-hidden="true">
          {picture.edges.map((edge) => (
            <path key={edge.id} d={edge.path} className={styles.wire} />
          ))}
        </svg>
        <ol>
          {picture.nodes.map((node) => (
            <li key={node.id} className={styles.place} style={{ left: node.x, top: node.y, width: NODE_WIDTH, height: NODE_HEIGHT }} data-testid="lineage-node" data-kind={node.kind}>
              <Node node={node} />
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

function Node({ node }: { readonly node: Placed }) {
  const Icon = ICONS[node.kind];
  const content = (
    <>
      <span className={classes(styles.icon, styles[node.kind])}>
        <Icon size={15} aria-hidden="true" />
      </span>
      <span className={styles.words}>
        <span className={styles.kind}>{t(`assets.kind.${node.kind}`)}</span>
        <span className={styles.title}>{node.title}</span>
      </span>
    </>
  );
  if (node.href === null) {
    return (
      <div className={classes(styles.node, node.here && styles.here)} {...(node.here && { "aria-current": "true" as const })}>
        {content}
      </div>
    );
  }
  return (
    <Link href={node.href} className={classes(styles.node, styles.link)}>
      {content}
    </Link>
  );
}
