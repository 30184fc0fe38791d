// The bar above the lanes: what the switches do in one line, and the menus for sets and fusing.

import { createSets } from './compare_sets.js';
import { openPopover } from './branches_popover.js';
import { make } from './elements.js';
import { laneIcon } from './lanes_icons.js';

/** @param {object} parts - text, act(action, data), chips and begin(blind), a new comparison */
export function createBar({ text, act, chips, begin }) {
  const bar = document.getElementById('compare-bar');
  const hint = make('p', { id: 'compare-hint', 'aria-live': 'polite' });
  const sets = createSets({ text, act, chips });
  const menu = (name, icon, fill) => {
    let popover = null;
    const button = make('button', {
      type: 'button', id: `compare-${name}`, 'aria-haspopup': 'dialog', 'aria-expanded': 'false',
      title: text(`compare.${name}_hint`),
      onclick: () => {
        if (popover) {
          popover.close();
          return;
        }
        popover = openPopover({ anchor: button, label: text(`compare.${name}`), closed: () => { popover = null; } });
        popover.element.classList.add('compare-menu');
        fill(popover);
        popover.element.querySelector('button, input')?.focus({ preventScroll: true });
      },
    }, laneIcon(icon), make('span', {}, text(`compare.${name}`)));
    return button;
  };
  const setsButton = menu('sets', 'sets', sets.fill);
  const fuse = menu('fuse', 'fuse', fillFuse);
  const fresh = make('button', {
    type: 'button', id: 'compare-new', title: text('compare.new_hint'), onclick: () => begin(false),
  }, laneIcon('new'), make('span', {}, text('compare.new')));
  const all = make('button', {
    type: 'button', id: 'compare-all', title: text('compare.all_ready_hint'), onclick: chooseReady,
  }, text('compare.all_ready'));
  bar.append(all, hint, make('div', { class: 'compare-tools' }, setsButton, fuse, fresh));
  for (const name of ['context', 'mode']) {
    const group = document.getElementById(`compare-${name}`);
    group.setAttribute('role', 'radiogroup');
    group.setAttribute('aria-label', text(`page.compare_${name}`));
  }

  function chooseReady() {
    const models = chips.models().filter((model) => model.ready).map((model) => model.id);
    if (models.length) act('show', { models, blind: true, chosen: true });
  }

  function hintOf(sheet) {
    if (sheet.pool > 1) return text('compare.hint_pool', { count: sheet.pool });
    return text(sheet.hidden ? 'compare.hint_blind' : `compare.hint_${sheet.context}`);
  }

  function fillFuse(popover) {
    popover.fill([
      make('p', { class: 'compare-menu-title' }, text('compare.fuse_with')),
      ...chips.models().map((model) => make('button', {
        type: 'button', class: 'compare-menu-row', disabled: !model.ready, title: model.reason,
        'data-model': model.id,
        onclick: () => {
          popover.close();
          act('fuse', { model: model.id });
        },
      }, make('i', { class: 'lane-dot', 'data-state': model.ready ? 'ready' : 'unready' }), make('span', { class: 'compare-menu-name', dir: 'auto' }, model.label))),
    ]);
  }

  return {
    sets: sets.know,
    draw(sheet, running) {
      hint.textContent = hintOf(sheet);
      all.hidden = !(sheet.hidden && sheet.planned);
      fuse.disabled = !sheet.canFuse || running;
      fuse.hidden = sheet.hidden;
      fresh.hidden = sheet.planned && !sheet.chat;
      for (const name of ['context', 'mode', 'blind']) {
        document.querySelectorAll(`#compare-${name} input`).forEach((input) => {
          input.disabled = sheet.readOnly || (sheet.hidden && !sheet.planned);
        });
      }
    },
  };
}
