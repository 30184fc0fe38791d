// A row of choices that is longer than the screen: it fades where it goes on, and has an arrow there.

const STEP = 0.7; // of the visible width

/** `group` holds the scrolling `.wrap`, and gets the classes divan-more-before and -after. */
export function scrollStrip(group) {
  const strip = group.querySelector('.wrap:not(.hide)');

  function mark() {
    const rest = strip.scrollWidth - strip.clientWidth - strip.scrollLeft;
    group.classList.toggle('divan-more-before', strip.scrollLeft > 1);
    group.classList.toggle('divan-more-after', rest > 1);
  }

  function arrow(side, direction) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = `divan-more ${side}`;
    button.tabIndex = -1; // with the keyboard, the choices themselves are walked through
    button.setAttribute('aria-hidden', 'true');
    button.addEventListener('click', () => {
      const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
      strip.scrollBy({ left: direction * strip.clientWidth * STEP, behavior: still ? 'instant' : 'smooth' });
    });
    group.append(button);
  }

  arrow('before', -1);
  arrow('after', 1);
  strip.addEventListener('scroll', mark, { passive: true });
  new ResizeObserver(mark).observe(strip);
  new MutationObserver(mark).observe(strip, { childList: true });
  mark();
}
