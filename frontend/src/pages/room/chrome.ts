/** The room takes the whole window: bar and navigation step aside, and come back with the next page. */

export function withoutChrome(): () => void {
  const aside = [...document.querySelectorAll<HTMLElement>('body > header, body > nav, body > footer')];
  const places = aside.map((element) => {
    const place = document.createComment('');
    element.replaceWith(place);
    return place;
  });
  return () => places.forEach((place, index) => place.replaceWith(aside[index] ?? place));
}
