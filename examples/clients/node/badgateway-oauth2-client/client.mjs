// @badgateway/oauth2-client, "client_credentials grant" and "Fetch Wrapper", which renews by itself.

import { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client'
import { serve } from '../session.mjs'

const { env } = process

const client = new OAuth2Client({
  tokenEndpoint: env.SPARRING_TOKEN_URL,
  clientId: env.SPARRING_CLIENT_ID,
  clientSecret: env.SPARRING_CLIENT_SECRET,
})
const wrapper = new OAuth2Fetch({
  client,
  getNewToken: () => client.clientCredentials({ scope: env.SPARRING_SCOPE.split(' ') }),
})

async function authenticate() {
  const token = await wrapper.refreshToken()
  return token.expiresAt && token.expiresAt / 1000
}

async function callApi() {
  const answer = await wrapper.fetch(env.SPARRING_API_URL)
  if (!answer.ok) throw new Error(`the API answered ${answer.status}`)
}

serve({ authenticate, callApi })
