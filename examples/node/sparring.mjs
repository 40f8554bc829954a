// Starts the fakes and says where they are; ends them again.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export async function serve(...providers) {
  const folder = mkdtempSync(join(tmpdir(), 'sparring-'))
  const ready = join(folder, 'ready.json')
  const fake = spawn('sparring', ['serve', ...providers, '--port', '0', '--ready-file', ready], { stdio: 'ignore' })
  const ended = once(fake, 'exit')
  while (!existsSync(ready)) {
    if (fake.exitCode !== null) throw new Error(`sparring serve ended with ${fake.exitCode}`)
    await sleep(20)
  }
  const found = JSON.parse(readFileSync(ready, 'utf8'))

  async function control(path, body = {}) {
    const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const answer = await fetch(`${found.control_url}/stages/main/${path}`, options)
    if (!answer.ok) throw new Error(await answer.text())
  }

  async function recording(query = '') {
    return (await (await fetch(`${found.control_url}/stages/main/recording?${query}`)).json()).exchanges
  }

  async function close() {
    fake.kill()
    await ended
    rmSync(folder, { recursive: true })
  }

  return { ...found, control, recording, close }
}
