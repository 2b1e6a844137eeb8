// One request of the tablet to its server, with the token of its own and nothing else.

const PATIENCE = 60_000; // milliseconds before a request is given up

/** `{status, body}`, or null: no network, a lost answer, or the welcome page of a public network. */
export async function call(token, method, address, { headers = {}, body = null } = {}) {
  try {
    const response = await fetch(address, {
      method,
      headers: { Accept: "application/json", Authorization: `Bearer ${token}`, ...headers },
      body,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
    return { status: response.status, body: await response.json() };
  } catch {
    return null;
  }
}
