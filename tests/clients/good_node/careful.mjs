// The second careful client, which shares nothing with the first: Node.js and oauth4webapi.
//
// `node careful.mjs` is driven line by line (driver `session`), `node careful.mjs --oneshot` gets one token and calls
// the API once.

import { createInterface } from 'node:readline'

import { Client } from './client.mjs'
import { PartnerClient } from './partner.mjs'
import { settingsFrom, toldOf } from './settings.mjs'
import { Trouble } from './trouble.mjs'

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)

function start(visit, env = process.env) {
  const settings = settingsFrom(env)
  return settings.registerUrl ? new PartnerClient(settings, visit) : new Client(settings, visit)
}

async function oneshot() {
  let report
  try {
    const client = start((url) => say({ sparring: 'visit', id: 1, url, deliver: 'http' }))
    client.begin()
    await client.authenticate(false)
    client.begin()
    report = await client.callApi(1, false)
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    report = error.report
  }
  say(report)
  return report.outcome === 'ok' ? 0 : 1
}

async function session() {
  let client, current, unusable
  const clients = new Map() // by provider, where there are several; each keeps what is its own
  const visit = (url) => say({ sparring: 'visit', id: current, url, deliver: 'http' })
  try {
    client = start(visit)
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    unusable = error
  }

  async function obey(instruction) {
    if (client === undefined) throw unusable
    if ('provider' in instruction) {
      const provider = text(instruction, 'provider')
      if (!clients.has(provider)) clients.set(provider, start(visit, toldOf(provider, process.env)))
      client = clients.get(provider)
    }
    client.begin()
    if ('user' in instruction) client.turnTo(text(instruction, 'user'))
    switch (instruction.do) {
      case 'authenticate':
        return client.authenticate(instruction.fresh === true)
      case 'call_api': {
        const { times = 1 } = instruction
        if (!Number.isInteger(times) || times < 1) throw new Trouble('config', 'times is no number of calls')
        return client.callApi(times, instruction.parallel === true)
      }
      case 'register':
        return client.register(text(instruction, 'remote_user_id'))
      default:
        throw new Trouble('config', 'unknown instruction')
    }
  }

  async function work(instruction) {
    current = instruction.id
    let report
    try {
      report = await obey(instruction)
    } catch (error) {
      if (!(error instanceof Trouble)) throw error // a bug ends the program visibly
      report = error.report
    }
    say({ sparring: 'done', id: current, ...report })
  }

  say({ sparring: 'ready', protocol: 1 })
  let last = Promise.resolve()
  for await (const line of createInterface({ input: process.stdin })) {
    const instruction = parsed(line)
    if (typeof instruction?.do !== 'string') continue
    if (instruction.do === 'quit') {
      say({ sparring: 'done', id: instruction.id, outcome: 'ok' })
      break
    }
    last = last.then(() => work(instruction))
  }
  return 0
}

function parsed(line) {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function text(instruction, name) {
  const value = instruction[name]
  if (typeof value !== 'string' || !value) throw new Trouble('config', `${name} is no name`)
  return value
}

const [mode, ...rest] = process.argv.slice(2)
if (rest.length || (mode !== undefined && mode !== '--oneshot')) {
  process.stderr.write('usage: node careful.mjs [--oneshot]\n')
  process.exit(2)
}
const code = await (mode === '--oneshot' ? oneshot() : session())
process.stdout.write('', () => process.exit(code))
