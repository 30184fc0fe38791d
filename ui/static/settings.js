// The settings at the right: what the keyboard of a phone offers, and which field was refused.

import { make } from './elements.js';

export function createSettings() {
  const panel = document.getElementById('settings');
  let refused = null; // {field, note, warned}

  function clear() {
    refused?.field.removeAttribute('aria-invalid');
    refused?.field.removeAttribute('aria-describedby');
    refused?.note.remove();
    refused?.warned.close();
    refused = null;
  }

  panel.addEventListener('focusin', ({ target }) => {
    if (target.closest('.divan-number')) target.inputMode = 'decimal';
  });
  panel.addEventListener('input', ({ target }) => { if (target === refused?.field) clear(); });

  return {
    /** Mark a field with the line that says why it was refused; `warned` is what says it elsewhere,
     * and goes away with the first change. */
    refuse(name, line, warned) {
      clear();
      const field = document.querySelector(`#setting-${CSS.escape(name)} :is(input, textarea)`);
      if (!field) return;
      const note = make('p', { class: 'divan-refused', id: `setting-${name}-refused` }, line);
      field.setAttribute('aria-invalid', 'true');
      field.setAttribute('aria-describedby', note.id);
      field.closest('label').after(note);
      refused = { field, note, warned };
    },
    /** The settings have been kept, or those of another chat are shown. */
    clear,
  };
}
