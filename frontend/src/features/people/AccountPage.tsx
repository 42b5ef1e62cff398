/** One's own account: what one is called, in which language, and the password. */
import { useState } from "react";
import { Card, Page, PageHead } from "@/features/assets/page";
import { LANGUAGES, language as spoken, setLanguage, t, useLanguage, type Language } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { Select } from "@/ui/Field";
import { TextField } from "@/ui/Field";
import { Link } from "@/ui/navigation";
import { ErrorState, Loading, ProblemNote, Skeleton } from "@/ui/States";
import { toast } from "@/ui/Toast";
import { writeCookie } from "@/ui/theme";
import { PasswordField } from "./PasswordField";
import styles from "./People.module.css";
import { problemOf, problemsOf, useChangeMe, useChangePassword } from "./queries";
import { useMe } from "./roles";
import { sayProblem } from "@/i18n/i18n";

type Me = NonNullable<ReturnType<typeof useMe>["data"]>;

export function AccountPage() {
  useLanguage();
  const me = useMe();
  if (me.data === undefined) {
    return me.isError ? (
      <ErrorState page problem={problemOf(me.error)} onRetry={() => void me.refetch()} />
    ) : (
      <Page>
        <Loading>
          <Skeleton height={260} />
        </Loading>
      </Page>
    );
  }
  return (
    <Page>
      <PageHead title={t("account.title")} lead={t("account.lead", { name: me.data.username })} />
      <div className={styles.two}>
        <Card title={t("account.profile")}>
          <Profile me={me.data} />
        </Card>
        <Card title={t("account.password")}>
          <Password has={me.data.has_password} />
        </Card>
      </div>
      <Card flush title={t("account.projects")}>
        <ul className={styles.notes}>
          {[...me.data.projects].sort((one, other) => Number(other.personal) - Number(one.personal)).map((each) => (
            <li key={each.project} className={styles.note}>
              <Link href={`/projects/${each.project}`}>{each.personal ? `${each.name} · ${t("project.own")}` : each.name}</Link>
              <span className={styles.soft}>{t(`role.${each.role}`)}</span>
            </li>
          ))}
        </ul>
      </Card>
    </Page>
  );
}

/** What the server says of one field, in the reader's language. */
const fieldError = (error: unknown, path: string): string | null => {
  const found = problemsOf(error).find((each) => each.path === path);
  if (found === undefined) return null;
  const { message, hint } = sayProblem(found);
  return `${message} ${hint}`;
};

function Profile({ me }: { readonly me: Me }) {
  const [name, setName] = useState(me.display_name);
  const [email, setEmail] = useState(me.email);
  const [speaks, setSpeaks] = useState<Language>(spoken());
  const change = useChangeMe();
  const save = () => {
    change.mutate(
      { display_name: name.trim(), email: email.trim(), language: speaks },
      {
        onSuccess: () => {
          writeCookie("pipeloom_language", speaks);
          void setLanguage(speaks).then(() => {
            toast(t("account.saved"));
          });
        },
      },
    );
  };
  const elsewhere = problemsOf(change.error).filter((each) => !["/display_name", "/email"].includes(each.path));
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <TextField label={t("account.display")} help={t("account.display.help")} value={name} onChange={setName} maxLength={80} placeholder={me.username} error={fieldError(change.error, "/display_name")} />
      <TextField label={t("account.email")} help={t("account.email.help")} value={email} onChange={setEmail} maxLength={254} error={fieldError(change.error, "/email")} />
      <Select
        label={t("account.language")}
        help={t("account.language.help")}
        value={speaks}
        onChange={(value) => {
          setSpeaks(value as Language);
        }}
        choices={Object.entries(LANGUAGES).map(([id, label]) => ({ id, label }))}
      />
      {elsewhere.map((each) => (
        <ProblemNote key={each.code + each.path} problem={each} />
      ))}
      <Button type="submit" look="primary" isPending={change.isPending}>
        {t("action.save")}
      </Button>
    </form>
  );
}

function Password({ has }: { readonly has: boolean }) {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useChangePassword();
  const submit = () => {
    change.mutate(
      { current, new: next },
      {
        onSuccess: () => {
          setCurrent("");
          setNext("");
          toast(t("account.password.done"));
        },
      },
    );
  };
  const elsewhere = problemsOf(change.error).filter((each) => !["/current", "/new"].includes(each.path));
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p className={styles.text}>
        {has ? t("account.password.set") : t("account.password.none")} {t("account.password.ends")}
      </p>
      {has && <PasswordField label={t("account.password.current")} complete="current-password" value={current} onChange={setCurrent} error={fieldError(change.error, "/current")} />}
      <PasswordField label={t("account.password.new")} help={t("account.password.help")} complete="new-password" value={next} onChange={setNext} error={fieldError(change.error, "/new")} />
      {elsewhere.map((each) => (
        <ProblemNote key={each.code + each.path} problem={each} />
      ))}
      <Button type="submit" look="primary" isPending={change.isPending} isDisabled={next === "" || (has && current === "")}>
        {has ? t("account.password.change") : t("account.password.first")}
      </Button>
    </form>
  );
}
