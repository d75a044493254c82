// The page's configuration, pointed at another Azure Resource Manager.

/** The content of `config.json` for a cloud whose only origin is `arm`, on loopback. */
export const configFor = (arm) => ({ cloud: { name: "Test", arm } });
