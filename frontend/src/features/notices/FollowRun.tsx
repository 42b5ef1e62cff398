/** "Tell me when it ends", on the page of a run. */
import { Bell, BellRing } from "lucide-react";
import { t, useLanguage } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { useFollowedRun } from "./queries";

export function FollowRun({ run }: { readonly run: string }) {
  useLanguage();
  const { known, on, turn } = useFollowedRun(run);
  return (
    <Button
      icon={on ? <BellRing size={14} /> : <Bell size={14} />}
      isDisabled={!known}
      isPending={turn.isPending}
      aria-pressed={on}
      data-testid="follow-run"
      data-on={on || undefined}
      onPress={() => {
        turn.mutate(!on);
      }}
    >
      {t(on ? "subscribe.run.on" : "subscribe.run")}
    </Button>
  );
}
