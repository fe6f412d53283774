/**
 * What answers at `url`, as text; rejects if that is nothing, an error, too much or too late. A foreign site learns
 * nothing of the user, and leads nowhere that is not encrypted: pages over https are guarded by their browser, the others
 * follow no redirect.
 */
export async function ask(url: string, accept: string, foreign: boolean): Promise<string> {
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
