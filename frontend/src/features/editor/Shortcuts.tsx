/** `?`: every key and gesture. */

import { t, useLanguage, type MessageKey } from "@/i18n/i18n";
import { Dialog } from "@/ui/Dialog";
import { KeyHint } from "@/ui/KeyHint";
import styles from "./dialogs.module.css";

type Row = readonly [what: MessageKey, ...keys: string[]];
const GROUPS: readonly { readonly title: MessageKey; readonly rows: readonly Row[] }[] = [
  {
    title: "editor.keys.edit",
    rows: [
      ["editor.undo", "Mod+Z"],
      ["editor.redo", "Mod+Shift+Z", "Mod+Y"],
      ["editor.act.copy", "Mod+C"],
      ["editor.act.cut", "Mod+X"],
      ["editor.act.paste", "Mod+V"],
      ["action.duplicate", "Mod+D"],
      ["action.rename", "F2"],
      ["action.delete", "Delete"],
      ["editor.act.heal", "Mod+Delete"],
      ["editor.act.saveNow", "Mod+S"],
    ],
  },
  {
    title: "editor.keys.build",
    rows: [
      ["editor.palette.search", "/"],
      ["editor.act.connect", "C"],
      ["editor.act.leaveOut", "D"],
      ["editor.act.group", "Mod+G"],
      ["editor.act.ungroup", "Mod+Shift+G"],
      ["editor.act.tidy", "L"],
      ["editor.act.open", "Enter"],
      ["editor.act.selectAll", "Mod+A"],
      ["editor.act.selectBefore", "["],
      ["editor.act.selectAfter", "]"],
      ["editor.act.toggle", "Space"],
      ["editor.act.menu", "Shift+F10"],
    ],
  },
  {
    title: "editor.keys.move",
    rows: [
      ["editor.act.walk", "←", "→", "↑", "↓"],
      ["editor.act.ends", "Home", "End"],
      ["editor.act.nudge", "Mod+→"],
      ["editor.act.nudgeFar", "Mod+Shift+→"],
      ["editor.act.nudgeFarther", "Shift+→"],
      ["editor.act.align", "Alt+←"],
    ],
  },
  {
    title: "editor.keys.run",
    rows: [
      ["runform.open", "Mod+Enter"],
      ["runform.start", "Mod+Enter"],
      ["run.stop", "Mod+Alt+Enter"],
    ],
  },
  {
    title: "editor.keys.view",
    rows: [
      ["editor.outline", "Mod+F"],
      ["canvas.fit", "1", "F"],
      ["editor.act.fitSelection", "2", "."],
      ["editor.act.zoomReset", "0"],
      ["canvas.zoomIn", "+"],
      ["canvas.zoomOut", "-"],
      ["canvas.tool.select", "V"],
      ["canvas.tool.hand", "H"],
      ["editor.keys.title", "?"],
    ],
  },
];
const GESTURES: readonly MessageKey[] = ["editor.gesture.pan", "editor.gesture.zoom", "editor.gesture.box", "editor.gesture.double", "editor.gesture.void", "editor.gesture.insert", "editor.gesture.copy", "editor.gesture.cut"];

export function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  useLanguage();
  return (
    <Dialog isOpen wide title={t("editor.keys.title")} onClose={onClose}>
      <div className={styles.keys} data-testid="shortcuts">
        {GROUPS.map((group) => (
          <section key={group.title}>
            <h3>{t(group.title)}</h3>
            <dl>
              {group.rows.map(([what, ...keys]) => (
                <div key={what}>
                  <dt>{t(what)}</dt>
                  <dd>
                    {keys.map((each) => (
                      <KeyHint key={each} keys={each} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>{t("editor.keys.pointer")}</h3>
          <ul>
            {GESTURES.map((each) => (
              <li key={each}>{t(each)}</li>
            ))}
          </ul>
        </section>
      </div>
    </Dialog>
  );
}
