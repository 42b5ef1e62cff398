/** Which project the lists show, in the top bar. */
import { ChevronDown, FolderKanban, Plus, UserRound, Users } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { t, useLanguage } from "@/i18n/i18n";
import { Menu } from "@/ui/Menu";
import { chooseProject, useProject } from "./current";
import styles from "./People.module.css";

const NewProjectDialog = lazy(async () => ({ default: (await import("./dialogs")).NewProjectDialog }));

export function ProjectSwitcher() {
  useLanguage();
  const { current, all } = useProject();
  const [making, setMaking] = useState(false);
  if (current === undefined) return null;
  const shown = [...all].sort((one, other) => Number(other.personal) - Number(one.personal));
  const label = t("project.switch", { name: current.name });
  return (
    <>
      <Menu
        label={t("project.yours")}
        trigger={
          <AriaButton className={styles.switcher ?? ""} aria-label={label} data-testid="project" data-project={current.project}>
            {current.personal ? <UserRound size={14} /> : <FolderKanban size={14} />}
            <span>{current.name}</span>
            <ChevronDown size={14} />
          </AriaButton>
        }
        groups={[
          {
            id: "projects",
            title: t("project.yours"),
            actions: shown.map((each) => ({
              id: each.project,
              label: each.personal ? `${each.name} · ${t("project.own")}` : each.name,
              icon: each.personal ? <UserRound size={15} /> : <FolderKanban size={15} />,
              checked: each.project === current.project,
              run: () => {
                chooseProject(each.project);
              },
            })),
          },
          {
            id: "do",
            actions: [
              { id: "members", label: t("project.members"), icon: <Users size={15} />, href: `/projects/${current.project}` },
              { id: "new", label: t("project.new"), icon: <Plus size={15} />, run: () => { setMaking(true); } },
            ],
          },
        ]}
      />
      {making && (
        <Suspense fallback={null}>
          <NewProjectDialog onClose={() => { setMaking(false); }} />
        </Suspense>
      )}
    </>
  );
}
