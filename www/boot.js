// Loads the app's WebAssembly and says so while it lasts. The build names the two files in <meta> elements.

const named = (name) => new URL(document.querySelector(`meta[name="${name}"]`).content, document.baseURI).href;
const loading = () => document.getElementById("loading");

/** The same answer, telling as it arrives how much has come. */
function watched(response, tell) {
  let received = 0;
  const counted = response.body.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        received += chunk.byteLength;
        tell(received);
        controller.enqueue(chunk);
      },
    }),
  );
  return new Response(counted, { headers: response.headers });
}

function fail(error) {
  console.error(error);
  const place = loading() ?? document.getElementById("app").appendChild(document.createElement("p"));
  place.setAttribute("role", "alert");
  place.textContent =
    typeof WebAssembly === "undefined"
      ? "VM Restore needs WebAssembly, which this browser does not have or has switched off."
      : `VM Restore could not be loaded (${error.message}). Nothing was sent to Azure. Reload the page to try again.`;
}

/** A further WebAssembly module. Its files keep their names from build to build: copies that the browser has kept are asked about, so that the two always fit together. */
async function further(name) {
  const [script, wasm] = [`${name}.js`, `${name}_bg.wasm`].map((file) => new URL(file, document.baseURI));
  const answers = await Promise.all([script, wasm].map((url) => fetch(url, { cache: "no-cache" })));
  for (const { ok, status, url } of answers) if (!ok) throw new Error(`${url} answered ${status}.`);
  const module = await import(script.href);
  await module.default({ module_or_path: answers[1] });
  return module;
}

// The demo's simulator, which nobody downloads before.
globalThis.vmRestoreSimulation = async (saved, now) => new (await further("arm-sim-page")).Simulation(saved, now);

// Sign-in with MSAL.js, which nobody downloads before either.
const openSignIn = async (settings) => {
  const [module] = await Promise.all([further("sign-in"), import(new URL("msal-browser.min.js", document.baseURI).href)]);
  return module.SignIn.open(settings, location.href.split("#")[0], new URL(".", document.baseURI).href);
};
let signIn;
globalThis.vmRestoreSignIn = async (settings, method, ...asked) => {
  signIn ??= openSignIn(settings);
  // What could not be loaded is loaded anew the next time.
  const opened = await signIn.catch((error) => ((signIn = undefined), Promise.reject(error)));
  return opened[method](...asked);
};

try {
  loading().textContent = "Loading…";
  // Preloads in the page's head have begun both downloads.
  const download = fetch(named("vm-restore-wasm"));
  const app = await import(named("vm-restore-module"));
  const response = await download;
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  const tell = (bytes) => {
    const place = loading();
    if (place) place.textContent = `Loading… ${Math.round(bytes / 1024)} KiB`;
  };
  await app.default({ module_or_path: watched(response, tell) });
} catch (error) {
  fail(error);
}
