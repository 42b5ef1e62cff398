/** A time zone, found by typing a part of its name. */
import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { Button, ComboBox, FieldError, Group, Input, Label, ListBox, ListBoxItem, Popover } from "react-aria-components";
import { t } from "@/i18n/i18n";
import { classes } from "@/ui/classes";
import field from "@/ui/Field.module.css";
import { zones } from "./words";

interface Props {
  readonly value: string;
  readonly onChange: (zone: string) => void;
  readonly error: string | null;
}

export function ZoneField({ value, onChange, error }: Props) {
  const [items] = useState(() => zones().map((id) => ({ id })));
  return (
    <ComboBox
      allowsCustomValue
      inputValue={value}
      onInputChange={(next) => {
        if (next !== value) onChange(next);
      }}
      defaultItems={items}
      isInvalid={error !== null}
      className={field.field ?? ""}
      data-testid="schedule-zone"
    >
      <Label className={field.label ?? ""}>{t("schedules.zone")}</Label>
      <Group className={classes(field.control, field.group)}>
        <Input className={field.bare ?? ""} />
        <Button className={field.stepper ?? ""}>
          <ChevronDown size={15} aria-hidden="true" />
        </Button>
      </Group>
      <FieldError className={field.error ?? ""}>{error}</FieldError>
      <Popover className={field.popover ?? ""} offset={4}>
        <ListBox className={field.list ?? ""}>
          {(item: { readonly id: string }) => (
            <ListBoxItem id={item.id} textValue={item.id} className={field.option ?? ""}>
              {item.id}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
