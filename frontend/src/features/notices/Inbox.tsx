/** The newest news, below the bell. */

import { CheckCheck, Settings2 } from "lucide-react";
import { useState } from "react";
import { t, useLanguage } from "@/i18n/i18n";
import { IconButton } from "@/ui/Button";
import { navigate } from "@/ui/navigation";
import { NotificationList, ShownTabs } from "./NotificationList";
import styles from "./Notices.module.css";
import { useTick, type Shown } from "./queries";

export function Inbox({ unread, onClose }: { readonly unread: number; readonly onClose: () => void }) {
  useLanguage();
  const [state, setState] = useState<Shown>("open");
  const tick = useTick();
  return (
    <>
      <header className={styles.inboxHead}>
        <ShownTabs state={state} onChange={setState} unread={unread} />
        <IconButton small label={t("notices.allDone")} icon={<CheckCheck size={15} />} isDisabled={unread === 0} data-testid="all-done" onPress={() => { tick.all.mutate(); }} />
        <IconButton small label={t("topics.title")} icon={<Settings2 size={15} />} onPress={() => { onClose(); navigate("/topics"); }} />
      </header>
      <div className={styles.inboxList}>
        <NotificationList state={state} onFollow={onClose} brief />
      </div>
    </>
  );
}
