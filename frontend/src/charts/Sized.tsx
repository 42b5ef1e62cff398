/** Gives its content the width that there is, and the height that it should have. */

import { useLayoutEffect, useRef, useState, type ReactNode } from "react";

interface Props {
  readonly height: number;
  readonly children: (width: number) => ReactNode;
}

export function Sized({ height, children }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const node = host.current;
    if (node === null) return;
    const measure = (): void => {
      setWidth(Math.floor(node.clientWidth));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    return () => {
      observer.disconnect();
    };
  }, []);
  return (
    <div ref={host} style={{ height, minWidth: 0 }}>
      {width > 0 && children(width)}
    </div>
  );
}
