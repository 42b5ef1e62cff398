import { BookOpen, KeyRound, LogOut, UserRoundCog } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import { csrfToken } from "@/api/client";
import { useMe } from "@/features/people/roles";
import { t, useLanguage } from "@/i18n/i18n";
import { Menu } from "@/ui/Menu";
import styles from "./Account.module.css";

export function Account() {
  useLanguage();
  const me = useMe();
  const name = (me.data?.display_name || me.data?.username) ?? "";
  const label = t("nav.account", { name });
  return (
    <Menu
      label={label}
      align="end"
      trigger={
        <AriaButton aria-label={label} className={styles.account} data-testid="account">
          {name.slice(0, 1).toUpperCase()}
        </AriaButton>
      }
      groups={[
        {
          id: "me",
          title: name,
          actions: [
            { id: "account", label: t("nav.account.open"), icon: <UserRoundCog size={15} />, href: "/account" },
            { id: "tokens", label: t("nav.tokens"), icon: <KeyRound size={15} />, href: "/tokens" },
            { id: "docs", label: t("nav.docs"), icon: <BookOpen size={15} />, run: openDocs },
          ],
        },
        { id: "out", actions: [{ id: "out", label: t("nav.signOut"), icon: <LogOut size={15} />, run: signOut }] },
      ]}
    />
  );
}

/** Another application on the same server: a real page load, not a page of ours. */
function openDocs(): void {
  location.assign("/api/docs/");
}

/** A form, because signing out answers with another page. */
function signOut(): void {
  const form = document.createElement("form");
  form.method = "post";
  form.action = "/sign-out/";
  const token = document.createElement("input");
  token.name = "csrfmiddlewaretoken";
  token.value = csrfToken(document.cookie, location);
  form.append(token);
  form.hidden = true;
  document.body.append(form);
  form.submit();
}
