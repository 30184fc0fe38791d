// Questions asked while an answer runs: they stand above the message box until they are asked, and
// can be sent at once, edited or withdrawn meanwhile.

import * as api from './api.js';
import { make } from './elements.js';
import { showToast } from './toast.js';

const POLL_MS = 1000; // without /ws nobody says that a question has been asked

/**
 * @param {object} page - text(key, params), follower, view() of the page, again(): draw it and its
 *   lanes again, failed(error), and boxes {chat, compare}, each with rewrite(text, save)
 */
export function createWaiting({ text, follower, view, again, failed, boxes }) {
  const places = {
    chat: place(text('waiting.title'), document.getElementById('composer')),
    compare: place(text('waiting.title'), document.getElementById('compare-composer')),
  };
  let newest = 0;
  let poll = 0;
  let isShown = false;

  follower.listen('waiting', ({ chat }) => { if (chat === view()?.chat) refresh(); });

  async function refresh() {
    const chat = view()?.chat ?? null;
    const number = newest += 1;
    const found = chat ? await api.waiting(chat).catch(() => null) : { waiting: [], held: false };
    if (!found || number !== newest || chat !== (view()?.chat ?? null)) return;
    draw(found, chat);
    // Asked and answered before the page could hear of it.
    if (chat && found.leaf !== view().leaf) again();
  }

  function draw({ waiting, held }, chat) {
    for (const [name, element] of Object.entries(places)) {
      const mine = waiting.filter((one) => one.lanes === (name === 'compare'));
      element.hidden = !mine.length;
      element.lastChild.replaceChildren(...mine.map((one) =>
        row(one, { chat, held: held && one === waiting[0], box: boxes[name] })));
    }
    isShown = waiting.length > 0;
    clearTimeout(poll);
    if (waiting.length && !follower.isOpen()) poll = setTimeout(refresh, POLL_MS);
  }

  function row(one, { chat, held, box }) {
    const note = one.refused || (held && text('waiting.held'))
      || (one.for.length > 0 && text('waiting.for', { names: one.for.join(', ') }));
    const button = (name, run) => make('button', {
      type: 'button', 'data-action': name, onclick: ({ target }) => {
        target.disabled = true;
        run().catch(failed).finally(refresh);
      },
    }, text(`waiting.${name}`));
    const withdraw = () => api.withdraw(chat, one.id);
    const putBack = () => api.wait(chat, one.text, one.lanes).catch(failed).finally(refresh);
    const save = (changed) => taken(() => api.rewrite(chat, one.id, changed), chat);
    return make('li', {},
      make('p', { dir: 'auto', title: one.text }, one.text),
      note && make('small', {}, note),
      held && button('send', () => api.sendWaiting(chat)),
      !one.for.length && button('edit', async () => box.rewrite(one.text, save)),
      button('withdraw', () => withdraw().then(() =>
        showToast(text('waiting.withdrawn'), text('page.undo'), putBack))));
  }

  /** Draws what a change came to; resolves to whether it was taken. */
  async function taken(change, chat) {
    try {
      draw(await change(), chat);
      return true;
    } catch (error) {
      showToast([error.message, error.hint].filter(Boolean).join(' '));
      return false;
    }
  }

  return {
    /** The page shows another chat. */
    show: refresh,
    /** Resolves to whether the question waits now; one that is an edit of another cannot. */
    async add({ text: question, edits = null, lanes = false }, chat) {
      if (edits) showToast(text('waiting.no_edit'));
      if (edits || !question.trim() || !chat || chat !== view()?.chat) return false;
      return taken(() => api.wait(chat, question, lanes), chat);
    },
    /** Other answers run than before: what holds a question may be over. */
    running() { if (isShown) refresh(); },
  };
}

function place(title, before) {
  const element = make('section', { class: 'divan-queue', 'aria-label': title, hidden: true },
    make('h2', {}, title), make('ul', {}));
  before.before(element);
  return element;
}
