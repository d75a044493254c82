// An access token as Entra ID makes them, but for the signature.

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** @param {object} [claims] that differ. `exp` is an hour from now, in seconds since 1970. */
export function accessToken(claims = {}) {
  const now = Math.floor(Date.now() / 1000);
  const usual = {
    aud: "https://management.azure.com",
    iss: "https://sts.windows.net/11111111-1111-4111-8111-111111111111/",
    iat: now,
    nbf: now,
    exp: now + 3600,
    name: "Test Operator",
    tid: "11111111-1111-4111-8111-111111111111",
    upn: "operator@example.com",
  };
  return `${encode({ alg: "RS256", typ: "JWT" })}.${encode({ ...usual, ...claims })}.c2lnbmF0dXJl`;
}
