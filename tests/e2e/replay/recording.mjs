// How a recorded restore ended, read from the recording itself. The file's form: exchanges, each a request and its answer.

const pathOf = (url) => decodeURIComponent(new URL(url, "https://arm").pathname).toLowerCase().replace(/\/{2,}/g, "/").replace(/\/$/, "");
const lastOf = (path) => path.split("/").at(-1);
const header = (exchange, name) => [exchange.response_headers?.[name]].flat().at(-1);
const went = ({ status }) => status !== 429 && status < 500;

/**
 * @param {{exchanges: object[]}} recording
 * @param {number} number which restore, 1 the first
 * @returns {{end: string, cancelled: boolean, words: string[]}} the job's last status; whether the job was cancelled by
 *   its operator; what Azure said of the failure
 */
export function endOf({ exchanges }, number) {
  const triggers = /\/recoverypoints\/[^/]+\/restore$|\/backupcrossregionrestore$/;
  const goal = exchanges.filter(({ method, url }) => method === "POST" && triggers.test(pathOf(url)))[number - 1];
  const operation = lastOf(pathOf(header(goal, "azure-asyncoperation")));
  const gets = exchanges.filter((it) => it.method === "GET" && went(it));
  const statuses = gets.filter(({ url }) => /operationsstatus|backupoperations\//.test(pathOf(url)) && lastOf(pathOf(url)) === operation);
  const failed = statuses.map((it) => it.response_body).find((body) => /^(failed|canceled|cancelled)$/i.test(body?.status));
  if (failed) return { end: "Failed", cancelled: false, words: [failed.error?.message].filter(Boolean) };

  const job = (statuses.map((it) => it.response_body?.properties?.jobId).find(Boolean) ?? operation).toLowerCase();
  const ofJob = ({ url }) => pathOf(url).includes(`/backupjobs/${job}`);
  // A job of the secondary region is read by a POST that names it.
  const there = ({ method, url, request_body: asked }) => method === "POST" && pathOf(url).endsWith("/backupcrrjob") && asked?.jobName?.toLowerCase() === job;
  const here = (it) => it.method === "GET" && ofJob(it) && pathOf(it.url).endsWith(job);
  const polls = exchanges.filter((it) => went(it) && (here(it) || there(it)) && it.response_body?.properties);
  const cancelledAt = exchanges.findIndex((it) => it.method === "POST" && ofJob(it) && pathOf(it.url).endsWith("/cancel"));
  const cancelled = cancelledAt >= 0;
  const body = polls.at(-1)?.response_body.properties;
  if (!body) return { end: "Completed", cancelled, words: [] }; // as the replay server makes it up
  const goesOn = cancelled && cancelledAt > exchanges.indexOf(polls.at(-1)); // the server makes the rest up
  const words = (body.errorDetails ?? []).flatMap((it) => [it.errorString, ...(it.recommendations ?? [])]).filter(Boolean);
  return { end: goesOn ? "Cancelled" : body.status, cancelled, words };
}
