/** What is shown once: a link, a token. */
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { t, useLanguage } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import styles from "./People.module.css";

export function Secret({ label, text }: { readonly label: string; readonly text: string }) {
  useLanguage();
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(text).then(
      () => {
        setCopied(true);
      },
      // Where the browser does not let us, the text can be marked with one click.
      () => undefined,
    );
  };
  return (
    <div className={styles.secret}>
      <code aria-label={label} data-testid="secret">
        {text}
      </code>
      <Button small autoFocus icon={copied ? <Check size={14} /> : <Copy size={14} />} onPress={copy}>
        {copied ? t("secret.copied") : t("action.copy")}
      </Button>
    </div>
  );
}
