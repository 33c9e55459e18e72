/* The frame around the dashboards: signed out leads to the sign-in, and the frame's own words are Indonesian. */
'use strict'
window.prerenderReady = true
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
const translate = node => {
  const word = WORDS[node.nodeValue.trim()]
  if (word) node.nodeValue = word
}
new MutationObserver(changes => {
  for (const change of changes) {
    if (change.type === 'characterData') translate(change.target)
    for (const added of change.addedNodes) {
      if (added.nodeType === 3) translate(added)
      else if (added.nodeType === 1) {
        const walker = document.createTreeWalker(added, NodeFilter.SHOW_TEXT)
        while (walker.nextNode()) translate(walker.currentNode)
      }
    }
  }
}).observe(document, { childList: true, subtree: true, characterData: true })
