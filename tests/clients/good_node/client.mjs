// The client: obtains, keeps, renews and uses tokens.

import * as oauth from 'oauth4webapi'

import { samePerson, whoSignedIn } from './identity.mjs'
import { Login, callbackOf } from './login.mjs'
import { Store } from './store.mjs'
import { TokenEndpoint, isOld, understood } from './tokens.mjs'
import { Trouble, isTemporary, retryAfter } from './trouble.mjs'
import { Wire, webAddress } from './wire.mjs'

const ENDPOINTS = ['authorization_endpoint', 'token_endpoint', 'jwks_uri']

/** One user's (or one application's) access to one API. What is held for several users is held apart. */
export class Client {
  constructor(settings, visit) {
    this.settings = settings
    this.visit = visit
    this.wire = new Wire(settings.patience)
    this.endpoint = new TokenEndpoint(settings, this.wire)
    this.store = new Store(settings.stateDir, settings.provider)
    this.user = settings.remoteUserId
    this.held = { ...this.store.of(this.user) }
    this.others = new Map()
    this.discovered = !(settings.openid && settings.discoveryUrl)
  }

  /** Whether tokens are a user's own; those by the client's credentials serve everybody. */
  get personal() {
    return this.settings.grant === 'authorization_code'
  }

  // What the driver asks for

  begin() {
    this.wire.until = performance.now() + this.settings.patience * 1000
    this.failure = undefined
  }

  turnTo(user) {
    if (user === this.user || !this.personal) return
    this.others.set(this.user, this.held)
    this.user = user
    this.held = this.others.get(user) ?? { ...this.store.of(user) }
  }

  /** Make sure of a usable token; a person is at hand, so this alone may start a login. */
  async authenticate(fresh) {
    if (fresh) this.forget()
    if (this.held.token === undefined || isOld(this.held.token)) {
      this.held.token = undefined
      this.held.token = this.personal ? await this.renewOrSignIn() : await this.renew()
    }
    return this.report()
  }

  /** Call the API so often; the outcome is that of the first call that went wrong. */
  async callApi(times, parallel) {
    const results = []
    const one = async () => results.push(await this.call().catch(asTrouble))
    if (parallel) await Promise.all(Array.from({ length: times }, one))
    else for (let n = 0; n < times; n += 1) await one()
    const trouble = results.find((result) => result instanceof Trouble)
    const report = trouble ? trouble.report : { ...this.report(), status: results.at(-1).status }
    if (times > 1) report.calls = results.map((result) => (result instanceof Trouble ? result.outcome : 'ok'))
    return report
  }

  async register() {
    throw new Trouble('config', 'users do not register here')
  }

  report(token = this.held.token) {
    const report = { outcome: 'ok' }
    if (token?.scope !== undefined) report.scope = token.scope
    if (token?.expiresAt !== undefined) report.expires_at = Math.floor(token.expiresAt)
    return report
  }

  // The API

  /** One successful call: with a token believed good, and after a 401 once more with a new one. */
  async call() {
    const token = await this.usableToken()
    let answer = await this.getResource(token)
    if (answer.status === 401) answer = await this.getResource(await this.usableToken(token))
    const { status } = answer
    if (status >= 200 && status < 300) return answer
    const refused = this.personal ? 'reauth' : 'config'
    const outcome =
      status === 401 ? refused : status === 403 ? 'config' : isTemporary(status) ? 'retry-later' : 'protocol'
    throw new Trouble(outcome, `the API answers ${status}`, { status, retryAfter: retryAfter(answer) })
  }

  async getResource(token) {
    const headers = new Headers({ accept: this.settings.accept })
    try {
      return await oauth.protectedResourceRequest(
        token.value, 'GET', this.settings.apiUrl, headers, undefined, this.endpoint.options(),
      )
    } catch (error) {
      // A challenge is an answer: its status says what to do.
      if (error instanceof oauth.WWWAuthenticateChallengeError) return error.response
      throw error
    }
  }

  // Tokens

  /** The token in hand, or a new one. Parallel callers share one renewal, and its failure too. */
  async usableToken(rejected) {
    const { token } = this.held
    if (token !== undefined && token !== rejected && !isOld(token)) return token
    if (this.failure !== undefined) throw this.failure
    this.renewal ??= this.#renewOnce().finally(() => (this.renewal = undefined))
    return this.renewal
  }

  async #renewOnce() {
    this.held.token = undefined
    try {
      this.held.token = await this.renew()
      return this.held.token
    } catch (trouble) {
      this.failure = trouble
      throw trouble
    }
  }

  /** A new access token without any person: by refresh token, or by the client's own credentials. */
  async renew() {
    if (!this.personal) return this.endpoint.byCredentials()
    await this.discover()
    if (this.held.refreshToken === undefined) throw new Trouble('reauth', 'there is no refresh token: sign in again')
    let token
    try {
      token = await this.endpoint.byRefreshToken(this.held.refreshToken)
      await samePerson(this.endpoint, token, this.held.identity)
    } catch (trouble) {
      if (trouble.outcome === 'reauth') this.remember({ refreshToken: undefined })
      else if (token !== undefined && trouble.outcome === 'protocol') this.forget()
      else if (token !== undefined) this.remember(newest(token)) // the keys could not be had just now
      throw trouble
    }
    this.remember(newest(token))
    return token
  }

  remember(changes) {
    Object.assign(this.held, changes)
    const { refreshToken, identity } = this.held
    this.store.keep(this.user, { refreshToken, identity })
  }

  forget() {
    this.remember({ token: undefined, refreshToken: undefined, identity: undefined })
  }

  // The login

  async renewOrSignIn() {
    if (this.held.refreshToken !== undefined) {
      try {
        return await this.renew()
      } catch (trouble) {
        if (trouble.outcome !== 'reauth') throw trouble
      }
    }
    await this.discover()
    const login = new Login(this.endpoint)
    const callback = await callbackOf(login, this.visit, this.wire.until)
    const token = await this.endpoint.byCode(login, callback)
    const identity = this.settings.openid ? await whoSignedIn(this.endpoint, token, login.nonce) : undefined
    this.remember({ refreshToken: token.refreshToken, identity })
    return token
  }

  /** Take the endpoints from the provider's own document, once. */
  async discover() {
    if (this.discovered) return
    const { issuer } = this.endpoint.server
    const answer = await this.wire.send(this.settings.discoveryUrl, { headers: { accept: 'application/json' } })
    const { status } = answer
    if (isTemporary(status)) {
      throw new Trouble('retry-later', `the provider's document: ${status}`, { status, retryAfter: retryAfter(answer) })
    }
    const document = await understood(() => oauth.processDiscoveryResponse(new URL(issuer), answer))
    // The library compares URLs; OpenID Connect Discovery, section 4.3, says that the issuer must be exactly the same.
    if (document.issuer !== issuer) throw new Trouble('protocol', "the provider's document is by another issuer")
    for (const name of ENDPOINTS) {
      const { protocol } = webAddress(`the provider's ${name}`, document[name], 'protocol')
      if (protocol === 'http:' && this.settings.discoveryUrl.startsWith('https:')) {
        throw new Trouble('protocol', `the provider's ${name} is not https`)
      }
    }
    this.endpoint.server = document
    this.discovered = true
  }
}

/** The newest refresh token is the one that counts; an answer without one leaves the old one valid. */
function newest(token) {
  return token.refreshToken === undefined ? {} : { refreshToken: token.refreshToken }
}

function asTrouble(error) {
  if (error instanceof Trouble) return error
  throw error
}
