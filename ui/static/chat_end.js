// The end of the conversation: the page goes there at once, or as soon as it is looked at.

import { followScroll } from './scroll_follow.js';

const SETTLING_MS = 1500; // code and mathematics get their final height

/** @param {() => string} tab - which tab is looked at */
export function createChatEnd(tab) {
  let isWanted = false;

  function show() {
    isWanted = tab() !== 'chat'; // what is hidden cannot be scrolled
    const scroller = document.querySelector('#chatbot .bubble-wrap');
    if (isWanted || !scroller) return;
    const following = followScroll(scroller);
    following.stick();
    setTimeout(following.stop, SETTLING_MS);
  }

  return {
    show,
    /** The chat's tab is looked at again. */
    look() { if (isWanted) show(); },
  };
}
