/** Whoever adds or removes something by key goes on there, and not where the button was. */

const CONTROL = "button:not([disabled]), input:not([disabled]), textarea:not([disabled])";

/** The first control at a place of the step, as soon as it is drawn. */
export function focusInside(pointer: string, control: string = CONTROL): void {
  requestAnimationFrame(() => {
    requestAnimationFrame(() => {
      document.querySelector(`[data-pointer="${CSS.escape(pointer)}"]`)?.querySelector<HTMLElement>(control)?.focus();
    });
  });
}
