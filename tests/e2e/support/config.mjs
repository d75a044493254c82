// The page's configuration, pointed at another Azure Resource Manager.

/**
 * The content of `config.json` for a cloud whose only origin is `arm`, on loopback.
 * @param {string} arm
 * @param {{authority: string, clientId: string, scope: string, tenant?: string}} [signIn] an OpenID server
 */
export const configFor = (arm, signIn) => ({
  cloud: "Test",
  clouds: [{ name: "Test", arm, ...(signIn && { authority: signIn.authority, scope: signIn.scope }) }],
  ...(signIn && { signIn: { clientId: signIn.clientId, tenant: signIn.tenant ?? "", protocol: "OIDC" } }),
});
