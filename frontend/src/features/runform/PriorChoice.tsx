/** From which earlier run a part of the workflow takes what it needs of the rest. */

import { useQuery } from "@tanstack/react-query";
import { api, told } from "@/api/client";
import { keys } from "@/api/keys";
import { useEditor } from "@/features/editor/context";
import { formatAgo, t } from "@/i18n/i18n";
import { useNow } from "@/ui/clock";
import { Select } from "@/ui/Field";
import type { RunPart } from "./queries";

interface Props {
  readonly part: RunPart;
  readonly onChange: (part: RunPart) => void;
}

const NEWEST = "newest";
const OFFERED = 30;

export function PriorChoice({ part, onChange }: Props) {
  const { workflowId } = useEditor();
  const now = useNow(60_000);
  const runs = useQuery({
    queryKey: [...keys.workflowRuns(workflowId), "offered"],
    queryFn: ({ signal }) => told(api.GET("/api/workflows/{id}/runs/", { params: { path: { id: workflowId }, query: { limit: OFFERED } }, signal })),
    select: (page) => page.items,
  });
  if (runs.data === undefined || runs.data.length === 0) return null;
  return (
    <div data-testid="prior-choice">
      <Select
        label={t("runform.prior")}
        help={t("runform.prior.help")}
        value={part.prior ?? NEWEST}
        onChange={(id) => {
          const { prior: _, ...rest } = part;
          onChange(id === NEWEST ? rest : { ...rest, prior: id });
        }}
        choices={[
          { id: NEWEST, label: t("runform.prior.newest") },
          ...runs.data.map((run) => ({ id: run.id, label: [t("run.number", { number: run.number }), run.name].filter(Boolean).join(" · "), note: `${t(`run.${run.state}`)} · ${formatAgo(run.created_at, now)}` })),
        ]}
      />
    </div>
  );
}
