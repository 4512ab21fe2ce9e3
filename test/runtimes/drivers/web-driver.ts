/** As much of a WebDriver client as the suite needs. W3C WebDriver, https://www.w3.org/TR/webdriver2/ */

export interface WebDriverSession {
  readonly browserVersion: string;
  goto(url: string): Promise<void>;
  /** Runs the body of a function in the page; its last argument is to be called with the result. */
  evaluate(body: string, ...args: readonly unknown[]): Promise<unknown>;
  close(): Promise<void>;
}

/** Milliseconds that a script may take. */
const SCRIPT_TIMEOUT = 300_000;

export async function newSession(driver: string, capabilities: object): Promise<WebDriverSession> {
  const { sessionId, capabilities: granted } = (await send(driver, "POST", "/session", {
    capabilities: { alwaysMatch: capabilities },
  })) as { sessionId: string; capabilities: { browserVersion: string } };
  const session = `/session/${sessionId}`;
  await send(driver, "POST", `${session}/timeouts`, { script: SCRIPT_TIMEOUT });
  return {
    browserVersion: granted.browserVersion,
    goto: async (url) => {
      await send(driver, "POST", `${session}/url`, { url });
    },
    evaluate: (script, ...args) => send(driver, "POST", `${session}/execute/async`, { script, args }),
    close: async () => {
      await send(driver, "DELETE", session);
    },
  };
}

async function send(driver: string, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${driver}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(SCRIPT_TIMEOUT + 10_000),
  });
  const { value } = (await response.json()) as { value: unknown };
  if (!response.ok) throw new Error(`WebDriver ${method} ${path}: ${JSON.stringify(value)}`);
  return value;
}
