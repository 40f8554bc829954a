// What must survive the end of the process: refresh tokens, in one file that only its owner can read.

import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** A file of mode 0600 in that folder, replaced as a whole; without a folder nothing is kept. */
export class Store {
  constructor(folder, provider) {
    this.file = folder ? join(folder, `logins-${provider}.json`) : undefined
    this.logins = this.#read()
  }

  /** What is kept of that user's login. */
  of(user) {
    const login = this.logins[user]
    return typeof login?.refreshToken === 'string' ? login : {}
  }

  /** Keep a login, or forget it where there is no refresh token any more. */
  keep(user, login) {
    const kept = login.refreshToken === undefined ? undefined : login
    if (this.file === undefined || JSON.stringify(kept) === JSON.stringify(this.logins[user])) return
    this.logins = { ...this.logins, [user]: kept }
    this.#write()
  }

  #read() {
    try {
      const logins = JSON.parse(readFileSync(this.file, 'utf8'))
      return typeof logins === 'object' && logins !== null ? logins : {}
    } catch {
      return {} // nothing kept, or nothing that could be understood
    }
  }

  #write() {
    // Under another name first: whoever is killed half-way leaves the old file whole.
    const fresh = `${this.file}.new`
    rmSync(fresh, { force: true })
    const handle = openSync(fresh, 'wx', 0o600)
    try {
      writeSync(handle, JSON.stringify(this.logins))
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(fresh, this.file)
  }
}
