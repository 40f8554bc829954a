// @badgateway/oauth2-client, "client_credentials grant", "authorization_code" and "Fetch Wrapper", which renews by itself.

import { randomUUID } from 'node:crypto'

import { OAuth2Client, OAuth2Fetch, generateCodeVerifier } from '@badgateway/oauth2-client'
import { serve } from '../session.mjs'
import { callbackOf } from '../signing-in.mjs'

const { env } = process
const HEADERS = { ingest: { accept: 'application/vnd.ingest.v1+json' } }
const scope = env.SPARRING_SCOPE.split(' ')
const limit = (Number(env.SPARRING_TIMEOUT) * 1000) / 2

const client = new OAuth2Client({
  tokenEndpoint: env.SPARRING_TOKEN_URL,
  authorizationEndpoint: env.SPARRING_AUTHORIZE_URL,
  clientId: env.SPARRING_CLIENT_ID,
  clientSecret: env.SPARRING_CLIENT_SECRET,
  fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(limit) }),
})

async function signIn() {
  const redirectUri = env.SPARRING_REDIRECT_URI
  const state = randomUUID()
  // Panopto refuses a code_verifier from a client with a secret
  const codeVerifier = env.SPARRING_PROVIDER === 'panopto' ? undefined : await generateCodeVerifier()
  const uri = await client.authorizationCode.getAuthorizeUri({ redirectUri, state, codeVerifier, scope })
  const callback = await callbackOf(uri)
  return client.authorizationCode.getTokenFromCodeRedirect(callback, { redirectUri, state, codeVerifier })
}

const wrapped = () =>
  new OAuth2Fetch({
    client,
    getNewToken: () => (env.SPARRING_GRANT === 'client_credentials' ? client.clientCredentials({ scope }) : signIn()),
  })

let wrapper = wrapped()

async function authenticate(fresh) {
  if (fresh) wrapper = wrapped()
  const token = await wrapper.getToken()
  return token.expiresAt && token.expiresAt / 1000
}

async function callApi() {
  const answer = await wrapper.fetch(env.SPARRING_API_URL, { headers: HEADERS[env.SPARRING_PROVIDER] })
  if (!answer.ok) throw new Error(`the API answered ${answer.status}`)
}

serve({ authenticate, callApi })
