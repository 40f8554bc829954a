// The token endpoint: the library asks and reads, and what it is too strict or too lax about is put right before.

import * as oauth from 'oauth4webapi'

import { Trouble, isTemporary, nameOf, outcomeOf, retryAfter } from './trouble.mjs'

const MARGIN = 10 // seconds before its end at which a token counts as old; a short life keeps four fifths
const TOLERANCE = 120 // seconds by which two clocks may differ

/** Seconds by the wall clock: a token's life passes while this machine sleeps, too. */
export const now = () => Date.now() / 1000

/** When a token that lives so many seconds ends, and when it is time for another; nothing where its life is unknown. */
export function life(seconds) {
  if (seconds === undefined) return {}
  const expiresAt = now() + seconds
  return { expiresAt, renewAt: expiresAt - (seconds > 2 * MARGIN ? MARGIN : seconds / 5) }
}

export const isOld = (token) => token.renewAt !== undefined && now() >= token.renewAt

/** `expires_in` as seconds: a number, or digits as some providers send them; below zero is over; else unknown. */
export function lifetime(value) {
  const number = typeof value === 'string' && /^\s*\d{1,11}\s*$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number) || Math.abs(number) >= 1e11) return undefined
  return Math.max(number, 0)
}

/** RFC 6750, section 2.1: visible ASCII only. The library sends whatever is a string. */
export const fitsHeader = (value) => typeof value === 'string' && /^[!-~]+$/.test(value)

/**
 * Name and secret in a Basic header as they are. The library form-encodes both first, as RFC 6749, section 2.3.1, has
 * it, hyphens and full stops too; Rotor's engine decodes nothing, so a secret with a blank would be another one there.
 */
const plainBasic = (secret) => (_server, client, _body, headers) => {
  headers.set('authorization', `Basic ${Buffer.from(`${client.client_id}:${secret}`).toString('base64')}`)
}

/** Token requests and their answers. */
export class TokenEndpoint {
  constructor(settings, wire) {
    this.settings = settings
    this.server = settings.server
    this.client = {
      client_id: settings.clientId,
      // Fixed, and not what the provider's document or the token's header would allow (OIDC Core, section 3.1.3.7,
      // number 7): the default of a registration.
      id_token_signed_response_alg: 'RS256',
      [oauth.clockTolerance]: TOLERANCE,
    }
    const secret = settings.secret === 'basic' ? plainBasic : oauth.ClientSecretPost
    this.authentication = secret(settings.clientSecret)
    this.wire = wire
  }

  /** Options of every request of the library. It would have https everywhere; settings and discovery see to that. */
  options(send = (url, options) => this.wire.send(url, options)) {
    return { [oauth.customFetch]: send, [oauth.allowInsecureRequests]: true }
  }

  /** The same for token requests: the library insists on its own Accept, Ingest on another. */
  tokenOptions(additionalParameters) {
    const send = (url, options) =>
      this.wire.send(url, { ...options, headers: { ...options.headers, accept: this.settings.accept } })
    return { ...this.options(send), additionalParameters }
  }

  async byCredentials() {
    // The scope as it stands: Ingest separates by commas, which is no list to RFC 6749, section 3.3, but theirs.
    const asked = this.settings.asksScope && this.settings.scope ? { scope: this.settings.scope } : {}
    try {
      return await this.#obtain(
        () =>
          oauth.clientCredentialsGrantRequest(
            this.server, this.client, this.authentication, asked, this.tokenOptions(),
          ),
        (answer) => oauth.processClientCredentialsResponse(this.server, this.client, answer),
      )
    } catch (trouble) {
      if (trouble.outcome !== 'reauth') throw trouble
      throw new Trouble('config', trouble.message, { status: trouble.status }) // nobody here could sign in again
    }
  }

  /** The scope is left out: the new token has the old one's (RFC 6749, section 6). */
  byRefreshToken(refreshToken) {
    const options = this.tokenOptions(this.settings.refresh(this.settings))
    return this.#obtain(
      () => oauth.refreshTokenGrantRequest(this.server, this.client, this.authentication, refreshToken, options),
      (answer) => oauth.processRefreshTokenResponse(this.server, this.client, answer),
    )
  }

  byCode(login, callback) {
    const verifier = this.settings.pkce ? login.verifier : oauth.nopkce
    const expectedNonce = this.settings.openid ? login.nonce : undefined
    return this.#obtain(
      () =>
        oauth.authorizationCodeGrantRequest(
          this.server, this.client, this.authentication, callback, this.settings.redirectUri, verifier,
          this.tokenOptions(),
        ),
      (answer) => oauth.processAuthorizationCodeResponse(this.server, this.client, answer, { expectedNonce }),
    )
  }

  /** Ask and read: a token, with the library's view of the answer beside it. */
  async #obtain(ask, read) {
    const answer = await tidied(await ask(), this.settings.openid)
    const data = await understood(() => read(answer))
    if (!fitsHeader(data.access_token) || data.token_type !== 'bearer') {
      throw new Trouble('protocol', 'the token endpoint sent no token that this client can use')
    }
    return {
      value: data.access_token,
      refreshToken: data.refresh_token,
      scope: data.scope,
      ...life(data.expires_in),
      identity: { answer, claims: oauth.getValidatedIdTokenClaims(data) },
    }
  }
}

/**
 * The answer as the library can read it.
 *
 * Stricter than RFC 6749, section 5.1, it refuses a whole token for a lifetime, a scope or a refresh token that it
 * cannot use, all of which are optional; laxer, it takes "3600 or so" for a number. So those are read here, and what
 * is useless is left out. An ID token that nobody asked for is ignored, as every member that one does not know.
 */
async function tidied(answer, openid) {
  const { status } = answer
  if (status >= 300 && status < 400) throw new Trouble('protocol', 'the token endpoint redirects', { status })
  if (isTemporary(status)) {
    throw new Trouble('retry-later', `the token endpoint answers ${status}`, { status, retryAfter: retryAfter(answer) })
  }
  const data = await answer.json().catch(() => undefined)
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new Trouble('protocol', `the token endpoint answers ${status} and no JSON object`, { status })
  }
  if ('error' in data) {
    // The library reads errors from 4xx only, and there from the challenge first; a 200 that says both is no token.
    const outcome = status === 200 ? 'protocol' : outcomeOf(data.error)
    throw new Trouble(outcome, `the token endpoint says ${nameOf(data.error)}`, { status })
  }
  const { refresh_token, scope, id_token, expires_in, ...rest } = data
  const optional = { refresh_token, scope, id_token: openid ? id_token : undefined }
  for (const [name, value] of Object.entries(optional)) {
    if (typeof value === 'string' && value.trim()) rest[name] = value
  }
  return Response.json({ ...rest, expires_in: lifetime(expires_in) }, { status })
}

/** Run a step of the library, whose errors all mean here that the answer is not to be used. */
export async function understood(step) {
  try {
    return await step()
  } catch (error) {
    if (error instanceof Trouble) throw error
    if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError) {
      throw new Trouble('protocol', `the answer cannot be used or trusted (${error.code})`)
    }
    if (error instanceof oauth.ResponseBodyError || error instanceof oauth.WWWAuthenticateChallengeError) {
      throw new Trouble('protocol', `the token endpoint answers ${error.status}`, { status: error.status })
    }
    throw error
  }
}
