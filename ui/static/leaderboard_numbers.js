// Numbers of the leaderboard as a reader of the page's language writes them.

/** @param {(key: string) => string} say - the texts of the section `leaderboard` */
export function createLeaderboardNumbers(say) {
  const locale = document.documentElement.lang;
  const format = (options) => new Intl.NumberFormat(locale, options).format;
  const whole = format({ maximumFractionDigits: 0 });
  const plain = format({ maximumFractionDigits: 0, useGrouping: false });
  const short = format({ maximumSignificantDigits: 2 });
  const money = format({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const share = format({ style: 'percent', maximumFractionDigits: 0 });
  const known = (write) => (value) => (value === null ? say('unknown') : write(value));
  return {
    count: whole,
    points: plain,
    share,
    speed: known((value) => (value < 100 ? short(value) : whole(value))),
    cost: known((usd) => `$${usd === 0 || usd < 1 ? short(usd) : money(usd)}`),
  };
}
