// client-oauth2 (no longer maintained), "Client Credentials Grant" and "Authorization Code Grant", with the option
// `state`; sign() puts the token where its type asks for it, and refresh() renews it.

import { randomUUID } from 'node:crypto'

import ClientOAuth2 from 'client-oauth2'
import { get, serve } from '../session.mjs'
import { callbackOf } from '../signing-in.mjs'

const { env } = process
const HEADERS = { ingest: { accept: 'application/vnd.ingest.v1+json' } }
const own = env.SPARRING_GRANT === 'client_credentials'

const client = new ClientOAuth2({
  clientId: env.SPARRING_CLIENT_ID,
  clientSecret: env.SPARRING_CLIENT_SECRET,
  accessTokenUri: env.SPARRING_TOKEN_URL,
  authorizationUri: env.SPARRING_AUTHORIZE_URL,
  redirectUri: env.SPARRING_REDIRECT_URI,
  scopes: env.SPARRING_SCOPE.split(' '),
})

let token

async function signIn() {
  const state = randomUUID()
  const callback = await callbackOf(client.code.getUri({ state }))
  return client.code.getToken(callback.href, { state })
}

async function authenticate(fresh) {
  if (own) token = await client.credentials.getToken()
  else if (fresh || token === undefined) token = await signIn()
  return token.expires.getTime() / 1000
}

async function callApi() {
  if (token === undefined || (own && token.expired())) await authenticate()
  if (token.expired() && token.refreshToken) token = await token.refresh()
  const request = token.sign({ method: 'get', url: env.SPARRING_API_URL, headers: { ...HEADERS[env.SPARRING_PROVIDER] } })
  await get(request.url, request.headers)
}

serve({ authenticate, callApi })
