/** Notifications as a list: what happened, where, when; and a tick for each. */

import { BellOff, CircleAlert, CircleCheck, MessageCircleQuestion, Send } from "lucide-react";
import type { ReactNode } from "react";
import { RowsLoading } from "@/features/assets/AssetList";
import { Ago } from "@/features/assets/Made";
import { problemOf } from "@/features/assets/wire";
import { t, useLanguage } from "@/i18n/i18n";
import { Badge } from "@/ui/Badge";
import { Link } from "@/ui/navigation";
import { EmptyState, ErrorState } from "@/ui/States";
import { Tabs } from "@/ui/Tabs";
import { Tooltip } from "@/ui/Tooltip";
import { Button as AriaButton } from "react-aria-components";
import styles from "./Notices.module.css";
import { useNotifications, useTick, type Notification, type Shown } from "./queries";
import { say } from "./words";

const SIGNS: Readonly<Record<Notification["occasion"], ReactNode>> = {
  waiting: <MessageCircleQuestion size={16} aria-hidden="true" />,
  success: <CircleCheck size={16} aria-hidden="true" />,
  abnormal: <CircleAlert size={16} aria-hidden="true" />,
  test: <Send size={15} aria-hidden="true" />,
};

export function ShownTabs({ state, onChange, unread }: { readonly state: Shown; readonly onChange: (state: Shown) => void; readonly unread: number }) {
  useLanguage();
  return (
    <Tabs
      pill
      label={t("notices.show")}
      selected={state}
      onSelect={(id) => {
        onChange(id as Shown);
      }}
      items={[
        { id: "open", label: t("notices.open.tab"), ...(unread > 0 && { count: unread }) },
        { id: "done", label: t("notices.done.tab") },
        { id: "all", label: t("notices.all.tab") },
      ]}
    />
  );
}

interface Props {
  readonly state: Shown;
  /** Somebody goes where a notification leads. */
  readonly onFollow?: () => void;
  /** In a popover: without the place's own line. */
  readonly brief?: boolean;
}

export function NotificationList({ state, onFollow, brief = false }: Props) {
  useLanguage();
  const found = useNotifications(state);
  if (found.isPending) return <RowsLoading />;
  if (found.data === undefined) return <ErrorState problem={problemOf(found.error)} onRetry={() => void found.refetch()} />;
  if (found.data.items.length === 0) {
    return (
      <EmptyState icon={<BellOff size={22} />} title={t(state === "open" ? "notices.empty.open" : "notices.empty")}>
        {t("notices.empty.text")}
      </EmptyState>
    );
  }
  return (
    <ul aria-label={t("notices.title")} className={styles.list}>
      {found.data.items.map((item) => (
        <Row key={item.id} item={item} brief={brief} onFollow={onFollow} />
      ))}
    </ul>
  );
}

function Row({ item, brief, onFollow }: { readonly item: Notification; readonly brief: boolean; readonly onFollow: (() => void) | undefined }) {
  const tick = useTick();
  const said = say(item.content, item.occasion);
  const settled = item.settled_at !== null;
  const word = t(item.done ? "notices.undo" : "notices.tick");
  return (
    <li className={styles.row} data-testid="notification" data-occasion={item.occasion} data-step={item.step ?? undefined} data-done={item.done || undefined} data-settled={settled || undefined}>
      <span className={styles.sign}>{SIGNS[item.occasion]}</span>
      <div className={styles.words}>
        <Link href={said.href} className={styles.title} onClick={() => onFollow?.()}>
          {said.title}
        </Link>
        {said.place !== "" && <span className={styles.place}>{said.place}</span>}
        {said.detail !== "" && !settled && <span className={brief ? styles.brief : styles.detail}>{said.detail}</span>}
        {settled && (
          <span className={styles.settled}>
            <Badge tone="good">{item.settled_by === "" ? t("notices.settled") : t("notices.settled.by", { name: item.settled_by })}</Badge>
          </span>
        )}
      </div>
      <span className={styles.when}>
        <Ago at={item.created_at} />
      </span>
      <Tooltip text={word}>
        <AriaButton
          aria-label={`${word}: ${said.title}`}
          aria-pressed={item.done}
          className={styles.tick}
          data-testid="tick"
          onPress={() => {
            tick.one.mutate({ id: item.id, done: !item.done });
          }}
        >
          <CircleCheck size={16} />
        </AriaButton>
      </Tooltip>
    </li>
  );
}
