/** One thing of the gallery: its versions, what each is, who sees it; making a workflow of it. */

import { Download, Tag, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { KindIcon } from "@/canvas/KindIcon";
import { RowsLoading } from "@/features/assets/AssetList";
import { Ago } from "@/features/assets/Made";
import { Card, Page, PageHead } from "@/features/assets/page";
import { complain, problemOf } from "@/features/assets/wire";
import { useProject } from "@/features/people/current";
import { RoleNote } from "@/features/people/RoleNote";
import { useMay } from "@/features/people/roles";
import { t, useLanguage } from "@/i18n/i18n";
import { shownTitle, type Step } from "@/model/document";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { navigate, useSearchParams, type RouteParams } from "@/ui/navigation";
import { ErrorState, Loading, ProblemNote, Skeleton } from "@/ui/States";
import { toast } from "@/ui/Toast";
import styles from "./Gallery.module.css";
import { People } from "./People";
import { documentOf, useOffer, useOfferVersions, useSubscribe, useWithdraw, type Offer, type OfferVersion } from "./queries";
import { SharingBadge } from "./SharingBadge";
import { Sketch } from "./Sketch";

const STEPS_SHOWN = 40;

export function OfferPage({ params }: { readonly params: RouteParams }) {
  useLanguage();
  const id = params.id ?? "";
  const offer = useOffer(id);
  if (offer.isPending) return <Waiting />;
  if (offer.isError) return <ErrorState page problem={problemOf(offer.error)} onRetry={() => void offer.refetch()} />;
  return <Shown offer={offer.data} />;
}

function Shown({ offer }: { readonly offer: Offer }) {
  const versions = useOfferVersions(offer.id);
  const search = useSearchParams();
  const project = useProject().current?.project;
  const draws = useMay(project, "author");
  const [withdrawing, setWithdrawing] = useState(false);
  const items = versions.data?.items ?? [];
  const chosen = items.find((each) => each.version === search.get("version")) ?? items[0];
  return (
    <Page>
      <PageHead
        title={offer.title}
        above={{ href: "/gallery", label: t("nav.gallery") }}
        lead={
          <>
            <SharingBadge sharing={offer.sharing} />
            {typeof offer.created_by === "string" && <span>{t("gallery.by", { name: offer.created_by })}</span>}
            <Ago at={offer.created_at} />
          </>
        }
      >
        <RoleNote project={project} needed="author" />
        {offer.own && (
          <Button icon={<Trash2 size={14} />} data-testid="withdraw" onPress={() => { setWithdrawing(true); }}>
            {t("gallery.withdraw")}
          </Button>
        )}
        {draws && chosen !== undefined && <Subscribe offer={offer} version={chosen.version} project={project} />}
      </PageHead>
      {versions.isPending && <RowsLoading />}
      {versions.isError && items.length === 0 && <ErrorState problem={problemOf(versions.error)} onRetry={() => void versions.refetch()} />}
      {chosen !== undefined && (
        <div className={styles.columns}>
          <Card title={t("versions.list")} note={String(items.length)} className={styles.versions ?? ""}>
            <ul>
              {items.map((each) => (
                <VersionRow key={each.version} version={each} chosen={each === chosen} />
              ))}
            </ul>
          </Card>
          <div className={styles.chosen}>
            <Card title={t("gallery.version", { version: chosen.version })} note={<Ago at={chosen.created_at} />} flush>
              <VersionView version={chosen} />
            </Card>
            {offer.own && offer.sharing === "group" && <People key={chosen.version} offer={offer.id} version={chosen} />}
          </div>
        </div>
      )}
      {withdrawing && <WithdrawDialog offer={offer} onClose={() => { setWithdrawing(false); }} />}
    </Page>
  );
}

function Subscribe({ offer, version, project }: { readonly offer: Offer; readonly version: string; readonly project: string | undefined }) {
  const subscribe = useSubscribe();
  const take = () => {
    subscribe.mutate(
      { id: offer.id, version, project },
      {
        onSuccess: (made) => {
          toast(t("home.created", { name: made.name }));
          navigate(`/workflows/${made.id}`);
        },
        onError: complain,
      },
    );
  };
  return (
    <Button look="primary" icon={<Download size={14} />} data-testid="subscribe" isPending={subscribe.isPending} onPress={take}>
      {t("gallery.subscribe", { version })}
    </Button>
  );
}

function VersionRow({ version, chosen }: { readonly version: OfferVersion; readonly chosen: boolean }) {
  return (
    <li>
      <AriaButton
        className={styles.version ?? ""}
        aria-current={chosen ? "true" : undefined}
        data-testid={`offer-version:${version.version}`}
        onPress={() => { navigate(`${location.pathname}?version=${version.version}`, { replace: true }); }}
      >
        <Tag size={14} aria-hidden="true" />
        <span className={styles.versionText}>
          <strong>{version.version}</strong>
          <Ago at={version.created_at} />
        </span>
        {version.users.length > 0 && <Badge>{t("gallery.people.count", { count: version.users.length })}</Badge>}
      </AriaButton>
    </li>
  );
}

function VersionView({ version }: { readonly version: OfferVersion }) {
  const document = documentOf(version);
  const steps = document.steps ?? [];
  return (
    <>
      <div className={styles.wideSketch}>
        <Sketch document={document} />
      </div>
      <div className={styles.told}>
        <p className={version.description === "" ? styles.soft : undefined}>{version.description || t("gallery.noDescription")}</p>
        <h3>{t("home.sample.steps", { count: steps.length })}</h3>
        <ul className={styles.steps}>
          {steps.slice(0, STEPS_SHOWN).map((step) => (
            <StepLine key={step.id} step={step} />
          ))}
        </ul>
        {steps.length > STEPS_SHOWN && <p className={styles.soft}>{t("gallery.moreSteps", { count: steps.length - STEPS_SHOWN })}</p>}
      </div>
    </>
  );
}

function StepLine({ step }: { readonly step: Step }) {
  return (
    <li className={styles.step}>
      <KindIcon kind={step.kind} size={22} />
      <span>{shownTitle(step)}</span>
    </li>
  );
}

function WithdrawDialog({ offer, onClose }: { readonly offer: Offer; readonly onClose: () => void }) {
  const withdraw = useWithdraw();
  const send = () => {
    navigateAfter(withdraw.mutateAsync(offer.id), offer.title);
  };
  return (
    <Dialog alert isOpen onClose={onClose} title={t("gallery.withdraw.title", { title: offer.title })} submit={{ label: t("gallery.withdraw"), look: "danger", run: send, busy: withdraw.isPending }}>
      <p>{t("gallery.withdraw.text")}</p>
      {withdraw.isError && <ProblemNote problem={problemOf(withdraw.error)} />}
    </Dialog>
  );
}

/** The page shows what is gone: it is left first, or it would ask for it again. */
function navigateAfter(gone: Promise<unknown>, title: string): void {
  gone.then(
    () => {
      navigate("/gallery");
      toast(t("gallery.withdrawn", { title }));
    },
    () => undefined,
  );
}

function Waiting() {
  return (
    <Loading>
      <Page>
        <Skeleton width="280px" height={26} />
        <Skeleton height={220} />
      </Page>
    </Loading>
  );
}
