/** The steps that wait for a person, over all workflows. */
import { useQuery } from "@tanstack/react-query";
import { CircleCheckBig, MessageCircleQuestion, PenLine } from "lucide-react";
import { useState } from "react";
import { api, told, type Schemas } from "@/api/client";
import { keys } from "@/api/keys";
import { useWhyNothing } from "@/api/whyNothing";
import { RowsLoading } from "@/features/assets/AssetList";
import { Ago } from "@/features/assets/Made";
import { Page, PageHead } from "@/features/assets/page";
import { problemOf, runHref } from "@/features/assets/wire";
import { t, useLanguage } from "@/i18n/i18n";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Link } from "@/ui/navigation";
import { Panel } from "@/ui/Panel";
import { EmptyState, ErrorState } from "@/ui/States";
import { Answer } from "./Answer";
import styles from "./TodoPage.module.css";

export type Todo = Schemas["TodoOut"];
/** Somebody else may answer meanwhile. */
const EVERY_MS = 1_000;

export function TodoPage() {
  useLanguage();
  const todo = useQuery({ queryKey: keys.todo, queryFn: ({ signal }) => told(api.GET("/api/todo/", { signal })), refetchInterval: EVERY_MS });
  const why = useWhyNothing(todo);
  const items = todo.data?.items ?? [];
  const [asked, setAsked] = useState<Todo | null>(null);
  return (
    <Page>
      <PageHead title={t("todo.title")} lead={t("todo.lead")}>
        {todo.isError && todo.data !== undefined && <Badge tone="warn">{t("hosts.stale")}</Badge>}
        <span role="status" className={styles.count}>
          {todo.isSuccess && t("todo.count", { count: items.length })}
        </span>
      </PageHead>
      <Panel className={styles.list ?? ""}>
        {todo.isPending && why === null && <RowsLoading />}
        {why !== null && <ErrorState problem={problemOf(why)} onRetry={() => void todo.refetch()} />}
        {todo.isSuccess && items.length === 0 && (
          <EmptyState icon={<CircleCheckBig size={22} />} title={t("todo.empty.title")}>
            {t("todo.empty.text")}
          </EmptyState>
        )}
        {items.length > 0 && (
          <ul aria-label={t("todo.title")}>
            {items.map((item) => (
              <Row key={`${item.run}/${item.step}`} item={item} ask={setAsked} />
            ))}
          </ul>
        )}
      </Panel>
      {asked !== null && (
        <Answer
          todo={asked}
          waiting={items.some((each) => each.run === asked.run && each.step === asked.step)}
          onClose={() => {
            setAsked(null);
          }}
        />
      )}
    </Page>
  );
}

function Row({ item, ask }: { readonly item: Todo; readonly ask: (item: Todo) => void }) {
  const href = runHref(item.run, item.step);
  return (
    <li className={styles.row} data-testid="todo" data-step={item.step} data-state={item.state}>
      <span className={styles.icon}>
        <MessageCircleQuestion size={17} aria-hidden="true" />
      </span>
      <div className={styles.text}>
        <Link href={href} className={styles.title}>
          {item.title}
        </Link>
        <div className={styles.place}>
          <Link href={`/workflows/${item.workflow.id}`}>{item.workflow.name}</Link>
          <Link href={runHref(item.run)}>{t("assets.origin.run", { number: String(item.run_number) })}</Link>
          {item.title !== item.step && (
            <code>{item.step}</code>
          )}
        </div>
      </div>
      <div className={styles.asked}>
        {item.awaits.length > 0 ? (
          <>
            <span className={styles.soft}>{t("todo.asks")}</span>
            {item.awaits.map((name) => (
              <Badge key={name} tone="placeholder">
                {name}
              </Badge>
            ))}
          </>
        ) : (
          <span className={styles.soft}>{item.state === "hold" ? t("todo.hold") : t("todo.go")}</span>
        )}
      </div>
      <span className={styles.since}>{item.since === null ? "–" : <Ago at={item.since} />}</span>
      <Button
        icon={<PenLine size={14} />}
        aria-label={t("todo.answer.for", { step: item.title })}
        onPress={() => {
          ask(item);
        }}
      >
        {t("todo.answer")}
      </Button>
    </li>
  );
}
