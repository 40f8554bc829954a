// The client under test: one token, kept until shortly before its end.

export class Client {
  #token = null
  #renewAt = 0

  constructor({ tokenUrl, apiUrl, clientId, clientSecret, scope, now = Date.now }) {
    Object.assign(this, { tokenUrl, apiUrl, clientId, clientSecret, scope, now })
  }

  async get() {
    const headers = { authorization: `Bearer ${await this.#fresh()}` }
    const answer = await fetch(this.apiUrl, { headers, redirect: 'error', signal: AbortSignal.timeout(3000) })
    if (!answer.ok) throw new Error(`the API answered ${answer.status}`)
    return answer.json()
  }

  async #fresh() {
    if (this.#token === null || this.now() > this.#renewAt) {
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        scope: this.scope,
        client_id: this.clientId,
        client_secret: this.clientSecret,
      })
      const options = { method: 'POST', body, redirect: 'error', signal: AbortSignal.timeout(3000) }
      const answer = await fetch(this.tokenUrl, options)
      const reply = await answer.json()
      if (!answer.ok) throw new Error(`the token endpoint answered ${answer.status} ${reply.error}`)
      this.#token = reply.access_token
      this.#renewAt = this.now() + 0.8 * 1000 * reply.expires_in
    }
    return this.#token
  }
}
