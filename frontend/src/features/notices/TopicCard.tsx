/** One topic: its members, mail addresses and webhooks, whether they work, a test, and the log. */
import { Globe, KeyRound, Mail, Plus, Send, Trash2, UserRound } from "lucide-react";
import { useState, type FormEvent, type ReactNode } from "react";
import { ApiError } from "@/api/client";
import { Card } from "@/features/assets/page";
import { useMay } from "@/features/people/roles";
import { LANGUAGES, sayProblem, t, useLanguage, type Language } from "@/i18n/i18n";
import { asProblem } from "@/model/problems";
import { isObject } from "@/model/json";
import { Badge } from "@/ui/Badge";
import { Button, IconButton } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Select, TextField } from "@/ui/Field";
import { Tooltip } from "@/ui/Tooltip";
import { Button as AriaButton } from "react-aria-components";
import { DeliveryLog } from "./DeliveryLog";
import styles from "./Topics.module.css";
import { usePeople, useTopicDeeds, type Channel, type Delivery, type Topic } from "./queries";
import { SecretDialog } from "./SecretDialog";

const SIGNS: Readonly<Record<Channel["kind"], ReactNode>> = {
  member: <UserRound size={15} aria-hidden="true" />,
  mail: <Mail size={15} aria-hidden="true" />,
  webhook: <Globe size={15} aria-hidden="true" />,
};

export function TopicCard({ topic }: { readonly topic: Topic }) {
  useLanguage();
  const deeds = useTopicDeeds(topic.id);
  const operates = useMay(topic.project, "operator");
  const [adding, setAdding] = useState<Channel["kind"] | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const [log, setLog] = useState(false);
  const [removing, setRemoving] = useState(false);
  const test = (channel: string | null): void => {
    // Not before it is written: a log that was asked for earlier would not have it.
    deeds.test.mutate(channel, { onSuccess: () => { setLog(true); } });
  };
  return (
    <Card
      title={topic.name}
      note={t("topics.count", { count: topic.channels.length })}
      aside={
        <>
          {operates && <Button small icon={<Send size={13} />} isDisabled={topic.channels.length === 0} isPending={deeds.test.isPending} data-testid="send-test" onPress={() => { test(null); }}>
            {t("topics.test")}
          </Button>}
          <Button small aria-expanded={log} data-testid="show-log" onPress={() => { setLog(!log); }}>
            {t(log ? "topics.log.hide" : "topics.log")}
          </Button>
          {operates && <IconButton small label={t("topics.remove", { name: topic.name })} icon={<Trash2 size={14} />} onPress={() => { setRemoving(true); }} />}
        </>
      }
    >
      {!operates && <p className={styles.none}>{t("topics.viewer")}</p>}
      {topic.channels.length === 0 && <p className={styles.none}>{t("topics.none")}</p>}
      <ul className={styles.channels} aria-label={t("topics.channels", { name: topic.name })}>
        {topic.channels.map((channel) => (
          <li key={channel.id} className={styles.channel} data-testid="channel" data-kind={channel.kind}>
            <span className={styles.sign}>{SIGNS[channel.kind]}</span>
            <span className={styles.channelName}>
              {channel.username ?? channel.address}
              {channel.kind === "mail" && <small>{LANGUAGES[channel.language as Language]}</small>}
            </span>
            {channel.last !== null && <Health last={channel.last} />}
            {operates && <span className={styles.channelDeeds}>
              <IconButton small label={t("topics.test.one", { name: channel.username ?? channel.address })} icon={<Send size={14} />} onPress={() => { test(channel.id); }} />
              {channel.kind === "webhook" && (
                <IconButton
                  small
                  label={t("topics.secret.renew")}
                  icon={<KeyRound size={14} />}
                  onPress={() => { deeds.renewSecret.mutate(channel.id, { onSuccess: (made) => { setSecret(made.secret); } }); }}
                />
              )}
              <IconButton small label={t("topics.drop", { name: channel.username ?? channel.address })} icon={<Trash2 size={14} />} onPress={() => { deeds.drop.mutate(channel.id); }} />
            </span>}
          </li>
        ))}
      </ul>
      {!operates ? null : adding === null ? (
        <div className={styles.adders}>
          {(["member", "mail", "webhook"] as const).map((kind) => (
            <Button key={kind} small look="quiet" icon={<Plus size={13} />} data-testid={`add-${kind}`} onPress={() => { setAdding(kind); }}>
              {t(`topics.add.${kind}`)}
            </Button>
          ))}
        </div>
      ) : (
        <AddChannel key={adding} topic={topic} kind={adding} onSecret={setSecret} onClose={() => { setAdding(null); }} />
      )}
      {log && <DeliveryLog topic={topic.id} operates={operates} />}
      {secret !== null && <SecretDialog secret={secret} onClose={() => { setSecret(null); }} />}
      {removing && (
        <Dialog
          isOpen
          alert
          title={t("topics.remove", { name: topic.name })}
          onClose={() => { setRemoving(false); }}
          submit={{ label: t("action.delete"), look: "danger", busy: deeds.remove.isPending, run: () => { deeds.remove.mutate(); } }}
        >
          <p>{t("topics.remove.text")}</p>
        </Dialog>
      )}
    </Card>
  );
}

