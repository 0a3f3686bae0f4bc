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
  // Back from the next page, the form may be sent again.
  window.addEventListener('pageshow', function () {
    document.querySelectorAll('form[data-sent]').forEach(function (form) { form.removeAttribute('data-sent') })
  })
})()
