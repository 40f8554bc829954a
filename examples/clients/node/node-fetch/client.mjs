// Rotor Videos, "Server-side Integration", by hand on node-fetch 2: two POSTs, each answer taken as it comes.
//
// The partner shows its credentials and gets a token for itself; with that it registers a user, and gets the token that
// is good for everything of that user's. No answer says how long a token lives.

import fetch from 'node-fetch'
import { serve } from '../session.mjs'

const { env } = process

let partner
let user

async function ask(url, options) {
  const answer = await fetch(url, options)
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  return answer.json()
}

async function authenticate() {
  const credentials = Buffer.from(`${env.SPARRING_CLIENT_ID}:${env.SPARRING_CLIENT_SECRET}`).toString('base64')
  partner = await ask(env.SPARRING_TOKEN_URL, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
}

async function register() {
  const attributes = { remote_user_id: env.SPARRING_REMOTE_USER_ID }
  const { data } = await ask(env.SPARRING_REGISTER_URL, {
    method: 'POST',
    headers: {
      authorization: `${partner.token_type} ${partner.access_token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ data: { type: 'user', attributes } }),
  })
  user = data.attributes.access_token
}

async function callApi() {
  if (user === undefined) await register()
  await ask(env.SPARRING_API_URL, { headers: { authorization: `Bearer ${user}` } })
}

serve({ authenticate, register, callApi })
