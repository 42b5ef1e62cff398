/** Everything that one was told. */
import { useState } from "react";
import { Page, PageHead } from "@/features/assets/page";
import { t, useLanguage } from "@/i18n/i18n";
import { Link } from "@/ui/navigation";
import { Panel } from "@/ui/Panel";
import { AllDone } from "./Bell";
import { NotificationList, ShownTabs } from "./NotificationList";
import styles from "./Notices.module.css";
import { useNotifications, type Shown } from "./queries";

export function NotificationsPage() {
  useLanguage();
  const [state, setState] = useState<Shown>("open");
  const { data } = useNotifications("open");
  return (
    <Page>
      <PageHead title={t("notices.title")} lead={<>{t("notices.lead")} <Link href="/topics" className={styles.lead}>{t("topics.title")}</Link></>}>
        <AllDone />
      </PageHead>
      <div>
        <ShownTabs state={state} onChange={setState} unread={data?.unread ?? 0} />
      </div>
      <Panel className={styles.panel ?? ""}>
        <NotificationList state={state} />
      </Panel>
    </Page>
  );
}
