// client-oauth2 (no longer maintained), "Client Credentials Grant"; sign() puts the token where its type asks for it.

import ClientOAuth2 from 'client-oauth2'
import { get, serve } from '../session.mjs'

const { env } = process

const client = new ClientOAuth2({
  clientId: env.SPARRING_CLIENT_ID,
  clientSecret: env.SPARRING_CLIENT_SECRET,
  accessTokenUri: env.SPARRING_TOKEN_URL,
  scopes: env.SPARRING_SCOPE.split(' '),
})

let token

async function authenticate() {
  token = await client.credentials.getToken()
  return token.expires.getTime() / 1000
}

async function callApi() {
  if (token === undefined || token.expired()) await authenticate()
  const request = token.sign({ method: 'get', url: env.SPARRING_API_URL })
  await get(request.url, request.headers)
}

serve({ authenticate, callApi })
