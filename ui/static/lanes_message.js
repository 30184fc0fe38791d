// One message of a lane: a question, or an answer that is painted while it is made and stays as
// painted, with its measures below.

import { copyText } from './clipboard.js';
import { make } from './elements.js';
import { laneIcon } from './lanes_icons.js';
import { drawDiff, drawVersions } from './lanes_versions.js';
import { createPainter } from './painter.js';
import { drawQuestion } from './question.js';
import { linkSources, listSources } from './web_sources.js';

const PROSE = 'md prose lane-prose';
const LONG_QUESTION = 320; // letters; a longer one is folded

/** What is said of a message only once it has ended. */
const sameEnd = (a, b) => JSON.stringify({ ...a, text: '' }) === JSON.stringify({ ...b, text: '' });

/**
 * @param {object} lane - text, labels (of the painter), follower, citations, masked() whether names are hidden,
 *   gate(sheet, show) through which an answer comes (pace.js), ended(turn), again(action),
 *   walk(message, way, button) and diff(pairs)
 */
export function createMessage(sheet, lane) {
  return sheet.role === 'user' ? createQuestion(sheet, lane) : createAnswer(sheet, lane);
}

function createQuestion(first, lane) {
  const body = make('div', { class: `${PROSE} lane-question-text` }, drawQuestion(first.text));
  const bubble = make('div', { class: 'lane-bubble' }, body);
  if (first.text.length > LONG_QUESTION) bubble.append(unfold(bubble, lane.text));
  const foot = make('div', { class: 'lane-question-foot' });
  const element = make('div', { class: 'lane-question', 'data-message': first.id }, bubble, foot);
  let sheet = {};
  function update(next) {
    if (sameEnd(sheet, next)) return;
    sheet = next;
    foot.replaceChildren(...[drawVersions(next, lane)].filter(Boolean));
  }
  update(first);
  return { element, update, isHeld: () => false, leave() {} };
}

function unfold(element, text) {
  element.classList.add('folded');
  const button = make('button', {
    type: 'button', class: 'lane-unfold', 'aria-expanded': 'false',
    onclick: () => {
      const folded = element.classList.toggle('folded');
      button.setAttribute('aria-expanded', String(!folded));
      button.textContent = text(folded ? 'answer.unfold' : 'answer.fold');
    },
  }, text('answer.unfold'));
  return button;
}

function createAnswer(first, lane) {
  const author = make('p', { class: 'lane-author', dir: 'auto' });
  const host = make('div', { class: 'lane-painted' });
  const end = make('div', { class: 'lane-end' });
  const element = make('article', { class: 'lane-answer', 'data-message': first.id }, author, host, end);
  const quiet = { ...lane.labels, answering: '', done: '' };
  const gate = lane.gate(first, paint);
  let painter = null;
  let shown = { text: '', reasoning: '', tools: '[]' };
  let sheet = null;
  let followed = false;
  let framed = false; // what is painted came from /ws,
  let whole = false; // and came to its end

  const start = (labels) => { painter ??= createPainter(host, { labels, answerClass: PROSE }); };

  function paint(frame) {
    if (frame.reset) painter.reset();
    painter.status(lane.masked() ? null : frame.status);
    if (frame.reasoning) painter.reasoning(frame.reasoning);
    if (frame.tools) painter.tools(frame.tools);
    if (frame.text) painter.append(frame.text);
  }

  /** The page paints by itself: frames come from /ws. */
  function follow() {
    if (followed) return;
    followed = framed = true;
    start(lane.labels);
    const over = (isWhole) => {
      followed = false;
      whole = isWhole;
      // What has gone without its end is not whole before Python tells the rest.
      if (isWhole || gate.isOver()) gate.end(() => painter.finish());
      lane.ended(first.id);
    };
    const view = { frame: gate.take, end: () => over(true), gone: () => over(false) };
    lane.follower.follow(first.id, view, 'compare');
  }

  /** What Python knows of the text: growing where there is no /ws, else whole. */
  function write(next) {
    start(quiet);
    const grows = !framed && next.text.startsWith(shown.text)
      && next.reasoning.startsWith(shown.reasoning);
    framed = false;
    const from = grows ? shown : { text: '', reasoning: '', tools: '[]' };
    const tools = JSON.stringify(next.tools);
    gate.take({
      reset: !grows,
      reasoning: next.reasoning.slice(from.reasoning.length),
      tools: tools === from.tools ? null : next.tools,
      text: next.text.slice(from.text.length),
      status: next.queued ? { queued: true } : null,
    });
    shown = { text: next.text, reasoning: next.reasoning, tools };
  }

  function settle(next) {
    unfollow();
    const late = !whole && (!sheet || sheet.open);
    if (late) write(next);
    gate.end(() => {
      if (late) painter.finish();
      drawEndOf(next);
    });
  }

  function drawEndOf(next) {
    host.querySelectorAll('.copy_code_button').forEach((button) => {
      button.title = lane.text('page.copy_code');
      button.setAttribute('aria-label', button.title);
    });
    if (next.passages) lane.citations.link(host, next);
    if (next.web) linkSources(host, next.web);
    end.replaceChildren(...drawEnd(next, lane));
  }

  function unfollow() {
    if (followed) lane.follower.unfollow(first.id, 'compare');
    followed = false;
  }

  function update(next) {
    if (sheet && sameEnd(sheet, next) && (sheet.open === false || sheet.text === next.text)) return;
    author.textContent = next.author ?? '';
    if (!next.open) settle(next);
    else if ('reasoning' in next) write(next);
    else follow();
    sheet = next;
  }

  update(first);
  return {
    element,
    update,
    /** Whether it has ended and not all of it may be seen yet. */
    isHeld: () => sheet?.open === false && !gate.isOver(),
    leave() {
      unfollow();
      gate.leave();
    },
  };
}

