// One HTTP request, one bounded answer: Node's own fetch, which follows nothing here and never outlives its deadline.

import { Trouble } from './trouble.mjs'

const MOST = 1 << 20 // the longest body that anything here has a use for, in bytes
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost'])

/** The way to the servers. `until` is a reading of performance.now(): the present instruction's end. */
export class Wire {
  constructor(patience) {
    this.patience = Math.min(patience / 2, 10) * 1000
    this.until = 0
  }

  /** A `fetch` whose answer has its whole body already; Trouble (transport, protocol) where there is none. */
  async send(url, { headers, ...options } = {}) {
    const left = Math.min(this.until - performance.now(), this.patience)
    if (left <= 0) throw new Trouble('transport', 'no time left')
    let status
    try {
      const answer = await fetch(url, {
        ...options,
        // A connection kept open may be closed by the other side just when the next request is on its way.
        headers: { ...headers, connection: 'close' },
        redirect: 'manual',
        signal: AbortSignal.timeout(left),
      })
      status = answer.status
      const body = await bounded(answer)
      const bare = status === 204 || status === 205 || status === 304
      return new Response(bare ? null : body, { status, headers: answer.headers })
    } catch (error) {
      if (error instanceof Trouble) throw error
      const name = error?.cause?.code ?? error?.cause?.name ?? error?.name
      throw new Trouble('transport', `no usable HTTP answer (${name})`, { status })
    }
  }
}

async function bounded(answer) {
  const chunks = []
  let size = 0
  for await (const chunk of answer.body ?? []) {
    size += chunk.length
    if (size > MOST) {
      throw new Trouble('protocol', 'the answer is unreasonably long', { status: answer.status })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The URL; credentials and tokens travel by https, http is for a server on this machine. */
export function webAddress(name, value, outcome = 'config') {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new Trouble(outcome, `${name} is not a web address`)
  }
  if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname)) throw new Trouble(outcome, `${name} is not https`)
  return url
}
