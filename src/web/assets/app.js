// What makes pages quicker where scripts run. Without it every page does the same.
(function () {
  // A refused form: its summary is read first.
  var summary = document.getElementById('erreurs')
  if (summary) summary.focus()

  // A form is sent once: a second click waits for the answer to the first.
  document.addEventListener('submit', function (event) {
    var form = event.target
    if (form.hasAttribute('data-sent')) { event.preventDefault(); return }
    form.setAttribute('data-sent', '')
  })
  // Amounts: their magnitude as one types, so that thousands are not taken for euros. Rounded as on the server.
  function magnitude (text) {
    var plain = text.replace(/\s*€\s*$/, '').trim()
    if (!/^(\d+|\d{1,3}([ \u00a0\u202f]\d{3})+)(,\d{1,2})?$/.test(plain)) return ''
    var euros = Number(plain.replace(/[^\d,]/g, '').replace(',', '.'))
    if (Math.round(euros) < 1000) return Math.round(euros) + '\u00a0€'
    var unit = Math.round(euros / 1e3) < 1000 ? [1e3, 'k€'] : [1e6, 'M€']
    var tenths = Math.round(euros / unit[0] * 10)
    var short = tenths < 100 ? tenths / 10 : Math.round(euros / unit[0])
    return short.toLocaleString('fr-FR') + '\u00a0' + unit[1]
  }
  document.querySelectorAll('input[data-magnitude]').forEach(function (input) {
    var told = document.createElement('p')
    told.className = 'fr-hint-text fr-mt-1v'
    told.setAttribute('aria-live', 'polite')
    input.after(told)
    function tell () {
      var shown = magnitude(input.value)
      told.textContent = shown && 'soit ' + shown
    }
    input.addEventListener('input', tell)
    tell()
  })

  // What is on its way is asked for again until it has come: the page says so by no longer following it.
  function follow (region) {
    setTimeout(function () {
      fetch(location.href, { credentials: 'same-origin' }).then(function (answer) { return answer.text() }).then(function (text) {
        var next = new DOMParser().parseFromString(text, 'text/html').getElementById(region.id)
        if (!next) { location.reload(); return }
        region.replaceWith(document.adoptNode(next))
        if (next.hasAttribute('data-follow')) follow(next)
      }).catch(function () { follow(region) })
    }, 2000)
  }
  document.querySelectorAll('[data-follow]').forEach(follow)

  // Back from the next page, the form may be sent again.
  window.addEventListener('pageshow', function () {
    document.querySelectorAll('form[data-sent]').forEach(function (form) { form.removeAttribute('data-sent') })
  })
})()
