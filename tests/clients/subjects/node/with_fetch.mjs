// A partner's server at Rotor Videos, with the fetch that Node.js has: tokens for the partner and a user, the user's orders.

const { ROTORVIDEOS_APP_ID, ROTORVIDEOS_APP_SECRET, ROTORVIDEOS_USER } = process.env

async function call(request, authorization, { method = 'GET', headers = {}, body } = {}) {
  const response = await fetch(request, {
    method,
    headers: { accept: 'application/json', authorization, ...headers },
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(10_000),
  })
  if (!response.ok) throw new Error(`${request} answered ${response.status}`)
  return response.json()
}

const header = (token) => {
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) throw new Error('there is no usable token')
  return `Bearer ${token}`
}

try {
  const partner = await call(
    'https://api.rotorvideos.com/oauth/token',
    `Basic ${btoa(`${ROTORVIDEOS_APP_ID}:${ROTORVIDEOS_APP_SECRET}`)}`,
    { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials' }) },
  )
  if (String(partner.token_type).toLowerCase() !== 'bearer') throw new Error('that is no Bearer token')
  const user = await call('https://api.rotorvideos.com/api/partner/v1/register', header(partner.access_token), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ data: { type: 'user', attributes: { remote_user_id: ROTORVIDEOS_USER } } }),
  })
  const token = header(user?.data?.attributes?.access_token)
  const orders = await call('https://api.rotorvideos.com/api/partner/v1/orders', token)
  console.log(`${orders.data.length} orders`)
} catch (error) {
  console.error(error.cause?.message ?? error.message)
  process.exitCode = 1
}
