import { Check, Minus } from "lucide-react";
import { Checkbox } from "react-aria-components";
import styles from "./FolderView.module.css";

/** Chooses a row, or all. The table around it knows which. */
export function Tick({ label }: { readonly label: string }) {
  return (
    <Checkbox slot="selection" aria-label={label} className={styles.tick}>
      {({ isSelected, isIndeterminate }) => <span className={styles.box}>{isIndeterminate ? <Minus size={12} strokeWidth={3} /> : isSelected && <Check size={12} strokeWidth={3} />}</span>}
    </Checkbox>
  );
}
