// Shuts the menu where it lies over the page.
setTimeout(() => {
    if (innerWidth > 768) return // up to which Streamlit lays the menu over the page
    document.querySelector('[data-testid=stSidebarCollapseButton] button')?.click()
    Object.keys(localStorage).filter(key => key.startsWith('stSidebarCollapsed')).forEach(key =>
        localStorage.removeItem(key))
}, 100)
// Keeps Back from a page with nothing chosen.
if (!history.keeps) {
    const push = history.pushState.bind(history)
    history.keeps = true
    history.pushState = (state, title, to) => {
        const next = new URL(to, location.href)
        if (next.pathname === location.pathname && location.search && !next.search) return
        push(state, title, to)
    }
}
// Fills the contents list whenever the headings change, and moves there without asking the server for the page again.
{
(window.listing || {disconnect() {}}).disconnect()
const fill = () => {
    const fold = document.querySelector('.hw-contents'), heads = [...document.querySelectorAll(
        '[data-testid=stMain] h2[id]')].filter(head => head.innerText.trim())
    document.querySelectorAll('[data-testid=stSidebar] a').forEach(link => {
        if (document.title.startsWith(link.innerText + ' –')) link.setAttribute('aria-current', 'page')
        else link.removeAttribute('aria-current')
    })
    if (!fold) return
    const told = heads.map(head => head.id).join()
    if (fold.dataset.told === told) return
    fold.dataset.told = told
    fold.hidden = heads.length < 3
    if (innerWidth >= 1296) fold.open = true
    fold.querySelector('ul').replaceChildren(...heads.map(head => {
        const item = document.createElement('li'), link = document.createElement('a')
        link.href = '#' + head.id
        link.textContent = head.innerText.trim()
        link.onclick = event => {
            event.preventDefault()
            history.replaceState(history.state, '', location.pathname + location.search + '#' + head.id)
            head.scrollIntoView()
            head.tabIndex = -1
            head.focus({preventScroll: true})
        }
        item.append(link)
        return item
    }))
}
window.listing = new MutationObserver(() => { clearTimeout(window.fills); window.fills = setTimeout(fill, 60) })
window.listing.observe(document.body, {childList: true, subtree: true})
fill()
}
