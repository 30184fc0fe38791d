// The menu of saved sets: open, copy the link, forget, and save what is chosen now.

import { confirmDone, showToast } from './toast.js';
import { copyText } from './clipboard.js';
import { make } from './elements.js';
import { laneIcon } from './lanes_icons.js';

/** @param {object} parts - text, act(action, data) and chips */
export function createSets({ text, act, chips }) {
  let sets = [];
  let open = null; // the popover that shows them

  const link = (value) => `${location.origin}/?compare=${encodeURIComponent(value).replaceAll('%2C', ',')}`;

  async function copyLink(value) {
    const done = await copyText(link(value));
    if (done) confirmDone(text('compare.link_copied'));
    else showToast(link(value));
  }

  const small = (name, label, onclick) => make('button', {
    type: 'button', class: 'compare-menu-small', title: label, 'aria-label': label, onclick,
  }, laneIcon(name, 14));

  function row({ name, labels }) {
    return make('div', { class: 'compare-set', 'data-set': name },
      make('button', {
        type: 'button', class: 'compare-menu-row',
        onclick: () => {
          open?.close();
          act('link', { link: name });
        },
      }, make('span', { dir: 'auto' }, name), make('small', { dir: 'auto' }, labels.join(' · '))),
      small('copy', text('compare.link_copy', { name }), () => copyLink(name)),
      small('hide', text('compare.set_delete', { name }), () => act('delete_set', { name })));
  }

  function form() {
    const name = make('input', {
      type: 'text', maxlength: 60, required: true, placeholder: text('compare.set_name'),
      'aria-label': text('compare.set_name'), 'data-key': 'set-name',
    });
    const save = make('button', { type: 'submit', class: 'compare-menu-save' }, text('compare.set_save'));
    return make('form', {
      class: 'compare-set-form',
      onsubmit: (event) => {
        event.preventDefault();
        if (name.value.trim()) act('save_set', { name: name.value.trim() });
      },
    }, name, save);
  }

  function draw() {
    if (!open?.element.isConnected) return;
    const chosen = chips.chosen();
    open.fill([
      make('p', { class: 'compare-menu-title' }, text(sets.length ? 'compare.sets_title' : 'compare.sets_empty')),
      ...sets.map(row),
      chosen.length > 0 && form(),
      chosen.length > 0 && make('button', {
        type: 'button', class: 'compare-menu-row', onclick: () => copyLink(chosen.join(',')),
      }, make('span', {}, text('compare.link_now'))),
    ].filter(Boolean));
  }

  return {
    fill(popover) {
      open = popover;
      draw();
    },
    know(list) {
      sets = list;
      draw();
    },
  };
}
