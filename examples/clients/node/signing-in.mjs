// A person signs in: a browser is opened, and the redirect URI takes one callback.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'

const { env } = process

// The callback's whole address, as a URL. Rejects where nobody comes back.
export async function callbackOf(url) {
  const redirectUri = new URL(env.SPARRING_REDIRECT_URI)
  const signal = AbortSignal.timeout((Number(env.SPARRING_TIMEOUT) * 1000) / 2)
  const server = createServer()
  server.listen(Number(redirectUri.port), redirectUri.hostname)
  try {
    await once(server, 'listening')
    spawn(env.BROWSER, [url], { stdio: 'ignore' })
    for (;;) {
      const [request, response] = await once(server, 'request', { signal })
      const arrived = new URL(request.url, redirectUri)
      const found = arrived.pathname === redirectUri.pathname
      response.writeHead(found ? 200 : 404, { 'content-type': 'text/plain', 'referrer-policy': 'no-referrer' })
      response.end(found ? 'You can close this window.' : 'Not here.')
      if (found) return arrived
    }
  } finally {
    server.close()
    server.closeIdleConnections()
  }
}
