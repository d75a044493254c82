// TLS before the simulator, and a sign-in authority that gives a token to anybody: Microsoft's clients take nothing but https, and ask for a token first.

import http from "node:http";
import { createServer } from "node:https";
import { accessToken } from "../e2e/support/token.mjs";

/** How long tokens are good for, in seconds: journeys let hours pass in the simulator. */
const TOKEN_SECONDS = 86_400;

/** What the authority answers to `path`; none where the path is not the authority's. */
function authority(origin, path) {
  const base = `${origin}/${path.split("/")[1]}`;
  if (path.endsWith("/.well-known/openid-configuration")) {
    return {
      issuer: `${base}/v2.0`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      response_types_supported: ["code"],
      subject_types_supported: ["pairwise"],
      id_token_signing_alg_values_supported: ["RS256"],
    };
  }
  // Without `tid` the simulator shows the subscriptions of both of its tenants.
  const token = () => accessToken({ tid: undefined, exp: Math.floor(Date.now() / 1000) + TOKEN_SECONDS });
  if (path.endsWith("/oauth2/v2.0/token")) return { token_type: "Bearer", expires_in: TOKEN_SECONDS, access_token: token() };
  return undefined;
}

/** Sends a request to the simulator and reads the whole answer. */
const ask = (simulator, { method, url, headers }, body) =>
  new Promise((answered, failed) => {
    const asked = http.request(simulator + url, { method, headers: { ...headers, host: new URL(simulator).host, connection: "close" } }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk)).on("error", failed);
      answer.on("end", () => answered({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks).toString() }));
    });
    asked.on("error", failed).end(body);
  });

const json = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Headers of one connection alone. */
const OWN = new Set(["connection", "transfer-encoding", "content-length", "keep-alive"]);

/**
 * Starts the gateway on a port of loopback.
 * @param {{simulator: string, tls: {key: Buffer, cert: Buffer}, port: number}} options the simulator's origin, a certificate for `localhost`
 * @returns {Promise<{origin: string, exchanges: {method: string, path: string, query: string, bytes: string, sent?: object, status?: number, answer?: object}[], close(): Promise<void>}>}
 *   `exchanges` are those with the simulator, in their order; whoever takes them empties the list. One without a status got no answer.
 *   `bytes` is the body as it came.
 */
export async function gateway({ simulator, tls, port }) {
  const exchanges = [];
  let origin;
  const server = createServer({ ...tls, maxHeaderSize: 65_536 }, async (request, response) => {
    try {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const sent = Buffer.concat(chunks);
      const { pathname, search } = new URL(request.url, origin);
      const token = authority(origin, pathname);
      if (token) return response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(token));
      const exchange = { method: request.method, path: decodeURIComponent(pathname), query: decodeURIComponent(search), bytes: sent.toString(), sent: json(sent.toString()) };
      exchanges.push(exchange);
      const answer = await ask(simulator, request, sent);
      Object.assign(exchange, { status: answer.status, answer: json(answer.body) });
      // Where the simulator names itself, in a header or a link, it means this origin.
      const named = (text) => text.replaceAll(simulator, origin);
      const headers = Object.entries(answer.headers).filter(([name]) => !OWN.has(name));
      response.writeHead(answer.status, Object.fromEntries(headers.map(([name, value]) => [name, [value].flat().map(named)])));
      return response.end(named(answer.body));
    } catch {
      // The simulator lets a connection die where a sentinel says so.
      return request.socket.destroy();
    }
  });
  await new Promise((listening, failed) => server.once("error", failed).listen(port, "127.0.0.1", listening));
  origin = `https://localhost:${server.address().port}`;
  const close = () =>
    new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    });
  return { origin, exchanges, close };
}
