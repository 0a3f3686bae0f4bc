// Unpacks the fonts that documents embed, as PDF wants them (sfnt), from those that pages are sent (WOFF 1.0):
//   node scripts/make-fonts.mjs node_modules build/fonts
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'

const [modules, out] = process.argv.slice(2)

// A WOFF is the font with each table compressed by zlib: W3C, WOFF File Format 1.0.
function sfnt (woff) {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error('not a WOFF 1.0')
  const count = woff.readUInt16BE(12)
  const tables = []
  for (let index = 0; index < count; index++) {
    const entry = woff.subarray(44 + 20 * index, 64 + 20 * index)
    const [offset, packed, length] = [4, 8, 12].map((place) => entry.readUInt32BE(place))
    const stored = woff.subarray(offset, offset + packed)
    const bytes = packed < length ? inflateSync(stored) : stored
    if (bytes.length !== length) throw new Error(`a table of ${bytes.length} bytes in place of ${length}`)
    tables.push({ entry, bytes })
  }
  const power = 2 ** Math.floor(Math.log2(count))
  const head = Buffer.alloc(12 + 16 * count)
  woff.copy(head, 0, 4, 8)
  head.writeUInt16BE(count, 4)
  head.writeUInt16BE(16 * power, 6)
  head.writeUInt16BE(Math.log2(power), 8)
  head.writeUInt16BE(16 * (count - power), 10)
  const parts = [head]
  let offset = head.length
  tables.forEach(({ entry, bytes }, index) => {
    const place = 12 + 16 * index
    entry.copy(head, place, 0, 4)
    entry.copy(head, place + 4, 16, 20)
    head.writeUInt32BE(offset, place + 8)
    head.writeUInt32BE(bytes.length, place + 12)
    // Tables begin at multiples of four.
    const padding = Buffer.alloc(-bytes.length & 3)
    parts.push(bytes, padding)
    offset += bytes.length + padding.length
  })
  return Buffer.concat(parts)
}

mkdirSync(out, { recursive: true })
for (const name of ['Marianne-Regular', 'Marianne-Bold']) {
  const bytes = sfnt(readFileSync(join(modules, '@gouvfr/dsfr/dist/fonts', `${name}.woff`)))
  const target = join(out, `${name}.ttf`)
  // The same bytes are left alone: the program is not built again for them.
  if (existsSync(target) && readFileSync(target).equals(bytes)) continue
  writeFileSync(`${target}.new`, bytes)
  renameSync(`${target}.new`, target)
}
