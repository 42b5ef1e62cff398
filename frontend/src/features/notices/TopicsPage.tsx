/** Topics: under which names news is given out, and to whom; and how one wants to be told oneself. */
import { Plus, Radio } from "lucide-react";
import { useState } from "react";
import { RowsLoading } from "@/features/assets/AssetList";
import { Card, Page, PageHead } from "@/features/assets/page";
import { problemOf } from "@/features/assets/wire";
import { sayProblem, t, useLanguage } from "@/i18n/i18n";
import { ApiError } from "@/api/client";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import { EmptyState, ErrorState, ProblemNote } from "@/ui/States";
import { problem } from "@/model/problems";
import { toast } from "@/ui/Toast";
import { NewTopic } from "./NewTopic";
import { TopicCard } from "./TopicCard";
import styles from "./Topics.module.css";
import { useNoticeSettings, useSaveSettings, useTopics } from "./queries";

export function TopicsPage() {
  useLanguage();
  const topics = useTopics();
  const [making, setMaking] = useState(false);
  const items = topics.data?.items ?? [];
  const make = () => {
    setMaking(true);
  };
  return (
    <Page>
      <PageHead title={t("topics.title")} lead={t("topics.lead")}>
        <Button look="primary" icon={<Plus size={14} />} onPress={make} data-testid="new-topic">
          {t("topics.new")}
        </Button>
      </PageHead>
      <Mine />
      {topics.isPending && <RowsLoading />}
      {topics.isError && topics.data === undefined && <ErrorState problem={problemOf(topics.error)} onRetry={() => void topics.refetch()} />}
      {topics.isSuccess && items.length === 0 && (
        <EmptyState icon={<Radio size={22} />} title={t("topics.empty.title")} actions={<Button onPress={make}>{t("topics.new")}</Button>}>
          {t("topics.empty.text")}
        </EmptyState>
      )}
      {items.map((topic) => (
        <TopicCard key={topic.id} topic={topic} />
      ))}
      {making && (
        <Dialog isOpen onClose={() => { setMaking(false); }} title={t("topics.new")}>
          <NewTopic onMade={() => { setMaking(false); }} onCancel={() => { setMaking(false); }} />
        </Dialog>
      )}
    </Page>
  );
}

/** Where one's own news also goes. */
function Mine() {
  const settings = useNoticeSettings();
  const save = useSaveSettings();
  const [typed, setTyped] = useState<string | null>(null);
  if (settings.data === undefined) return null;
  const mail = typed ?? settings.data.mail;
  const store = () => {
    save.mutate(
      { mail },
      {
        onSuccess: () => {
          setTyped(null);
          toast(t("topics.mine.saved"));
        },
      },
    );
  };
  return (
    <Card title={t("topics.mine")} note={t("topics.mine.note")}>
      <form
        className={styles.mine}
        onSubmit={(event) => {
          event.preventDefault();
          store();
        }}
        noValidate
      >
        <TextField
          label={t("topics.mine.mail")}
          value={mail}
          onChange={setTyped}
          placeholder="name@example.org"
          error={save.error instanceof ApiError ? sayProblem(save.error.problem).message : null}
          className={styles.address ?? ""}
          data-testid="my-mail"
        />
        <Button type="submit" isDisabled={mail === settings.data.mail} isPending={save.isPending} data-testid="my-mail-save">
          {t("action.save")}
        </Button>
      </form>
      {!settings.data.mail_available && <ProblemNote problem={{ ...problem("notice.mail_not_set_up", t("topics.noMail"), t("topics.noMail.hint")), severity: "warning" }} />}
    </Card>
  );
}
