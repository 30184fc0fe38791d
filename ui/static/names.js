// Names in the page's language for the parts that Gradio draws: its own are English or missing.

const PAUSE_MS = 200;

/** @param {(key: string) => string} text - the page's texts by key */
export function nameParts(text) {
  nameHandle('sidebar', text('page.sidebar'));
  nameHandle('settings', text('page.settings_handle'));
  name(document.getElementById('theme'), text('page.theme'));
  name(document.getElementById('language'), text('page.language_label'));
  const models = document.getElementById('model');
  models.setAttribute('role', 'radiogroup');
  models.setAttribute('aria-label', text('page.model'));
  keepNaming(document.getElementById('chatbot'), text);
}

function name(element, label) {
  element.title = label;
  element.setAttribute('aria-label', label);
}

/** The handle of a sidebar says what it is for, and whether the sidebar is open. */
function nameHandle(id, label) {
  const sidebar = document.getElementById(id);
  const handle = sidebar.querySelector('.toggle-button');
  const tell = () => handle.setAttribute('aria-expanded', String(sidebar.classList.contains('open')));
  name(handle, label);
  tell();
  new MutationObserver(tell).observe(sidebar, { attributeFilter: ['class'] });
}

/** The conversation is drawn anew all the time, so its parts are named again, in pauses. */
function keepNaming(chatbot, text) {
  let waiting = 0;
  const again = () => {
    waiting = 0;
    nameConversation(chatbot, text);
  };
  new MutationObserver(() => { waiting ||= setTimeout(again, PAUSE_MS); })
    .observe(chatbot, { childList: true, subtree: true });
  again();
}

function nameConversation(chatbot, text) {
  const log = chatbot.querySelector('.bubble-wrap');
  log?.setAttribute('aria-label', text('page.conversation'));
  log?.setAttribute('tabindex', '0'); // the keys of the keyboard scroll what has the focus
  const end = chatbot.querySelector('.scroll-down-button-container button');
  if (end) name(end, text('page.to_end'));
  chatbot.querySelectorAll('.example').forEach((button) => button.removeAttribute('aria-label'));
  chatbot.querySelectorAll('.divan-action:not([title])') // a button may show its icon only
    .forEach((button) => { button.title = button.textContent; });
  chatbot.querySelectorAll('.copy_code_button:not([aria-label])')
    .forEach((button) => name(button, text('page.copy_code')));
}