function drawEnd(sheet, lane) {
  const { text } = lane;
  return [
    sheet.error && make('div', { class: 'divan-error', role: 'alert' },
      make('strong', {}, sheet.error.message), make('span', {}, ...withCode(sheet.error.hint))),
    sheet.note && make('div', { class: 'divan-note' }, sheet.note),
    ...(sheet.notices ?? []).map((line) => make('div', { class: 'divan-note' }, line)),
    sheet.unfounded?.length > 0 && make('div', { class: 'divan-note' },
      text('documents.unfounded_note', { count: sheet.unfounded.length })),
    sheet.passages && lane.citations.list(sheet.id, sheet.passages),
    sheet.web && listSources(sheet.web, text),
    sheet.again?.length > 0 && make('div', { class: 'lane-agains' }, ...sheet.again.map((action) =>
      make('button', {
        type: 'button', class: 'lane-again', 'data-action': action, onclick: () => lane.again(action),
      }, laneIcon(action, 14), text(`compare.${action}`)))),
    sheet.measures && drawMeasures(sheet, text),
    drawFoot(sheet, lane),
  ].filter(Boolean);
}

function drawMeasures(sheet, text) {
  const cells = sheet.measures.map(({ name, text: value, best }) =>
    make('div', {
      class: best && 'best', 'data-measure': name, title: best && text('compare.best'),
    }, make('dt', {}, text(`compare.measure_${name}`)), make('dd', {}, value)));
  return make('div', { class: 'lane-measures' }, make('dl', {}, ...cells));
}

/** The small print of an answer, and what can be done with it. */
function drawFoot(sheet, lane) {
  const canCopy = sheet.measures || sheet.author;
  const tools = [drawVersions(sheet, lane), drawDiff(sheet, lane), canCopy && drawCopy(sheet, lane.text)].filter(Boolean);
  const facts = sheet.more ?? [];
  if (!tools.length && !facts.length) return null;
  return make('div', { class: 'lane-foot' },
    make('p', {}, ...facts.flatMap((line) => [make('span', {}, line), ' '])),
    tools.length > 0 && make('div', { class: 'lane-foot-tools' }, ...tools));
}

function drawCopy(sheet, text) {
  const copy = sheet.text && make('button', {
    type: 'button', class: 'lane-copy', title: text('answer.copy'), 'aria-label': text('answer.copy'),
    onclick: () => copyText(sheet.text).then((done) => {
      copy.classList.toggle('copied', done);
      setTimeout(() => copy.classList.remove('copied'), 1500);
    }),
  }, laneIcon('copy', 14));
  return copy;
}

/** Backquoted commands as code. */
function withCode(line) {
  return line.split('`').map((part, index) => (index % 2 ? make('code', {}, part) : part));
}
