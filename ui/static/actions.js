// The buttons under messages, which Python draws (ui/render.py): `<action>-<message id>`.

import * as api from './api.js';
import { copyText } from './clipboard.js';
import { confirmDone } from './toast.js';

/**
 * @param {object} page - trips, text(key), view() of the page, composer, branches, summaries, and
 *   failed(error)
 */
export function createActions({ trips, text, view, composer, branches, summaries, failed }) {
  const written = async (message) =>
    (await api.chat(view().chat)).messages.find((one) => one.id === message)?.content ?? '';

  async function copy(message) {
    if (await copyText(await written(message))) confirmDone(text('page.copied'));
  }

  /** The version walked from stands to the left: the older of the two. */
  function diff(message, button) {
    const other = (way) => button.parentElement
      .querySelector(`button.divan-${way}`)?.id.slice('version-'.length);
    const earlier = other('earlier');
    branches.diff(...(earlier ? [earlier, message] : [message, other('later')]));
  }

  function unfold(message, button) {
    const open = button.closest('.message').querySelector('.divan-long').classList.toggle('divan-open');
    button.textContent = text(open ? 'answer.fold' : 'answer.unfold');
    button.setAttribute('aria-expanded', String(open));
  }

  const again = (message) => trips.go('retry', { answer: message });
  const actions = {
    retry: again,
    again,
    continue: (message) => trips.go('continue', { answer: message }),
    version: (message) => trips.go('choose', { message }),
    elsewhere: (message) => trips.go('choose', { message }),
    edit: async (message) => composer.edit(message, await written(message)),
    copy,
    unfold,
    branch: (message) => branches.begin(message),
    diff,
    summary: (action) => summaries.act(...action.split(/-(.*)/s)),
  };

  document.getElementById('chatbot').addEventListener('click', (event) => {
    const button = event.target.closest('.divan-action');
    if (!button) return;
    const [action, message] = button.id.split(/-(.*)/s);
    Promise.resolve(actions[action]?.(message, button)).catch(failed);
  });
}