/** How the newest message fared. */
function Health({ last }: { readonly last: Delivery }) {
  const tone = last.state === "sent" ? "good" : last.state === "given_up" ? "bad" : last.problem === null ? "busy" : "warn";
  const word = t(last.state === "waiting" && last.problem !== null ? "topics.state.retrying" : `topics.state.${last.state}`);
  const why = isObject(last.problem) ? sayProblem(asProblem(last.problem)).message : null;
  if (why === null) return <Badge tone={tone}>{word}</Badge>;
  return (
    <Tooltip text={why}>
      <AriaButton className={styles.why} aria-label={`${word}: ${why}`}>
        <Badge tone={tone}>{word}</Badge>
      </AriaButton>
    </Tooltip>
  );
}

interface AddProps {
  readonly topic: Topic;
  readonly kind: Channel["kind"];
  readonly onSecret: (secret: string | null) => void;
  readonly onClose: () => void;
}

function AddChannel({ topic, kind, onSecret, onClose }: AddProps) {
  const deeds = useTopicDeeds(topic.id);
  const people = usePeople(topic.id, kind === "member");
  const [address, setAddress] = useState("");
  const [tongue, setTongue] = useState<Language>(useLanguage());
  const there = new Set(topic.channels.map((channel) => channel.username));
  const free = (people.data?.items ?? []).filter((person) => !there.has(person.username));
  const wrong = deeds.add.error instanceof ApiError ? sayProblem(deeds.add.error.problem) : null;
  const error = wrong === null ? null : `${wrong.message} ${wrong.hint}`;
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (address.trim() === "") return;
    const what = kind === "member" ? { username: address } : { address: address.trim() };
    deeds.add.mutate(
      { kind, language: tongue, ...what },
      {
        onSuccess: (made) => {
          onSecret(made.secret);
          onClose();
        },
      },
    );
  };
  return (
    <form className={styles.adding} onSubmit={send} noValidate>
      {kind === "member" ? (
        <Select
          label={t("topics.add.member")}
          value={address === "" ? null : address}
          choices={free.map((person) => ({ id: person.username, label: person.username }))}
          onChange={setAddress}
          help={people.isSuccess && free.length === 0 ? t("topics.nobodyElse") : undefined}
          error={error}
          className={styles.address ?? ""}
          data-testid="channel-member"
        />
      ) : (
        <TextField
          label={t(`topics.add.${kind}`)}
          value={address}
          onChange={setAddress}
          autoFocus
          placeholder={kind === "mail" ? "team@example.org" : "https://hooks.example.org/pipeloom"}
          help={t(`topics.${kind}.help`)}
          error={error}
          className={styles.address ?? ""}
          data-testid="channel-address"
        />
      )}
      {kind === "mail" && (
        <Select
          label={t("nav.language")}
          value={tongue}
          choices={(Object.keys(LANGUAGES) as Language[]).map((each) => ({ id: each, label: LANGUAGES[each] }))}
          onChange={(chosen) => { setTongue(chosen as Language); }}
        />
      )}
      <div className={styles.addingDeeds}>
        <Button onPress={onClose}>{t("action.cancel")}</Button>
        <Button type="submit" look="primary" isDisabled={address.trim() === ""} isPending={deeds.add.isPending} data-testid="channel-add">
          {t("topics.add")}
        </Button>
      </div>
    </form>
  );
}
