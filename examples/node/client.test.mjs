// node --test examples/node/client.test.mjs

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'

import { Client } from './client.mjs'
import { serve } from './sparring.mjs'

let fakes

function client(options = {}) {
  const { endpoints, client_id: clientId, client_secret: clientSecret, scope } = fakes.providers.clickview
  return new Client({ tokenUrl: endpoints.token, apiUrl: endpoints.api, clientId, clientSecret, scope, ...options })
}

before(async () => {
  fakes = await serve('clickview')
})
beforeEach(() => fakes.control('reset'))
after(() => fakes.close())

test('one token serves several calls', async () => {
  const one = client()
  await one.get()
  await one.get()
  assert.equal((await fakes.recording('endpoint=token')).length, 1)
})

test('an old token is renewed before it ends', async () => {
  let passed = 0
  const one = client({ now: () => Date.now() + passed })
  await one.get()
  passed = 80_000_000
  await fakes.control('clock/advance', { seconds: 80_000 })
  await one.get()
  assert.equal((await fakes.recording('endpoint=token')).length, 2)
})

test('a refusal is said, and not sent to the API', async () => {
  await fakes.control('faults', {
    match: { endpoint: 'token' },
    effect: { kind: 'replace', status: 400, body: { error: 'invalid_scope' } },
  })
  await assert.rejects(client().get(), /invalid_scope/)
  assert.deepEqual(await fakes.recording('endpoint=api'), [])
})
