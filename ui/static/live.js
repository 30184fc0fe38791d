// Binds the answer that runs in the shown chat to its place in Gradio's Chatbot.

import { createPainter, followScroll } from './painter.js';

/**
 * @param {object} parts - follower, labels (of the painter), settle() which asks Python for the
 *   settled message, and answering(turn | null) which is told when an answer runs
 */
export function createLive({ follower, labels, settle, answering }) {
  let turn = null;
  let painter = null;
  let host = null;
  let scrolling = null;

  const placeholder = () => turn && document.getElementById(`divan-live-${turn}`);

  function attach() {
    const place = placeholder();
    const content = place?.closest('.message-content') ?? null;
    if (!content || host?.isConnected) return;
    if (!host) makeHost(place.closest('.md'));
    content.append(host);
    content.closest('.message-row')?.classList.add('divan-painted');
    scrolling?.stick();
  }

  function makeHost(settled) {
    host = document.createElement('div');
    host.className = 'divan-host';
    painter = createPainter(host, { labels, answerClass: settled.className });
  }

  function detach() {
    host?.closest('.message-row')?.classList.remove('divan-painted');
    host?.remove();
    painter?.finish();
    scrolling?.stop();
    painter = host = scrolling = null;
  }

  function paint(frame) {
    attach();
    if (!painter) return pending.push(frame);
    if (frame.reset) painter.reset();
    if (frame.status || !frame.text) painter.status(frame.status);
    if (frame.reasoning) painter.reasoning(frame.reasoning);
    if (frame.tools) painter.tools(frame.tools);
    if (frame.text) painter.append(frame.text);
    return undefined;
  }

  let pending = [];
  function flush() {
    attach();
    if (!painter || !pending.length) return;
    const waiting = pending;
    pending = [];
    waiting.forEach(paint);
  }

  function ended() {
    answering(null);
    settle();
  }

  // Svelte may draw the bubble anew; and the settled message takes the placeholder away.
  new MutationObserver(() => {
    if (!turn) return;
    if (host && !placeholder()) {
      detach();
      turn = null;
    } else {
      flush();
    }
  }).observe(document.getElementById('chatbot'), { childList: true, subtree: true });

  return {
    /** Show the turn of the present view; null where no answer runs. */
    show(next) {
      answering(next);
      if (next === turn) return flush();
      if (turn) follower.unfollow(turn);
      detach();
      pending = [];
      turn = next;
      if (!turn) return undefined;
      const scroller = document.querySelector('#chatbot .bubble-wrap');
      scrolling = scroller && followScroll(scroller);
      follower.follow(turn, { frame: paint, end: ended, gone: ended });
      return flush();
    },
    turn: () => turn,
  };
}
