/** The questions about images: register one, change what is behind a name, really delete. */
import { useState } from "react";
import { problemOf } from "@/features/assets/wire";
import { problemsOf } from "@/features/people/queries";
import { t } from "@/i18n/i18n";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import { ProblemNote } from "@/ui/States";
import { toast } from "@/ui/Toast";
import styles from "./Images.module.css";
import { useChangeImage, useDeleteImage, useRegisterImage, type Image, type Written } from "./queries";

const NOTHING: Written = { reference: "", digest: "", description: "" };

export function RegisterDialog({ project, onClose }: { readonly project: string; readonly onClose: () => void }) {
  const [name, setName] = useState("");
  const [written, setWritten] = useState(NOTHING);
  const register = useRegisterImage(project);
  const submit = () => {
    register.mutate(
      { ...trimmed(written), name: name.trim() },
      {
        onSuccess: () => {
          toast(t("images.registered", { name: name.trim() }));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("images.register")} submit={{ label: t("images.register.do"), run: submit, busy: register.isPending, disabled: name.trim() === "" }}>
      <div className={styles.fields}>
        <TextField autoFocus isRequired mono label={t("images.name")} help={t("images.name.help")} value={name} onChange={setName} maxLength={512} data-testid="image-name" />
        <Fields written={written} onChange={setWritten} fallback={name.trim()} />
      </div>
      <Problems error={register.error} />
    </Dialog>
  );
}

export function ChangeDialog({ image, onClose }: { readonly image: Image; readonly onClose: () => void }) {
  const [written, setWritten] = useState<Written>(image);
  const change = useChangeImage(image.id);
  const submit = () => {
    const { reference, digest, description } = trimmed(written);
    change.mutate(
      { reference, digest, description },
      {
        onSuccess: () => {
          toast(t("images.changed", { name: image.name }));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("images.change.of", { name: image.name })} submit={{ label: t("action.save"), run: submit, busy: change.isPending, disabled: written.reference.trim() === "" }}>
      <div className={styles.fields}>
        <Fields written={written} onChange={setWritten} fallback="" />
      </div>
      <Problems error={change.error} />
    </Dialog>
  );
}

export function DeleteDialog({ image, onClose }: { readonly image: Image; readonly onClose: () => void }) {
  const remove = useDeleteImage(image.id);
  const submit = () => {
    remove.mutate(undefined, {
      onSuccess: () => {
        toast(t("images.deleted", { name: image.name }));
        onClose();
      },
    });
  };
  return (
    <Dialog alert isOpen onClose={onClose} title={t("images.delete.of", { name: image.name })} submit={{ label: t("action.delete"), look: "danger", run: submit, busy: remove.isPending }}>
      {remove.isError && <ProblemNote problem={problemOf(remove.error)} />}
      <p>{t("images.delete.text")}</p>
    </Dialog>
  );
}

function Fields({ written, onChange, fallback }: { readonly written: Written; readonly onChange: (written: Written) => void; readonly fallback: string }) {
  const set = (part: keyof Written) => (text: string) => {
    onChange({ ...written, [part]: text });
  };
  return (
    <>
      <TextField mono label={t("images.reference")} help={t("images.reference.help")} placeholder={fallback} value={written.reference} onChange={set("reference")} maxLength={512} />
      <TextField mono label={t("images.digest")} help={t("images.digest.help")} placeholder="sha256:" value={written.digest} onChange={set("digest")} maxLength={71} />
      <TextField rows={2} label={t("images.description")} value={written.description} onChange={set("description")} maxLength={10_000} />
    </>
  );
}

function Problems({ error }: { readonly error: Error | null }) {
  return problemsOf(error).map((each) => <ProblemNote key={each.code + each.path} problem={each} />);
}

const trimmed = ({ reference, digest, description }: Written): Written => ({ reference: reference.trim(), digest: digest.trim(), description: description.trim() });
