/** Whoever went into a folder by the keyboard goes on there: the table of the next folder takes the focus over. */
let wanted = false;

export function handFocusOn(yes: boolean): void {
  wanted = yes;
}

export function takeFocus(): boolean {
  const taken = wanted;
  wanted = false;
  return taken;
}
