// Gathers the static files of the pages into one folder, each compressed as it will be sent:
//   node scripts/make-assets.mjs node_modules src/web/assets build/assets
// build.rs embeds what the manifest lists: address, media type, hash of the content.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const [modules, own, out] = process.argv.slice(2)
const dsfr = join(modules, '@gouvfr/dsfr')
const version = JSON.parse(readFileSync(join(dsfr, 'package.json'))).version

const MEDIA = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.md': 'text/markdown; charset=utf-8',
  '.webmanifest': 'application/manifest+json'
}
// Fonts and pictures that are compressed already gain nothing.
const PACKED = new Set(['.woff2', '.png', '.ico'])

function * walk (folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) yield * walk(path)
    else yield path
  }
}

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16)

// What a page of the design system needs, under the version's own folder: its addresses are relative.
const dist = join(dsfr, 'dist')
const files = new Map()
const take = (path) => files.set(`dsfr-${version}/${relative(dist, path)}`, path)
for (const name of ['dsfr.main.min.css', 'dsfr.print.min.css', 'dsfr.module.min.js', 'utility/utility.main.min.css']) {
  take(join(dist, name))
}
for (const folder of ['fonts', 'favicon', 'icons']) {
  for (const path of walk(join(dist, folder))) {
    if (['.woff2', '.svg', '.ico', '.png'].includes(extname(path))) take(path)
  }
}
for (const name of ['dark.svg', 'light.svg', 'system.svg']) take(join(dist, 'artwork', name))
files.set(`dsfr-${version}/LICENSE.md`, join(dsfr, 'LICENSE.md'))

// Our own, under a folder named by what they hold.
const ours = [...walk(own)].map((path) => [relative(own, path), readFileSync(path)])
const app = `app-${hash(Buffer.concat(ours.flatMap(([name, bytes]) => [Buffer.from(name), bytes])))}`
for (const [name] of ours) files.set(`${app}/${name}`, join(own, name))

// Made again only when something changed: compressing takes seconds.
const listed = [...files].map(([address, path]) => [address, path, readFileSync(path)])
  .sort(([a], [b]) => (a < b ? -1 : 1))
const manifest = listed.map(([address, , bytes]) => {
  const media = MEDIA[extname(address)]
  if (!media) throw new Error(`${address}: unknown media type`)
  return [address, media, hash(bytes)].join('\t')
}).join('\n') + '\n'
const at = join(out, 'manifest.tsv')
if (!existsSync(at) || readFileSync(at, 'utf8') !== manifest) {
  rmSync(out, { recursive: true, force: true })
  for (const [address, path, bytes] of listed) {
    const target = join(out, address)
    mkdirSync(dirname(target), { recursive: true })
    cpSync(path, target)
    if (PACKED.has(extname(address))) continue
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }
    writeFileSync(`${target}.br`, brotliCompressSync(bytes, options))
    writeFileSync(`${target}.gz`, gzipSync(bytes, { level: 9 }))
  }
  // Last: a run that was stopped begins again.
  writeFileSync(at, manifest)
}
