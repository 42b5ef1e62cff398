/** Container images: under which name jobs of the project say them, and what an engine really runs. */
import { Container, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { keys } from "@/api/keys";
import { AssetList, Named } from "@/features/assets/AssetList";
import { Ago } from "@/features/assets/Made";
import { useProject } from "@/features/people/current";
import { atLeast } from "@/features/people/roles";
import { t, useLanguage } from "@/i18n/i18n";
import { Button, IconButton } from "@/ui/Button";
import type { ColumnSpec } from "@/ui/Table";
import { ChangeDialog, DeleteDialog, RegisterDialog } from "./dialogs";
import styles from "./Images.module.css";
import { loadImages, type Image } from "./queries";

type Asking = { readonly what: "register" } | { readonly what: "change" | "delete"; readonly image: Image };

export function ImagesPage() {
  useLanguage();
  const [asking, setAsking] = useState<Asking | null>(null);
  const { current } = useProject();
  const may = current !== undefined && atLeast(current.role, "author");
  const close = () => {
    setAsking(null);
  };
  const register = may && (
    <Button
      look="primary"
      icon={<Plus size={16} />}
      data-testid="register-image"
      onPress={() => {
        setAsking({ what: "register" });
      }}
    >
      {t("images.register")}
    </Button>
  );
  return (
    <>
      <AssetList
        title={t("images.title")}
        lead={t("images.lead")}
        searchLabel={t("images.search")}
        countOf={(count) => t("images.count", { count })}
        icon={<Container size={22} />}
        empty={{ title: t("images.empty.title"), text: t("images.empty.text") }}
        queryKey={keys.images}
        load={loadImages}
        columns={columnsOf(may ? setAsking : null)}
        above={{ href: "/hosts", label: t("nav.hosts") }}
        actions={register}
      />
      {asking?.what === "register" && current !== undefined && <RegisterDialog project={current.project} onClose={close} />}
      {asking?.what === "change" && <ChangeDialog image={asking.image} onClose={close} />}
      {asking?.what === "delete" && <DeleteDialog image={asking.image} onClose={close} />}
    </>
  );
}

/** Without somebody to ask, nothing can be changed. */
function columnsOf(ask: ((asking: Asking) => void) | null): readonly ColumnSpec<Image>[] {
  const shown: readonly ColumnSpec<Image>[] = [
    { id: "name", title: t("images.name"), cell: (each) => <Named icon={<Container size={16} />} name={each.name} description={each.description} /> },
    { id: "reference", title: t("images.runs"), cell: (each) => <Runs image={each} /> },
    { id: "by", title: t("images.by"), width: "130px", cell: (each) => <span className={styles.soft}>{each.created_by ?? "–"}</span> },
    { id: "made", title: t("assets.created"), width: "150px", cell: (each) => <Ago at={each.created_at} /> },
  ];
  if (ask === null) return shown;
  const deeds = (image: Image) => (
    <div className={styles.deeds}>
      <IconButton
        small
        icon={<Pencil size={15} />}
        label={t("images.change.of", { name: image.name })}
        onPress={() => {
          ask({ what: "change", image });
        }}
      />
      <IconButton
        small
        icon={<Trash2 size={15} />}
        label={t("images.delete.of", { name: image.name })}
        onPress={() => {
          ask({ what: "delete", image });
        }}
      />
    </div>
  );
  return [...shown, { id: "deeds", title: t("images.deeds"), titleHidden: true, width: "92px", align: "end", cell: deeds }];
}

function Runs({ image }: { readonly image: Image }) {
  return (
    <div className={styles.runs}>
      <code className={styles.reference} title={image.reference}>{image.reference}</code>
      {image.digest !== "" && (
        <code className={styles.digest} title={image.digest}>
          {image.digest.slice(0, 19)}…
        </code>
      )}
    </div>
  );
}
