// Before the styles: says that scripts run, and which theme was chosen, so that the page never flashes.
(function () {
  var root = document.documentElement
  root.setAttribute('data-app-js', '')
  var scheme = null
  try { scheme = localStorage.getItem('scheme') } catch (_refused) { /* private browsing */ }
  scheme = scheme || 'system'
  root.setAttribute('data-fr-scheme', scheme)
  var dark = scheme === 'dark' || (scheme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.setAttribute('data-fr-theme', dark ? 'dark' : 'light')
})()
