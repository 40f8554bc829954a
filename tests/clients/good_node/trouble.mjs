// How things end: the outcome classes of the client protocol, as one error.

const CONFIG = new Set([
  'invalid_client',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_request',
  'unsupported_response_type',
])
const TEMPORARY = new Set(['temporarily_unavailable', 'server_error', 'slow_down'])

/** Any outcome but `ok`. `detail` is for the log: it never holds what a server or a browser sent. */
export class Trouble extends Error {
  constructor(outcome, detail, { status, retryAfter } = {}) {
    super(detail)
    this.outcome = outcome
    this.status = status
    this.retryAfter = retryAfter
  }

  /** What there is to say of it in a `done`. */
  get report() {
    const report = { outcome: this.outcome, detail: this.message }
    if (this.status !== undefined) report.status = this.status
    if (this.retryAfter !== undefined) report.retry_after = this.retryAfter
    return report
  }
}

/** The outcome class of an `error` code, from whichever endpoint. */
export function outcomeOf(code) {
  if (code === 'access_denied') return 'denied'
  if (code === 'invalid_grant') return 'reauth'
  if (CONFIG.has(code)) return 'config'
  return TEMPORARY.has(code) ? 'retry-later' : 'protocol'
}

/** The code if it is a known one: a stranger's text does not go to the log. */
export function nameOf(code) {
  return outcomeOf(code) === 'protocol' ? 'an unknown error' : code
}

/** Whether a status means "not now", whatever was asked. */
export function isTemporary(status) {
  return status === 408 || status === 425 || status === 429 || status >= 500
}

/** `Retry-After`, where it is a number of seconds. */
export function retryAfter(response) {
  const value = response.headers.get('retry-after')?.trim() ?? ''
  return /^\d{1,6}$/.test(value) ? Number(value) : undefined
}
