import { useState } from "react";
import { t, useLanguage } from "@/i18n/i18n";
import { Dialog } from "@/ui/Dialog";
import { useSignedOut } from "./session";

/** Over the page, not instead of it: what was typed can still be copied. */
export function SignedOut() {
  useLanguage();
  const signedOut = useSignedOut();
  const [closed, setClosed] = useState(false);
  return (
    <Dialog
      alert
      isOpen={signedOut && !closed}
      onClose={() => {
        setClosed(true);
      }}
      title={t("app.gone.title")}
    >
      <p>{t("app.gone.text")}</p>
    </Dialog>
  );
}
