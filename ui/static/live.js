// Binds the answer that runs in the shown chat to its place in Gradio's Chatbot.

import { createPainter, followScroll } from './painter.js';
import { keepSelection } from './selection.js';

/**
 * @param {object} parts - follower, labels (of the painter), settle() which asks Python for the
 *   settled message, answering(turn | null), called when an answer begins or has ended, and end()
 *   which goes to the end of the conversation
 */
export function createLive({ follower, labels, settle, answering, end }) {
  const chatbot = document.getElementById('chatbot');
  let turn = null;
  let painted = null; // {host, painter, scroller, scrolling}
  let pending = [];
  let seen = null; // where the person was when the answer ended
  let over = null; // the turn that has ended last

  const isLookedAt = () => document.body.dataset.tab === 'chat';
  const placeholder = () => document.getElementById(`divan-live-${turn}`);

  function attach() {
    if (painted?.host.isConnected) return;
    const content = placeholder()?.closest('.message-content');
    if (!content) return;
    if (!painted) painted = make(content);
    content.append(painted.host);
    content.closest('.message-row')?.classList.add('divan-painted');
  }

  function make(content) {
    const host = document.createElement('div');
    host.className = 'divan-host';
    const settled = content.querySelector('.md');
    const painter = createPainter(host, { labels, answerClass: settled.className });
    const scroller = content.closest('.bubble-wrap');
    const scrolling = followScroll(scroller);
    requestAnimationFrame(scrolling.stick);
    return { host, painter, scroller, scrolling };
  }

  function paint(frame) {
    attach();
    if (!painted || !isLookedAt()) { // what nobody sees is painted when somebody does
      pending.push(frame);
      return;
    }
    const { painter } = painted;
    if (frame.reset) painter.reset();
    painter.status(frame.status);
    if (frame.reasoning) painter.reasoning(frame.reasoning);
    if (frame.tools) painter.tools(frame.tools);
    if (frame.text) painter.append(frame.text);
  }

  function flush() {
    attach();
    if (painted && isLookedAt()) pending.splice(0).forEach(paint);
  }

  /** What a turn says is of no concern once another chat or turn is shown. */
  function viewOf(mine) {
    const ifShown = (act) => (message) => { if (turn === mine) act(message); };
    return { frame: ifShown(paint), end: ifShown(ended), gone: ifShown(ended) };
  }

  function leave() {
    if (turn) follower.unfollow(turn);
    turn = null;
    release();
  }

  function ended() {
    over = turn;
    painted?.painter.finish();
    if (painted && isLookedAt()) {
      seen = { top: painted.scroller.scrollTop, atEnd: painted.scrolling.follows() };
    } else if (painted?.scrolling.follows()) {
      end();
    }
    answering(null);
    settle();
  }

  /** The settled message has taken the placeholder's place, and it is really there. */
  function isSettled() {
    if (placeholder()) return false;
    const last = [...chatbot.querySelectorAll('.message-content > .md')].at(-1);
    return !last || last.textContent.trim() !== '';
  }

  function release() {
    if (!painted) return;
    const { host, painter, scroller, scrolling } = painted;
    painted = null;
    const select = keepSelection(host.querySelector('.divan-answer'));
    const settled = host.parentElement?.querySelector(':scope > .md');
    chatbot.querySelectorAll('.divan-painted').forEach((row) => row.classList.remove('divan-painted'));
    scrolling.stop();
    if (settled) keepUnfolded(host, settled);
    painter.destroy();
    host.remove();
    if (settled) select(settled, '.divan-reasoning, .divan-tools');
    if (seen) putBack(scroller, seen);
    seen = null;
  }

  // Svelte may render the bubble again, and the placeholder is missing for a moment then; once the
  // answer has ended, the settled message replaces it.
  new MutationObserver(() => {
    if (!turn) return;
    if (painted && over === turn && isSettled()) {
      leave();
    } else {
      flush();
    }
  }).observe(chatbot, { childList: true, subtree: true });

  chatbot.addEventListener('click', ({ target }) => { // Gradio's button scrolls once, not on
    if (target.closest('.scroll-down-button-container')) painted?.scrolling.stick();
  });

  return {
    /** The chat's tab is looked at again. */
    look: flush,
    /** Show the turn of the present view; null where no answer runs. */
    show(next) {
      if (next && next === over) { // a view from before the end that has already come
        flush();
        settle();
        return;
      }
      answering(next);
      if (next === turn || (!next && seen)) {
        flush();
        return;
      }
      leave();
      pending = [];
      turn = next;
      if (turn) follower.follow(turn, viewOf(turn));
      flush();
    },
  };
}

/** Reasoning that the person has unfolded stays so, where it was being read. */
function keepUnfolded(from, to) {
  const [was, is] = [from, to].map((part) => part.querySelector('.divan-reasoning'));
  if (!was?.open || !is) return;
  is.open = true;
  is.lastElementChild.scrollTop = was.lastElementChild.scrollTop;
}

/** Where the person was, also once the settled message has got its final height. */
function putBack(scroller, { top, atEnd }) {
  const put = () => scroller.scrollTo({ top: atEnd ? scroller.scrollHeight : top, behavior: 'instant' });
  put();
  requestAnimationFrame(() => { put(); requestAnimationFrame(put); });
}
