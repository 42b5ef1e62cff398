/** Who sees a version of something that is shared with named people; its owners add and remove them. */

import { UserPlus, X } from "lucide-react";
import { useState, type FormEvent } from "react";
import { Card } from "@/features/assets/page";
import { complain } from "@/features/assets/wire";
import { t } from "@/i18n/i18n";
import { Button, IconButton } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import styles from "./Gallery.module.css";
import { namesIn } from "./names";
import { useNaming, type OfferVersion } from "./queries";

export function People({ offer, version }: { readonly offer: string; readonly version: OfferVersion }) {
  const naming = useNaming();
  const [typed, setTyped] = useState("");
  const names = namesIn(typed);
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (names.length === 0) return;
    naming.mutate(
      { id: offer, version: version.version, add: names },
      {
        onSuccess: () => {
          setTyped("");
        },
        onError: complain,
      },
    );
  };
  const remove = (name: string) => {
    naming.mutate({ id: offer, version: version.version, remove: [name] }, { onError: complain });
  };
  return (
    <Card title={t("gallery.people", { version: version.version })} note={t("gallery.people.count", { count: version.users.length })}>
      <form onSubmit={add} className={styles.adding} noValidate>
        <TextField label={t("gallery.people.names")} help={t("gallery.people.help")} value={typed} onChange={setTyped} className={styles.names ?? ""} data-testid="people-names" />
        <Button type="submit" icon={<UserPlus size={14} />} isPending={naming.isPending} isDisabled={names.length === 0} data-testid="people-add">
          {t("gallery.people.add")}
        </Button>
      </form>
      {version.users.length === 0 ? (
        <p className={styles.soft}>{t("gallery.people.nobody")}</p>
      ) : (
        <ul className={styles.people}>
          {version.users.map((name) => (
            <li key={name} data-person={name}>
              <span className={styles.face} aria-hidden="true">
                {name.slice(0, 1).toUpperCase()}
              </span>
              <span>{name}</span>
              <IconButton small label={t("gallery.people.remove", { name })} icon={<X size={14} />} onPress={() => { remove(name); }} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
