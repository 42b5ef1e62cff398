import { Check } from "lucide-react";
import { useRef, type ReactElement, type ReactNode } from "react";
import { Header, Menu as AriaMenu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from "react-aria-components";
import { classes } from "./classes";
import { KeyHint } from "./KeyHint";
import styles from "./Menu.module.css";

export interface MenuAction {
  readonly id: string;
  readonly label: string;
  readonly icon?: ReactNode;
  readonly keys?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** A link instead of an action. */
  readonly href?: string;
  /** One of several choices: shows a check. */
  readonly checked?: boolean;
  readonly run?: () => void;
}

export interface MenuGroup {
  readonly id: string;
  readonly title?: string;
  readonly actions: readonly MenuAction[];
}

interface Props {
  readonly label: string;
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly groups: readonly MenuGroup[];
  /** At which end of its button it is lined up. */
  readonly align?: "start" | "end";
}

export function Menu({ label, trigger, groups }: Props) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className={styles.popover} offset={4}>
        <List label={label} groups={groups} />
      </Popover>
    </MenuTrigger>
  );
}

interface AtProps extends Omit<Props, "trigger"> {
  /** A place on the screen: a context menu. */
  readonly at: { readonly x: number; readonly y: number };
  readonly onClose: () => void;
}

export function MenuAt({ label, groups, at, onClose }: AtProps) {
  const place = useRef<HTMLSpanElement>(null);
  return (
    <>
      <span ref={place} style={{ position: "fixed", left: at.x, top: at.y, width: 1, height: 1 }} />
      <Popover
        key={`${String(at.x)} ${String(at.y)}`}
        triggerRef={place}
        isOpen
        onOpenChange={(open) => {
          if (!open) onClose();
        }}
        placement="bottom start"
        offset={2}
        className={styles.popover}
      >
        <List label={label} groups={groups} onClose={onClose} />
      </Popover>
    </>
  );
}

function List({ label, groups, onClose }: Omit<Props, "trigger"> & { readonly onClose?: () => void }) {
  const actions = new Map(groups.flatMap((group) => group.actions.map((action) => [action.id, action])));
  return (
    <AriaMenu aria-label={label} className={styles.menu} autoFocus="first" {...(onClose && { onClose })} onAction={(id) => actions.get(String(id))?.run?.()}>
      {groups.map((group, index) => (
        <MenuSection key={group.id} aria-label={group.title ?? label} className={styles.section}>
          {index > 0 && <Separator className={styles.separator} />}
          {group.title !== undefined && <Header className={styles.header}>{group.title}</Header>}
          {group.actions.map((action) => (
            <MenuItem
              key={action.id}
              id={action.id}
              textValue={action.label}
              isDisabled={action.disabled ?? false}
              {...(action.href !== undefined && { href: action.href })}
              className={classes(styles.item, action.danger && styles.danger)}
            >
              <span className={styles.icon}>{action.icon}</span>
              <span className={styles.label}>{action.label}</span>
              {action.checked === true && <Check size={14} className={styles.check} />}
              {action.keys !== undefined && <KeyHint keys={action.keys} />}
            </MenuItem>
          ))}
        </MenuSection>
      ))}
    </AriaMenu>
  );
}
