// What the replay server reports, judged.

const ABSENT = "(absent)";

/** The rows of the table *Justified differences* in docs/azure-sources.md: path, recorded value, sent value. */
export function justifiedIn(markdown) {
  const section = /^## Justified differences$([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(markdown)?.[1] ?? "";
  const rows = section.split("\n").filter((line) => /^\|(?!\s*-)/.test(line)).slice(1);
  return rows.map((row) => {
    const [path, recorded, sent] = row.split("|").slice(1).map((cell) => cell.trim().replace(/^`|`$/g, ""));
    return { path, recorded, sent };
  });
}

/** The differences of two request bodies: `[{path, recorded, sent}]`, with "(absent)" for what is not there. */
export function differencesOf({ missing = {}, extra = {}, different = {} }) {
  return [
    ...Object.entries(missing).map(([path, recorded]) => ({ path, recorded, sent: ABSENT })),
    ...Object.entries(extra).map(([path, sent]) => ({ path, recorded: ABSENT, sent })),
    ...Object.entries(different).map(([path, [recorded, sent]]) => ({ path, recorded, sent })),
  ];
}

/** `equal`, `justified` when a row of the table says so of every difference, or `different`. */
export function bodyVerdict(differences, justified) {
  if (!differences.length) return "equal";
  const fits = (cell, value) => (value === ABSENT ? cell === ABSENT : sameJson(cell, value));
  // A request is the same wherever its body has it.
  const path = (it) => it.path.replace(/^restoreRequest\./, "properties.");
  const has = (it) => justified.some((row) => row.path === path(it) && fits(row.recorded, it.recorded) && fits(row.sent, it.sent));
  return differences.every(has) ? "justified" : "different";
}

function sameJson(cell, value) {
  try {
    return JSON.stringify(JSON.parse(cell)) === JSON.stringify(value);
  } catch {
    return false;
  }
}

/**
 * The calls that a recording cannot answer and that matter. A recording knows only what its own client asked for, so a
 * GET of something else (a list for a picker, the existence of a resource) is no fault, and neither is a POST that only
 * asks; any other POST changes or begins something, and a poll follows what was begun: those must be in it.
 */
export function unmatchedThatMatter(unmatched) {
  const asks = /\/providers\/(Microsoft\.ResourceGraph\/resources|Microsoft\.PolicyInsights\/checkPolicyRestrictions)$/i;
  return unmatched.filter(({ method, path, poll }) => (method !== "GET" && !asks.test(path.split("?")[0])) || poll).map(({ method, path }) => `${method} ${path}`);
}
