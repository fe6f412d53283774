/**
 * Calls `done` with the text that answers at `url`, or with nothing if that is an error, too much or too late. A foreign site learns
 * nothing of the user, and leads nowhere that is not encrypted: pages over https are guarded by their browser, the others
 * follow no redirect.
 */
export function ask(url: string, accept: string, foreign: boolean, done: (text?: string) => void): void {
  read(url, accept, foreign).then(done, () => done());
}

export async function read(url: string, accept: string, foreign = false): Promise<string> {
  const response = await fetch(url, {
    headers: { accept },
    cache: 'no-store',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(foreign && {
      credentials: 'omit' as const,
      referrerPolicy: 'no-referrer' as const,
      redirect: location.protocol === 'https:' ? ('follow' as const) : ('error' as const),
    }),
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (response.ok && text.length <= LIMIT) {
    const { done, value } = await reader.read();
    if (done) {
      return text;
    }
    text += value;
  }
  await reader.cancel();
  throw new Error();
}

const TIMEOUT_MS = 15_000;
const LIMIT = 65_536;
