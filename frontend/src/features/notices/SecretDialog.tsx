/** The secret of a webhook, shown once; and how a receiver checks what it gets. */
import { Copy } from "lucide-react";
import { t } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { toast } from "@/ui/Toast";
import styles from "./Topics.module.css";

const SNIPPET = `import base64, hashlib, hmac, time

def verify(secret, headers, body):  # body: the raw bytes
    sent = int(headers["webhook-timestamp"])
    if abs(time.time() - sent) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{sent}.".encode() + body
    mac = hmac.new(key, signed, hashlib.sha256).digest()
    wanted = "v1," + base64.b64encode(mac).decode()
    return any(hmac.compare_digest(wanted, each)
               for each in headers["webhook-signature"].split())`;

export function SecretDialog({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  const copy = (): void => {
    void navigator.clipboard.writeText(secret).then(() => {
      toast(t("topics.secret.copied"));
    });
  };
  return (
    <Dialog isOpen wide onClose={onClose} title={t("topics.secret")}>
      <p>{t("topics.secret.text")}</p>
      <p className={styles.secret}>
        <code data-testid="secret">{secret}</code>
        <Button small icon={<Copy size={13} />} onPress={copy}>
          {t("action.copy")}
        </Button>
      </p>
      <p>{t("topics.secret.check")}</p>
      <pre className={styles.snippet} tabIndex={0}>{SNIPPET}</pre>
    </Dialog>
  );
}
