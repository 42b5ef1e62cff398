/** A field for a secret that a person types. Password managers know it by its `autocomplete`. */
import { FieldError, Input, Label, Text, TextField } from "react-aria-components";
import fields from "@/ui/Field.module.css";

interface Props {
  readonly label: string;
  readonly help?: string;
  readonly complete: "current-password" | "new-password";
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | null;
}

export function PasswordField({ label, help, complete, value, onChange, error }: Props) {
  return (
    <TextField type="password" autoComplete={complete} maxLength={500} value={value} onChange={onChange} isInvalid={error !== null} className={fields.field ?? ""}>
      <Label className={fields.label ?? ""}>{label}</Label>
      <Input className={fields.control ?? ""} />
      {help !== undefined && error === null && (
        <Text slot="description" className={fields.help ?? ""}>
          {help}
        </Text>
      )}
      <FieldError className={fields.error ?? ""}>{error}</FieldError>
    </TextField>
  );
}
