// What the environment says, and the few lines in which one provider differs from another.

import { Trouble } from './trouble.mjs'
import { webAddress } from './wire.mjs'

const USUAL = {
  accept: 'application/json',
  secret: 'post',
  pkce: true,
  asksScope: true,
  login: {}, // what the authorization request has besides
  refresh: () => ({}), // and the refresh request
}

const DIALECTS = {
  ingest: { accept: 'application/vnd.ingest.v1+json' },
  // "Logged-in Users (server-side)", "Get an Authorization Code" and "Use the Refresh Token"
  movingimage: {
    login: { response_mode: 'query' },
    refresh: (settings) => ({ response_type: 'token', redirect_uri: settings.redirectUri }),
  },
  // IdentityServer3 burns the code of a client with a secret that sends a code_verifier as well.
  panopto: { pkce: false },
  // "Authentication": Basic, and nothing in the body but the grant type
  rotor: { secret: 'basic', asksScope: false },
}

/** The variables for one of several providers, as SPARRING_CONTEXT lists them. */
export function toldOf(provider, env) {
  const { providers = [] } = JSON.parse(env.SPARRING_CONTEXT ?? '{}')
  const told = providers.find((each) => each.provider === provider)
  if (told === undefined) throw new Trouble('config', 'there is no such provider')
  const words = Object.entries(told).filter(([, value]) => typeof value !== 'object')
  return {
    SPARRING_STATE_DIR: env.SPARRING_STATE_DIR,
    ...Object.fromEntries(words.map(([name, value]) => [`SPARRING_${name.toUpperCase()}`, String(value)])),
  }
}

/** Read SPARRING_*; what cannot work is refused here, before any request. */
export function settingsFrom(env) {
  const grant = env.SPARRING_GRANT
  if (grant !== 'client_credentials' && grant !== 'authorization_code') {
    throw new Trouble('config', 'SPARRING_GRANT names no grant that this client knows')
  }
  const code = grant === 'authorization_code'
  const scope = env.SPARRING_SCOPE ?? ''
  const openid = code && scope.split(' ').includes('openid')
  const needed = ['SPARRING_TOKEN_URL', 'SPARRING_API_URL', 'SPARRING_CLIENT_ID', 'SPARRING_CLIENT_SECRET']
  if (code) needed.push('SPARRING_AUTHORIZE_URL', 'SPARRING_REDIRECT_URI')
  if (openid) needed.push('SPARRING_ISSUER', 'SPARRING_JWKS_URL')
  if (env.SPARRING_PROVIDER === 'rotor') needed.push('SPARRING_REGISTER_URL', 'SPARRING_REMOTE_USER_ID')
  for (const name of needed) {
    if (!env[name]) throw new Trouble('config', `${name} is missing`)
    if (name.endsWith('_URL')) webAddress(name, env[name])
  }
  const timeout = Number(env.SPARRING_TIMEOUT ?? 20)
  if (!Number.isFinite(timeout)) throw new Trouble('config', 'SPARRING_TIMEOUT is not a number')
  return {
    ...USUAL,
    ...DIALECTS[env.SPARRING_PROVIDER],
    provider: env.SPARRING_PROVIDER,
    grant,
    scope,
    openid,
    apiUrl: new URL(env.SPARRING_API_URL),
    discoveryUrl: env.SPARRING_DISCOVERY_URL,
    registerUrl: env.SPARRING_REGISTER_URL,
    clientId: env.SPARRING_CLIENT_ID,
    clientSecret: env.SPARRING_CLIENT_SECRET,
    redirectUri: env.SPARRING_REDIRECT_URI,
    remoteUserId: env.SPARRING_REMOTE_USER_ID ?? '',
    stateDir: env.SPARRING_STATE_DIR,
    patience: Math.min(Math.max(timeout * 0.8, 0.5), 300),
    // The library wants an issuer always; one who has none is known by where its tokens come from.
    knowsIssuer: Boolean(env.SPARRING_ISSUER),
    server: {
      issuer: env.SPARRING_ISSUER || new URL(env.SPARRING_TOKEN_URL).origin,
      authorization_endpoint: env.SPARRING_AUTHORIZE_URL,
      token_endpoint: env.SPARRING_TOKEN_URL,
      jwks_uri: env.SPARRING_JWKS_URL,
    },
  }
}
