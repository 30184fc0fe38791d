// What a replay is asked with: the model, the system prompt and the temperature.

import { make } from './elements.js';

/** @param {object} page - text, models (GET /api/models) and chat (GET /api/chats/{id}) */
export function createReplayForm({ text, models, chat }) {
  const name = 'divan-replay-model';
  const chosen = (models.find((model) => model.ready && model.id !== chat.model) ?? models[0])?.id;
  const kept = { system: chat.settings?.system ?? '', temperature: chat.settings?.temperature ?? '' };
  const system = make('textarea', {
    rows: 3, 'data-system': true, placeholder: text('replay.system_placeholder'),
  });
  system.value = kept.system;
  const temperature = make('input', {
    type: 'number', min: 0, max: 2, step: 0.1, value: kept.temperature, 'data-temperature': true,
    placeholder: text('page.default_value'),
  });
  const list = make(
    'fieldset',
    { class: 'divan-models' },
    make('legend', {}, text('replay.model')),
    ...models.map((model) => choice(model, name, model.id === chosen, text)),
  );
  const whole = scope(chat.comparison, text);
  return {
    kids: [
      make('p', {}, text('replay.intro')),
      whole,
      list,
      make('label', { class: 'divan-field' }, text('page.system'), system),
      make('label', { class: 'divan-field short' }, text('page.temperature'), temperature),
    ],
    /** Who is asked the path to `leaf`, and what differs from the chat's own settings. */
    values(leaf) {
      const model = list.querySelector('input:checked')?.value;
      const all = whole.querySelector('[value="all"]:checked');
      const number = temperature.value === '' ? null : Number(temperature.value);
      return {
        ...(all ? { comparison: true } : { model, leaf }),
        ...(system.value !== kept.system && { system: system.value }),
        ...(temperature.value !== String(kept.temperature) && { temperature: number }),
      };
    },
  };
}

/** Of a comparison either one path is asked again, or every model what it was asked. */
function scope(comparison, text) {
  const lanes = comparison?.lanes?.filter((lane) => lane.shown !== false) ?? [];
  if (lanes.length < 2) return make('div', {});
  const one = (value, key, checked) => make(
    'label', {}, make('input', { type: 'radio', name: 'divan-replay-scope', value, checked }),
    make('span', {}, text(key)),
  );
  return make(
    'div',
    { class: 'divan-replay-what' },
    make(
      'fieldset',
      { class: 'divan-switch divan-replay-scope', 'aria-label': text('replay.scope') },
      one('path', 'replay.one_path', true),
      one('all', 'replay.all_lanes', false),
    ),
    make('p', { class: 'divan-replay-about' }, text('replay.about_lanes')),
  );
}

function choice(model, name, checked, text) {
  const state = model.ready ? 'ready' : 'unready';
  const reason = (model.ready ? text('reason.ready') : model.reason).replaceAll('`', '');
  return make(
    'label',
    { 'data-state': state, title: reason },
    make('input', { type: 'radio', name, value: model.id, checked, autofocus: checked }),
    make('span', { class: 'name' }, model.label),
    !model.ready && make('span', { class: 'reason' }, reason),
  );
}
