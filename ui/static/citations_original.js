// The file a passage is from: opened at its page, saved, or told to be gone.

import { original } from './documents_api.js';
import { documentIcon } from './documents_icons.js';
import { make } from './elements.js';

/** A line with the way to the file; it fills once the server has said what there is. */
export function drawOriginal({ document, name, page }, say) {
  const line = make('p', { class: 'divan-sheet-file' });
  const address = original(document);
  fetch(address, { method: 'HEAD' })
    .then((answer) => line.replaceChildren(...told(answer, { address, name, page }, say)))
    .catch(() => line.remove());
  return line;
}

function told({ ok, status, headers }, { address, name, page }, say) {
  if (status === 404) return [say('file_gone')];
  if (!ok) return [];
  if (!headers.get('content-disposition').startsWith('inline')) {
    return [make('a', { href: address, download: name }, documentIcon('download'), say('file_save'))];
  }
  const paged = page != null && headers.get('content-type') === 'application/pdf';
  return [make('a', {
    href: paged ? `${address}#page=${page}` : address, target: '_blank', rel: 'noopener',
  }, documentIcon('link'), say(paged ? 'file_open_page' : 'file_open', { page }))];
}
