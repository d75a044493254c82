/** A cloud, as in `config.json`. */
export interface Cloud {
  name: string;
  /** Origin of Azure Resource Manager. */
  arm: string;
  /** Further origins that Azure's answers may lead to. */
  admitted?: string[];
  portal?: string;
  authority?: string;
  scope?: string;
}

/** Where a restore stands. Texts may change from release to release, codes do not. */
export type RestoreCode =
  /** The click is remembered, and nothing has left: the access token of the request is waited for. */
  | "awaitingToken"
  /** What a cross-region restore needs is being asked for. */
  | "preparing"
  /** The request is on its way. */
  | "sending"
  /** The answer is lost: the vault's jobs are searched. */
  | "unknown"
  /** Azure has accepted the request; its job is not known or not read yet. */
  | "accepted"
  /** The job runs. */
  | "inProgress"
  /** The job is being cancelled. */
  | "canceling"
  /** The job has a status that this release does not know. */
  | "other"
  | Outcome;

/** How a restore has ended. */
export type Outcome =
  | "completed"
  | "completedWithWarnings"
  | "failed"
  | "canceled"
  /** Azure has refused the request. */
  | "refused"
  /** The request has not arrived. */
  | "notSent"
  /** Azure no longer has the job; how it ended is not known. */
  | "jobGone";

/** How a restore that was started in this browser stands. */
export interface Restore {
  id: string;
  /** Name of the machine. */
  vm: string;
  /** Resource id of the vault. */
  vault: string;
  /** Name of the job, once it is known. */
  jobId: string | null;
  code: RestoreCode;
  /** As the page shows it, in English: `Completed`, `Failed`, `In progress` … */
  state: string;
  running: boolean;
}

/** A restore that has ended while the page was open. */
export interface RestoreEnded {
  id: string;
  /** Name of the job; null where there was none. */
  jobId: string | null;
  /** Resource id of the vault. */
  vault: string;
  /** Name of the machine. */
  machine: string;
  outcome: Outcome;
  /** The first error: Azure's code and words, or ours where Azure has not answered. Null where there was none. */
  error: { code: string; message: string } | null;
}

/** How a recovery plan that was started in this browser stands. */
export interface Plan {
  id: string;
  name: string;
  /** `halted`: no other restores start until somebody continues the plan; those in progress go on. */
  state: "running" | "halted" | "ended";
  /** Why it is halted; null where it is not. */
  halted: "operator" | "failures" | "tabClosed" | "disconnected" | "notSent" | "notSaved" | null;
  /** How many of its machines stand where. */
  restored: number;
  running: number;
  waiting: number;
  notRestored: number;
  skipped: number;
}

export type AppEvent =
  /** The restores of the account in this browser, at the beginning and whenever one of them has changed. */
  | { type: "restores"; detail: Restore[] }
  | { type: "restoreEnded"; detail: RestoreEnded }
  /** The recovery plans of the account that were started in this browser: at the beginning if there are any, and whenever one of them has changed. */
  | { type: "plans"; detail: Plan[] }
  /** The operator has gone to another place; `detail` is its address, to be given back as `address` or to `go`. */
  | { type: "navigate"; detail: string }
  /** The operator wants to sign out. */
  | { type: "signOut"; detail?: undefined };

export type Theme = "light" | "dark" | "auto";

/** What token is wanted. */
export interface TokenRequest {
  /** Scopes of Azure Resource Manager, or those that the option `scopes` admits. */
  scopes: string[];
  /** A claims challenge of Azure, as JSON text: the token must satisfy it, now and from then on, which may need the person. */
  claims?: string;
  /** The tenant that the operator has switched to, from then on. Without it the portal's own. */
  tenant?: string;
  /** The account that the operator has switched to, by the claim `oid` of its token; empty: the person is to choose another one. Without it the portal's own. */
  account?: string;
  /** A token of a cache will not do. */
  forceRefresh: boolean;
  /** Azure has refused the token that was given last. */
  refused: boolean;
}

/** Gives an access token. It is asked for each call: answer from a cache unless `forceRefresh` is true. Rejecting shows the error's message. */
export type GetToken = (request: TokenRequest) => Promise<string>;

export interface Options {
  /** A name of `config.json`, or a cloud of its own; without it the one that `config.json` chooses. */
  cloud?: string | Cloud;
  /** Without it the person signs in, pastes a token or starts the demo. */
  getToken?: GetToken;
  /** Scopes that tokens may be asked for, instead of Azure Resource Manager's. A `cloud` that is given as an object admits its own. */
  scopes?: readonly string[];
  /** `auto`, which is the default, follows the system. */
  theme?: Theme;
  /** Where to begin: `#/`, `#/restores`, … */
  address?: string;
  /** Ends the mounting, which then rejects with its reason, or unmounts what is mounted. */
  signal?: AbortSignal;
  onEvent?: (event: AppEvent) => void;
}

export interface App {
  setTheme(theme: Theme): void;
  go(address: string): void;
  /** Ends the program and frees everything; a second time it does nothing. Restores go on in Azure. */
  unmount(): void;
}

/**
 * Shows VM Restore inside an element, in a shadow root. Colours are custom properties of the element: see docs/embedding.md.
 * Rejects where there is no such element, where an option is wrong and where VM Restore is shown in the element already.
 */
export function mount(element: Element | null, options?: Options): Promise<App>;
