// The client at Rotor Videos: a token for the partner, and with it one for each of the partner's users.

import { Client } from './client.mjs'
import { fitsHeader, isOld, life, lifetime } from './tokens.mjs'
import { Trouble, isTemporary, retryAfter } from './trouble.mjs'

/** The token in hand is the present user's; the partner's is kept beside it, and used only to register users. */
export class PartnerClient extends Client {
  get personal() {
    return true
  }

  async authenticate(fresh) {
    if (fresh) {
      this.partner = undefined
      this.forget()
    }
    return this.report(await this.partnerToken())
  }

  async register(remoteUserId) {
    this.turnTo(remoteUserId)
    this.held.token = await this.renew()
    return this.report()
  }

  async renew() {
    const partner = await this.partnerToken()
    let answer = await this.#register(partner)
    if (answer.status === 401) answer = await this.#register(await this.partnerToken(partner))
    const { status } = answer
    if (isTemporary(status)) {
      throw new Trouble('retry-later', `the registration answers ${status}`, { status, retryAfter: retryAfter(answer) })
    }
    if (status >= 400) throw new Trouble('config', `the registration answers ${status}`, { status })
    const data = status === 200 || status === 201 ? (await answer.json().catch(() => undefined))?.data : undefined
    const attributes = data?.type === 'access_token' ? data.attributes : undefined
    if (!fitsHeader(attributes?.access_token)) {
      throw new Trouble('protocol', 'the registration brought no usable token', { status })
    }
    return { value: attributes.access_token, ...life(lifetime(attributes.expires_in)) }
  }

  async partnerToken(rejected) {
    if (this.partner === undefined || this.partner === rejected || isOld(this.partner)) {
      this.partner = undefined
      this.partner = await this.endpoint.byCredentials()
    }
    return this.partner
  }

  #register(partner) {
    return this.wire.send(this.settings.registerUrl, {
      method: 'POST',
      headers: {
        accept: this.settings.accept,
        authorization: `Bearer ${partner.value}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ data: { type: 'user', attributes: { remote_user_id: this.user } } }),
    })
  }
}
