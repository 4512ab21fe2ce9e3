/**
 * Whether a history of one object is linearizable: whether every operation can be given a moment between its call and its answer so
 * that, one after the other, they are what the object's sequential model allows (Herlihy and Wing, 1990).
 *
 * The search is that of Wing and Gong (1993) with Lowe's memory of what was tried (2017), as Porcupine does it: operations are put in
 * order one by one, always one that no other one must precede; a set of operations put in order that left the object in a state
 * is not tried twice. Histories are long and few operations overlap, so the set is named by the first that is not in it, and those
 * beyond that are.
 */

/** One call as its caller saw it, on one clock. */
export interface Recorded<Call> {
  readonly call: Call;
  /** It took effect after this, */
  readonly from: number;
  /** and before this. */
  readonly until: number;
  /** Whether it may not have happened at all: its answer was lost. */
  readonly maybe: boolean;
}

/** An object as if it did one thing at a time. */
export interface Model<State, Call> {
  readonly initial: State;
  /** The state after a call that answered what it did, or `undefined` if it can't have answered that in this state. */
  after(state: State, call: Call): State | undefined;
  /** Whether a call that answered this leaves every state as it is. */
  isRead(call: Call): boolean;
  /** The same text for the same state. */
  nameOf(state: State): string;
}

export type Verdict<Call> =
  | { readonly linearizable: true }
  | {
      readonly linearizable: false;
      /** How many could be put in order at most, of how many. */
      readonly ordered: number;
      readonly of: number;
      /** The calls that were open where it went no further. */
      readonly stuckAt: readonly Recorded<Call>[];
    };

interface Node<State> {
  /** Every call before this place is in order; */
  readonly first: number;
  /** and these beyond it, ascending. */
  readonly beyond: readonly number[];
  readonly state: State;
}

/** Judges a history, in any order of its operations. */
export function judge<State, Call>(
  model: Model<State, Call>,
  history: readonly Recorded<Call>[],
): Verdict<Call> {
  const calls = [...history].sort((a, b) => a.from - b.from);
  const tried = new Set<string>();
  const open: Node<State>[] = [{ first: 0, beyond: [], state: model.initial }];
  let deepest = open[0];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.first === calls.length) return { linearizable: true };
    const name = `${node.first} ${node.beyond.join(",")} ${model.nameOf(node.state)}`;
    if (tried.has(name)) continue;
    tried.add(name);
    if (deepest === undefined || depthOf(node) > depthOf(deepest)) deepest = node;
    open.push(...nextOf(model, calls, node));
  }
  const stuck = deepest ?? { first: 0, beyond: [], state: model.initial };
  return {
    linearizable: false,
    ordered: depthOf(stuck),
    of: calls.length,
    stuckAt: candidatesOf(calls, stuck).map((place) => calls[place] as Recorded<Call>),
  };
}

function nextOf<State, Call>(
  model: Model<State, Call>,
  calls: readonly Recorded<Call>[],
  node: Node<State>,
): readonly Node<State>[] {
  const next: Node<State>[] = [];
  for (const place of candidatesOf(calls, node)) {
    const { call, maybe } = calls[place] as Recorded<Call>;
    const after = model.after(node.state, call);
    // What changes nothing is best put in order as soon as it fits: nothing that is possible without it becomes impossible.
    if (after !== undefined && !maybe && model.isRead(call)) return [ordered(node, place, after)];
    if (after !== undefined) next.push(ordered(node, place, after));
    if (maybe) next.push(ordered(node, place, node.state));
  }
  return next.reverse();
}

/** The calls that may come next: those that began before any other that is not in order had ended. */
function candidatesOf<State>(calls: readonly Recorded<unknown>[], node: Node<State>): readonly number[] {
  const beyond = new Set(node.beyond);
  const candidates: number[] = [];
  let ends = Number.POSITIVE_INFINITY;
  for (let place = node.first; place < calls.length; place++) {
    const { from, until } = calls[place] as Recorded<unknown>;
    if (from > ends) break;
    if (beyond.has(place)) continue;
    candidates.push(place);
    ends = Math.min(ends, until);
  }
  // One that began late may come after one that ended since.
  return candidates.filter((place) => (calls[place] as Recorded<unknown>).from <= ends);
}

function ordered<State>(node: Node<State>, place: number, state: State): Node<State> {
  if (place !== node.first) {
    const beyond = [...node.beyond, place].sort((a, b) => a - b);
    return { first: node.first, beyond, state };
  }
  let first = place + 1;
  let skipped = 0;
  for (; node.beyond[skipped] === first; first++) skipped++;
  return { first, beyond: node.beyond.slice(skipped), state };
}

function depthOf<State>(node: Node<State>): number {
  return node.first + node.beyond.length;
}
