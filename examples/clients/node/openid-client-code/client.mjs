// openid-client, "Authorization Code Flow", "Client Credentials Grant" and refreshTokenGrant. Sign-ins go by discovery
// where the provider has a document.
//
// It keeps no tokens and no sessions: the caller asks expiresIn() before each call, and at a renewal, where the library
// is not given the ID token of the login, compares claims().sub with whoever has signed in.

import * as client from 'openid-client'
import { serve } from '../session.mjs'
import { callbackOf } from '../signing-in.mjs'

const { env } = process
const HEADERS = { ingest: { accept: 'application/vnd.ingest.v1+json' } }
const pkce = env.SPARRING_PROVIDER !== 'panopto' // it refuses a code_verifier from a client with a secret

const own = env.SPARRING_GRANT === 'client_credentials'
const openid = env.SPARRING_SCOPE.split(' ').includes('openid')

let config
let tokens
let subject

async function configured() {
  if (env.SPARRING_DISCOVERY_URL && !own) {
    return client.discovery(new URL(env.SPARRING_ISSUER), env.SPARRING_CLIENT_ID, env.SPARRING_CLIENT_SECRET)
  }
  const server = {
    issuer: env.SPARRING_ISSUER,
    authorization_endpoint: env.SPARRING_AUTHORIZE_URL,
    token_endpoint: env.SPARRING_TOKEN_URL,
  }
  return new client.Configuration(server, env.SPARRING_CLIENT_ID, env.SPARRING_CLIENT_SECRET)
}

async function prepare() {
  if (config !== undefined) return
  config = await configured()
  config.timeout = Number(env.SPARRING_TIMEOUT) / 2
}

async function askForOurselves() {
  await prepare()
  tokens = await client.clientCredentialsGrant(config, { scope: env.SPARRING_SCOPE })
}

async function signIn() {
  await prepare()
  const parameters = { redirect_uri: env.SPARRING_REDIRECT_URI, scope: env.SPARRING_SCOPE }
  const checks = { expectedState: client.randomState() }
  parameters.state = checks.expectedState
  if (pkce) {
    checks.pkceCodeVerifier = client.randomPKCECodeVerifier()
    parameters.code_challenge = await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier)
    parameters.code_challenge_method = 'S256'
  }
  if (openid) parameters.nonce = checks.expectedNonce = client.randomNonce()
  const currentUrl = await callbackOf(client.buildAuthorizationUrl(config, parameters).href)
  tokens = await client.authorizationCodeGrant(config, currentUrl, checks)
  subject = tokens.claims()?.sub
}

async function renew() {
  const refreshToken = tokens.refresh_token
  const renewed = await client.refreshTokenGrant(config, refreshToken)
  if (renewed.id_token && renewed.claims().sub !== subject) throw new Error('the renewed ID token is about somebody else')
  renewed.refresh_token ??= refreshToken
  tokens = renewed
}

async function authenticate(fresh) {
  if (fresh || tokens === undefined) await (own ? askForOurselves() : signIn())
  const left = tokens.expiresIn()
  return left === undefined ? null : Date.now() / 1000 + left
}

async function callApi() {
  if (tokens === undefined || (own && tokens.expiresIn() === 0)) await authenticate(true)
  if (tokens.expiresIn() === 0 && tokens.refresh_token) await renew()
  const headers = new Headers(HEADERS[env.SPARRING_PROVIDER])
  const url = new URL(env.SPARRING_API_URL)
  const answer = await client.fetchProtectedResource(config, tokens.access_token, url, 'GET', undefined, headers)
  if (!answer.ok) throw new Error(`the API answered ${answer.status}`)
}

serve({ authenticate, callApi })
