/** A version of a workflow is offered in the gallery: as something new, or as the next version of what is there. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, told } from "@/api/client";
import { keys } from "@/api/keys";
import { problemOf } from "@/features/assets/wire";
import { sayProblem, t, useLanguage } from "@/i18n/i18n";
import { problemsAt } from "@/model/problems";
import { problemsOf } from "@/features/people/queries";
import { Dialog } from "@/ui/Dialog";
import { Select, TextField } from "@/ui/Field";
import { navigate } from "@/ui/navigation";
import { ProblemNote } from "@/ui/States";
import { toast } from "@/ui/Toast";
import { namesIn } from "./names";
import { SHARINGS, useOffering, useOffers, type Sharing } from "./queries";

const NEW = "new";
const NUMBER = /^([0-9]{1,4}[.]){2}[0-9]{1,4}$/;
/** What is wrong with these stands at their fields. */
const FIELDS = ["/version", "/title", "/users"];

interface Props {
  readonly workflow: { readonly id: string; readonly name: string; readonly project: string | undefined };
  readonly number: number;
  readonly notes: string;
  readonly onClose: () => void;
}

export function OfferDialog({ workflow, number, notes, onClose }: Props) {
  useLanguage();
  const content = useQuery({
    queryKey: keys.version(workflow.id, number),
    queryFn: ({ signal }) => told(api.GET("/api/workflows/{id}/versions/{number}/", { params: { path: { id: workflow.id, number } }, signal })),
  });
  const mine = useOffers("", workflow.project, workflow.project !== undefined);
  const own = (mine.data?.pages.flatMap((page) => page.items) ?? []).filter((each) => each.own);
  const offering = useOffering();
  const [wanted, setWanted] = useState<string | null>(null);
  const [title, setTitle] = useState(workflow.name);
  const [sharing, setSharing] = useState<Sharing>("private");
  const [version, setVersion] = useState("");
  const [description, setDescription] = useState(notes);
  const [people, setPeople] = useState("");
  // Somebody who offers a workflow again means the same thing of the gallery.
  const to = wanted ?? own.find((each) => each.title === workflow.name)?.id ?? NEW;
  const known = own.find((each) => each.id === to);
  const seenBy = known?.sharing ?? sharing;
  const problems = problemsOf(offering.error);
  const said = (path: string): string | null => {
    const [first] = problemsAt(problems, path);
    return first === undefined ? null : `${sayProblem(first).message} ${sayProblem(first).hint}`;
  };
  const misnumbered = version !== "" && !NUMBER.test(version);
  const send = () => {
    if (content.data === undefined) return;
    offering.mutate(
      {
        document: content.data.document,
        version,
        description,
        users: seenBy === "group" ? namesIn(people) : [],
        to: known?.id ?? { project: workflow.project, title: title.trim(), sharing },
      },
      {
        onSuccess: (made) => {
          onClose();
          toast(t("gallery.offered", { title: made.asset.title, version: made.version }), {
            label: t("action.open"),
            run: () => {
              navigate(`/gallery/${made.asset.id}`);
            },
          });
        },
      },
    );
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("gallery.offer.title", { number })} submit={{ label: t("gallery.offer"), run: send, busy: offering.isPending, disabled: content.data === undefined || misnumbered || (known === undefined && title.trim() === "") }}>
      <p>{t("gallery.offer.text")}</p>
      {content.isError && <ProblemNote problem={problemOf(content.error)} />}
      {problems.filter((each) => !FIELDS.includes(each.path)).map((each) => (
        <ProblemNote key={each.code + each.path} problem={each} />
      ))}
      {own.length > 0 && (
        <Select
          label={t("gallery.offer.as")}
          value={to}
          onChange={setWanted}
          choices={[{ id: NEW, label: t("gallery.offer.new") }, ...own.map((each) => ({ id: each.id, label: each.title, note: t("gallery.offer.next", { version: each.version }) }))]}
        />
      )}
      {known === undefined && (
        <>
          <TextField autoFocus isRequired label={t("gallery.offer.name")} value={title} onChange={setTitle} error={said("/title")} maxLength={64} data-testid="offer-title" />
          <Select
            label={t("gallery.offer.sharing")}
            help={t(`gallery.sharing.${sharing}.text`)}
            value={sharing}
            onChange={(value) => { setSharing(value as Sharing); }}
            choices={SHARINGS.map((each) => ({ id: each, label: t(`gallery.sharing.${each}`) }))}
            data-testid="offer-sharing"
          />
        </>
      )}
      {seenBy === "group" && <TextField label={t("gallery.people.names")} help={t(known === undefined ? "gallery.people.help" : "gallery.people.more")} value={people} onChange={setPeople} error={said("/users")} data-testid="offer-people" />}
      <TextField label={t("gallery.offer.number")} help={t("gallery.offer.number.help")} value={version} onChange={setVersion} error={misnumbered ? t("gallery.offer.number.wrong") : said("/version")} data-testid="offer-number" />
      <TextField rows={3} label={t("gallery.offer.description")} value={description} onChange={setDescription} maxLength={10_000} />
    </Dialog>
  );
}
