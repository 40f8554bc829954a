// Who signed in: what the library leaves open about ID tokens (OpenID Connect Core, sections 3.1.3.7 and 12.2).

import { createHash } from 'node:crypto'

import * as oauth from 'oauth4webapi'

import { now, understood } from './tokens.mjs'
import { Trouble, isTemporary, retryAfter } from './trouble.mjs'

const LEEWAY = 120 // seconds by which two clocks may differ
const STALE = 600 // seconds after which an ID token cannot have been made for this renewal

/** The person whom the ID token of a login names. The library has compared the nonce. */
export async function whoSignedIn(endpoint, token, nonce) {
  await trust(endpoint, token)
  return { subject: token.identity.claims.sub, nonce }
}

/** The ID token of a renewal is about the same person; the library knows nothing of the login before. */
export async function samePerson(endpoint, token, identity) {
  const { claims } = token.identity
  if (claims === undefined || identity === undefined) return
  await trust(endpoint, token)
  if (claims.sub !== identity.subject) throw untrusted('is about somebody else')
  if (claims.iat + STALE < now()) throw untrusted('is an old one')
  if (claims.nonce !== undefined && claims.nonce !== identity.nonce) throw untrusted('has another nonce')
}

async function trust(endpoint, token) {
  const { answer, claims } = token.identity
  if (!claims.sub) throw untrusted('names nobody')
  if (Math.max(claims.exp, claims.iat) >= 1e11) throw untrusted('counts no seconds')
  // The library looks at nbf, not at iat; at azp only beside several audiences; and never at at_hash.
  if (claims.iat - LEEWAY > now()) throw untrusted('is from the future')
  const { clientId } = endpoint.settings
  if (claims.azp !== undefined && claims.azp !== clientId) throw untrusted('was made for another client')
  if (claims.at_hash !== undefined && claims.at_hash !== halfHash(token.value)) {
    throw untrusted('came with another access token')
  }
  await understood(() => signed(endpoint, answer))
}

/** The library takes TLS for a signature (section 3.1.3.7, number 6); a proxy that opens TLS could say anything. */
async function signed(endpoint, answer) {
  const options = endpoint.options((url, request) => keys(endpoint.wire, url, request))
  try {
    await oauth.validateApplicationLevelSignature(endpoint.server, answer, options)
  } catch (error) {
    // For a minute the library fetches keys only once, even where the key's name is a new one (section 10.1.1). What
    // it has cached belongs to the object that describes the server, so another object starts anew.
    if (error.code !== oauth.KEY_SELECTION || !endpoint.hasKeys) throw error
    endpoint.server = { ...endpoint.server }
    await oauth.validateApplicationLevelSignature(endpoint.server, answer, options)
  } finally {
    endpoint.hasKeys = true
  }
}

async function keys(wire, url, request) {
  const answer = await wire.send(url, request)
  if (isTemporary(answer.status)) {
    const { status } = answer
    throw new Trouble('retry-later', `the provider's keys: ${status}`, { status, retryAfter: retryAfter(answer) })
  }
  return answer
}

const halfHash = (text) => createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url')

const untrusted = (why) => new Trouble('protocol', `the id_token ${why}`)
