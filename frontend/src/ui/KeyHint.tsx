import styles from "./KeyHint.module.css";

const APPLE = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);
const SIGNS: Readonly<Record<string, string>> = APPLE
  ? { Mod: "⌘", Shift: "⇧", Alt: "⌥", Enter: "⏎", Backspace: "⌫" }
  : { Mod: "Ctrl", Enter: "⏎", Backspace: "⌫" };

/** Keys as they are written on the person's keyboard: "Mod+Shift+Z". */
export function KeyHint({ keys }: { readonly keys: string }) {
  return (
    <span className={styles.keys} aria-hidden="true">
      {(keys === "+" ? ["+"] : keys.split("+")).map((key) => (
        <kbd key={key} className={styles.key}>
          {SIGNS[key] ?? key}
        </kbd>
      ))}
    </span>
  );
}
