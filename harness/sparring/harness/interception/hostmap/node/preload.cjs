// Inside a driven Node.js program: the providers' real names are listeners on this machine, nobody else is reached.
//
// Started by way of NODE_OPTIONS; SPARRING_HOSTMAP names a file {"hosts": {name: {address, tls, plain}}, "known": [names],
// "report": file}. Sockets of net and tls, and with them http, https, fetch and whatever is built on them, go that way.

'use strict'

const dns = require('dns')
const fs = require('fs')
const net = require('net')
const os = require('os')
const util = require('util')

const PLAIN = 80

if (process.env.SPARRING_HOSTMAP) start(JSON.parse(fs.readFileSync(process.env.SPARRING_HOSTMAP, 'utf8')))

function start(told) {
  const hosts = new Map(Object.entries(told.hosts))
  const byAddress = new Map([...hosts.values()].map((host) => [host.address, host]))
  const own = new Set(['', 'localhost', 'localhost.localdomain', os.hostname().toLowerCase()])
  const reported = new Set()

  const plain = (host) => String(host || '').replace(/^\[|\]$/g, '').replace(/%.*$/, '').replace(/\.$/, '').toLowerCase()
  const isOwnAddress = (name) => /^(::ffff:)?127\.|^(::|::1|0\.0\.0\.0)$/.test(name)
  const isStrange = (name) =>
    !net.isIP(name) && !hosts.has(name) && !own.has(name) && !name.endsWith('.localhost')

  function report(host, port, means) {
    const line = JSON.stringify({ host, port: Number(port) || 0, means })
    if (told.known.includes(host) || reported.has(line)) return
    reported.add(line)
    fs.appendFileSync(told.report, `${line}\n`)
  }

  function trouble(code, syscall, facts) {
    const where = facts.address ? `${facts.address}:${facts.port}` : facts.hostname
    const error = Object.assign(new Error(`${syscall} ${code} ${where}`), { code, syscall }, facts)
    const number = os.constants.errno[code]
    error.errno = code === 'ENOTFOUND' ? -3008 : -number
    return error
  }

  function unknown(hostname, syscall) {
    report(plain(hostname), 0, 'name')
    return trouble('ENOTFOUND', syscall, { hostname })
  }

  /** Where a connection to that host and port goes instead; an error where it does not. */
  function destination(host, port) {
    const name = plain(host)
    const found = hosts.get(name) || byAddress.get(name)
    if (found) {
      const to = Number(port) === PLAIN ? found.plain : found.tls || found.plain
      return to ? { host: '127.0.0.1', port: to } : trouble('ECONNREFUSED', 'connect', { address: name, port })
    }
    if (isStrange(name)) {
      report(name, port, 'name')
      return trouble('ENOTFOUND', 'getaddrinfo', { hostname: host })
    }
    if (net.isIP(name) && !isOwnAddress(name)) {
      report(name, port, 'address')
      return trouble('ENETUNREACH', 'connect', { address: name, port })
    }
    return undefined
  }

  const connect = net.Socket.prototype.connect
  net.Socket.prototype.connect = function (...given) {
    // net.connect hands its arguments on as one list that it has put in order already: [options, callback]
    const list = Array.isArray(given[0]) ? given[0] : given
    const first = list[0]
    const options = typeof first === 'object' && first !== null ? first : asOptions(list)
    if (options === undefined || options.path || options.port === undefined) return connect.apply(this, given)
    const to = destination(options.host, options.port)
    if (to === undefined) return connect.apply(this, given)
    const done = [...list].reverse().find((one) => typeof one === 'function')
    if (to instanceof Error) {
      this.connecting = true
      process.nextTick(() => this.destroy(to))
      return this
    }
    const led = { ...options, ...to, family: 4, lookup: undefined, autoSelectFamily: false }
    return done ? connect.call(this, led, done) : connect.call(this, led)
  }

  function asOptions(list) {
    const isPort = typeof list[0] === 'number' || /^\d+$/.test(list[0])
    return isPort ? { port: list[0], host: typeof list[1] === 'string' ? list[1] : 'localhost' } : undefined
  }

  const asked = (options) => (typeof options === 'object' && options !== null ? options : { family: options })
  const found = (name, all) => (all ? [{ address: hosts.get(name).address, family: 4 }] : hosts.get(name).address)

  const lookup = dns.lookup
  dns.lookup = function (hostname, options, callback) {
    const last = typeof options === 'function' ? options : callback
    const name = plain(hostname)
    const { all } = asked(typeof options === 'function' ? {} : options)
    if (hosts.has(name)) return void process.nextTick(last, null, found(name, all), ...(all ? [] : [4]))
    if (isStrange(name)) return void process.nextTick(last, unknown(hostname, 'getaddrinfo'))
    return lookup.apply(dns, arguments)
  }
  // Node arranges what util.promisify makes of dns.lookup by hidden names of the arguments; this one has none
  dns.lookup[util.promisify.custom] = (hostname, options) => dns.promises.lookup(hostname, options)

  const lookupLater = dns.promises.lookup
  dns.promises.lookup = async function (hostname, options) {
    const name = plain(hostname)
    const { all } = asked(options)
    if (hosts.has(name)) return all ? found(name, true) : { address: found(name, false), family: 4 }
    if (isStrange(name)) throw unknown(hostname, 'getaddrinfo')
    return lookupLater.apply(dns.promises, arguments)
  }

  for (const kind of ['resolve', 'resolve4', 'resolve6']) {
    const addresses = (name) => (kind === 'resolve6' ? [] : [hosts.get(name).address])
    const resolve = dns[kind]
    dns[kind] = function (hostname, ...rest) {
      const name = plain(hostname)
      if (hosts.has(name)) return void process.nextTick(rest[rest.length - 1], null, addresses(name))
      if (isStrange(name)) return void process.nextTick(rest[rest.length - 1], unknown(hostname, 'query'))
      return resolve.call(dns, hostname, ...rest)
    }
    const resolveLater = dns.promises[kind]
    dns.promises[kind] = async function (hostname, ...rest) {
      const name = plain(hostname)
      if (hosts.has(name)) return addresses(name)
      if (isStrange(name)) throw unknown(hostname, 'query')
      return resolveLater.call(dns.promises, hostname, ...rest)
    }
  }

  require('module').syncBuiltinESMExports()
}
