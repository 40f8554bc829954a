// openid-client: a user signs in at Ingest, which has no discovery document, so the endpoints are given by hand.

import { createServer } from 'node:http'
import { once } from 'node:events'

import open from 'open'
import * as client from 'openid-client'

const { env } = process

const config = new client.Configuration(
  {
    issuer: env.SPARRING_ISSUER,
    authorization_endpoint: env.SPARRING_AUTHORIZE_URL,
    token_endpoint: env.SPARRING_TOKEN_URL,
  },
  env.SPARRING_CLIENT_ID,
  env.SPARRING_CLIENT_SECRET,
)

const redirectUri = new URL(env.SPARRING_REDIRECT_URI)
const codeVerifier = client.randomPKCECodeVerifier()
const state = client.randomState()

const redirectTo = client.buildAuthorizationUrl(config, {
  redirect_uri: redirectUri.href,
  scope: env.SPARRING_SCOPE,
  code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
  code_challenge_method: 'S256',
  state,
})

const server = createServer()
server.listen(Number(redirectUri.port), '127.0.0.1')
await once(server, 'listening')
await open(redirectTo.href)

let currentUrl
while (currentUrl?.pathname !== redirectUri.pathname) {
  const [request, response] = await once(server, 'request')
  currentUrl = new URL(request.url, redirectUri)
  response.end('You can close this window.')
}
server.close()
server.closeIdleConnections()

const tokens = await client.authorizationCodeGrant(config, currentUrl, {
  pkceCodeVerifier: codeVerifier,
  expectedState: state,
})

const videos = await client.fetchProtectedResource(
  config,
  tokens.access_token,
  new URL(env.SPARRING_API_URL),
  'GET',
  undefined,
  new Headers({ accept: 'application/vnd.ingest.v1+json' }),
)
console.log('GET /videos:', videos.status)
process.exitCode = videos.ok ? 0 : 1
