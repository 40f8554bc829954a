// simple-oauth2, "Authorization Code Grant" and "Refresh an access token".
//
// As in its README and its examples, the state is sent along, and the code is taken from whatever comes back; the
// library has no part in either.

import { randomUUID } from 'node:crypto'

import { AuthorizationCode } from 'simple-oauth2'
import { get, serve } from '../session.mjs'
import { callbackOf } from '../signing-in.mjs'

const { env } = process
const HEADERS = { ingest: { accept: 'application/vnd.ingest.v1+json' } }
const token = new URL(env.SPARRING_TOKEN_URL)
const authorize = new URL(env.SPARRING_AUTHORIZE_URL)

const client = new AuthorizationCode({
  client: { id: env.SPARRING_CLIENT_ID, secret: env.SPARRING_CLIENT_SECRET },
  auth: {
    tokenHost: token.origin,
    tokenPath: token.pathname,
    authorizeHost: authorize.origin,
    authorizePath: authorize.pathname,
  },
})

let accessToken

async function signIn() {
  const redirect = { redirect_uri: env.SPARRING_REDIRECT_URI, scope: env.SPARRING_SCOPE }
  const callback = await callbackOf(client.authorizeURL({ ...redirect, state: randomUUID() }))
  accessToken = await client.getToken({ code: callback.searchParams.get('code'), ...redirect })
}

async function authenticate(fresh) {
  if (fresh || accessToken === undefined) await signIn()
  const end = accessToken.token.expires_at
  return end && end.getTime() / 1000
}

async function callApi() {
  if (accessToken === undefined) await signIn()
  if (accessToken.expired()) accessToken = await accessToken.refresh()
  const headers = { ...HEADERS[env.SPARRING_PROVIDER], authorization: `Bearer ${accessToken.token.access_token}` }
  await get(env.SPARRING_API_URL, headers)
}

serve({ authenticate, callApi })
