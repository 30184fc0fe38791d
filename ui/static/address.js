// The address of the page, /?chat=ID&tab=compare: what a reload, Back and a link bring back.

const WRITES = ['chat', 'compare']; // tabs one can write in

const here = () => location.pathname + location.search;

/**
 * @param {object} page - tabs, and open(chat) which asks Python for another chat
 */
export function createAddress({ tabs, open }) {
  const first = new URLSearchParams(location.search);
  const link = first.get('compare'); // models to compare, read by compare.js
  let wanted = first.get('tab') ?? (link !== null ? 'compare' : null);
  let shown = null; // {chat, comparison} of the present view

  function written() {
    const tab = tabs.current();
    const query = new URLSearchParams();
    if (shown.chat) query.set('chat', shown.chat);
    if (tab !== 'chat' || shown.comparison) query.set('tab', tab);
    if (link !== null && !shown.chat && tab === 'compare') query.set('compare', link);
    const text = query.toString().replaceAll('%2C', ',');
    return text ? `/?${text}` : '/';
  }

  const write = (how) =>
    history[how]({ chat: shown.chat, tab: tabs.current() }, '', written());
  const push = () => { if (here() !== written()) write('pushState'); };

  /** A comparison opens in its tab, any other chat in the chat's; a new chat where the person is,
   * if one can write there. */
  function tabOf({ chat, comparison }) {
    if (wanted) return wanted;
    if (!chat && WRITES.includes(tabs.current())) return tabs.current();
    return comparison ? 'compare' : 'chat';
  }

  window.addEventListener('popstate', ({ state }) => {
    const chat = state?.chat ?? null;
    if (chat === shown?.chat) {
      tabs.show(state?.tab ?? 'chat');
      return;
    }
    wanted = state?.tab ?? null;
    open(chat);
  });

  return {
    /** The page turned to a chat, or to an empty one. */
    turnTo(view) {
      const isFirst = !shown;
      const tab = tabOf(view);
      wanted = null;
      shown = null; // this is one step for Back, not two
      tabs.show(tab);
      shown = view;
      if (isFirst) write('replaceState');
      else push();
    },
    /** The person turned to another tab. */
    turnTab() {
      if (shown) push();
    },
    /** The same chat has changed: it may compare models now. */
    update(view) {
      shown = view;
      if (here() !== written()) write('replaceState');
    },
  };
}
