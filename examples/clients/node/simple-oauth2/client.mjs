// simple-oauth2, "Client Credentials Grant" and "Access Token": the caller asks expired() before each call.

import { ClientCredentials } from 'simple-oauth2'
import { get, serve } from '../session.mjs'

const { env } = process
const endpoint = new URL(env.SPARRING_TOKEN_URL)

const client = new ClientCredentials({
  client: { id: env.SPARRING_CLIENT_ID, secret: env.SPARRING_CLIENT_SECRET },
  auth: { tokenHost: endpoint.origin, tokenPath: endpoint.pathname },
})

let accessToken

async function authenticate() {
  accessToken = await client.getToken({ scope: env.SPARRING_SCOPE })
  return accessToken.token.expires_at && accessToken.token.expires_at.getTime() / 1000
}

async function callApi() {
  if (accessToken === undefined || accessToken.expired()) await authenticate()
  await get(env.SPARRING_API_URL, { authorization: `Bearer ${accessToken.token.access_token}` })
}

serve({ authenticate, callApi })
