import { t } from "@/i18n/i18n";
import type { Refusal } from "@/model/ports";

export function sayRefusal(refusal: Refusal): string {
  if (refusal.code === "full") return t("refusal.full", { limit: refusal.limit });
  if (refusal.code !== "type") return t(`refusal.${refusal.code}`);
  const accepts = refusal.accepts.map((type) => t(`port.${type}`)).join(", ");
  return t("refusal.type", { found: t(`port.${refusal.found}`), accepts });
}
