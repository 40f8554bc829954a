// openid-client: discovery, then a token for the application itself, then the API.

import * as client from 'openid-client'

const { env } = process

const config = await client.discovery(
  new URL(env.SPARRING_ISSUER),
  env.SPARRING_CLIENT_ID,
  env.SPARRING_CLIENT_SECRET,
)

const tokens = await client.clientCredentialsGrant(config, { scope: env.SPARRING_SCOPE })

const answer = await client.fetchProtectedResource(
  config,
  tokens.access_token,
  new URL(env.SPARRING_API_URL),
  'GET',
)
console.log('GET', env.SPARRING_API_URL, answer.status)
process.exitCode = answer.ok ? 0 : 1
