// openid-client (on oauth4webapi): discovery, "Client Credentials Grant", fetchProtectedResource.
//
// It keeps no tokens: the caller asks expiresIn() before each call.

import * as client from 'openid-client'
import { serve } from '../session.mjs'

const { env } = process

let config
let tokens

async function authenticate() {
  config ??= await client.discovery(
    new URL(env.SPARRING_ISSUER),
    env.SPARRING_CLIENT_ID,
    undefined,
    client.ClientSecretBasic(env.SPARRING_CLIENT_SECRET),
  )
  tokens = await client.clientCredentialsGrant(config, { scope: env.SPARRING_SCOPE })
  const left = tokens.expiresIn()
  return left === undefined ? null : Date.now() / 1000 + left
}

async function callApi() {
  if (tokens === undefined || tokens.expiresIn() === 0) await authenticate()
  const answer = await client.fetchProtectedResource(config, tokens.access_token, new URL(env.SPARRING_API_URL), 'GET')
  if (!answer.ok) throw new Error(`the API answered ${answer.status}`)
}

serve({ authenticate, callApi })
