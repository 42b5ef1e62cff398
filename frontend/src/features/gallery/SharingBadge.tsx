import { Globe, Lock, Users } from "lucide-react";
import { t } from "@/i18n/i18n";
import { Badge } from "@/ui/Badge";
import type { Sharing } from "./queries";

const SIGNS = { private: <Lock size={12} />, group: <Users size={12} />, public: <Globe size={12} /> };
const TONES = { private: "idle", group: "reuse", public: "good" } as const;

/** Who sees something of the gallery, in a word. */
export function SharingBadge({ sharing }: { readonly sharing: Sharing }) {
  return (
    <Badge tone={TONES[sharing]} icon={SIGNS[sharing]}>
      {t(`gallery.sharing.${sharing}`)}
    </Badge>
  );
}
