/** Three events, each on or off. */
import { CircleAlert, CircleCheck, MessageCircleQuestion } from "lucide-react";
import type { ReactNode } from "react";
import { ToggleButton } from "react-aria-components";
import { t } from "@/i18n/i18n";
import styles from "./Subscribe.module.css";
import { EVENTS, type NoticeEvent } from "./queries";

const SIGNS: Readonly<Record<NoticeEvent, ReactNode>> = {
  waiting: <MessageCircleQuestion size={13} aria-hidden="true" />,
  success: <CircleCheck size={13} aria-hidden="true" />,
  abnormal: <CircleAlert size={13} aria-hidden="true" />,
};

interface Props {
  readonly events: readonly NoticeEvent[];
  readonly onChange: (events: readonly NoticeEvent[]) => void;
  readonly disabled?: boolean;
  /** Whose events these are, for who cannot see it. */
  readonly about: string;
}

export function EventBoxes({ events, onChange, disabled = false, about }: Props) {
  return (
    <div role="group" aria-label={t("subscribe.events", { who: about })} className={styles.events}>
      {EVENTS.map((event) => (
        <ToggleButton
          key={event}
          className={styles.event ?? ""}
          isSelected={events.includes(event)}
          isDisabled={disabled}
          data-event={event}
          onChange={(on) => {
            onChange(EVENTS.filter((each) => (each === event ? on : events.includes(each))));
          }}
        >
          {SIGNS[event]}
          {t(`subscribe.event.${event}`)}
        </ToggleButton>
      ))}
    </div>
  );
}
