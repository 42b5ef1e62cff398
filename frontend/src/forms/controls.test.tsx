// @vitest-environment jsdom
import { act, useState } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Json } from "@/model/json";
import type { Shape } from "./shape";
import { ValueControl } from "./ValueControl";

const TEXT: Shape = { kind: "text", format: null, file: null, pattern: null, minLength: 0, maxLength: null };
const NUMBER: Shape = { kind: "number", integer: false, minimum: null, maximum: null };

let root: Root;
let place: HTMLElement;
let held: Json | undefined;
let wrong: string | null = null;

beforeEach(() => {
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  wrong = null;
});
afterEach(() => {
  act(() => {
    root.unmount();
  });
  place.remove();
});

function Held({ shape, value, fallback, compact = false }: { readonly shape: Shape; readonly value: Json | undefined; readonly fallback?: Json; readonly compact?: boolean }) {
  const [now, setNow] = useState(value);
  return (
    <ValueControl
      compact={compact}
      label="field"
      shape={shape}
      value={now}
      fallback={fallback}
      onChange={(next) => {
        held = next;
        setNow(next);
      }}
      onWrong={(message) => {
        wrong = message;
      }}
    />
  );
}

function show(shape: Shape, value: Json | undefined, fallback?: Json, compact = false): HTMLInputElement {
  held = value;
  act(() => {
    root.render(<Held shape={shape} value={value} compact={compact} {...(fallback !== undefined && { fallback })} />);
  });
  return place.querySelector("input, textarea") as HTMLInputElement;
}

/** As a person does: React listens to the event, not to the property. */
function type(input: HTMLInputElement, text: string): void {
  act(() => {
    const prototype = input instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
    Object.getOwnPropertyDescriptor(prototype, "value")?.set?.call(input, text);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

const clear = () => place.querySelector<HTMLElement>("[data-testid=clear]");

test("unset, empty, zero and null look different, and are", () => {
  expect(show(TEXT, undefined).placeholder).toBe("Not set");
  expect(clear()).toBeNull();
  act(() => { root.render(<Held key="empty" shape={TEXT} value="" />); });
  expect(place.querySelector("input")?.placeholder).toBe("Empty text");
  expect(clear()).not.toBeNull();
  act(() => { root.render(<Held key="zero" shape={NUMBER} value={0} />); });
  expect(place.querySelector("input")?.value).toBe("0");
  act(() => { root.render(<Held key="null" compact shape={{ kind: "any" }} value={null} />); });
  expect(place.querySelector("textarea")?.value).toBe("null");
});

test("an unset field says what holds instead", () => {
  expect(show(NUMBER, undefined, 12).placeholder).toBe("12 by default");
  expect(show(TEXT, undefined, "").placeholder).toContain("by default");
});

test("emptying a text makes it empty; the cross makes it unset", () => {
  const input = show(TEXT, "a");
  type(input, "");
  expect(held).toBe("");
  act(() => { clear()?.click(); });
  expect(held).toBeUndefined();
});

test("emptying a number makes it unset, because no number is empty", () => {
  const input = show(NUMBER, 0);
  type(input, "");
  expect(held).toBeUndefined();
});

test("half a number changes nothing and is told; the rest of it is taken", () => {
  const input = show(NUMBER, 1);
  type(input, "1e");
  expect([held, wrong]).toEqual([1, "This is no number."]);
  expect(input.value).toBe("1e");
  type(input, "1e-3");
  expect([held, wrong]).toEqual([0.001, null]);
  expect(input.value).toBe("1e-3");
});

test("JSON is taken when it is whole", () => {
  const input = show({ kind: "json" }, { a: 1 }, undefined, true);
  type(input, '{"a": 1, ');
  expect(held).toEqual({ a: 1 });
  expect(wrong).toContain("not JSON");
  type(input, '{"a": false}');
  expect([held, wrong]).toEqual([{ a: false }, null]);
});

test("a constant keeps its type while it is typed: “3” and 3 are two", () => {
  const input = show({ kind: "any" }, "3");
  type(input, "34");
  expect(held).toBe("34");
});

test("tags are made by Enter and taken away by Backspace", () => {
  const input = show({ kind: "list", items: NUMBER, least: 0, most: null }, [1]);
  type(input, "2.5");
  act(() => { input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true })); });
  expect(held).toEqual([1, 2.5]);
  act(() => { input.dispatchEvent(new KeyboardEvent("keydown", { key: "Backspace", bubbles: true })); });
  expect(held).toEqual([1]);
});
