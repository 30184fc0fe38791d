// What a person must know about the shown chat before going on with it.

import * as api from './api.js';
import { confirmDone } from './toast.js';

/** @param {object} page - notice(name, line, remedy), text(key, params), view() of the page,
 *   again(): draw it anew, and failed(error) */
export function createChatNotices({ notice, text, view, again, failed }) {
  const repair = {
    label: text('page.repair'),
    run: async () => {
      try {
        await api.repair(view().chat);
        confirmDone(text('page.repaired'));
        again();
      } catch (error) {
        failed(error);
      }
    },
  };

  const goneLine = ({ gone, goesOn }) =>
    text(goesOn ? 'page.model_gone' : 'page.model_gone_all', { model: gone, other: goesOn });

  return () => {
    const { gone, readOnly, repairs } = view();
    notice('damaged', repairs ? text('page.damaged', { count: repairs }) : '', repair);
    notice('model-gone', gone ? goneLine(view()) : '');
    notice('read-only', readOnly ? text('page.read_only') : '');
    document.body.classList.toggle('divan-read-only', readOnly || repairs > 0);
  };
}
