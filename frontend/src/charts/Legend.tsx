import type { Figure } from "./figure";
import { unescaped } from "./figure";
import styles from "./Charts.module.css";
import { colourOf } from "./theme";

const MOST = 12;

/** Which colour is which curve. HTML, so that it wraps, and costs no redrawing. */
export function Legend({ figure }: { readonly figure: Figure }) {
  if (figure.layout.showlegend !== true) return null;
  return (
    <ul className={styles.legend}>
      {figure.data.slice(0, MOST).map((trace, index) => (
        <li key={index}>
          <span style={{ background: colourOf(index) }} />
          {unescaped(String(trace.name))}
        </li>
      ))}
      {figure.data.length > MOST && <li>+{figure.data.length - MOST}</li>}
    </ul>
  );
}
