// The JSON lines of `sparring check --driver session`, for a client with authenticate() and callApi().
//
// Either may throw. What authenticate() returns is when the token ends, in seconds since 1970 (null: it does not say).

import { createInterface } from 'node:readline'

const say = (message) => process.stdout.write(`${JSON.stringify({ sparring: 'done', ...message })}\n`)

async function obey(client, { do: what, fresh = false, times = 1, parallel = false }) {
  if (what === 'authenticate') return { expires_at: (await client.authenticate(fresh)) ?? null }
  if (what === 'register') return client.register()
  if (parallel) {
    // every call ends before the first error is told, or it would go on into the next instruction
    const calls = await Promise.allSettled(Array.from({ length: times }, () => client.callApi()))
    const failed = calls.find((call) => call.status === 'rejected')
    if (failed) throw failed.reason
  } else {
    for (let call = 0; call < times; call += 1) await client.callApi()
  }
  return {}
}

export function serve(client) {
  console.log = console.error
  console.warn = console.error
  process.stdout.write('{"sparring":"ready","protocol":1}\n')
  createInterface({ input: process.stdin }).on('line', async (line) => {
    const instruction = JSON.parse(line)
    if (instruction.do === 'quit') {
      // whatever is under way is left alone: a server may be silent for ever
      say({ id: instruction.id, outcome: 'ok' })
      process.exit(0)
    }
    try {
      say({ id: instruction.id, outcome: 'ok', ...(await obey(client, instruction)) })
    } catch (error) {
      // an error may quote a token, and what is said is read by others: no long word goes out
      const detail = `${error?.name}: ${error?.message}`.replace(/[^\s"']{16,}/g, '...').slice(0, 300)
      say({ id: instruction.id, outcome: 'error', detail })
    }
  })
}

export async function get(url, headers) {
  const answer = await fetch(url, { headers })
  if (!answer.ok) throw new Error(`the API answered ${answer.status}`)
  await answer.arrayBuffer()
}
