/** The bell of the top bar: how much is new, the newest of it, and what is followed live for the whole application. */

import { useQueryClient } from "@tanstack/react-query";
import { Bell as BellIcon, CheckCheck } from "lucide-react";
import { lazy, Suspense, useEffect, useEffectEvent, useState } from "react";
import { Dialog, DialogTrigger, Popover } from "react-aria-components";
import { keys } from "@/api/keys";
import { language, t, useLanguage } from "@/i18n/i18n";
import { Button, IconButton } from "@/ui/Button";
import { Link, navigate } from "@/ui/navigation";
import { Loading, Skeleton } from "@/ui/States";
import { toast } from "@/ui/Toast";
import { browserInbox, InboxFollower, type InboxNews } from "./follower";
import styles from "./Notices.module.css";
import { noticeKeys, useNoticeSettings, useNotifications, useSaveSettings, useTick } from "./queries";
import { say } from "./words";

/** What the popover holds is fetched when it is first opened: the bell itself is on every page. */
const Inbox = lazy(async () => ({ default: (await import("./Inbox")).Inbox }));

export function Bell() {
  useLanguage();
  const [open, setOpen] = useState(false);
  const first = useNotifications("open");
  const unread = first.data?.unread ?? 0;
  useLive(first.data?.seq ?? null);
  useTellLanguage();
  const close = () => {
    setOpen(false);
  };
  const label = unread === 0 ? t("notices.bell") : t("notices.bell.unread", { count: unread });
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <IconButton
        label={label}
        data-testid="bell"
        icon={
          <span className={styles.bell}>
            <BellIcon size={17} />
            {unread > 0 && (
              <span className={styles.unread} data-testid="unread" aria-hidden="true">
                {unread > 99 ? "99+" : unread}
              </span>
            )}
          </span>
        }
      />
      <Popover className={styles.popover ?? ""} offset={6} placement="bottom end">
        <Dialog className={styles.inbox ?? ""} aria-label={t("notices.title")} data-testid="inbox">
          <Suspense fallback={<Loading><Skeleton height={120} /></Loading>}>
            <Inbox unread={unread} onClose={close} />
          </Suspense>
          <footer className={styles.inboxFoot}>
            <Link href="/notifications" onClick={close}>{t("notices.seeAll")}</Link>
          </footer>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** From the number that the list had on. One follower a tab, for as long as the tab lives. */
function useLive(seq: number | null): void {
  const client = useQueryClient();
  const heard = useEffectEvent((news: InboxNews): void => {
    if (news.waits) void client.invalidateQueries({ queryKey: keys.todo });
    else void client.invalidateQueries({ queryKey: noticeKeys.all });
    for (const each of news.changed) {
      if (each.done) continue;
      const said = say(each.content, each.occasion);
      const href = said.href;
      if (each.settled_at !== null) {
        if (each.settled_by !== "") toast(t("notices.answered", { name: each.settled_by, title: said.title }));
      } else if (location.pathname + location.search !== href) {
        toast(said.place === "" ? said.title : `${said.title} · ${said.place}`, { label: t("notices.open"), run: () => { navigate(href); } });
      }
    }
  });
  const known = seq !== null;
  const begin = useEffectEvent((): InboxFollower => new InboxFollower(browserInbox, seq ?? 0, (news) => { heard(news); }));
  useEffect(() => {
    if (!known) return;
    const follower = begin();
    follower.start();
    const look = (): void => {
      if (document.visibilityState === "visible") follower.nudge();
    };
    document.addEventListener("visibilitychange", look);
    addEventListener("online", look);
    return () => {
      follower.stop();
      document.removeEventListener("visibilitychange", look);
      removeEventListener("online", look);
    };
  }, [known]);
}

/** Mails are written in the language that the person reads here. */
function useTellLanguage(): void {
  const spoken = useLanguage();
  const settings = useNoticeSettings();
  const save = useSaveSettings();
  const stored = settings.data?.language;
  const tell = useEffectEvent((): void => {
    if (!save.isPending) save.mutate({ language: language() });
  });
  useEffect(() => {
    if (stored !== undefined && stored !== spoken) tell();
  }, [stored, spoken]);
}

export function AllDone() {
  useLanguage();
  const tick = useTick();
  const { data } = useNotifications("open");
  return (
    <Button icon={<CheckCheck size={14} />} isDisabled={(data?.unread ?? 0) === 0} isPending={tick.all.isPending} onPress={() => { tick.all.mutate(); }}>
      {t("notices.allDone")}
    </Button>
  );
}
