// Handles a crash of the program. Panics of Rust arrive as errors that name message and place in the source (the panic hook of src/main.rs);
// traps of WebAssembly, such as a read outside its memory, arrive as a RuntimeError.

/**
 * Calls `crashed` once, when a part of the program crashes. Returns a function that stops listening.
 * @param {string[]} ours the names of the program's files
 * @param {(error: Error) => void} crashed
 */
export function onCrash(ours, crashed) {
  const hear = ({ error, reason = error }) => {
    if (!isCrash(reason, ours)) return;
    forget();
    crashed(reason);
  };
  const forget = () => ["error", "unhandledrejection"].forEach((type) => removeEventListener(type, hear));
  ["error", "unhandledrejection"].forEach((type) => addEventListener(type, hear));
  return forget;
}

/**
 * Whether a part of the program has stopped: WebAssembly of ours, or what joins it to the browser, which throws what the browser throws. The
 * page around us may fail in its own ways: what stopped is the innermost place of the stack that names a file, and the names of ours are made
 * of their content, so that nobody else's file is called so.
 */
function isCrash(error, ours) {
  const place = String(error?.stack ?? "").split("\n").find((line) => line.includes("://"));
  return Boolean(place) && ours.some((name) => place.includes(name));
}

/** The error's message, followed by its stack. */
function described(error) {
  const name = `${error.name}: ${error.message}`;
  const stack = String(error.stack);
  return stack.startsWith(name) ? stack : `${name}\n${stack}`;
}

const made = (name, properties) => Object.assign(document.createElement(name), properties);

/**
 * The message of a crash. Nothing is retried: the state can no longer be trusted, while what was saved can.
 * @param {Error} error
 * @param {string} release of the program, so that a developer finds the matching sources
 */
export function crashNotice(error, release) {
  const notice = made("div", { className: "vm-restore-crash" });
  notice.setAttribute("role", "alert");
  const details = described(error);
  const report = [
    "VM Restore stopped because of an error in the program.",
    `Release: ${release}`,
    `Time: ${new Date().toISOString()}`,
    `Browser: ${navigator.userAgent}`,
    details,
  ].join("\n");
  const copy = made("button", { type: "button", textContent: "Copy support details" });
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(report);
      copy.textContent = "Copied";
    } catch {
      copy.textContent = "The browser doesn't allow copying: select the text above";
    }
  });
  notice.append(
    made("p", { textContent: "VM Restore stopped because of an error in the program. Running restores continue in Azure and are saved in this browser: reload the page to track them. Details: " }),
    made("pre", { textContent: details }),
    copy,
  );
  return notice;
}
