// The four tabs of the page: which of its panels is shown.

const TABS = ['chat', 'compare', 'leaderboard', 'documents'];

/** @param {(tab: string) => void} changed - told of every change, also of one by `show` */
export function createTabs(changed) {
  const button = (tab) => document.getElementById(`tab-${tab}`);
  document.getElementById('tabs').setAttribute('role', 'tablist');

  function show(tab) {
    if (current() === tab || !TABS.includes(tab)) return;
    document.body.dataset.tab = tab;
    mark();
    changed(tab);
  }

  const current = () => document.body.dataset.tab;

  function mark() {
    for (const tab of TABS) {
      button(tab).setAttribute('role', 'tab');
      button(tab).setAttribute('aria-selected', String(tab === current()));
    }
  }

  document.body.dataset.tab = 'chat';
  for (const tab of TABS) button(tab).addEventListener('click', () => show(tab));
  mark();
  return { show, current };
}
