// Runs a real Bluesky PDS with its directory (PLC) on loopback for one test.
//
// Prints one line of JSON with their addresses once both answer, and stops
// when its standard input closes: it never outlives the test that began it.
// Usage: node serve.mjs DATA_FOLDER ADMIN_PASSWORD
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import http from 'node:http'
import { createRequire } from 'node:module'
import net from 'node:net'
import path from 'node:path'

// Both servers listen on every interface by default: keep them on loopback.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (port, ...rest) {
  if (typeof port === 'number') return listen.call(this, port, '127.0.0.1', ...rest.filter((r) => typeof r === 'function'))
  if (port && typeof port === 'object' && 'port' in port) return listen.call(this, { ...port, host: '127.0.0.1' }, ...rest)
  throw new Error(`listen(${port}): only a port of loopback is wanted`)
}

const require = createRequire(path.join(process.cwd(), 'serve.cjs'))
const plc = require('@did-plc/server')
const { PDS, envToCfg, envToSecrets } = require('@atproto/pds')

const [folder, adminPassword] = process.argv.slice(2)
fs.mkdirSync(folder, { recursive: true })

const freePort = () =>
  new Promise((resolve) => {
    const s = http.createServer().listen(0, () => {
      const { port } = s.address()
      s.close(() => resolve(port))
    })
  })

const plcPort = await freePort()
const directory = plc.PlcServer.create({ db: plc.Database.mock(), port: plcPort })
await directory.start()

const port = await freePort()
const env = {
  port,
  hostname: 'localhost',
  devMode: true,
  dataDirectory: folder,
  blobstoreDiskLocation: path.join(folder, 'blobs'),
  didPlcUrl: `http://127.0.0.1:${plcPort}`,
  serviceHandleDomains: ['.test'],
  inviteRequired: false,
  rateLimitsEnabled: false,
  disableSsrfProtection: true,
  bskyAppViewUrl: 'http://127.0.0.1:9', // nobody: views are not asked for
  bskyAppViewDid: 'did:web:nobody.test',
  crawlers: [],
  jwtSecret: randomBytes(16).toString('hex'),
  adminPassword,
  plcRotationKeyK256PrivateKeyHex: randomBytes(32).toString('hex'),
}
const pds = await PDS.create(envToCfg(env), envToSecrets(env))
await pds.start()
console.log(JSON.stringify({ pds: `http://127.0.0.1:${port}`, plc: `http://127.0.0.1:${plcPort}` }))

const stop = async () => {
  setTimeout(() => process.exit(0), 3000).unref()
  await pds.destroy()
  await directory.destroy()
  process.exit(0)
}
process.stdin.on('end', stop).resume()
process.on('SIGTERM', stop)
