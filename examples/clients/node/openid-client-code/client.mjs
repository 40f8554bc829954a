// openid-client, "Authorization Code Flow" and refreshTokenGrant: by discovery, but at Ingest, which has no document.
//
// It keeps no tokens: the caller asks expiresIn() before each call.

import * as client from 'openid-client'
import { serve } from '../session.mjs'
import { callbackOf } from '../signing-in.mjs'

const { env } = process
const HEADERS = { ingest: { accept: 'application/vnd.ingest.v1+json' } }
const pkce = env.SPARRING_PROVIDER !== 'panopto' // it refuses a code_verifier from a client with a secret

let config
let tokens

async function configured() {
  if (env.SPARRING_DISCOVERY_URL) {
    return client.discovery(new URL(env.SPARRING_ISSUER), env.SPARRING_CLIENT_ID, env.SPARRING_CLIENT_SECRET)
  }
  const server = {
    issuer: env.SPARRING_ISSUER,
    authorization_endpoint: env.SPARRING_AUTHORIZE_URL,
    token_endpoint: env.SPARRING_TOKEN_URL,
  }
  return new client.Configuration(server, env.SPARRING_CLIENT_ID, env.SPARRING_CLIENT_SECRET)
}

async function signIn() {
  if (config === undefined) {
    config = await configured()
    config.timeout = Number(env.SPARRING_TIMEOUT) / 2
  }
  const parameters = { redirect_uri: env.SPARRING_REDIRECT_URI, scope: env.SPARRING_SCOPE }
  const checks = { expectedState: client.randomState() }
  parameters.state = checks.expectedState
  if (pkce) {
    checks.pkceCodeVerifier = client.randomPKCECodeVerifier()
    parameters.code_challenge = await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier)
    parameters.code_challenge_method = 'S256'
  }
  const currentUrl = await callbackOf(client.buildAuthorizationUrl(config, parameters).href)
  tokens = await client.authorizationCodeGrant(config, currentUrl, checks)
}

async function renew() {
  const refreshToken = tokens.refresh_token
  tokens = await client.refreshTokenGrant(config, refreshToken)
  tokens.refresh_token ??= refreshToken
}

async function authenticate(fresh) {
  if (fresh || tokens === undefined) await signIn()
  const left = tokens.expiresIn()
  return left === undefined ? null : Date.now() / 1000 + left
}

async function callApi() {
  if (tokens === undefined) await signIn()
  if (tokens.expiresIn() === 0 && tokens.refresh_token) await renew()
  const headers = new Headers(HEADERS[env.SPARRING_PROVIDER])
  const url = new URL(env.SPARRING_API_URL)
  const answer = await client.fetchProtectedResource(config, tokens.access_token, url, 'GET', undefined, headers)
  if (!answer.ok) throw new Error(`the API answered ${answer.status}`)
}

serve({ authenticate, callApi })
