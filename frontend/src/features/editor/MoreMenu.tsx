/** What can be done with the workflow as a whole: bring a file in, take it away as one, release it. */

import { CalendarClock, Ellipsis, FileInput, Upload } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { FILE_TYPES } from "@/features/transfer/fileTypes";
import { useExport } from "@/features/transfer/useExport";
import { t, useLanguage } from "@/i18n/i18n";
import { IconButton } from "@/ui/Button";
import { Menu, type MenuGroup } from "@/ui/Menu";
import { navigate } from "@/ui/navigation";
import { chooseFile } from "./chosenFile";
import { useEditor, useEditorState } from "./context";

const ReleaseDialog = lazy(async () => ({ default: (await import("@/features/versions/ReleaseDialog")).ReleaseDialog }));

export function MoreMenu() {
  useLanguage();
  const { workflowId, flush } = useEditor();
  const name = useEditorState((state) => state.document.name);
  const readOnly = useEditorState((state) => state.readOnly);
  const [releasing, setReleasing] = useState(false);
  const exporting = useExport({ id: workflowId, name, version: null, flush });
  const groups: MenuGroup[] = [
    ...(readOnly
      ? []
      : [
          {
            id: "in",
            actions: [
              { id: "release", label: `${t("versions.release.do")}…`, icon: <Upload size={15} />, run: () => { setReleasing(true); } },
              {
                id: "import",
                label: t("transfer.import"),
                icon: <FileInput size={15} />,
                run: () => {
                  chooseFile(FILE_TYPES, () => {
                    navigate(location.pathname);
                  });
                },
              },
            ],
          },
        ]),
    { id: "schedules", actions: [{ id: "schedules", label: t("schedules.title"), icon: <CalendarClock size={15} />, href: `/schedules?workflow=${workflowId}` }] },
    { id: "out", title: t("transfer.export"), actions: exporting.actions },
  ];
  return (
    <>
      <Menu label={t("transfer.menu")} align="end" trigger={<IconButton label={t("transfer.menu")} icon={<Ellipsis size={17} />} data-testid="workflow-menu" />} groups={groups} />
      {exporting.dialog}
      {releasing && (
        <Suspense fallback={null}>
          <ReleaseDialog
            onClose={() => {
              setReleasing(false);
            }}
            onReleased={() => {
              setReleasing(false);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
