/** Questions about projects and their members. */
import { useState } from "react";
import { t, useLanguage } from "@/i18n/i18n";
import { Dialog } from "@/ui/Dialog";
import { NumberField, Select, TextField } from "@/ui/Field";
import { navigate } from "@/ui/navigation";
import { ProblemNote } from "@/ui/States";
import { toast } from "@/ui/Toast";
import { keepProject } from "./current";
import styles from "./People.module.css";
import { problemsOf, useCreateProject, useInvite, useLeave, useRemoveMember, useRenameProject, type Member, type Project } from "./queries";
import { ROLES, type Role } from "./roles";
import { Secret } from "./Secret";

const LONGEST = 100;

function Problems({ error }: { readonly error: unknown }) {
  return problemsOf(error).map((each) => <ProblemNote key={each.code + each.path} problem={each} />);
}

export const nameOf = (member: Member): string => member.display_name || member.username;

export function NewProjectDialog({ onClose }: { readonly onClose: () => void }) {
  useLanguage();
  const [name, setName] = useState("");
  const create = useCreateProject();
  const submit = () => {
    create.mutate(name.trim(), {
      onSuccess: (made) => {
        toast(t("project.created", { name: made.name }));
        keepProject(made.id);
        onClose();
        navigate(`/projects/${made.id}`);
      },
    });
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("project.new.title")} submit={{ label: t("action.create"), run: submit, busy: create.isPending, disabled: name.trim() === "" }}>
      <p className={styles.text}>{t("project.new.text")}</p>
      <TextField autoFocus isRequired label={t("project.name")} value={name} onChange={setName} maxLength={LONGEST} />
      <Problems error={create.error} />
    </Dialog>
  );
}

export function RenameProjectDialog({ project, onClose }: { readonly project: Project; readonly onClose: () => void }) {
  useLanguage();
  const [name, setName] = useState(project.name);
  const rename = useRenameProject(project.id);
  const submit = () => {
    rename.mutate(name.trim(), {
      onSuccess: (renamed) => {
        toast(t("project.renamed", { name: renamed.name }));
        onClose();
      },
    });
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("project.rename")} submit={{ label: t("action.save"), run: submit, busy: rename.isPending, disabled: name.trim() === "" }}>
      <TextField autoFocus isRequired label={t("project.name")} value={name} onChange={setName} maxLength={LONGEST} />
      <Problems error={rename.error} />
    </Dialog>
  );
}

export function RemoveDialog({ project, member, onClose }: { readonly project: Project; readonly member: Member; readonly onClose: () => void }) {
  useLanguage();
  const remove = useRemoveMember(project.id);
  const name = nameOf(member);
  const submit = () => {
    remove.mutate(member.user, {
      onSuccess: () => {
        toast(t("project.removed", { name }));
        onClose();
      },
    });
  };
  return (
    <Dialog alert isOpen onClose={onClose} title={t("project.remove.title", { name })} submit={{ label: t("project.remove.do"), look: "danger", run: submit, busy: remove.isPending }}>
      <p>{t("project.remove.text", { name })}</p>
      <ul className={styles.points}>
        <li>{t("project.remove.runs", { name })}</li>
        <li>{t("project.remove.tokens", { name })}</li>
      </ul>
      <Problems error={remove.error} />
    </Dialog>
  );
}

export function LeaveDialog({ project, onClose }: { readonly project: Project; readonly onClose: () => void }) {
  useLanguage();
  const leave = useLeave(project.id);
  const submit = () => {
    leave.mutate(undefined, {
      onSuccess: () => {
        toast(t("project.left", { name: project.name }));
        onClose();
        navigate("/");
      },
    });
  };
  return (
    <Dialog alert isOpen onClose={onClose} title={t("project.leave.title", { name: project.name })} submit={{ label: t("project.leave.do"), look: "danger", run: submit, busy: leave.isPending }}>
      <p>{t("project.leave.text")}</p>
      <ul className={styles.points}>
        <li>{t("project.leave.runs")}</li>
        <li>{t("project.leave.tokens")}</li>
      </ul>
      <Problems error={leave.error} />
    </Dialog>
  );
}

export const roleChoices = () => ROLES.map((role) => ({ id: role, label: t(`role.${role}`), note: t(`role.${role}.may`) }));
const DAYS = [1, 7, 30, 90];
export const dayChoices = () => DAYS.map((count) => ({ id: String(count), label: t("invite.days.count", { count }) }));

export function InviteDialog({ project, onClose }: { readonly project: Project; readonly onClose: () => void }) {
  useLanguage();
  const [role, setRole] = useState<Role>("operator");
  const [note, setNote] = useState("");
  const [days, setDays] = useState("7");
  const [uses, setUses] = useState<number | null>(1);
  const invite = useInvite(project.id);
  if (invite.data !== undefined) {
    return (
      <Dialog isOpen onClose={onClose} title={t("invite.made.title")}>
        <p className={styles.text}>{t("invite.made.text", { role: t(`role.${invite.data.role}`) })}</p>
        <Secret label={t("invite.link")} text={invite.data.link} />
      </Dialog>
    );
  }
  const submit = () => {
    invite.mutate({ role, note: note.trim(), days: Number(days), max_uses: uses ?? 1 });
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("invite.title")} submit={{ label: t("invite.make"), run: submit, busy: invite.isPending }}>
      <div className={styles.fields}>
        <Select className={styles.whole ?? ""} label={t("invite.role")} value={role} onChange={(value) => { setRole(value as Role); }} choices={roleChoices()} help={t(`role.${role}.may`)} />
        <Select label={t("invite.days")} value={days} onChange={setDays} choices={dayChoices()} />
        <NumberField integer label={t("invite.uses")} value={uses} onChange={setUses} minValue={1} maxValue={100} />
        <TextField className={styles.whole ?? ""} label={t("invite.for")} help={t("invite.for.help")} value={note} onChange={setNote} maxLength={LONGEST} />
      </div>
      <Problems error={invite.error} />
    </Dialog>
  );
}
