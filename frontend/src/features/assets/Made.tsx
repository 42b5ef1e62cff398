/** When something was made, and by which run. */
import { formatAgo, formatDate, t } from "@/i18n/i18n";
import { useNow } from "@/ui/clock";
import { Link } from "@/ui/navigation";
import styles from "./AssetList.module.css";
import { originOf, runHref } from "./wire";

export function Ago({ at }: { readonly at: string }) {
  const now = useNow(60_000);
  return (
    <time dateTime={at} title={formatDate(at)}>
      {formatAgo(at, now)}
    </time>
  );
}

/** The newest version, and how many there are in all. */
export function Newest({ name, count }: { readonly name: string | null; readonly count: number }) {
  if (name === null) return <span>{t("assets.noVersion")}</span>;
  return (
    <span>
      {name}
      {count > 1 && <span className={styles.of}> {t("assets.ofVersions", { count })}</span>}
    </span>
  );
}

export function MadeBy({ origin }: { readonly origin: unknown }) {
  const found = originOf(origin);
  if (found === null) return <span>{t("assets.origin.none")}</span>;
  const number = found.number === null ? found.run.slice(0, 8) : String(found.number);
  const text = found.step === null ? t("assets.origin.run", { number }) : t("assets.origin.runStep", { number, step: found.step });
  return <Link href={runHref(found.run, found.step)}>{text}</Link>;
}
