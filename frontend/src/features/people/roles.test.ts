import { expect, test } from "vitest";
import { en } from "@/i18n/en";
import { atLeast, ROLES } from "./roles";

test("each role may do all that those before it may", () => {
  for (const [has, role] of ROLES.entries()) {
    for (const [needs, needed] of ROLES.entries()) expect(atLeast(role, needed)).toBe(has >= needs);
  }
});

test("every role has a name and says what it may do", () => {
  for (const role of ROLES) {
    expect(en[`role.${role}`]).not.toBe("");
    expect(en[`role.${role}.may`]).not.toBe("");
  }
});
