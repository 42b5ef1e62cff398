/** How fresh what is shown is: live, catching up, or stale and since when. */

import { formatDate, t, useLanguage } from "@/i18n/i18n";
import { RUN_TERMINAL } from "@/model/runReducer";
import { Tooltip } from "@/ui/Tooltip";
import { Button as AriaButton } from "react-aria-components";
import styles from "./Run.module.css";
import { useFollowing, type RunSession } from "./session";

export function LinkSign({ session }: { readonly session: RunSession }) {
  useLanguage();
  const link = useFollowing(session, (following) => following.link);
  const heardAt = useFollowing(session, (following) => (following.link === "stale" ? following.heardAt : null));
  const via = useFollowing(session, (following) => following.via);
  const over = useFollowing(session, ({ view }) => view !== null && RUN_TERMINAL.has(view.run.state));
  // What is over does not change: only that it could not be asked for would be news.
  if (over && link === "live") return null;
  const since = heardAt === null ? "" : formatDate(new Date(heardAt), { timeStyle: "medium" });
  const text = link === "stale" ? t("live.stale", { time: since }) : t(`live.${link}`);
  return (
    <Tooltip text={link === "live" ? t(`live.via.${via}`) : t(`live.help.${link}`)}>
      <AriaButton
        className={styles.link ?? ""}
        data-link={link}
        data-via={via}
        data-testid="link"
        onPress={() => {
          session.follower.nudge();
        }}
      >
        <i aria-hidden="true" />
        <span role="status">{text}</span>
      </AriaButton>
    </Tooltip>
  );
}
