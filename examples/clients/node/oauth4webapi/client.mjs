// oauth4webapi, its examples "oauth.ts" and "oidc.ts" (Authorization Code Flow), "client_credentials.ts" and
// "refresh_token". Sign-ins go by discovery where the provider has a document.
//
// It keeps no tokens and no sessions: when they end is for the caller to know, and at a renewal, where the library is not
// given the ID token of the login, the caller compares getValidatedIdTokenClaims().sub with whoever has signed in.

import * as oauth from 'oauth4webapi'
import { serve } from '../session.mjs'
import { callbackOf } from '../signing-in.mjs'

const { env } = process
const HEADERS = { ingest: { accept: 'application/vnd.ingest.v1+json' } }
const pkce = env.SPARRING_PROVIDER !== 'panopto' // it refuses a code_verifier from a client with a secret
const openid = env.SPARRING_SCOPE.split(' ').includes('openid')

const client = { client_id: env.SPARRING_CLIENT_ID }
const limited = { signal: () => AbortSignal.timeout((Number(env.SPARRING_TIMEOUT) * 1000) / 2) }
const clientAuth = oauth.ClientSecretPost(env.SPARRING_CLIENT_SECRET)

const own = env.SPARRING_GRANT === 'client_credentials'

let as
let tokens
let subject

async function discovered() {
  if (env.SPARRING_DISCOVERY_URL && !own) {
    const issuer = new URL(env.SPARRING_ISSUER)
    return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...limited }))
  }
  return {
    issuer: env.SPARRING_ISSUER,
    authorization_endpoint: env.SPARRING_AUTHORIZE_URL,
    token_endpoint: env.SPARRING_TOKEN_URL,
  }
}

async function askForOurselves() {
  as ??= await discovered()
  const parameters = { scope: env.SPARRING_SCOPE }
  const response = await oauth.clientCredentialsGrantRequest(as, client, clientAuth, parameters, limited)
  keep(await oauth.processClientCredentialsResponse(as, client, response))
}

async function signIn() {
  as ??= await discovered()
  const state = oauth.generateRandomState()
  const nonce = openid ? oauth.generateRandomNonce() : undefined
  const codeVerifier = pkce ? oauth.generateRandomCodeVerifier() : oauth.nopkce

  const authorizationUrl = new URL(as.authorization_endpoint)
  const set = (name, value) => authorizationUrl.searchParams.set(name, value)
  set('client_id', client.client_id)
  set('redirect_uri', env.SPARRING_REDIRECT_URI)
  set('response_type', 'code')
  set('scope', env.SPARRING_SCOPE)
  set('state', state)
  if (openid) set('nonce', nonce)
  if (pkce) {
    set('code_challenge', await oauth.calculatePKCECodeChallenge(codeVerifier))
    set('code_challenge_method', 'S256')
  }

  const currentUrl = await callbackOf(authorizationUrl.href)
  const params = oauth.validateAuthResponse(as, client, currentUrl, state)
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    clientAuth,
    params,
    env.SPARRING_REDIRECT_URI,
    codeVerifier,
    limited,
  )
  const checks = { expectedNonce: nonce, requireIdToken: openid }
  const result = await oauth.processAuthorizationCodeResponse(as, client, response, checks)
  subject = oauth.getValidatedIdTokenClaims(result)?.sub
  keep(result)
}

async function renew() {
  const refreshToken = tokens.refresh_token
  const response = await oauth.refreshTokenGrantRequest(as, client, clientAuth, refreshToken, limited)
  const result = await oauth.processRefreshTokenResponse(as, client, response)
  const renewed = oauth.getValidatedIdTokenClaims(result)
  if (renewed !== undefined && renewed.sub !== subject) throw new Error('the renewed ID token is about somebody else')
  keep({ refresh_token: refreshToken, ...result })
}

function keep(result) {
  const endsAt = result.expires_in === undefined ? null : Date.now() / 1000 + result.expires_in
  tokens = { ...result, endsAt }
}

async function authenticate(fresh) {
  if (fresh || tokens === undefined) await (own ? askForOurselves() : signIn())
  return tokens.endsAt
}

async function callApi() {
  const ended = tokens !== undefined && tokens.endsAt !== null && tokens.endsAt <= Date.now() / 1000
  if (tokens === undefined || (own && ended)) await authenticate(true)
  if (ended && tokens.refresh_token) await renew()
  const headers = new Headers(HEADERS[env.SPARRING_PROVIDER])
  const url = new URL(env.SPARRING_API_URL)
  const answer = await oauth.protectedResourceRequest(tokens.access_token, 'GET', url, headers, undefined, limited)
  if (!answer.ok) throw new Error(`the API answered ${answer.status}`)
}

serve({ authenticate, callApi })
