/** A value that has not changed for a moment. */
import { useEffect, useState } from "react";

const MOMENT_MS = 250;

export function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(value);
    }, MOMENT_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [value]);
  return settled;
}
