/** What a topic sent, where to, and what came of it; once more by hand. */
import { RotateCw } from "lucide-react";
import { RowsLoading } from "@/features/assets/AssetList";
import { Ago } from "@/features/assets/Made";
import { problemOf } from "@/features/assets/wire";
import { formatDate, sayProblem, t, useLanguage, type MessageKey } from "@/i18n/i18n";
import { isObject } from "@/model/json";
import { asProblem } from "@/model/problems";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { ErrorState } from "@/ui/States";
import styles from "./Topics.module.css";
import { useLog, useTopicDeeds, type Delivery, type Notification } from "./queries";
import { say } from "./words";

const TONES = { sent: "good", waiting: "busy", given_up: "bad" } as const;

export function DeliveryLog({ topic, operates }: { readonly topic: string; readonly operates: boolean }) {
  useLanguage();
  const log = useLog(topic, true);
  if (log.isPending) return <RowsLoading />;
  if (log.data === undefined) return <ErrorState problem={problemOf(log.error)} onRetry={() => void log.refetch()} />;
  return (
    <section className={styles.log} aria-label={t("topics.log")}>
      {log.data.items.length === 0 ? (
        <p className={styles.none}>{t("topics.log.empty")}</p>
      ) : (
        <ul>
          {log.data.items.map((delivery) => (
            <Row key={delivery.id} topic={topic} delivery={delivery} operates={operates} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ topic, delivery, operates }: { readonly topic: string; readonly delivery: Delivery; readonly operates: boolean }) {
  const { redeliver } = useTopicDeeds(topic);
  const occasion = delivery.content.occasion as Notification["occasion"];
  const said = say(delivery.content, occasion);
  const why = isObject(delivery.problem) ? sayProblem(asProblem(delivery.problem)) : null;
  return (
    <li className={styles.logRow} data-testid="delivery" data-state={delivery.state} data-kind={delivery.kind}>
      <Badge tone={delivery.state === "waiting" && why !== null ? "warn" : TONES[delivery.state]}>
        {t(delivery.state === "waiting" && why !== null ? "topics.state.retrying" : (`topics.state.${delivery.state}` as MessageKey))}
      </Badge>
      <div className={styles.logWords}>
        <span>
          {said.title}
          {said.place !== "" && <small> {said.place}</small>}
        </span>
        <small className={styles.logPlace}>
          {t(`topics.kind.${delivery.kind}`)} · {delivery.address} · <code>{delivery.id.slice(-8)}</code>
          {delivery.tries > 1 && ` · ${t("topics.tries", { count: delivery.tries })}`}
          {delivery.state === "waiting" && why !== null && ` · ${t("topics.next", { at: formatDate(delivery.due_at, { timeStyle: "medium" }) })}`}
        </small>
        {why !== null && (
          <small className={styles.logWhy}>
            {why.message} {delivery.state === "given_up" && why.hint}
          </small>
        )}
      </div>
      <span className={styles.logWhen}>
        <Ago at={delivery.created_at} />
      </span>
      <Button
        small
        icon={<RotateCw size={13} />}
        isDisabled={delivery.state === "waiting" || !operates}
        isPending={redeliver.isPending}
        aria-label={t("topics.redeliver.of", { title: said.title })}
        data-testid="redeliver"
        onPress={() => {
          redeliver.mutate(delivery.id);
        }}
      >
        {t("topics.redeliver")}
      </Button>
    </li>
  );
}
