/** Something that is looked up when it is needed, and whose change nobody has to draw. */

import { useState } from "react";

export interface Holder<Value> {
  get(): Value;
  set(value: Value): void;
}

export function holder<Value>(first: Value): Holder<Value> {
  let held = first;
  return {
    get: () => held,
    set(value) {
      held = value;
    },
  };
}

export function useHolder<Value>(first: Value): Holder<Value> {
  const [held] = useState(() => holder(first));
  return held;
}
