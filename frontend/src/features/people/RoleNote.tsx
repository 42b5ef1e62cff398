/** In place of controls that a person's role does not give: says which role would. */
import { Lock } from "lucide-react";
import { t, useLanguage } from "@/i18n/i18n";
import styles from "./People.module.css";
import { atLeast, useMembership, type Role } from "./roles";

interface Props {
  readonly project: string | null | undefined;
  readonly needed: Role;
}

export function RoleNote({ project, needed }: Props) {
  useLanguage();
  const membership = useMembership(project);
  if (membership === undefined || atLeast(membership.role, needed)) return null;
  return (
    <span className={styles.notice} data-testid="role-note" data-needed={needed}>
      <Lock size={14} aria-hidden="true" />
      {t("role.needed", { needed, role: t(`role.${membership.role}`), project: membership.name })}
    </span>
  );
}
