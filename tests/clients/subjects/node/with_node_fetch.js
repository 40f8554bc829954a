// A partner's server at Rotor Videos, with node-fetch 2: a token for the partner, one for a user of theirs, the user's orders.

const fetch = require('node-fetch')

const ROTOR = 'https://api.rotorvideos.com'
const { ROTORVIDEOS_APP_ID, ROTORVIDEOS_APP_SECRET, ROTORVIDEOS_USER } = process.env

async function call(path, options) {
  const response = await fetch(ROTOR + path, { redirect: 'error', timeout: 10000, size: 1 << 20, ...options })
  if (!response.ok) throw new Error(`${path} answered ${response.status}`)
  return response.json()
}

function text(value, what) {
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) throw new Error(`there is no ${what}`)
  return value
}

async function main() {
  const basic = Buffer.from(`${ROTORVIDEOS_APP_ID}:${ROTORVIDEOS_APP_SECRET}`).toString('base64')
  const issued = await call('/oauth/token', {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, accept: 'application/json' },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  if (String(issued.token_type).toLowerCase() !== 'bearer') throw new Error('that is no Bearer token')

  const registered = await call('/api/partner/v1/register', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${text(issued.access_token, 'partner token')}`,
      accept: 'application/json',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ data: { type: 'user', attributes: { remote_user_id: ROTORVIDEOS_USER } } }),
  })
  const user = text(registered?.data?.attributes?.access_token, 'user token')

  const orders = await call('/api/partner/v1/orders', {
    headers: { authorization: `Bearer ${user}`, accept: 'application/json' },
  })
  console.log(`${orders.data.length} orders`)
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
