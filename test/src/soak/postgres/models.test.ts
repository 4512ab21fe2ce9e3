import { expect, test } from "vitest";
import { type AliasCall, aliasModel } from "./alias-model.ts";
import { type KeyCall, keyModel } from "./key-model.ts";
import { judge, type Model, type Recorded } from "./linearizable.ts";

const DAY = 86_400_000;
/** Calls one after the other, each answered before the next is sent; `at` is the service's clock. */
function sequence<Call>(calls: readonly Call[]): readonly Recorded<Call>[] {
  return calls.map((call, index) => ({ call, from: 10 * index, until: 10 * index + 5, maybe: false }));
}

const key = (name: KeyCall["name"], more: Partial<KeyCall> = {}, at = 0): KeyCall => ({
  name,
  answer: "ok",
  sentAt: at,
  answeredAt: at,
  ...more,
});
const enabled = { state: "Enabled", description: "new" };
const refused = (answer: string) => ({ answer });

const holds = <State, Call>(model: Model<State, Call>, calls: readonly Call[]): boolean =>
  judge(model, sequence(calls)).linearizable;

test.each<[string, boolean, KeyCall[]]>([
  ["a new key is enabled and used", true, [key("describe", enabled), key("use")]],
  ["a disabled key is refused", true, [key("disable"), key("use", refused("DisabledException"))]],
  ["a disabled key is used", false, [key("disable"), key("use")]],
  ["an enabled key is refused", false, [key("use", refused("DisabledException"))]],
  ["a description is lost", false, [key("setDescription", { description: "b" }), key("describe", enabled)]],
  ["a rotation is lost", false, [key("rotate"), key("countRotations", { rotations: 0 })]],
  ["a rotation happens twice", false, [key("rotate"), key("countRotations", { rotations: 2 })]],
  [
    "a key pending deletion comes back disabled",
    true,
    [
      key("scheduleDeletion", { days: 7 }),
      key("use", refused("KMSInvalidStateException")),
      key("cancelDeletion"),
      key("describe", { state: "Disabled", description: "new" }),
    ],
  ],
  [
    "a key is gone after its waiting period",
    true,
    [key("scheduleDeletion", { days: 7 }), key("use", refused("NotFoundException"), 7 * DAY)],
  ],
  [
    "a key is gone before its waiting period is over",
    false,
    [key("scheduleDeletion", { days: 7 }), key("use", refused("NotFoundException"), 7 * DAY - 1)],
  ],
  [
    "a key is there after its waiting period",
    false,
    [key("scheduleDeletion", { days: 7 }), key("cancelDeletion", {}, 7 * DAY)],
  ],
  [
    "a key is gone and comes back",
    false,
    [
      key("scheduleDeletion", { days: 7 }),
      key("use", refused("NotFoundException"), 8 * DAY),
      key("describe", { state: "PendingDeletion", description: "new" }, 8 * DAY),
    ],
  ],
  [
    "a key is gone and its deletion called off by a call sent before its time was over",
    true,
    [
      key("scheduleDeletion", { days: 7 }),
      key("use", refused("NotFoundException"), 8 * DAY),
      key("cancelDeletion", { sentAt: 7 * DAY - 1, answeredAt: 8 * DAY }),
      key("describe", { state: "Disabled", description: "new" }, 8 * DAY),
    ],
  ],
  [
    "a key is gone and its deletion called off by a call sent after that",
    false,
    [
      key("scheduleDeletion", { days: 7, answeredAt: 9 * DAY }),
      key("use", refused("NotFoundException"), 8 * DAY),
      key("cancelDeletion", {}, 8 * DAY),
    ],
  ],
])("a key: %s (%s)", (_, expected, calls) => {
  expect(holds(keyModel("new"), calls)).toBe(expected);
});

test("a key used within the bound after it was disabled is linearizable only with the bound", () => {
  const disabled: Recorded<KeyCall> = { call: key("disable"), from: 1000, until: 1010, maybe: false };
  const used = (bound: number): Recorded<KeyCall> => ({
    call: key("use"),
    from: 1500 - bound,
    until: 1505,
    maybe: false,
  });
  expect(judge(keyModel("new"), [disabled, used(0)]).linearizable).toBe(false);
  expect(judge(keyModel("new"), [disabled, used(1000)]).linearizable).toBe(true);
});

test.each<[string, boolean, AliasCall[]]>([
  [
    "made, moved, read, removed",
    true,
    [
      { name: "resolve", answer: "NotFoundException" },
      { name: "create", answer: "ok", target: "a" },
      { name: "create", answer: "AlreadyExistsException", target: "b" },
      { name: "update", answer: "ok", target: "b" },
      { name: "resolve", answer: "ok", target: "b" },
      { name: "delete", answer: "ok" },
      { name: "update", answer: "NotFoundException", target: "a" },
    ],
  ],
  [
    "made twice",
    false,
    [
      { name: "create", answer: "ok", target: "a" },
      { name: "create", answer: "ok", target: "b" },
    ],
  ],
  [
    "moved and read where it was",
    false,
    [
      { name: "create", answer: "ok", target: "a" },
      { name: "update", answer: "ok", target: "b" },
      { name: "resolve", answer: "ok", target: "a" },
    ],
  ],
])("an alias: %s (%s)", (_, expected, calls) => {
  expect(holds(aliasModel, calls)).toBe(expected);
});
