/* The frame around the dashboards: signed out leads to the sign-in, and the frame's own words are Indonesian. */
'use strict'
window.prerenderReady = true
// our colours and fonts from the first moment: no flash of another theme, no font to wait for
const theme = JSON.parse(document.querySelector('meta[name=ekopz-theme]').content)
window.__streamlit = { LIGHT_THEME: theme, DARK_THEME: theme, BACKEND_BASE_URL: location.origin + '/dasbor' }
document.fonts.load = () => Promise.resolve([]) // icons come when a page shows one
const signIn = () => location.assign('/masuk?next=' + encodeURIComponent(location.pathname + location.search))
window.WebSocket = class extends WebSocket {
  constructor (...given) {
    super(...given)
    this.addEventListener('close', event => { if (event.code === 4401) signIn() })
  }
}
const WORDS = {
  'Running...': 'Memuat…',
  'Running…': 'Memuat…',
  Stop: 'Berhenti',
  Connecting: 'Menyambung…',
  CONNECTING: 'Menyambung…',
  'Please wait...': 'Mohon tunggu…',
  'Connection error': 'Sambungan terputus',
  'No results': 'Tidak ada yang cocok',
  'Select all': 'Pilih semua'
}
const LABELS = { Open: 'Buka', Close: 'Tutup', 'Close popup': 'Tutup', Decrement: 'Kurangi', Fullscreen: 'Layar penuh', Increment: 'Tambah', 'Clear value': 'Kosongkan' }
const SPOKEN = ['aria-label', 'title', 'placeholder']
const translate = node => {
  const word = WORDS[node.nodeValue.trim()]
  if (word) node.nodeValue = word
}
const translateSpoken = element => {
  for (const name of SPOKEN) {
    const word = LABELS[element.getAttribute(name)]
    if (word) element.setAttribute(name, word)
  }
}
new MutationObserver(changes => {
  for (const change of changes) {
    if (change.type === 'characterData') translate(change.target)
    if (change.type === 'attributes') translateSpoken(change.target)
    for (const added of change.addedNodes) {
      if (added.nodeType === 3) translate(added)
      else if (added.nodeType === 1) {
        translateSpoken(added)
        added.querySelectorAll('[aria-label], [title], [placeholder]').forEach(translateSpoken)
        const walker = document.createTreeWalker(added, NodeFilter.SHOW_TEXT)
        while (walker.nextNode()) translate(walker.currentNode)
      }
    }
  }
}).observe(document, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: SPOKEN })
