// A partner's server at Rotor Videos, with axios: tokens for the partner and a user of theirs, the user's orders.

import axios from 'axios'

const { ROTORVIDEOS_APP_ID, ROTORVIDEOS_APP_SECRET, ROTORVIDEOS_USER } = process.env

const rotor = axios.create({
  baseURL: 'https://api.rotorvideos.com',
  headers: { accept: 'application/json' },
  timeout: 10_000,
  maxRedirects: 0,
  maxContentLength: 1 << 20,
})

const bearer = (token) => {
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) throw new Error('there is no usable token')
  return { headers: { authorization: `Bearer ${token}` } }
}

try {
  const { data: partner } = await rotor.post(
    '/oauth/token',
    new URLSearchParams({ grant_type: 'client_credentials' }),
    { auth: { username: ROTORVIDEOS_APP_ID, password: ROTORVIDEOS_APP_SECRET } },
  )
  if (String(partner.token_type).toLowerCase() !== 'bearer') throw new Error('that is no Bearer token')
  const { data: user } = await rotor.post(
    '/api/partner/v1/register',
    { data: { type: 'user', attributes: { remote_user_id: ROTORVIDEOS_USER } } },
    bearer(partner.access_token),
  )
  const { data: orders } = await rotor.get('/api/partner/v1/orders', bearer(user?.data?.attributes?.access_token))
  console.log(`${orders.data.length} orders`)
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
