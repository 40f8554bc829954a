// Rotor Videos, "Server-side Integration": a partner's server gets a token for one of its users. Node's own fetch.
//
// First the partner shows its credentials and gets a token for itself; with that it registers a user, known already or
// not, and gets the token for that user, which is good for everything that is the user's.

const { env } = process

async function ask(url, options) {
  const answer = await fetch(url, options)
  if (!answer.ok) throw new Error(`${options.method ?? 'GET'} ${url}: ${answer.status}`)
  return answer.json()
}

function partnerToken() {
  const credentials = Buffer.from(`${env.SPARRING_CLIENT_ID}:${env.SPARRING_CLIENT_SECRET}`).toString('base64')
  return ask(env.SPARRING_TOKEN_URL, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
}

async function userToken(partner, userId) {
  const { data } = await ask(env.SPARRING_REGISTER_URL, {
    method: 'POST',
    headers: {
      authorization: `${partner.token_type} ${partner.access_token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ data: { type: 'user', attributes: { remote_user_id: String(userId) } } }),
  })
  return data.attributes.access_token
}

try {
  const token = await userToken(await partnerToken(), env.SPARRING_REMOTE_USER_ID)
  const orders = await ask(env.SPARRING_API_URL, { headers: { authorization: `Bearer ${token}` } })
  console.log(`${orders.data.length} orders`)
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
