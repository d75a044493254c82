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

/** Ids and regions are the same in any case. */
const same = (one, other, path) =>
  typeof one === "string" && typeof other === "string" && (one.startsWith("/subscriptions/") || path.endsWith(".region")) ? one.toLowerCase() === other.toLowerCase() : one === other;

/**
 * The members in which a body differs from another, by their paths. A member that is absent is not the same as one that is null.
 * @returns {string[]} none, where both are the same
 */
export function differing(one, other, path = "") {
  if (!one || !other || typeof one !== "object" || typeof other !== "object") return same(one, other, path) ? [] : [path.slice(1)];
  if (Array.isArray(one) !== Array.isArray(other)) return [path.slice(1)];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((name) => differing(one[name], other[name], `${path}.${name}`));
}
