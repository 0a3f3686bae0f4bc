// Takes the outlines of the present regions out of the design system's charts, to be drawn by our own templates:
//   node scripts/make-map.mjs node_modules build/map
// A line a region: INSEE code, where its drawing goes, where its label goes (x, y), its outline.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [modules, out] = process.argv.slice(2)
const bundle = readFileSync(join(modules, '@gouvfr/dsfr-chart/dist/MapChart/MapChart.js'), 'utf8')

// The map is 1010 wide and high; overseas regions stand in a row under it, three times larger than their drawing.
const MAINLAND = { ARA: '84', BFC: '27', BRE: '53', CVL: '24', '20R': '94', GES: '44', HDF: '32', IDF: '11', NOR: '28', NAQ: '75', OCC: '76', PDL: '52', PAC: '93' }
const OVERSEAS = { 971: '01', 972: '02', 973: '03', 974: '04', 976: '06' }
const [STEP, TOP, SCALE] = [168, 1040, 2.6]

function outline (name) {
  const found = new RegExp(`class: "FR-${name}",\\s*(?:style: [^\\n]*\\n\\s*)?d: "([^"]+)"`).exec(bundle)
  if (!found) throw new Error(`no outline of FR-${name}: another version of the charts?`)
  return found[1]
}

// The middle of the box around the longest closed part of a path.
function middle (path) {
  const tokens = path.match(/[a-zA-Z]|-?(?:\d*\.\d+|\d+)/g)
  let [x, y, fromX, fromY, command] = [0, 0, 0, 0, '']
  const parts = []
  const reach = () => parts.at(-1).push([x, y])
  for (let place = 0; place < tokens.length;) {
    if (/[a-zA-Z]/.test(tokens[place])) command = tokens[place++]
    const next = () => Number(tokens[place++])
    const isRelative = command === command.toLowerCase()
    const [baseX, baseY] = isRelative ? [x, y] : [0, 0]
    switch (command.toLowerCase()) {
      case 'm':
        ;[x, y] = [baseX + next(), baseY + next()]
        ;[fromX, fromY] = [x, y]
        parts.push([])
        reach()
        command = isRelative ? 'l' : 'L'
        break
      case 'l': [x, y] = [baseX + next(), baseY + next()]; reach(); break
      case 'h': x = baseX + next(); reach(); break
      case 'v': y = baseY + next(); reach(); break
      case 's': case 'q': next(); next(); [x, y] = [baseX + next(), baseY + next()]; reach(); break
      case 'c': next(); next(); next(); next(); [x, y] = [baseX + next(), baseY + next()]; reach(); break
      case 'a': next(); next(); next(); next(); next(); [x, y] = [baseX + next(), baseY + next()]; reach(); break
      case 'z': [x, y] = [fromX, fromY]; break
      default: throw new Error(`a path with ${command}`)
    }
  }
  const longest = parts.reduce((one, other) => (other.length > one.length ? other : one))
  const centre = (values) => Math.round((Math.min(...values) + Math.max(...values)) / 2)
  return [centre(longest.map(([x]) => x)), centre(longest.map(([, y]) => y))]
}

const lines = Object.entries(MAINLAND).map(([name, code]) => {
  const path = outline(name)
  return [code, 'translate(0 0)', ...middle(path), path]
})
Object.entries(OVERSEAS).forEach(([name, code], place) => {
  const x = 10 + place * STEP
  lines.push([code, `translate(${x} ${TOP}) scale(${SCALE})`, x + 65, TOP + 160, outline(name)])
})
const text = lines.map((line) => line.join('\t')).join('\n') + '\n'
const file = join(out, 'regions.tsv')
mkdirSync(out, { recursive: true })
if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text)
