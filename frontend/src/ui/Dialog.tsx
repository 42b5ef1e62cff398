import { X } from "lucide-react";
import type { FormEvent, ReactNode } from "react";
import { Button as AriaButton, Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { t } from "@/i18n/i18n";
import { Button, type Look } from "./Button";
import { classes } from "./classes";
import styles from "./Dialog.module.css";

export interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
  readonly wide?: boolean;
  /** For questions that stop the work: deleting, a conflict. */
  readonly alert?: boolean;
  /** Makes the dialog a form; Enter submits it. */
  readonly submit?: { readonly label: string; readonly look?: Look; readonly run: () => void; readonly busy?: boolean; readonly disabled?: boolean };
}

export function Dialog({ isOpen, onClose, title, children, wide = false, alert = false, submit }: DialogProps) {
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (submit !== undefined && !submit.busy && !submit.disabled) submit.run();
  };
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      isDismissable={!alert}
      className={styles.overlay}
    >
      <Modal className={classes(styles.modal, wide && styles.wide)}>
        <AriaDialog role={alert ? "alertdialog" : "dialog"} className={styles.dialog}>
          <header className={styles.head}>
            <Heading slot="title" className={styles.title}>
              {title}
            </Heading>
            <AriaButton aria-label={t("action.close")} className={styles.close} onPress={onClose}>
              <X size={16} />
            </AriaButton>
          </header>
          {submit === undefined ? (
            <div className={styles.body}>{children}</div>
          ) : (
            <form onSubmit={send} noValidate>
              <div className={styles.body}>{children}</div>
              <footer className={styles.foot}>
                <Button onPress={onClose}>{t("action.cancel")}</Button>
                <Button type="submit" look={submit.look ?? "primary"} isPending={submit.busy ?? false} isDisabled={submit.disabled ?? false}>
                  {submit.label}
                </Button>
              </footer>
            </form>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
