// Long lists are chosen by typing: accents, hyphens and case forgiven, codes found too. An editable combobox with a
// list, as the ARIA Authoring Practices have it. The list of the page stays the field of the form: what is sent is the same.
(function () {
  function fold (text) {
    return text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').replace(/œ/g, 'oe').replace(/æ/g, 'ae')
      .replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
  }

  function make (name, attributes) {
    var made = document.createElement(name)
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]) })
    return made
  }

  // The choices of a list, as they are compared.
  function choicesOf (select) {
    return Array.from(select.options).filter(function (option) { return option.value && !option.dataset.outside })
      .map(function (option) {
        var group = option.parentNode.label || ''
        return { option: option, name: option.text, key: fold(option.text), code: fold(option.value), group: group }
      })
  }

  // Those that have every word at the start of one of theirs, else anywhere; those that begin so first.
  function found (choices, text) {
    var key = fold(text)
    var words = key.split(' ')
    function having (before) {
      return choices.filter(function (choice) {
        var whole = ' ' + choice.key + ' ' + choice.code
        return words.every(function (word) { return whole.includes(before + word) })
      })
    }
    var some = having(' ')
    if (!some.length) some = having('')
    function begins (choice) { return choice.key.startsWith(key) || choice.code === key }
    return some.filter(begins).concat(some.filter(function (choice) { return !begins(choice) }))
  }

  function enhance (select) {
    var id = select.id
    var choices = choicesOf(select)
    var label = document.querySelector('label[for="' + id + '"]')
    label.id = id + '-label'
    var hint = label.querySelector('.fr-hint-text') || label.appendChild(make('span', { class: 'fr-hint-text' }))
    hint.append((hint.textContent ? ' ' : '') + 'Tapez quelques lettres pour chercher dans la liste.')

    var input = make('input', {
      class: 'fr-select app-combobox__input', type: 'text', role: 'combobox', id: id, autocomplete: 'off', autocapitalize: 'off',
      spellcheck: 'false', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': id + '-liste'
    })
    ;['aria-describedby', 'aria-invalid', 'required'].forEach(function (name) {
      if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name))
      select.removeAttribute(name)
    })
    var list = make('div', { role: 'listbox', id: id + '-liste', 'aria-labelledby': label.id })
    var none = make('p', { class: 'app-combobox__none' })
    var popup = make('div', { class: 'app-combobox__popup', hidden: '' })
    var status = make('div', { class: 'fr-sr-only', role: 'status' })
    var box = make('div', { class: 'app-combobox' })
    popup.append(list, none)
    box.append(input, popup, status)
    // The list is out of sight and out of what is read aloud; it is sent all the same.
    select.before(box)
    select.id = id + '-valeur'
    select.className = ''
    select.hidden = true
    box.append(select)

    var shown = []
    var active = -1
    var telling = 0

    function tell (text) {
      clearTimeout(telling)
      telling = setTimeout(function () { status.textContent = text }, 400)
    }
    // The choice that was made; none where the text that was kept is not one of the list.
    function chosen () {
      var option = select.selectedOptions[0]
      return option && option.value && !option.dataset.outside ? option.text : ''
    }
    function isOpen () { return !popup.hidden }
    function activate (at) {
      if (shown[active]) shown[active].element.setAttribute('aria-selected', 'false')
      active = at
      input.removeAttribute('aria-activedescendant')
      if (!shown[at]) return
      var element = shown[at].element
      element.setAttribute('aria-selected', 'true')
      input.setAttribute('aria-activedescendant', element.id)
      element.scrollIntoView({ block: 'nearest' })
    }
    function close () {
      popup.hidden = true
      input.setAttribute('aria-expanded', 'false')
      activate(-1)
    }
    function choose (choice) {
      choice.option.selected = true
      input.value = choice.name
      tell(choice.name)
      close()
    }
    // What was typed becomes a choice: the one so called, else the only one left. Otherwise the service is sent the
    // text, and says what it thinks of it: nothing typed is lost.
    function settle () {
      var text = input.value.trim()
      if (text === chosen()) return true
      var key = fold(text)
      var left = key ? found(choices, text) : []
      var same = left.filter(function (choice) { return choice.key === key || choice.code === key })
      if (same.length || left.length === 1) { choose(same[0] || left[0]); return true }
      var own = select.querySelector('[data-outside]')
      if (text && !own) own = select.appendChild(make('option', { 'data-outside': '' }))
      if (text) { own.value = own.textContent = text; own.selected = true } else select.value = ''
      return !text
    }
    function open () {
      var isSearch = input.value.trim() && input.value.trim() !== chosen()
      shown = (isSearch ? found(choices, input.value) : choices).map(function (choice) { return { choice: choice } })
      list.replaceChildren()
      var groups = {}
      shown.forEach(function (row) {
        var title = row.choice.group
        if (title && !groups[title]) {
          groups[title] = list.appendChild(make('div', { role: 'group', 'aria-label': title }))
          groups[title].appendChild(make('div', { class: 'app-combobox__title', 'aria-hidden': 'true' })).textContent = title
        }
        row.element = make('div', { role: 'option', class: 'app-combobox__option', 'aria-selected': 'false' })
        row.element.textContent = row.choice.name
        ;(groups[title] || list).append(row.element)
        row.element.addEventListener('click', function () { choose(row.choice) })
      })
      // As they are seen, group by group.
      var order = Array.from(list.querySelectorAll('[role=option]'))
      shown.sort(function (one, other) { return order.indexOf(one.element) - order.indexOf(other.element) })
      shown.forEach(function (row, at) { row.element.id = id + '-choix-' + at })
      list.hidden = !shown.length
      none.hidden = !!shown.length
      none.textContent = 'Aucun résultat. Vérifiez l’orthographe, ou effacez pour voir toute la liste.'
      popup.hidden = false
      input.setAttribute('aria-expanded', String(!!shown.length))
      active = -1
      input.removeAttribute('aria-activedescendant')
      list.scrollTop = 0
      tell(shown.length > 1 ? shown.length + ' résultats' : shown.length ? '1 résultat' : none.textContent)
    }
    // Opens at the choice that was made, else at an end of the list.
    function openAt (end) {
      open()
      var now = shown.findIndex(function (row) { return row.choice.option.selected })
      activate(now >= 0 ? now : end < 0 ? shown.length - 1 : 0)
    }
    function move (step) {
      if (!isOpen()) { openAt(step); return }
      if (shown.length) activate(active < 0 && step < 0 ? shown.length - 1 : (active + step + shown.length) % shown.length)
    }

    input.addEventListener('input', open)
    input.addEventListener('click', function () {
      if (isOpen()) return
      input.select()
      open()
    })
    input.addEventListener('blur', function () { settle(); close() })
    popup.addEventListener('mousedown', function (event) { event.preventDefault() })
    input.addEventListener('keydown', function (event) {
      if (event.isComposing) return
      var taken = true
      if (event.key === 'ArrowDown' && event.altKey) open()
      else if (event.key === 'ArrowUp' && event.altKey) close()
      else if (event.key === 'ArrowDown') move(1)
      else if (event.key === 'ArrowUp') move(-1)
      else if (event.key === 'Escape' && isOpen()) close()
      else if (event.key === 'Enter' && isOpen()) {
        // A list that is open is answered first; what stands for several choices shows the first.
        if (shown[active]) choose(shown[active].choice)
        else if (settle() || !shown.length) close()
        else activate(0)
      } else {
        if (event.key === 'Enter') settle()
        if (event.key === 'Tab' && isOpen() && shown[active]) choose(shown[active].choice)
        taken = false
      }
      if (taken) event.preventDefault()
    })

    // What the browser put back, when one comes back to the page, counts.
    function show () { input.value = select.value && select.selectedOptions[0].text }
    show()
    window.addEventListener('pageshow', show)
  }

  document.querySelectorAll('select[data-filter]').forEach(enhance)
})()
