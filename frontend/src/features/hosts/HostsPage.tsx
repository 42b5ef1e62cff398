/** The machines that steps run on, and who waits for one of them and why. */
import { useQuery } from "@tanstack/react-query";
import { Container, ListOrdered, ServerOff } from "lucide-react";
import { api, told } from "@/api/client";
import { keys } from "@/api/keys";
import { useWhyNothing } from "@/api/whyNothing";
import { Card, Figure, Figures, Page, PageHead } from "@/features/assets/page";
import { problemOf, runHref } from "@/features/assets/wire";
import { formatBytes, formatNumber, sayProblem, t, useLanguage } from "@/i18n/i18n";
import { asProblem } from "@/model/problems";
import { Badge } from "@/ui/Badge";
import { Link } from "@/ui/navigation";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/ui/States";
import { Table, type ColumnSpec } from "@/ui/Table";
import { HostCard } from "./HostCard";
import { sumsOf, type Waiting } from "./hosts";
import styles from "./HostsPage.module.css";

const EVERY_MS = 2_000;
const MB = 1_000_000;

export function HostsPage() {
  useLanguage();
  const hosts = useQuery({ queryKey: keys.hosts, queryFn: ({ signal }) => told(api.GET("/api/hosts/", { signal })), refetchInterval: EVERY_MS });
  const why = useWhyNothing(hosts);
  const stale = hosts.isError && hosts.data !== undefined;
  return (
    <Page wide>
      <PageHead title={t("hosts.title")} lead={t("hosts.lead")}>
        <Link href="/images" className={styles.images ?? ""} data-testid="to-images">
          <Container size={14} aria-hidden="true" />
          {t("images.title")}
        </Link>
        <span role="status">{hosts.data !== undefined && <Badge tone={stale ? "warn" : "good"}>{stale ? t("hosts.stale") : t("live.live")}</Badge>}</span>
      </PageHead>
      {hosts.isPending && why === null && (
        <Loading>
          <div className={styles.stack}>
            <Skeleton height={84} />
            <Skeleton height={210} />
            <Skeleton height={120} />
          </div>
        </Loading>
      )}
      {why !== null && <ErrorState problem={problemOf(why)} onRetry={() => void hosts.refetch()} />}
      {hosts.data !== undefined && <Content {...hosts.data} />}
    </Page>
  );
}

function Content({ items, queue }: { readonly items: Parameters<typeof sumsOf>[0]; readonly queue: readonly Waiting[] }) {
  const sums = sumsOf(items);
  return (
    <>
      <Figures>
        <Figure label={t("hosts.count")} value={formatNumber(sums.online)} note={t("hosts.of", { total: formatNumber(items.length) })} />
        <Figure label={t("hosts.slotsFree")} value={formatNumber(sums.cpu.total - sums.cpu.used, { maximumFractionDigits: 1 })} note={t("hosts.of", { total: formatNumber(sums.cpu.total) })} />
        <Figure label={t("hosts.memoryFree")} value={formatBytes((sums.memory.total - sums.memory.used) * MB)} note={t("hosts.of", { total: formatBytes(sums.memory.total * MB) })} />
        <Figure label={t("hosts.gpusFree")} value={formatNumber(sums.gpus.total - sums.gpus.used)} note={t("hosts.of", { total: formatNumber(sums.gpus.total) })} />
        <Figure label={t("hosts.running")} value={formatNumber(sums.attempts)} />
        <Figure label={t("hosts.waiting")} value={formatNumber(queue.length)} />
      </Figures>
      {items.length === 0 ? (
        <Card title={t("hosts.machines")}>
          <EmptyState icon={<ServerOff size={22} />} title={t("hosts.empty.title")}>
            {t("hosts.empty.text")}
          </EmptyState>
        </Card>
      ) : (
        <ul className={styles.hosts} aria-label={t("hosts.machines")}>
          {items.map((host) => (
            <li key={host.name}>
              <HostCard host={host} />
            </li>
          ))}
        </ul>
      )}
      <Card flush title={t("hosts.queue")} note={t("hosts.queue.note")}>
        {queue.length === 0 ? (
          <EmptyState icon={<ListOrdered size={22} />} title={t("hosts.queue.empty.title")}>
            {t("hosts.queue.empty.text")}
          </EmptyState>
        ) : (
          <Queue queue={queue} />
        )}
      </Card>
    </>
  );
}

function Queue({ queue }: { readonly queue: readonly Waiting[] }) {
  const columns: readonly ColumnSpec<Waiting>[] = [
    { id: "position", title: t("hosts.position"), width: "90px", cell: (each) => <span className={styles.position}>{formatNumber(each.position)}</span> },
    {
      id: "step",
      title: t("hosts.step"),
      width: "220px",
      cell: (each) => (each.run === null ? <span className={styles.soft}>{t("hosts.notYours")}</span> : <Link href={runHref(each.run.id, each.step)}>{each.title ?? each.step}</Link>),
    },
    {
      id: "run",
      title: t("hosts.run"),
      width: "300px",
      cell: (each) =>
        each.run === null ? null : (
          <span className={styles.ofRun}>
            <Link href={`/workflows/${each.run.workflow.id}`} className={styles.workflow ?? ""}>
              {each.run.workflow.name}
            </Link>
            <Link href={runHref(each.run.id)}>{t("assets.origin.run", { number: String(each.run.number) })}</Link>
          </span>
        ),
    },
    {
      id: "why",
      title: t("hosts.why"),
      cell: (each) => {
        const { message, hint } = sayProblem(asProblem(each.reason));
        return (
          <div data-code={each.reason.code}>
            <div className={styles.wrap}>{message}</div>
            <div className={styles.hint}>{hint}</div>
          </div>
        );
      },
    },
  ];
  return <Table label={t("hosts.queue")} columns={columns} items={queue} keyOf={(each) => String(each.position)} textOf={(each) => each.step ?? String(each.position)} />;
}
