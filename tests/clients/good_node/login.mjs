// One login by authorization code: what is asked, what may come back, and the redirect URI in between.

import { once } from 'node:events'
import { createServer } from 'node:http'

import * as oauth from 'oauth4webapi'

import { understood } from './tokens.mjs'
import { Trouble, nameOf, outcomeOf } from './trouble.mjs'

const PAGE = '<!doctype html><title>Sign-in</title>'
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  connection: 'close',
}

/** State, nonce and code verifier: fresh for every login. */
export class Login {
  constructor(endpoint) {
    this.endpoint = endpoint
    this.state = oauth.generateRandomState()
    this.nonce = oauth.generateRandomNonce()
    this.verifier = oauth.generateRandomCodeVerifier()
  }

  /** Where to send the person. */
  async url() {
    const { settings, server } = this.endpoint
    const url = new URL(server.authorization_endpoint)
    const set = (parameters) => Object.entries(parameters).forEach(([name, value]) => url.searchParams.set(name, value))
    set({
      response_type: 'code',
      client_id: settings.clientId,
      redirect_uri: settings.redirectUri,
      state: this.state,
      ...settings.login,
    })
    if (settings.pkce) {
      const challenge = await oauth.calculatePKCECodeChallenge(this.verifier)
      set({ code_challenge: challenge, code_challenge_method: 'S256' })
    }
    if (settings.openid) set({ nonce: this.nonce })
    if (settings.scope) set({ scope: settings.scope })
    return url.href
  }

  /** The parameters of a callback that is certainly the answer to this login, as the library wants to see them. */
  read(parameters) {
    const { server, client, settings } = this.endpoint
    // The library looks for duplicates among what it knows; RFC 6749, section 3.1, forbids all of them.
    if (new Set(parameters.keys()).size !== parameters.size) throw new Trouble('protocol', 'a parameter stands twice')
    // RFC 9207, section 2.4: it must be the issuer, letter by letter; the library lets an empty one pass.
    if (!settings.knowsIssuer) parameters.delete('iss')
    if (parameters.get('iss') === '') throw new Trouble('protocol', 'the callback has an empty iss')
    try {
      const read = oauth.validateAuthResponse(server, client, parameters, this.state)
      if (!read.get('code')) throw new Trouble('protocol', 'the callback brings no code')
      return read
    } catch (error) {
      if (!(error instanceof oauth.AuthorizationResponseError)) throw error
      if (parameters.has('code')) throw new Trouble('protocol', 'the callback brings both a code and an error')
      // An unknown error at the sign-in page is still the provider's answer to how we asked.
      const outcome = outcomeOf(error.error)
      const asked = outcome === 'protocol' || outcome === 'reauth' ? 'config' : outcome
      throw new Trouble(asked, `the sign-in page says ${nameOf(error.error)}`)
    }
  }
}

/** Listen on the redirect URI, send a person to the sign-in page, and wait for the one callback. */
export async function callbackOf(login, visit, until) {
  const address = new URL(login.endpoint.settings.redirectUri)
  if (address.protocol !== 'http:' || !['127.0.0.1', 'localhost'].includes(address.hostname) || !address.port) {
    throw new Trouble('config', 'SPARRING_REDIRECT_URI is no http URL with a port on this machine')
  }
  const arrival = Promise.withResolvers ? Promise.withResolvers() : resolvers()
  arrival.promise.catch(() => {}) // whoever waits for it is told below
  let taken = false
  const server = createServer((request, response) => {
    const target = new URL(request.url, address)
    if (request.method !== 'GET' || target.pathname !== address.pathname || taken) {
      response.writeHead(404, HEADERS).end(`${PAGE}<p>This request was not expected.</p>`)
      return
    }
    taken = true
    understood(() => login.read(target.searchParams)).then(
      (parameters) => {
        response.writeHead(200, HEADERS).end(`${PAGE}<p>You may close this window.</p>`)
        arrival.resolve(parameters)
      },
      (trouble) => {
        const status = trouble.outcome === 'denied' ? 200 : 400
        response.writeHead(status, HEADERS).end(`${PAGE}<p>The sign-in did not succeed.</p>`)
        arrival.reject(trouble)
      },
    )
  })
  server.listen(Number(address.port), '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    throw new Trouble('config', 'cannot listen on the port of SPARRING_REDIRECT_URI')
  }
  const tooLate = new Trouble('transport', 'nobody came back from the sign-in page in time')
  const alarm = setTimeout(() => arrival.reject(tooLate), until - performance.now())
  try {
    visit(await login.url())
    return await arrival.promise
  } finally {
    clearTimeout(alarm)
    server.close()
    server.closeIdleConnections()
  }
}

function resolvers() {
  const made = {}
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }))
  return made
}
