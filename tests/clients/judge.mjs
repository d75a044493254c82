// Whether what came of a journey is what must come.

/** Journeys that come to their end. Whatever else happens needs a reason, and the words by which it is known. */
const GOOD = new Set(["restored", "works"]);

/** What is wrong with the data of a journey, if anything. */
export function flaw({ name, then, as, why }) {
  if (GOOD.has(then)) return as === undefined ? undefined : `“${name}” comes to its end and needs no words for a failure`;
  if (!as || !why) return `“${name}” is ${then}, without the words (“as”) or the reason (“why”)`;
  return undefined;
}

/** Whether it is right. A call that the simulator does not know is never right. */
export function isRight({ then, as }, found) {
  if (found.was !== then || /^501\b/.test(found.as)) return false;
  return GOOD.has(then) || new RegExp(as, "i").test(found.as);
}

/** What must come, in words. */
export const wanted = ({ then, as }) => (GOOD.has(then) ? then : `${then} with /${as}/`);
